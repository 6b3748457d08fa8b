package pgparse

import (
	"maps"
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Names that are not looked up yet have one of these kinds; Schema is empty if
// the author gave none, and then Args holds the search_path. resolve replaces
// them all once the whole text is read, since a text may use what it defines
// further down. What is defined already when it is used is found at once.
const (
	unresolvedRelation schema.Kind = "?relation"
	unresolvedType     schema.Kind = "?type"        // Parent holds the modifiers: "(3)"
	unresolvedColumn   schema.Kind = "?column type" // table.column%TYPE: Parent is the table
)

const pathSeparator = "\x01"

// unresolved makes the placeholder of a name.
func (r *reader) unresolved(kind schema.Kind, namespace, parent, name string) schema.ID {
	id := schema.ID{Kind: kind, Schema: namespace, Parent: parent, Name: name}
	if namespace == "" {
		id.Args = strings.Join(r.path, pathSeparator)
	}
	return id
}

// pathOf is the list of schemas in which a placeholder's name may be.
func pathOf(id schema.ID) []string {
	switch {
	case id.Schema != "":
		return []string{id.Schema}
	case id.Args == "":
		return nil
	}
	return strings.Split(id.Args, pathSeparator)
}

// searchPath is the target's search_path, as far as it can hold user objects.
func (r *reader) searchPath() []string {
	path := r.SearchPath
	if len(path) == 0 {
		path = []string{"public"}
	}
	return r.cleanPath(path)
}

// cleanPath reads "$user" and leaves out the system's own schema, which is
// searched anyway.
func (r *reader) cleanPath(path []string) []string {
	var out []string
	for _, s := range path {
		if s == "$user" {
			s = r.User
		}
		if s != "" && s != "pg_catalog" {
			out = append(out, s)
		}
	}
	return out
}

// creation is the schema in which an unqualified new name comes to be: the
// first one of the search_path that exists. What is neither created by the
// text nor in the target's search_path may well exist, if it is named alone.
func (r *reader) creation(namespace string) string {
	if namespace != "" {
		return namespace
	}
	for _, s := range r.path {
		if s == "public" || r.catalog.Has(pg.SchemaID(s)) || s != r.User && slices.Contains(r.SearchPath, s) {
			return s
		}
	}
	for _, s := range r.path {
		if s != r.User {
			return s
		}
	}
	if len(r.path) > 0 {
		return r.path[0]
	}
	return r.defaultSchema()
}

// key is a name within the namespaces that several kinds share.
func key(namespace, name string) string { return namespace + "\x00" + name }

// claims are the kinds of shared names that an object occupies with its own
// name. That of an
// identity column's sequence is noted with the column's table ([draft]).
func claims(o schema.Object) []string {
	if o.ID().Kind == pg.KindColumn {
		return nil
	}
	var kinds []string
	for _, c := range schema.Claims(o) {
		kind, _, _ := strings.Cut(c, " ")
		kinds = append(kinds, kind)
	}
	return kinds
}

// index notes the names that an object occupies.
func (r *reader) index(o schema.Object) {
	for _, kind := range claims(o) {
		id := o.ID()
		switch kind {
		case "relation":
			r.relations[key(id.Schema, id.Name)] = id
		case "type":
			r.types[key(id.Schema, id.Name)] = id
		}
	}
	switch o := o.(type) {
	case *pg.Range:
		if o.Multirange != "" {
			r.types[key(o.Schema, o.Multirange)] = o.ID()
		}
	case *pg.Column:
		p := r.parts(o.Table)
		if !slices.Contains(p.columns, o.Name) {
			p.columns = append(p.columns, o.Name)
		}
	case *pg.Constraint:
		p := r.parts(o.Table)
		if !slices.Contains(p.constraints, o.Name) {
			p.constraints = append(p.constraints, o.Name)
			r.constraints[key(o.Table.Schema, o.Name)]++
		}
	case *pg.DomainConstraint:
		r.constraints[key(o.Domain.Schema, o.Name)]++
	}
}

// unindex is the inverse of index.
func (r *reader) unindex(id schema.ID) {
	k := key(id.Schema, id.Name)
	if r.relations[k] == id {
		delete(r.relations, k)
	}
	if r.types[k] == id {
		delete(r.types, k)
	}
	is := func(name string) bool { return name == id.Name }
	table := schema.ID{Kind: pg.KindTable, Schema: id.Schema, Name: id.Parent}
	switch id.Kind {
	case pg.KindRange:
		maps.DeleteFunc(r.types, func(_ string, of schema.ID) bool { return of == id })
	case pg.KindColumn:
		p := r.parts(table)
		p.columns = slices.DeleteFunc(p.columns, is)
	case pg.KindConstraint:
		p := r.parts(table)
		if slices.Contains(p.constraints, id.Name) {
			p.constraints = slices.DeleteFunc(p.constraints, is)
			r.constraints[key(id.Schema, id.Name)]--
		}
	case pg.KindDomainConstraint:
		r.constraints[key(id.Schema, id.Name)]--
	case pg.KindTable:
		delete(r.tables, id)
	}
}

// parts are the names of what a table has of its own, in order.
type parts struct{ columns, constraints []string }

func (r *reader) parts(table schema.ID) *parts {
	p := r.tables[table]
	if p == nil {
		p = &parts{}
		r.tables[table] = p
	}
	return p
}

// find looks a name up in one of the indexes.
func (r *reader) find(index map[string]schema.ID, namespace, name string) (schema.ID, bool) {
	path := r.path
	if namespace != "" {
		path = []string{namespace}
	}
	for _, s := range path {
		if id, ok := index[key(s, name)]; ok {
			return id, true
		}
	}
	return schema.ID{}, false
}

// relation is the ID of a table, view, materialized view, sequence, index or
// composite type; a placeholder if there is none yet.
func (r *reader) relation(v *pg_query.RangeVar) schema.ID {
	return r.relationNamed(v.GetSchemaname(), v.GetRelname())
}

func (r *reader) relationNamed(namespace, name string) schema.ID {
	if id, ok := r.find(r.relations, namespace, name); ok {
		return id
	}
	return r.unresolved(unresolvedRelation, namespace, "", name)
}

// existing is the ID of a relation that the statement amends, or a
// [*missingError].
func (r *reader) existing(v *pg_query.RangeVar) (schema.ID, error) {
	if id, ok := r.find(r.relations, v.GetSchemaname(), v.GetRelname()); ok {
		return id, nil
	}
	return schema.ID{}, r.missing(v.GetLocation(), "relation %s does not exist", pg.Qualify(v.GetSchemaname(), v.GetRelname()))
}

// existingTable is existing for what has to be a table.
func (r *reader) existingTable(v *pg_query.RangeVar) (schema.ID, error) {
	id, err := r.existing(v)
	if err == nil && id.Kind != pg.KindTable {
		err = r.errorf(v.GetLocation(), "", "%s is not a table", id)
	}
	return id, err
}
