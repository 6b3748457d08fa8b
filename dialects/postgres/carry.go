package postgres

import (
	"fmt"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// A column that takes its numbers from another sequence than before (a serial
// that becomes an identity, say) goes on where the old one was: a new sequence
// would give out the numbers that are in use again. The old one may have to go
// before the new one can be made, since both may have the same name; then a
// setting of the session keeps the number. A column that had no sequence goes on
// behind its values.

// carry is a new sequence and the one that it goes on from, if there was one. A
// feed is the ID of a sequence, or that of an identity column for its own.
type carry struct {
	from, to schema.ID
	column   *pg.Column
	source   string // the old sequence's name
	setting  string // where its number is kept, once it has gone
	moves    bool   // with the rows of its table
	done     bool
}

// findCarries lists the columns whose numbers come from a new sequence.
func (e *emitter) findCarries() []*carry {
	was, is := feeds(e.delta.Current), feeds(e.delta.Desired)
	var out []*carry
	for c := range schema.Each[*pg.Column](e.delta.Desired) {
		to, from := is[c.ID()], was[c.ID()]
		before, ok := schema.Lookup[*pg.Column](e.delta.Current, c.ID())
		if !ok || to.IsZero() || to == from || !e.isNewFeed(to) || e.goes(c.ID()) && !e.goes(c.Table) {
			continue
		}
		n := &carry{from: from, to: to, column: c, moves: e.goes(c.Table)}
		if !from.IsZero() {
			n.source = qualify(feedName(e.delta.Current, from))
		} else if !integral(before.Type) || !integral(c.Type) {
			continue
		}
		out = append(out, n)
	}
	return out
}

// feeds maps columns to what they take their numbers from.
func feeds(c *schema.Catalog) map[schema.ID]schema.ID {
	out := map[schema.ID]schema.ID{}
	for o := range c.All() {
		switch o := o.(type) {
		case *pg.Default:
			for _, r := range o.Value.Refs {
				if r.To.Kind == pg.KindSequence {
					out[o.Column] = r.To
				}
			}
		case *pg.Column:
			if o.Identity != nil {
				out[o.ID()] = o.ID()
			}
		}
	}
	return out
}

// feedName is the schema and the name of a feed that is there.
func feedName(c *schema.Catalog, id schema.ID) (namespace, name string) {
	if column, ok := schema.Lookup[*pg.Column](c, id); ok {
		return identitySequence(column)
	}
	return id.Schema, id.Name
}

// isNewFeed tells whether a sequence is made by this plan.
func (e *emitter) isNewFeed(id schema.ID) bool {
	old, ok := schema.Lookup[*pg.Column](e.delta.Current, id)
	return !e.delta.Current.Has(id) || ok && old.Identity == nil
}

// leaveNumber keeps the number of a sequence that is about to go, if a new one
// needs it.
func (e *emitter) leaveNumber(from schema.ID) {
	for _, c := range e.numberCarries() {
		if c.from == from && !c.done && c.setting == "" {
			e.numbers++
			c.setting = fmt.Sprintf("'trueup.sequence_%d'", e.numbers)
			e.emit(sql("SELECT", "pg_catalog.set_config("+c.setting+", CASE WHEN is_called THEN last_value::text ELSE '' END, false) FROM", c.source),
				remark(c.to.String()+" goes on where "+c.source+" was"))
		}
	}
}

// takeNumber has a new sequence go on where the old one was.
func (e *emitter) takeNumber(to schema.ID) {
	for _, c := range e.numberCarries() {
		if c.to == to && !c.moves && !c.done {
			e.goOn(c)
		}
	}
}

// takeMovedNumber does so for a column of a table whose rows have moved; the old
// table, with the sequences that it owns, is in the schema aside.
func (e *emitter) takeMovedNumber(column schema.ID, aside string) {
	for _, c := range e.numberCarries() {
		if c.column.ID() != column || c.done {
			continue
		}
		owner := c.from
		if s, ok := schema.Lookup[*pg.Sequence](e.delta.Current, c.from); ok {
			owner = s.OwnedBy
		}
		if _, ok := schema.Lookup[*pg.Sequence](e.delta.Desired, c.from); !ok && owner == column {
			c.source = qualify(aside, second(feedName(e.delta.Current, c.from)))
		}
		e.goOn(c)
	}
}

func (e *emitter) goOn(c *carry) {
	name := "pg_catalog.pg_get_serial_sequence(" + strings.TrimSpace(quoteLiteral(path(c.column.Table))) + ", " + strings.TrimSpace(quoteLiteral(c.column.Name)) + ")"
	if c.to != c.column.ID() {
		name = strings.TrimSpace(quoteLiteral(path(c.to)))
	}
	if c.from.IsZero() {
		last, start := e.lastValue(c)
		if !c.moves {
			defer e.unforce(e.delta.Current, c.column.Table, path(c.column.Table))()
		}
		e.emit(sql("SELECT", "pg_catalog.setval("+name+", "+last+") FROM", path(c.column.Table), "HAVING", last, start), scans(c.column.Table),
			remark(c.to.String()+" goes on behind the values that are there"))
	} else if c.setting != "" {
		e.emit(sql("SELECT", "pg_catalog.setval("+name+", nullif(pg_catalog.current_setting("+c.setting+"), '')::bigint)"))
	} else {
		e.emit(sql("SELECT", "pg_catalog.setval("+name+", last_value) FROM", c.source, "WHERE is_called"), remark(c.to.String()+" goes on where "+c.source+" was"))
	}
	c.done = true
}

// lastValue is what a column's sequence would have given out last, and the
// condition under which it is past the sequence's start.
func (e *emitter) lastValue(c *carry) (last, past string) {
	s, ok := schema.Lookup[*pg.Sequence](e.delta.Desired, c.to)
	if !ok {
		s = &c.column.Identity.Sequence
	}
	if s.Increment < 0 {
		return "min(" + ident(c.column.Name) + ")", fmt.Sprintf("<= %d", s.Start)
	}
	return "max(" + ident(c.column.Name) + ")", fmt.Sprintf(">= %d", s.Start)
}

// integral tells of the types that a sequence can serve without a conversion.
func integral(t pg.Type) bool {
	_, ok := integers[t.Name]
	return ok && !t.Array && t.Ref.IsZero()
}

// numberCarries lists the carries of the plan, found once.
func (e *emitter) numberCarries() []*carry {
	if e.carries == nil && e.delta != nil {
		e.carries = append([]*carry{}, e.findCarries()...)
	}
	return e.carries
}
