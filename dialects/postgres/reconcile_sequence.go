package postgres

import (
	"fmt"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// identities lets the sequences of identity columns keep the names under which they
// are there.
func (r *reconciliation) identities() {
	for c := range schema.Each[*pg.Column](r.desired) {
		if c.Identity == nil {
			continue
		}
		live, ok := schema.Lookup[*pg.Column](r.current, r.was(c.ID()))
		switch {
		case !ok || live.Identity == nil:
		case c.Identity.Name == "":
			c.Identity.Schema, c.Identity.Name = c.Table.Schema, live.Identity.Name // it goes where its table goes
		case live.Identity.Name == "": // current is a text, too
			live.Identity.Schema, live.Identity.Name = c.Identity.Schema, c.Identity.Name
		}
	}
}

// sequences lets those that the server made for serial columns keep their names.
func (r *reconciliation) sequences() {
	f := r.forward()
	owned := map[schema.ID]schema.ID{} // by column
	for o := range schema.Each[*pg.SequenceOwner](r.current) {
		if !r.desired.Has(f.id(o.Sequence)) {
			owned[f.id(o.Column)] = o.Sequence
		}
	}
	for o := range schema.Each[*pg.SequenceOwner](r.desired) {
		if live, ok := owned[o.Column]; ok && !r.current.Has(o.Sequence) && r.desired.Renames[o.Sequence].IsZero() {
			r.desired.Renames[o.Sequence] = live
		}
	}
}

// stranded is the error for a sequence that would have to stay where it is while
// its table moves: the server moves what a table's columns own along, and the
// sequence's position would be lost.
func (r *reconciliation) stranded() error {
	f := r.forward()
	for s := range schema.Each[*pg.Sequence](r.current) {
		id := s.ID()
		now := f.id(id)
		if now.Schema == id.Schema || r.desired.Has(now) || !r.desired.Has(id) || r.current.Has(now) {
			continue
		}
		return &planner.UnsupportedError{ID: id, Pos: r.desired.Origin[id],
			Reason: fmt.Sprintf("a column of a table that moves to schema %s owns it, and PostgreSQL moves it along", ident(now.Schema)),
			Hint:   fmt.Sprintf("declare it as %s; or run ALTER SEQUENCE %s OWNED BY NONE before", path(now), path(id))}
	}
	return nil
}
