package pgparse

import (
	"slices"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// scope is what names mean at one level of a query.
type scope struct {
	parent *scope
	items  []*item
	ctes   []*cte
	// value is what VALUE means in a domain's check.
	value *node
	// arguments of the function whose body this is, by position.
	arguments []argument
}

type argument struct {
	name string
	typed
}

// item is one member of a FROM clause: what it contributes to *, and the
// entries that can be named.
type item struct {
	columns []column
	entries []*entry
	open    bool // some of the columns are not known
}

// entry is something with a name that columns can be reached through.
type entry struct {
	scope *scope
	// name is the alias, or the relation's name; namespace is the relation's
	// schema where schema.relation.column works, too.
	name, namespace string
	// print is the name in canonical texts; empty for the one relation that an
	// expression is about.
	print   string
	columns []column
	row     *builtin.Type // of the whole row, if it has a type of its own
	scalar  bool          // a function's plain result: the whole row is the column
	open    bool          // the columns are not known
}

// column is something that a name can stand for.
type column struct {
	name string
	node *node
	refs []schema.Ref // that its use entails
}

// cte is a WITH query.
type cte struct {
	name    string
	columns []column // without entries
}

// inner opens a level for a sub-query.
func (s *scope) inner() *scope { return &scope{parent: s} }

// beside is the level for a sub-query in FROM, which sees what is around the
// query but not its siblings, unless it is LATERAL.
func (s *scope) beside(lateral bool) *scope {
	if lateral {
		return s.inner()
	}
	return &scope{parent: &scope{parent: s.parent, ctes: s.ctes, value: s.value, arguments: s.arguments}}
}

// cte finds a WITH query by name.
func (s *scope) cte(name string) *cte {
	for ; s != nil; s = s.parent {
		for i := len(s.ctes) - 1; i >= 0; i-- {
			if s.ctes[i].name == name {
				return s.ctes[i]
			}
		}
	}
	return nil
}

// here finds an unqualified column at this level; it fails with an
// ambiguousError where several have the name.
func (s *scope) here(name string) *column {
	var found *column
	for _, i := range s.items {
		for k := range i.columns {
			if c := &i.columns[k]; c.name == name {
				if found != nil && found.node != c.node {
					panic(unsupported("an ambiguous column " + name))
				}
				found = c
			}
		}
	}
	if found == nil {
		for i, a := range s.arguments {
			if a.name == name {
				return &column{node: parameter(i, a.typed)}
			}
		}
	}
	return found
}

// parameter is an argument of the function whose body this is.
func parameter(i int, t typed) *node {
	n := raw(t.Type, "$"+itoa(int64(i+1)))
	n.mod = t.mod
	return n
}

// open tells whether this level or one around it has columns that are not known.
func (s *scope) open() bool {
	for ; s != nil; s = s.parent {
		for _, i := range s.items {
			if i.open {
				return true
			}
		}
	}
	return false
}

// entry finds what a qualifier names, from the inside out.
func (s *scope) entry(namespace, name string) *entry {
	for ; s != nil; s = s.parent {
		for _, i := range s.items {
			for _, e := range i.entries {
				if e.name == name && (namespace == "" || namespace == e.namespace) {
					return e
				}
			}
		}
	}
	return nil
}

// column of an entry by name.
func (e *entry) column(name string) *column {
	for i := range e.columns {
		if e.columns[i].name == name {
			return &e.columns[i]
		}
	}
	return nil
}

// describe is a column of a relation before it stands in a query.
type described struct {
	name string
	typed
	collation string
	refs      []schema.Ref
}

// relationColumns are the columns of something in the catalog, or of a system
// relation; ok is false if they are not known.
func (a *analyzer) relationColumns(id schema.ID, bind schema.Bind) (list []described, ok bool) {
	switch id.Kind {
	case pg.KindTable:
		columns := a.names.tableColumns(id)
		list = make([]described, len(columns))
		refs := make([]schema.Ref, len(columns))
		for i, c := range columns {
			refs[i] = schema.Ref{To: c.ID(), Bind: bind}
			list[i] = described{c.Name, a.of(c.Type), c.Collation, refs[i : i+1 : i+1]}
		}
		return list, true
	case pg.KindView, pg.KindMaterializedView:
		for _, c := range a.normalizer.viewColumns(id) {
			list = append(list, described{name: c.name, typed: typed{c.node.typ, c.node.mod}})
		}
		return list, len(list) > 0
	case pg.KindSequence:
		for _, f := range []builtin.Field{{Name: "last_value", Type: a.int8}, {Name: "log_cnt", Type: a.int8}, {Name: "is_called", Type: a.boolean}} {
			list = append(list, described{name: f.Name, typed: typed{f.Type, ""}})
		}
		return list, true
	}
	return nil, false
}

// entryFor makes the entry of a list of columns.
func (a *analyzer) entryFor(s *scope, name string, list []described) *entry {
	e := &entry{scope: s, name: name, columns: make([]column, len(list))}
	nodes := make([]node, len(list))
	for i, d := range list {
		nodes[i] = node{op: opColumn, entry: e, text: d.name, typ: d.Type, mod: d.mod}
		e.columns[i] = column{d.name, &nodes[i], d.refs}
	}
	return e
}

// item makes an item of a single entry.
func (e *entry) item() *item {
	return &item{columns: slices.Clone(e.columns), entries: []*entry{e}, open: e.open}
}
