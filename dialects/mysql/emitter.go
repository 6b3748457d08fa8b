package mysql

import (
	"cmp"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// emitter collects what the handlers of one step write.
type emitter struct {
	*bound
	delta *planner.Delta
	// made are the objects that the whole plan creates or recreates.
	made map[schema.ID]bool
	// columns and indexes of the desired tables.
	columns map[schema.ID][]*my.Column
	indexes map[schema.ID][]*my.Index
	// before are the indexes of the current tables.
	before map[schema.ID][]*my.Index

	act     planner.Act // whose turn it is
	verdict planner.Verdict
	err     error

	clauses []clause // of the step's table
	// definitions of a table's parts, while it is created.
	creating    bool
	definitions []clause
	out         []planner.Statement
	needs       []needs // of each statement
}

// add adds a finished statement.
func (e *emitter) add(s planner.Statement, n needs) {
	e.out, e.needs = append(e.out, s), append(e.needs, n)
}

// position orders the clauses of one ALTER TABLE: what goes is written before
// what comes. The server carries them out in an order of its own.
type position uint8

const (
	atDropForeignKey position = iota
	atDropCheck
	atDropIndex
	atDropColumn
	atColumn
	atIndex
	atCheck
	atForeignKey
	atPeriod
	atOption
	atPartitions // behind all others, without a comma
)

// clause is one change in an ALTER TABLE, or one line of a CREATE TABLE.
type clause struct {
	position
	ordinal int // among those of the same position
	text    string
	act     planner.Act
	facts
	// alone: the server takes it only in a statement of its own.
	alone bool
	// frees and takes are the name of a foreign key, which is not free again
	// before the statement that drops it has ended.
	frees, takes string
	// settled: it needs the table as the other clauses leave it.
	settled bool
}

// facts are what a statement does to a table besides its purpose.
type facts struct {
	hazards []planner.Hazard
	lock    planner.LockLevel
	rewrite bool
	scan    bool
}

// clause adds a change to the table's ALTER TABLE, or a line to its CREATE TABLE.
func (e *emitter) clause(c clause) {
	c.act = e.act
	if e.creating {
		e.definitions = append(e.definitions, c)
		return
	}
	e.clauses = append(e.clauses, c)
}

// statement adds a statement of its own.
func (e *emitter) statement(sql string, f facts) {
	e.add(e.finished(sql, []planner.Act{e.act}, e.act.Change.ID(), f), needs{zeroDates: e.creates(my.KindTable) && e.zeroDates(e.act.Change.ID())})
}

// finished makes a statement of its SQL.
func (e *emitter) finished(sql string, acts []planner.Act, object schema.ID, f facts) planner.Statement {
	s := planner.Statement{SQL: sql, Object: object, Verb: planner.Alter, Tx: planner.NoTx, Hazards: f.hazards}
	if len(acts) == 1 {
		s.Object, s.Verb = acts[0].Change.ID(), acts[0].Change.Verb
	}
	for _, a := range acts {
		if e.delta == nil {
			break
		}
		if s.Origin = e.delta.Desired.Origin[a.Change.ID()]; !s.Origin.IsZero() {
			break
		}
	}
	if f.lock != planner.LockNone || f.rewrite || f.scan {
		s.Locks = []planner.Lock{{Object: object, Level: f.lock, Rewrite: f.rewrite, Scan: f.scan}}
	}
	return s
}

// creates tells whether the act creates an object of this kind.
func (e *emitter) creates(k schema.Kind) bool {
	return e.act.Half == planner.CreateHalf && e.act.Change.ID().Kind == k
}

// disturb says which referrers do not survive the change.
func (e *emitter) disturb(from schema.Bind) {
	if e.verdict.Disturbs == schema.Late || from < e.verdict.Disturbs {
		e.verdict.Disturbs = from
	}
}

// lose says what is lost, and what the object becomes if that is not allowed.
func (e *emitter) lose(what string, kept schema.Object) {
	if e.verdict.Loses != "" {
		what = e.verdict.Loses + ", " + what
	}
	e.verdict.Loses, e.verdict.Kept = what, kept
}

// inherited is the table from which a column takes what it does not say. An
// empty one means that the column had better say everything: the table's own
// character set changes in the same plan, or is not known.
func (e *emitter) inherited(id schema.ID) *my.Table {
	if e.delta == nil {
		return &my.Table{}
	}
	t, ok := schema.Lookup[*my.Table](e.delta.Desired, id)
	if !ok {
		return &my.Table{}
	}
	if was, ok := schema.Lookup[*my.Table](e.delta.Current, id); ok && (was.Charset != t.Charset || was.Collation != t.Collation) {
		return &my.Table{}
	}
	return t
}

// flush writes the clauses that have come together: as few ALTER TABLEs as the
// server takes.
func (e *emitter) flush(table schema.ID) {
	all := e.clauses
	e.clauses = nil
	slices.SortStableFunc(all, func(a, b clause) int {
		return cmp.Or(cmp.Compare(a.position, b.position), cmp.Compare(a.ordinal, b.ordinal))
	})
	freed := map[string]bool{}
	// A partitioned table has no foreign keys, not even for a moment.
	partitioning := slices.ContainsFunc(all, func(c clause) bool { return c.position == atPartitions })
	var first, now, later, apart []clause
	for _, c := range all {
		if c.frees != "" {
			freed[strings.ToLower(c.frees)] = true
		}
		switch {
		case c.alone:
			apart = append(apart, c)
		case partitioning && c.frees != "":
			first = append(first, c)
		case partitioning && c.takes != "", c.settled && len(all) > 1, c.takes != "" && freed[strings.ToLower(c.takes)]:
			later = append(later, c)
		default:
			now = append(now, c)
		}
	}
	if !e.combinedAlter {
		for _, c := range all {
			e.alterTable(table, []clause{c})
		}
		return
	}
	e.alterTable(table, first)
	e.alterTable(table, now)
	for _, c := range apart {
		e.alterTable(table, []clause{c})
	}
	e.alterTable(table, later)
}

// alterTable writes one ALTER TABLE.
func (e *emitter) alterTable(table schema.ID, clauses []clause) {
	if len(clauses) == 0 {
		return
	}
	var b strings.Builder
	b.WriteString("ALTER TABLE " + quote(table.Name))
	sep := " "
	if len(clauses) > 1 {
		sep = "\n  "
	}
	tail := ""
	var acts []planner.Act
	var f facts
	for _, c := range clauses {
		if !slices.Contains(acts, c.act) {
			acts = append(acts, c.act)
		}
		f = f.with(c.facts)
		if c.position == atPartitions && !c.alone {
			tail += "\n" + c.text
			continue
		}
		b.WriteString(sep + c.text)
		sep = ",\n  "
	}
	if tail == "" || b.Len() > len("ALTER TABLE ")+len(quote(table.Name)) {
		b.WriteString(e.online(sep))
	}
	b.WriteString(tail)
	e.add(e.finished(b.String(), acts, table, f), needs{zeroDates: e.zeroDates(table), history: e.history(table, clauses), strict: endsNull(clauses)})
}

// online are the wishes of the user that end the list of clauses; sep is what
// the next clause begins with.
func (b *bound) online(sep string) string {
	s := ""
	for _, wish := range [...][2]string{{"ALGORITHM=", b.options.Algorithm}, {"LOCK=", b.options.Lock}} {
		if wish[1] != "" {
			s += sep + wish[0] + strings.ToUpper(wish[1])
			if sep == " " {
				sep = ", "
			}
		}
	}
	return s
}

// with adds up what two clauses do.
func (f facts) with(g facts) facts {
	for _, h := range g.hazards {
		if !slices.Contains(f.hazards, h) {
			f.hazards = append(f.hazards, h)
		}
	}
	f.rewrite, f.scan = f.rewrite || g.rewrite, f.scan || g.scan
	if g.lock == planner.LockAll || f.lock == planner.LockNone {
		f.lock = g.lock
	}
	return f
}
