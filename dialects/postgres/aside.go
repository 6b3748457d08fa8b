package postgres

import (
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Some changes of a type have no command: an enum's values cannot be removed or
// reordered, a domain cannot get another base type. Then the type is made anew
// under its name while the old one is aside under another, the columns move
// over one by one (each in its own table's step), and the old one goes. The
// planner lets what does not survive this step aside by itself, since such an
// alteration disturbs all who hold on to the type with [schema.Steady].

// asideType is a type, or a collation, that has been renamed to make room.
type asideType struct {
	name    string                                   // of the old type, in the schema of the new one
	waiting int                                      // columns that have not moved yet, and tables whose rows have not
	using   func(c *pg.Column, column string) string // "" for nothing
}

// asideSuffix marks the old type's name until it goes.
const asideSuffix = "__trueup_old"

// recreate puts a type aside and creates its new state; using is how a column's
// value becomes one of the new type.
func (e *emitter) recreate(id schema.ID, create []string, using func(c *pg.Column, column string) string) {
	e.disturb(schema.Steady)
	if e.delta == nil {
		return
	}
	a := &asideType{name: clip(id.Name, maxName-len(asideSuffix)) + asideSuffix, using: using}
	word := commandWord(id.Kind)
	e.emit(sql("ALTER", word, path(id), "RENAME TO", ident(a.name)), lock(id, planner.LockAll),
		remark(string(id.Kind)+" "+id.Path()+" is made anew, since there is no command for this change; the columns that use it move over"))
	e.emit(create)
	e.restore(id)
	for _, ch := range e.delta.Changes {
		if ch.Because == e.act.Change && ch.Verb == planner.Alter {
			a.waiting++
		}
	}
	for _, m := range e.moves {
		if m.holds[id] && !m.done {
			a.waiting++
		}
	}
	e.aside[id] = a
	e.settleAside(id)
}

// restore gives the new type what the old one had: comments, owner, privileges.
func (e *emitter) restore(id schema.ID) {
	for o := range e.delta.Current.All() {
		if o.Owner() != id || o.ID().Kind == pg.KindDomainConstraint || e.rendered(o.ID(), planner.DropHalf) {
			continue
		}
		handlerOf(o).create(o, e)
	}
}

// carry moves a column over to its type's new state.
func (e *emitter) carry(a planner.Act) {
	c, ok := a.Change.New.(*pg.Column)
	if !ok || a.Change.Because == nil {
		return
	}
	old := a.Change.Old.(*pg.Column)
	t := e.aside[a.Change.Because.ID()]
	if t == nil || c.Inherited || old.Type != c.Type || old.Collation != c.Collation { // a change of type moves it anyway
		return
	}
	if e.inPartitionKey(c.Table, c.Name) {
		e.refuse("its type or collation has to be made anew, and it is part of the table's partition key", "create a table with the new type under another name, move the rows, and rename it")
		return
	}
	using := t.using(c, ident(c.Name))
	if c.Using != "" {
		using = c.Using
	}
	words := sql("ALTER COLUMN", ident(c.Name), "TYPE", typeName(c.Type))
	if c.Collation != "" {
		words = append(words, "COLLATE "+c.Collation)
	}
	if using == "" { // only its indexes are built anew
		e.alterTable(c.Table, join(words...))
		return
	}
	e.alterTable(c.Table, join(append(words, "USING "+using)...), rewrites(c.Table), hazard(planner.HazardMayFail))
}

// carried counts the columns that have moved.
func (e *emitter) carried(a planner.Act) {
	if a.Change.Because == nil {
		return
	}
	id := a.Change.Because.ID()
	if t := e.aside[id]; t != nil {
		t.waiting--
		e.settleAside(id)
	}
}

// settleAside drops the old type once nothing uses it any more.
func (e *emitter) settleAside(id schema.ID) {
	t := e.aside[id]
	if t.waiting > 0 {
		return
	}
	e.after = append(e.after, func() {
		e.emit(sql("DROP", commandWord(id.Kind), qualify(id.Schema, t.name)))
	})
}

// throughText converts by way of the value's text.
func throughText(c *pg.Column, column string) string {
	return column + choose(c.Type.Array, "::text[]::", "::text::") + typeName(c.Type)
}
