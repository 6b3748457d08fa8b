package postgres

import (
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

var _ dialect.Agreer = (*bound)(nil)

// Agree tells whether both sides hold the same, with the columns in the same order:
// what * stands for follows from that. Identity columns keep the names of their
// sequences.
func (b *bound) Agree(current, desired *schema.Catalog) bool {
	r := &reconciliation{bound: b, current: current, desired: desired}
	r.identities()
	return schema.Same(current, desired) && sameOrder(current, desired)
}

// sameOrder tells whether the columns of desired, which are there, stand in the
// order of the live ones. It only knows of tables whose columns follow each other
// in the catalog, as those of one CREATE TABLE do.
func sameOrder(current, desired *schema.Catalog) bool {
	var table schema.ID
	number, place := 0, 0
	for c := range schema.Each[*pg.Column](desired) {
		live, ok := schema.Lookup[*pg.Column](current, c.ID())
		if c.Table != table {
			table, number, place = c.Table, 0, 0
		}
		if !ok || c.Number != number+1 || live.Number <= place {
			return false
		}
		number, place = c.Number, live.Number
	}
	return true
}
