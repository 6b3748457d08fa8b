// Package report shows the difference of two schemas to people and to
// programs: one renderer per format over one model, [Report]. It knows no
// dialect and reads no SQL: definitions come as text.
package report

import (
	"encoding/json"
	"io"
	"time"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// Version of the JSON format; see schema.json in this folder.
const Version = 1

// Report is what is found when a live schema is compared with the expected one.
type Report struct {
	Version  int       `json:"version"`
	Tool     string    `json:"tool"`
	Dialect  string    `json:"dialect"`
	Actual   string    `json:"actual"`   // what was looked at, without a password
	Expected string    `json:"expected"` // what it was compared with
	Time     time.Time `json:"time"`
	Summary  Summary   `json:"summary"`
	// Differences are sorted by object, one for each object that stands alone;
	// its columns, indexes, comments .. are the items in it.
	Differences []Difference `json:"differences"`
	// Settled are objects that both sides changed in the same way since the last
	// deployment.
	Settled []Object `json:"settled,omitempty"`
	// Unmanaged are live objects of kinds that are not managed.
	Unmanaged []Object `json:"unmanaged,omitempty"`
	// Revert is the SQL that would make actual as expected, in order.
	Revert []string `json:"revert"`
	// Script is Revert as the server's own client takes it.
	Script string `json:"-"`
	// Identical are the objects that stand alone and do not differ.
	Identical []Object `json:"-"`
	// Place is a file of the expected side, for formats that want one where an
	// object has none.
	Place string `json:"-"`
}

// Summary counts the differences.
type Summary struct {
	Missing    int `json:"missing"`
	Unexpected int `json:"unexpected"`
	Changed    int `json:"changed"`
	Identical  int `json:"identical"` // objects that do not differ
}

// Total is the number of differences.
func (s Summary) Total() int { return s.Missing + s.Unexpected + s.Changed }

// Change says in which way an object differs.
type Change string

const (
	Missing    Change = "missing"    // expected, but not there
	Unexpected Change = "unexpected" // there, but not expected
	Changed    Change = "changed"
)

// Class says who changed an object since the last deployment, when that is known.
type Class string

const (
	ChangedInProduction Class = "changed in production"
	NotDeployedYet      Class = "not deployed yet"
	Conflict            Class = "both, differently"
)

// Object names an object.
type Object struct {
	Kind   string `json:"kind"`
	Schema string `json:"schema,omitempty"`
	Parent string `json:"parent,omitempty"`
	Name   string `json:"name"`
	Args   string `json:"args,omitempty"`
}

// Path is the dotted name.
func (o Object) Path() string { return o.id().Path() }

func (o Object) String() string { return o.id().String() }

func (o Object) id() schema.ID {
	return schema.ID{Kind: schema.Kind(o.Kind), Schema: o.Schema, Parent: o.Parent, Name: o.Name, Args: o.Args}
}

func object(id schema.ID) Object {
	return Object{string(id.Kind), id.Schema, id.Parent, id.Name, id.Args}
}

// Difference is an object that differs, with everything that belongs to it.
type Difference struct {
	Object Object      `json:"object"`
	Change Change      `json:"change"`
	Class  Class       `json:"class,omitempty"`
	Items  []Item      `json:"items,omitempty"` // for a changed object
	Origin *schema.Pos `json:"origin,omitempty"`
	// ExpectedSQL and ActualSQL define the object with all that belongs to it.
	ExpectedSQL string `json:"expected_sql,omitempty"`
	ActualSQL   string `json:"actual_sql,omitempty"`
}

// Item is one thing that differs in an object: the object itself or a part.
type Item struct {
	Object     Object      `json:"object"`
	Change     Change      `json:"change"`
	Class      Class       `json:"class,omitempty"`
	Origin     *schema.Pos `json:"origin,omitempty"`
	Properties []Property  `json:"properties,omitempty"`
}

// Property is a property that differs, by the model's name for it.
type Property struct {
	Name     string `json:"name"`
	Expected string `json:"expected"`
	Actual   string `json:"actual"`
}

// Definer gives the statements that define an object of a catalog with its
// parts, each as word says, unless that is nil.
type Definer func(c *schema.Catalog, id schema.ID, word func(schema.Object) schema.Object) ([]planner.Statement, error)

// Format writes a report.
type Format func(io.Writer, *Report) error

// Formats by the names that --format takes.
var Formats = map[string]Format{"text": Text, "json": JSON, "markdown": Markdown, "html": HTML, "sarif": SARIF, "junit": JUnit}

// JSON writes the documented format: see schema.json.
func JSON(w io.Writer, r *Report) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
