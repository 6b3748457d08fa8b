package postgres

import (
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// usings notes the directives @using of columns that have the type already.
func (r *reconciliation) usings() {
	for c := range schema.Each[*pg.Column](r.desired) {
		if c.Using == "" {
			continue
		}
		old, ok := schema.Lookup[*pg.Column](r.current, c.ID())
		if ok && old.Type == c.Type {
			r.desired.Notes = append(r.desired.Notes, dialect.UsingDone(c.ID()))
		}
	}
}
