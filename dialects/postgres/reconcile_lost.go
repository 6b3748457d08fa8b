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

// heirlooms has a parent's column go before a child's own of that name, if both
// go, since until then the server takes the child's for inherited; and come after
// it, if both come, since it would be there already.
func (r *reconciliation) heirlooms() {
	f := r.forward()
	heirloom(r.current, func(id schema.ID) bool { return r.desired.Has(f.id(id)) })
	heirloom(r.desired, func(id schema.ID) bool { return r.current.Has(r.was(id)) })
}

// heirloom does so in one catalog; other tells what the other one has.
func heirloom(c *schema.Catalog, other func(schema.ID) bool) {
	for own := range schema.Each[*pg.Column](c) {
		t, ok := schema.Lookup[*pg.Table](c, own.Table)
		if !ok || own.Inherited || len(t.Inherits) == 0 || other(own.ID()) || !other(t.ID()) {
			continue
		}
		for _, p := range t.Inherits {
			if parent, ok := schema.Lookup[*pg.Column](c, pg.ColumnID(p, own.Name)); ok && !other(parent.ID()) {
				parent.Generated.Refs = schema.Refer(parent.Generated.Refs, schema.Late, own.ID())
			}
		}
	}
}

// rely has foreign keys come after the unique indexes and constraints go that
// their targets lose: the server relies on the first one that fits.
func (r *reconciliation) rely() {
	f := r.forward()
	lost := map[schema.ID][]schema.ID{} // by table
	for o := range r.current.All() {
		switch o := o.(type) {
		case *pg.Index:
			if !o.Unique {
				continue
			}
		case *pg.Constraint:
			if o.Type != pg.PrimaryKey && o.Type != pg.Unique {
				continue
			}
		default:
			continue
		}
		if id := f.id(o.ID()); !r.desired.Has(id) {
			table := f.id(o.Owner())
			lost[table] = append(lost[table], id)
		}
	}
	if len(lost) == 0 {
		return
	}
	for k := range schema.Each[*pg.Constraint](r.desired) {
		if k.Type == pg.ForeignKey {
			k.Predicate.Refs = schema.Refer(k.Predicate.Refs, schema.Late, lost[k.RefTable]...)
		}
	}
}
