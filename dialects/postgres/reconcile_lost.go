package postgres

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// lostColumns has views come after the columns go that their tables lose:
// SELECT * means what is there at the time.
func (r *reconciliation) lostColumns() {
	f := r.forward()
	lost := map[schema.ID][]schema.ID{}
	for c := range schema.Each[*pg.Column](r.current) {
		if id := f.id(c.ID()); !r.desired.Has(id) {
			lost[tableOf(id)] = append(lost[tableOf(id)], id)
		}
	}
	if len(lost) == 0 {
		return
	}
	// What a table has lost, with what its ancestors have.
	var of func(table schema.ID) []schema.ID
	of = func(table schema.ID) []schema.ID {
		out := lost[table]
		if t, ok := schema.Lookup[*pg.Table](r.desired, table); ok {
			for _, p := range ancestors(t) {
				out = append(out[:len(out):len(out)], of(p)...)
			}
		}
		return out
	}
	late := func(query *schema.Expr) {
		for _, ref := range query.Refs {
			if ref.To.Kind == pg.KindTable {
				query.Refs = schema.Refer(query.Refs, schema.Late, of(ref.To)...)
			}
		}
	}
	for o := range r.desired.All() {
		switch o := o.(type) {
		case *pg.View:
			late(&o.Query)
		case *pg.MaterializedView:
			late(&o.Query)
		}
	}
}
