package postgres

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// emitter collects the statements of a plan, with their hazards and locks.
// While two states are only compared, it has no delta and what it collects is
// thrown away; handlers must not rely on other objects then.
type emitter struct {
	version int    // server_version_num
	user    string // who works on the target; empty if not known
	options dialect.Options

	delta   *planner.Delta
	changes map[schema.ID]*planner.Change // but for renames
	done    map[planner.Act]bool          // what has been rendered

	act  planner.Act  // being rendered
	step planner.Step // that it belongs to
	// folded are the objects that this step creates and that a statement about
	// another object may take in; those that it took are set to nil.
	folded map[schema.ID]schema.Object

	serials map[schema.ID]string // columns of this step that are written as serial

	out     []output
	pending *alteration
	after   []func() // run at the end of the step
	aside   map[schema.ID]*asideType
	moves   []*move            // tables that are recreated with their rows
	carries []*carry           // new sequences that go on from old ones
	numbers int                // that were kept so far
	faded   map[schema.ID]bool // what this step has the server drop with its owner
	// detached are the partitions that have left, some of them ahead of their own
	// step; vacated are the tables whose partitions did so.
	detached, vacated map[schema.ID]bool
	proven            map[schema.ID]bool // validations that a table was created with

	moving bool // that is what the comparison came to

	disturbs schema.Bind
	loses    string
	kept     schema.Object
	refusal  *planner.UnsupportedError

	lookups
}

// output is a statement with the acts that it carries out.
type output struct {
	planner.Statement
	acts []planner.Act
}

// alteration is an ALTER TABLE that grows clause by clause.
type alteration struct {
	table     schema.ID
	acts      []planner.Act
	clauses   []string
	statement planner.Statement
}

// note says something about a statement.
type note func(*planner.Statement)

func hazard(list ...planner.Hazard) note {
	return func(s *planner.Statement) {
		for _, h := range list {
			if !slices.Contains(s.Hazards, h) {
				s.Hazards = append(s.Hazards, h)
			}
		}
	}
}

// lock says that the statement locks an object that may be in use.
func lock(id schema.ID, level planner.LockLevel) note {
	return locks(planner.Lock{Object: id, Level: level})
}

func locks(l planner.Lock) note {
	return func(s *planner.Statement) {
		for i, have := range s.Locks {
			if have.Object == l.Object {
				if l.Level == planner.LockAll || have.Level == planner.LockNone {
					s.Locks[i].Level = l.Level
				}
				s.Locks[i].Rewrite = have.Rewrite || l.Rewrite
				s.Locks[i].Scan = have.Scan || l.Scan
				return
			}
		}
		s.Locks = append(s.Locks, l)
	}
}

// rewrites and scans say how long the table of an ALTER TABLE is locked.
func rewrites(table schema.ID) note {
	return both(locks(planner.Lock{Object: table, Level: planner.LockAll, Rewrite: true}), hazard(planner.HazardRewrite))
}

func scans(table schema.ID) note {
	return both(locks(planner.Lock{Object: table, Level: planner.LockAll, Scan: true}), hazard(planner.HazardScan))
}

func both(notes ...note) note {
	return func(s *planner.Statement) {
		for _, n := range notes {
			n(s)
		}
	}
}

func remark(text string) note {
	return func(s *planner.Statement) {
		if s.Comment != "" {
			s.Comment += "\n"
		}
		s.Comment += text
	}
}

func transaction(tx planner.Tx) note { return func(s *planner.Statement) { s.Tx = tx } }

// emit adds a statement of its own. The words are joined by spaces; empty ones
// are left out.
func (e *emitter) emit(words []string, notes ...note) {
	e.flush()
	s := e.statement(e.act)
	s.SQL = join(words...)
	for _, n := range notes {
		n(&s)
	}
	e.add(s, e.act)
}

// sql is the short form of a list of words.
func sql(words ...string) []string { return words }

// join puts spaces between the words that are not empty; none at the start of
// a line.
func join(words ...string) string {
	var b strings.Builder
	for _, w := range words {
		if w == "" {
			continue
		}
		if b.Len() > 0 && w[0] != '\n' {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

// statement is an empty statement about an act.
func (e *emitter) statement(a planner.Act) planner.Statement {
	s := planner.Statement{Object: a.Object().ID(), Verb: a.Change.Verb}
	s.Origin = e.origin(a.Object())
	return s
}

// origin is where an object, or else what it is a part of, is defined.
func (e *emitter) origin(o schema.Object) schema.Pos {
	for e.delta != nil && o != nil {
		if p, ok := e.delta.Desired.Origin[o.ID()]; ok {
			return p
		}
		o = e.object(o.Owner())
	}
	return schema.Pos{}
}

// add appends a statement; hazards and locks on what the plan itself creates
// concern nobody.
func (e *emitter) add(s planner.Statement, acts ...planner.Act) {
	switch s.Object.Kind {
	case pg.KindTable, pg.KindColumn, pg.KindSequence:
		if s.Verb == planner.Drop {
			hazard(planner.HazardDataLoss)(&s)
		}
	}
	held := len(s.Locks)
	s.Locks = slices.DeleteFunc(s.Locks, func(l planner.Lock) bool { return e.fresh(l.Object) })
	if held > 0 && len(s.Locks) == 0 {
		s.Hazards = slices.DeleteFunc(s.Hazards, func(h planner.Hazard) bool { return h != planner.HazardDataLoss })
	}
	e.out = append(e.out, output{s, acts})
}

// alterTable adds a clause to the ALTER TABLE in hand, or begins one.
func (e *emitter) alterTable(table schema.ID, clause string, notes ...note) {
	if e.pending != nil && e.pending.table != table {
		e.flush()
	}
	if e.pending == nil {
		e.pending = &alteration{table: table}
	}
	p := e.pending
	p.clauses = append(p.clauses, clause)
	if !slices.Contains(p.acts, e.act) {
		p.acts = append(p.acts, e.act)
	}
	s := planner.Statement{}
	for _, n := range notes {
		n(&s)
	}
	if !slices.ContainsFunc(s.Locks, func(l planner.Lock) bool { return l.Object == table }) {
		lock(table, planner.LockAll)(&s)
	}
	for _, l := range s.Locks {
		locks(l)(&p.statement)
	}
	hazard(s.Hazards...)(&p.statement)
	if s.Comment != "" {
		remark(s.Comment)(&p.statement)
	}
}

// flush ends the ALTER TABLE in hand. One that does several things is about
// the table.
func (e *emitter) flush() {
	p := e.pending
	if p == nil {
		return
	}
	e.pending = nil
	s := e.statement(p.acts[0])
	if len(p.acts) > 1 {
		s.Object, s.Verb = p.table, planner.Alter
		if e.fresh(p.table) {
			s.Verb = planner.Create
		}
	}
	s.SQL = "ALTER TABLE " + path(p.table) + " " + p.clauses[0]
	if len(p.clauses) > 1 {
		s.SQL = "ALTER TABLE " + path(p.table) + "\n    " + strings.Join(p.clauses, ",\n    ")
	}
	s.Hazards, s.Locks, s.Comment, s.Tx = p.statement.Hazards, p.statement.Locks, p.statement.Comment, p.statement.Tx
	e.add(s, p.acts...)
}

// afterwards has something emitted at the end of the step, for the act in hand.
func (e *emitter) afterwards(f func()) {
	act := e.act
	e.after = append(e.after, func() {
		e.act = act
		f()
	})
}

// disturb says that referrers that hold on at least this firmly do not survive
// the alteration.
func (e *emitter) disturb(from schema.Bind) {
	if e.disturbs == schema.Late || from < e.disturbs {
		e.disturbs = from
	}
}

// lose says what of the object's data the alteration loses; kept is what the
// object becomes if that is not allowed, nil for what it is.
func (e *emitter) lose(what string, kept schema.Object) { e.loses, e.kept = what, kept }

// refuse says that there is no way to the new state.
func (e *emitter) refuse(reason, hint string) {
	if e.refusal == nil {
		e.refusal = &planner.UnsupportedError{ID: e.act.Change.ID(), Fields: e.act.Change.Fields, Reason: reason, Hint: hint}
		if e.delta != nil {
			e.refusal.Pos = e.origin(e.act.Object())
		}
	}
}

// at tells whether the server is of this version or a later one.
func (e *emitter) at(version int) bool { return e.version >= version*10000 }

// object is the desired state of an object, or else the current one.
func (e *emitter) object(id schema.ID) schema.Object {
	if e.delta == nil || id.IsZero() {
		return nil
	}
	if o := e.delta.Desired.Object(id); o != nil {
		return o
	}
	return e.delta.Current.Object(id)
}

// fresh tells whether an object is created by this plan: nobody uses it yet.
func (e *emitter) fresh(id schema.ID) bool {
	ch := e.changes[id]
	return ch != nil && (ch.Verb == planner.Create || ch.Verb == planner.Replace)
}

// awaited tells whether the plan has still to create the object.
func (e *emitter) awaited(id schema.ID) bool {
	return e.fresh(id) && !e.done[planner.Act{Change: e.changes[id], Half: planner.CreateHalf}]
}

// goes tells whether the plan drops the object, and all its attributes with it.
func (e *emitter) goes(id schema.ID) bool {
	ch := e.changes[id]
	return ch != nil && (ch.Verb == planner.Drop && !e.remains(ch.Old) || ch.Verb == planner.Replace)
}

// remains tells whether o is a column that gives up what is its own and stays as
// its parent's, or its type's.
func (e *emitter) remains(o schema.Object) bool {
	c, ok := o.(*pg.Column)
	if !ok || !c.Inherited || e.goes(c.Table) {
		return false
	}
	if t, ok := e.delta.Desired.Object(c.Table).(*pg.Table); ok && e.typed(c.Table) {
		of, ok := e.delta.Desired.Object(t.OfType).(*pg.Composite)
		return ok && slices.ContainsFunc(of.Attributes, func(a pg.Attribute) bool { return a.Name == c.Name })
	}
	p := e.parentColumn(c.Table, c.Name)
	return p != nil && e.delta.Desired.Has(p.ID())
}

// rendered tells whether the half of the object's change has been rendered.
func (e *emitter) rendered(id schema.ID, h planner.Half) bool {
	ch := e.changes[id]
	return ch != nil && e.done[planner.Act{Change: ch, Half: h}]
}

// take gives the object that this step creates, for a statement that takes it in.
func take[T schema.Object](e *emitter, id schema.ID) (T, bool) {
	o, ok := e.folded[id].(T)
	if ok {
		e.folded[id] = nil
	}
	return o, ok
}

// lookups are indexes over the catalogs of a delta, made when first needed.
type lookups struct {
	notNulls *notNulls
	attached map[schema.ID]bool // indexes to which others are attached by name
	names    map[schema.ID]int  // how many constraints of a schema have a name
	// partitions are the tables' own ones, not those further below.
	partitions map[schema.ID][]schema.ID
	movers     map[schema.ID][]*planner.Change // see [emitter.moversOf]
}
