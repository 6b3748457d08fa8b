package planner

import (
	"time"

	"github.com/trueup-sql/trueup/schema"
)

// Tx says how a statement goes with transactions.
type Tx uint8

const (
	// InTx: together with its neighbours in one transaction.
	InTx Tx = iota
	// OwnTx: in a transaction, but committed before what follows.
	OwnTx
	// NoTx: outside of any transaction.
	NoTx
)

// LockLevel is how strong a lock is, as users see it.
type LockLevel string

const (
	LockNone  LockLevel = ""
	LockWrite LockLevel = "blocks writes"
	LockAll   LockLevel = "blocks reads and writes"
)

// Lock is a lock that a statement takes on an object that existed before.
type Lock struct {
	Object schema.ID `json:"object"`
	Level  LockLevel `json:"level"`
	// Rewrite and Scan: how long it may be held, by the size of the table.
	Rewrite bool `json:"rewrite,omitempty"`
	Scan    bool `json:"scan,omitempty"`
}

// Hazard is something that a careful operator wants to know of a statement.
type Hazard string

const (
	HazardDataLoss Hazard = "loses data"
	// HazardConverts comes with HazardDataLoss where that is not the drop of
	// something, or another loss that [Verdict] tells, which needed a permission
	// to get into the plan.
	HazardConverts   Hazard = "may change values"
	HazardRewrite    Hazard = "rewrites the table"
	HazardScan       Hazard = "scans the table"
	HazardMayFail    Hazard = "fails if the rows do not allow it"
	HazardIndexBuild Hazard = "builds an index while writes wait"
	HazardDependency Hazard = "recreates objects that depend on it"
)

// Statement is one SQL statement of a plan.
type Statement struct {
	SQL string `json:"sql"` // without a closing semicolon
	// Object is what the statement is about, Verb what it does to it.
	Object  schema.ID     `json:"object"`
	Verb    Verb          `json:"verb"`
	Origin  schema.Pos    `json:"origin,omitzero"` // where the desired state says so
	Tx      Tx            `json:"tx,omitempty"`
	Locks   []Lock        `json:"locks,omitempty"`
	Hazards []Hazard      `json:"hazards,omitempty"`
	Timeout time.Duration `json:"timeout,omitempty"` // a statement timeout of its own; 0 for the run's
	Comment string        `json:"comment,omitempty"` // for the reader of the plan
	// Script is the statement as a script for the server's own client has it, if
	// that needs more than SQL and a semicolon (another delimiter, because the
	// statement has semicolons in it).
	Script string `json:"script,omitempty"`
}

// InScript is the statement as a script has it.
func (s Statement) InScript() string {
	if s.Script != "" {
		return s.Script
	}
	return s.SQL + ";"
}

// Plan is what would be run, in order.
type Plan struct {
	Dialect    string
	Statements []Statement
	Delta      *Delta
	Steps      []Step
	Notes      []string
}

// Empty tells whether there is nothing to run.
func (p *Plan) Empty() bool { return len(p.Statements) == 0 }

// Renderer writes steps as SQL.
type Renderer interface {
	Render(d *Delta, steps []Step) ([]Statement, error)
}

// New makes the whole plan from current to desired: [Diff], [Order],
// [Simulate], and the renderer's SQL.
func New(dialect string, current, desired *schema.Catalog, c Comparer, r Renderer, allow func(schema.Object) bool) (*Plan, error) {
	d, err := Diff(current, desired, c, allow)
	if err != nil {
		return nil, err
	}
	p := &Plan{Dialect: dialect, Delta: d, Notes: d.Notes}
	if d.Empty() {
		return p, nil
	}
	if p.Steps, err = Order(d, c); err != nil {
		return nil, err
	}
	if err := Simulate(current, d, p.Steps, c); err != nil {
		return nil, err
	}
	p.Statements, err = r.Render(d, p.Steps)
	return p, err
}
