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
	tables    map[schema.ID]*pg.Table
	columns   map[schema.ID][]*pg.Column // of tables, in order, own ones
	all       map[schema.ID][]*pg.Column // memo of tableColumns
}

// qualified is a name in a schema.
type qualified struct{ schema, name string }

func newNames(c *schema.Catalog, o Options) *names {
	few := c.Len() / 16
	n := &names{relations: make(map[qualified]schema.ID, few), types: make(map[qualified]schema.ID, few), tables: make(map[schema.ID]*pg.Table, few),
		columns: make(map[schema.ID][]*pg.Column, few), all: make(map[schema.ID][]*pg.Column, few)}
	for _, s := range o.SearchPath {
		if s == "$user" {
			s = o.User
		}
		if s != "" && s != "pg_catalog" {
			n.path = append(n.path, s)
		}
	}
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
			if t, ok := o.(*pg.Table); ok {
				n.tables[id] = t
			}
		case *pg.Enum, *pg.Composite, *pg.Domain, *pg.Range:
			n.types[key] = id
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

// rank is a schema's place in the search_path, or -1.
func (n *names) rank(namespace string) int { return slices.Index(n.path, namespace) }

// tableColumns are a table's columns with those that it inherits: in a
// partition all of its parent's, in a child its parents' first.
func (n *names) tableColumns(id schema.ID) []*pg.Column {
	if list, ok := n.all[id]; ok {
		return list
	}
	t, own := n.tables[id], n.columns[id]
	if t == nil || t.PartitionOf.IsZero() && len(t.Inherits) == 0 {
		n.all[id] = own
		return own
	}
	n.all[id] = nil // against a circle
	parents := t.Inherits
	if !t.PartitionOf.IsZero() {
		parents = []schema.ID{t.PartitionOf}
	}
	var list []*pg.Column
	for _, p := range parents {
		for _, c := range n.tableColumns(p) {
			if !slices.ContainsFunc(list, func(x *pg.Column) bool { return x.Name == c.Name }) {
				list = append(list, c)
			}
		}
	}
	for _, c := range own {
		i := slices.IndexFunc(list, func(x *pg.Column) bool { return x.Name == c.Name })
		if c.Inherited && (c.Type.IsZero() || i >= 0) || i >= 0 && !t.PartitionOf.IsZero() {
			continue // what it adds to the parent's matters to no expression
		}
		if i >= 0 {
			list[i] = c
		} else {
			list = append(list, c)
		}
	}
	n.all[id] = list
	return list
}
