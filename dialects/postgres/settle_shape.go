package postgres

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// anyReshaped tells whether a query reads relations that will have other
// columns than they have now. Its twin would be made of the columns of now: a
// SELECT * would mean less, or more, than it will.
func (w *workshop) anyReshaped(refs []schema.Ref) bool {
	return slices.ContainsFunc(refs, func(r schema.Ref) bool { return w.reshaped(r.To) })
}

func (w *workshop) reshaped(relation schema.ID) bool {
	known, ok := w.shapes[relation]
	if ok {
		return known
	}
	if w.shapes == nil {
		w.shapes = map[schema.ID]bool{}
	}
	var is bool
	switch now := w.current.Object(relation).(type) {
	case *pg.Table:
		is = !slices.Equal(shapeOf(w.current, relation), shapeOf(w.desired, relation))
	case *pg.View:
		if then, ok := w.desired.Object(relation).(*pg.View); ok {
			is = !slices.EqualFunc(now.Columns, then.Columns, sameName)
		}
	case *pg.MaterializedView:
		if then, ok := w.desired.Object(relation).(*pg.MaterializedView); ok {
			is = !slices.EqualFunc(now.Columns, then.Columns, sameName)
		}
	}
	w.shapes[relation] = is
	return is
}

func sameName(a, b pg.ViewColumn) bool { return a.Name == b.Name }

// shapeOf are the names of a table's columns, sorted.
func shapeOf(c *schema.Catalog, table schema.ID) []string {
	var out []string
	for _, column := range effective(c, table) {
		out = append(out, column.Name)
	}
	slices.Sort(out)
	return out
}
