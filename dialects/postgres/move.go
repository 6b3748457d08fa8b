package postgres

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// There is no command that partitions a table, or changes its partition key.
// The table is made anew, and its rows move over: the old one goes into a schema
// of its own, with its indexes and sequences, so that all names are free; the
// rows are copied once the new one and its partitions are there, before anything
// else that uses it.

// move is a table that is recreated with its rows.
type move struct {
	change *planner.Change
	schema string             // where the old table is
	awaits []planner.Act      // what makes the new table's partitions
	holds  map[schema.ID]bool // what the old columns need
	made   bool               // the new table is there
	done   bool               // so are the rows
}

// asideSchema is where an old table waits for its rows to be moved; one more
// table waits in a schema with a number.
const asideSchema = "trueup_old"

// moveAside puts a table that is to be recreated aside, or a partition of one
// that goes: its rows are that table's. It tells whether it did.
func (e *emitter) moveAside(t *pg.Table) bool {
	if e.delta == nil {
		return false
	}
	ch := e.changes[t.ID()]
	if ch.Verb != planner.Replace && e.movesWith(t) == nil {
		return false
	}
	moving := ch
	if with := e.movesWith(t); with != nil {
		moving = e.changes[with.ID()]
	} else if !t.PartitionOf.IsZero() {
		e.emit(sql("ALTER TABLE", path(t.PartitionOf), "DETACH PARTITION", path(t.ID())), lock(t.PartitionOf, planner.LockAll))
		e.releaseInherited(t, t.PartitionOf)
	}
	m := e.moveOf(moving)
	e.release(t)
	e.emit(sql("ALTER TABLE", path(t.ID()), "SET SCHEMA", m.schema), lock(t.ID(), planner.LockAll))
	return true
}

// moveOf is the move of a table; it begins with a schema for the old one.
func (e *emitter) moveOf(ch *planner.Change) *move {
	for _, m := range e.moves {
		if m.change == ch {
			return m
		}
	}
	m := &move{change: ch, awaits: e.portions(ch.ID()), holds: map[schema.ID]bool{}}
	for _, c := range effective(e.delta.Current, ch.ID()) {
		for _, r := range c.Refs() {
			m.holds[r.To] = r.Bind > schema.Late
		}
	}
	for n := len(e.moves) + 1; m.schema == "" || e.object(pg.SchemaID(m.schema)) != nil; n++ {
		m.schema = asideSchema + choose(n > 1, strconv.Itoa(n), "")
	}
	e.moves = append(e.moves, m)
	e.emit(sql("CREATE SCHEMA", m.schema))
	return m
}

// portions are the acts that give a new table its partitions, at whatever depth.
func (e *emitter) portions(table schema.ID) []planner.Act {
	var out []planner.Act
	for t := range schema.Each[*pg.Table](e.delta.Desired) {
		ch := e.changes[t.ID()]
		switch {
		case ch == nil || t.ID() == table || !e.within(t.ID(), table):
		case ch.Verb == planner.Alter && ch.Old.(*pg.Table).PartitionOf != t.PartitionOf:
			out = append(out, planner.Act{Change: ch, Half: planner.AlterHalf})
		case ch.Verb == planner.Create || ch.Verb == planner.Replace:
			out = append(out, planner.Act{Change: ch, Half: planner.CreateHalf})
		}
	}
	return out
}

// movesAway tells whether a table goes aside with all that it holds.
func (e *emitter) movesAway(table schema.ID) bool {
	if e.delta == nil {
		return false
	}
	ch := e.changes[table]
	return ch != nil && ch.Moves && ch.Verb == planner.Replace
}

// movesWith is the table that is recreated and that t is a partition of.
func (e *emitter) movesWith(t *pg.Table) *pg.Table {
	for !t.PartitionOf.IsZero() {
		parent, ok := e.delta.Current.Object(t.PartitionOf).(*pg.Table)
		if !ok {
			return nil
		}
		if ch := e.changes[parent.ID()]; ch != nil && ch.Verb == planner.Replace {
			return parent
		}
		t = parent
	}
	return nil
}

// release drops those parts of a table that goes aside which would hold on to
// what goes before it does, or keep a name in the table's schema.
func (e *emitter) release(t *pg.Table) {
	act := e.act
	for o := range e.delta.Current.All() {
		if !e.partOf(o, t.ID()) {
			continue
		}
		if c, ok := o.(*pg.Column); ok && slices.ContainsFunc(c.Generated.Refs, func(r schema.Ref) bool { return e.goes(r.To) && !e.partOf(e.delta.Current.Object(r.To), t.ID()) }) {
			e.alterTable(t.ID(), choose(c.Virtual, "DROP COLUMN "+ident(c.Name), "ALTER COLUMN "+ident(c.Name)+" DROP EXPRESSION"))
		}
		if e.goesSilently(o) {
			continue
		}
		_, named := o.(*pg.Statistics)
		goes := slices.ContainsFunc(o.Refs(), func(r schema.Ref) bool {
			return r.Bind > schema.Late && r.To != t.ID() && r.To.Parent != t.Name && e.goes(r.To) && !e.partOf(e.delta.Current.Object(r.To), t.ID())
		})
		if named || goes {
			e.act = planner.Act{Change: e.changes[o.ID()], Half: planner.DropHalf}
			handlerOf(o).drop(o, e)
			e.act = act
		}
	}
	e.flush()
}

// releaseInherited drops what a table that has left its parent keeps of it, and
// that would hold on to what goes.
func (e *emitter) releaseInherited(t *pg.Table, parent schema.ID) {
	p, ok := e.delta.Current.Object(parent).(*pg.Table)
	if !ok {
		return
	}
	for o := range e.delta.Current.All() {
		if !e.partOf(o, parent) || !slices.ContainsFunc(o.Refs(), func(r schema.Ref) bool { return r.Bind > schema.Late && r.To.Parent != parent.Name && e.goes(r.To) }) {
			continue
		}
		switch o := o.(type) {
		case *pg.Default:
			if own := (&pg.Default{Column: pg.ColumnID(t.ID(), o.Column.Name)}).ID(); e.delta.Current.Object(own) == nil {
				e.alterTable(t.ID(), "ALTER COLUMN "+ident(o.Column.Name)+" DROP DEFAULT")
			}
		case *pg.Constraint:
			if o.Type == pg.Check {
				e.alterTable(t.ID(), "DROP CONSTRAINT "+ident(o.Name))
			}
		}
	}
	e.flush()
	e.releaseInherited(t, p.PartitionOf)
}

// goesSilently tells whether an object needs no drop of its own: it has gone, or
// cannot hold on to anything else by itself.
func (e *emitter) goesSilently(o schema.Object) bool {
	switch o.(type) {
	case *pg.Constraint, *pg.Index, *pg.Trigger, *pg.Rule, *pg.Policy, *pg.Statistics, *pg.Default:
		return !e.faded[o.ID()]
	}
	return true
}

// partOf tells whether o is a part of a table, at whatever depth.
func (e *emitter) partOf(o schema.Object, table schema.ID) bool {
	for o != nil && !o.Owner().IsZero() {
		if o.Owner() == table {
			return true
		}
		o = e.delta.Current.Object(o.Owner())
	}
	return false
}

// moved notes that the new table is there.
func (e *emitter) moved(t *pg.Table) {
	for _, m := range e.moves {
		if m.change.ID() == t.ID() {
			m.made = true
		}
	}
}

// bringBack moves the rows of tables that a step is about to use, once there is
// a partition for each.
func (e *emitter) bringBack(s planner.Step) {
	for _, m := range e.moves {
		if m.made && !m.done && e.usedBy(m, s) && !slices.ContainsFunc(m.awaits, func(a planner.Act) bool { return !e.done[a] }) {
			e.moveRows(m)
		}
	}
}

// usedBy tells whether a step creates something that reads, or rests on, the
// rows of a table, or drops what the old one needs.
func (e *emitter) usedBy(m *move, s planner.Step) bool {
	table := m.change.ID()
	if s.Whole == table {
		return false
	}
	for _, a := range s.Acts {
		if a.Half == planner.DropHalf && m.holds[a.Change.ID()] {
			return true
		}
		switch a.Object().(type) {
		case *pg.Table, *pg.Column, *pg.Default, *pg.SequenceOwner, *pg.Sequence:
			continue
		}
		if a.Half == planner.CreateHalf && slices.ContainsFunc(a.Object().Refs(), func(r schema.Ref) bool { return e.within(r.To, table) }) {
			return true
		}
	}
	return false
}

// within tells whether id is a table or a partition of it.
func (e *emitter) within(id, table schema.ID) bool {
	for {
		if id == table {
			return true
		}
		t, ok := e.delta.Desired.Object(id).(*pg.Table)
		if !ok || t.PartitionOf.IsZero() {
			return false
		}
		id = t.PartitionOf
	}
}

// finishMoves moves what has not been moved yet, and leaves nothing behind.
func (e *emitter) finishMoves() {
	for _, m := range e.moves {
		if !m.done {
			e.moveRows(m)
		}
	}
	e.finishStep()
}

// moveRows copies the rows, sets the sequences of identity columns to where the
// old ones are, and drops the old table.
func (e *emitter) moveRows(m *move) {
	m.done = true
	id := m.change.ID()
	act := e.act
	e.act = planner.Act{Change: m.change, Half: planner.CreateHalf}
	defer func() { e.act = act }()
	old := qualify(m.schema, id.Name)
	var into, from []string
	var sequences []func()
	system := ""
	was := map[string]*pg.Column{}
	for _, c := range effective(e.delta.Current, id) {
		was[c.Name] = c
	}
	for _, c := range effective(e.delta.Desired, id) {
		before := was[c.Name]
		if before == nil || !c.Generated.IsZero() {
			continue
		}
		into = append(into, ident(c.Name))
		from = append(from, e.movedValue(before, c))
		sequences = append(sequences, func() { e.takeMovedNumber(c.ID(), m.schema) })
		if c.Identity == nil {
			continue
		}
		system = "OVERRIDING SYSTEM VALUE"
		if before.Identity != nil {
			sequences = append(sequences, func() {
				e.emit(sql("SELECT", fmt.Sprintf("pg_catalog.setval(%s, last_value, is_called)", strings.TrimSpace(quoteLiteral(qualify(identitySequence(c))))), "FROM",
					qualify(m.schema, second(identitySequence(before)))))
			})
		}
	}
	e.unforce(e.delta.Current, id, old)
	force := e.unforce(e.delta.Desired, id, path(id))
	if len(into) > 0 {
		e.emit(sql("INSERT INTO", path(id), "("+strings.Join(into, ", ")+")", system, "\nSELECT", strings.Join(from, ", "), "FROM", old),
			hazard(planner.HazardRewrite, planner.HazardMayFail), remark(id.String()+" is made anew, since there is no command for this change; its rows are moved"))
	}
	for _, f := range sequences {
		f()
	}
	force()
	e.emit(sql("DROP TABLE", old))
	e.emit(sql("DROP SCHEMA", m.schema))
	for _, id := range slices.SortedFunc(maps.Keys(e.aside), schema.ID.Compare) {
		if m.holds[id] {
			e.aside[id].waiting--
			e.settleAside(id)
		}
	}
}

// unforce makes a table whose row security binds its owner, too, show and take
// all rows; force undoes it.
func (e *emitter) unforce(c *schema.Catalog, table schema.ID, name string) (force func()) {
	t, ok := schema.Lookup[*pg.Table](c, table)
	if !ok || !t.RowSecurity || !t.ForceRowSecurity {
		return func() {}
	}
	e.emit(sql("ALTER TABLE", name, "NO FORCE ROW LEVEL SECURITY"))
	return func() { e.emit(sql("ALTER TABLE", name, "FORCE ROW LEVEL SECURITY")) }
}

// movedValue is what a column holds in the old table, as the new one takes it: a
// cast that an assignment does by itself is left to it, which does not cut
// silently.
func (e *emitter) movedValue(old, new *pg.Column) string {
	value := ident(old.Name)
	switch a := e.aside[new.Type.Ref]; {
	case new.Using != "":
		return new.Using
	case old.Type != new.Type:
		return orDefault(e.convert(old.Type, new.Type, value).using, value)
	case a != nil:
		return a.using(new, value)
	}
	return value
}

// identitySequence is the schema and the name of an identity column's sequence.
func identitySequence(c *pg.Column) (namespace, name string) {
	return orDefault(c.Identity.Schema, c.Table.Schema), orDefault(c.Identity.Name, chosenName(c.Table.Name, c.Name, "seq"))
}

func second(_, b string) string { return b }
