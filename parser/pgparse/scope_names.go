package pgparse

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// names looks up what a catalog defines, the way the server does: a qualified
// name in its schema, an unqualified one along the search_path.
type names struct {
	path      []string
	relations map[qualified]schema.ID
	types     map[qualified]schema.ID
	routines  map[qualified][]schema.ID
	columns   map[schema.ID][]*pg.Column // of tables, in order
}

// qualified is a name in a schema.
type qualified struct{ schema, name string }

func newNames(c *schema.Catalog, o Options) *names {
	n := &names{path: o.SearchPath, relations: map[qualified]schema.ID{}, types: map[qualified]schema.ID{},
		routines: map[qualified][]schema.ID{}, columns: map[schema.ID][]*pg.Column{}}
	if len(n.path) == 0 {
		n.path = []string{"public"}
	}
	for o := range c.All() {
		id := o.ID()
		key := qualified{id.Schema, id.Name}
		switch o := o.(type) {
		case *pg.Table, *pg.View, *pg.MaterializedView, *pg.Sequence:
			n.relations[key] = id
			if id.Kind != pg.KindSequence {
				n.types[key] = id
			}
		case *pg.Enum, *pg.Composite, *pg.Domain, *pg.Range:
			n.types[key] = id
		case *pg.Function, *pg.Aggregate:
			n.routines[key] = append(n.routines[key], id)
		case *pg.Column:
			n.columns[o.Table] = append(n.columns[o.Table], o)
		}
	}
	for _, cs := range n.columns {
		slices.SortStableFunc(cs, func(a, b *pg.Column) int { return a.Number - b.Number })
	}
	return n
}

// find looks a name up along the search_path if it has no schema.
func find[T any](n *names, in map[qualified]T, namespace, name string) (T, bool) {
	if namespace != "" {
		t, ok := in[qualified{namespace, name}]
		return t, ok
	}
	for _, s := range n.path {
		if t, ok := in[qualified{s, name}]; ok {
			return t, true
		}
	}
	var zero T
	return zero, false
}
