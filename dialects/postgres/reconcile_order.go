package postgres

import (
	"cmp"
	"slices"

	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// columnOrder gives the columns of desired the places that they will have:
// those that are there keep theirs, and new ones come behind, since no command
// moves a column. What * stands for follows from it.
func (r *reconciliation) columnOrder() error {
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
	if !moved {
		return nil
	}
	return pgparse.Reorder(r.desired, r.parsing())
}

// place is a column's place in the live table; behind all others if it is new.
func (r *reconciliation) place(c *pg.Column) int {
	if live, ok := schema.Lookup[*pg.Column](r.current, r.was(c.ID())); ok {
		return live.Number
	}
	return 1 << 15 // more than a table can have
}
