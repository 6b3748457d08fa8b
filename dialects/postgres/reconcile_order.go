package postgres

import (
	"cmp"
	"slices"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

var _ dialect.Keeper = (*bound)(nil)

// Keep has * stand for the columns, too, that their tables keep since they may not
// be dropped.
func (b *bound) Keep(current, desired *schema.Catalog, stays func(schema.Object) bool) error {
	r := &reconciliation{bound: b, current: current, desired: desired}
	f := r.forward()
	var kept []schema.ID
	for c := range schema.Each[*pg.Column](current) {
		id := f.id(c.ID())
		if !desired.Has(id) && desired.Has(tableOf(id)) && !c.Inherited && stays(c) {
			desired.Put(f.object(c))
			kept = append(kept, id)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	r.number()
	err := pgparse.Reorder(desired, b.parsing())
	for _, id := range kept {
		desired.Remove(id)
	}
	return err
}

// columnOrder gives the columns of desired the places that they will have:
// those that are there keep theirs, and new ones come behind, since no command
// moves a column. What * stands for follows from it.
func (r *reconciliation) columnOrder() error {
	if !r.number() {
		return nil
	}
	return pgparse.Reorder(r.desired, r.parsing())
}

// number numbers the columns of desired by their places to be; it tells whether
// any has moved.
func (r *reconciliation) number() bool {
	tables := map[schema.ID][]*pg.Column{}
	for c := range schema.Each[*pg.Column](r.desired) {
		tables[c.Table] = append(tables[c.Table], c)
	}
	moved := false
	for _, columns := range tables {
		slices.SortFunc(columns, func(a, b *pg.Column) int { return a.Number - b.Number })
		there := slices.Clone(columns)
		slices.SortStableFunc(there, func(a, b *pg.Column) int { return cmp.Compare(r.place(a), r.place(b)) })
		if slices.Equal(columns, there) {
			continue
		}
		moved = true
		for i, c := range there {
			c.Number = i + 1
		}
	}
	return moved
}

// place is a column's place in the live table; behind all others if it is new.
func (r *reconciliation) place(c *pg.Column) int {
	if live, ok := schema.Lookup[*pg.Column](r.current, r.was(c.ID())); ok {
		return live.Number
	}
	return 1 << 15 // more than a table can have
}
