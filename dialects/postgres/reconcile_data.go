package postgres

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// populated: WITH NO DATA says how a materialized view is made. One that has
// been refreshed since keeps its rows, and has them again if it is made anew;
// pg_dump writes the clause for every one.
func (r *reconciliation) populated() {
	for v := range schema.Each[*pg.MaterializedView](r.desired) {
		if old, ok := schema.Lookup[*pg.MaterializedView](r.current, r.was(v.ID())); ok && !old.Unpopulated {
			v.Unpopulated = false
		}
	}
}
