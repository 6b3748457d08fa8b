package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// createIndex reads CREATE INDEX. CONCURRENTLY says how, not what, and becomes
// a directive.
func (r *reader) createIndex(s *pg_query.IndexStmt) error {
	table, err := r.existing(s.Relation)
	if err != nil {
		return err
	}
	if table.Kind != pg.KindTable && table.Kind != pg.KindMaterializedView {
		return r.errorf(s.Relation.Location, "", "%s cannot have an index", table)
	}
	i := &pg.Index{Schema: table.Schema, Name: s.Idxname, Unnamed: s.Idxname == "", Table: table,
		Method: s.AccessMethod, Unique: s.Unique, NullsNotDistinct: s.NullsNotDistinct,
		Options: storageOptions(nil, s.Options), Tablespace: s.TableSpace}
	if i.Method == "" {
		i.Method = "btree"
	}
	if i.Tablespace == "" {
		i.Tablespace = r.tablespace
	}
	if t, ok := schema.Lookup[*pg.Table](r.catalog, table); ok && t.PartitionBy != nil {
		i.Only = !s.Relation.Inh
	}
	if found, ok := r.relations[key(i.Schema, i.Name)]; ok && s.IfNotExists {
		r.skipped(found)
		return nil
	}
	items := r.listItems(0)
	for n, e := range s.IndexParams {
		i.Keys = append(i.Keys, r.indexKey(table, e.GetIndexElem(), items[n]))
	}
	for _, n := range s.IndexIncludingParams {
		name := n.GetIndexElem().GetName()
		if name == "" {
			return r.errorf(-1, "", "expressions are not supported in included columns")
		}
		i.Include = append(i.Include, pg.ColumnID(table, name))
	}
	if s.WhereClause != nil {
		i.Predicate = r.expr(s.WhereClause)
	}
	if i.Unnamed {
		columns := indexColumnNames(append(s.IndexParams, s.IndexIncludingParams...))
		i.Name = r.draft().chooseRelation(i.Schema, table.Name, joinNames(columns), "idx", false)
	}
	if err := r.add(i, -1); err != nil {
		return err
	}
	if s.Concurrent {
		r.catalog.Directives[i.ID()] = append(r.catalog.Directives[i.ID()], schema.Directive{Name: "concurrently", Pos: r.pos(r.offset)})
	}
	return nil
}

// indexKey reads a column or expression of an index; at is where it begins.
func (r *reader) indexKey(table schema.ID, e *pg_query.IndexElem, at int) pg.IndexKey {
	k := pg.IndexKey{Collation: r.collationName(e.Collation), OpClass: r.opClass(e.Opclass)}
	k.OpClassOptions = storageOptions(nil, e.Opclassopts)
	if e.Name != "" {
		k.Column = pg.ColumnID(table, e.Name)
	} else {
		k.Expr = r.keyExpr(e.Expr, at)
	}
	k.Desc = e.Ordering == pg_query.SortByDir_SORTBY_DESC
	k.NullsFirst = k.Desc
	switch e.NullsOrdering {
	case pg_query.SortByNulls_SORTBY_NULLS_FIRST:
		k.NullsFirst = true
	case pg_query.SortByNulls_SORTBY_NULLS_LAST:
		k.NullsFirst = false
	}
	return k
}

// keyExpr is the text of an expression that is a key, whose item in the list
// begins at an offset: a function's call, or what stands in parentheses. A
// collation, operator class and so on may follow.
func (r *reader) keyExpr(n *pg_query.Node, at int) schema.Expr {
	tokens, text := r.tokens(), r.source.Text[r.offset:r.end]
	i := tokenAt(tokens, at)
	depth := 0
	for _, t := range tokens[i:] {
		d := nesting(text, t)
		if depth += d; depth != 0 || d >= 0 {
			continue
		}
		if tokens[i].is(text, "(") {
			return r.slice(n, tokens[i].end, t.start)
		}
		return r.slice(n, tokens[i].start, t.end)
	}
	return schema.Expr{}
}

// listItems are the offsets at which the items of a list begin: of the first
// one in parentheses at or behind an offset.
func (r *reader) listItems(from int) []int {
	tokens, text := r.tokens(), r.source.Text[r.offset:r.end]
	var out []int
	depth := 0
	for i := tokenAt(tokens, from); i < len(tokens); i++ {
		d := nesting(text, tokens[i])
		if depth += d; depth == 0 && d < 0 {
			break
		}
		if depth == 1 && i+1 < len(tokens) && (d > 0 && tokens[i].is(text, "(") || tokens[i].is(text, ",")) {
			out = append(out, tokens[i+1].start)
		}
	}
	return out
}

// collationName names a collation as the catalogs print it: "" for the default
// one. One that is not known yet may be defined further down, or be the system's.
func (r *reader) collationName(names []*pg_query.Node) string {
	namespace, name := nameParts(names)
	if name == "" || name == "default" && (namespace == "" || namespace == "pg_catalog") {
		return ""
	}
	if id, ok := r.known(pg.KindCollation, namespace, name, ""); ok {
		return pg.Qualify(id.Schema, id.Name)
	}
	if namespace != "" {
		return pg.Qualify(namespace, name)
	}
	return r.markName(markCollation, name) + pg.Quote(name)
}

// opClass names an operator class as the catalogs print it.
func (r *reader) opClass(names []*pg_query.Node) string {
	namespace, name := nameParts(names)
	switch {
	case name == "":
		return ""
	case namespace != "":
		return pg.Qualify(namespace, name)
	}
	return r.markName(markOpClass, name) + pg.Quote(name)
}

// operatorName names an operator, with its schema unless it is the system's.
func (r *reader) operatorName(names []*pg_query.Node) string {
	namespace, name := nameParts(names)
	switch {
	case namespace == "pg_catalog":
		return name
	case namespace != "":
		return pg.Quote(namespace) + "." + name
	}
	return r.markName(markOperator, name) + name
}

// markName is a mark in front of a name that is not looked up yet.
func (r *reader) markName(kind, name string) string {
	return markOpen + strings.Join([]string{kind, name, strings.Join(r.path, pathSeparator)}, markField) + markOpen
}

// builtinClass tells whether pg_catalog has an operator class, or which
// extension does.
func (o Options) builtinClass(name string) (extension string, found bool) {
	for _, method := range []string{"btree", "hash", "gist", "gin", "spgist", "brin"} {
		for _, c := range builtin.For(o.Version).Classes[method] {
			if c.Name == name {
				if c.Extension == "" {
					return "", true
				}
				extension, found = c.Extension, true
			}
		}
	}
	return extension, found
}

// eachColumnRef visits the column references of an expression.
func eachColumnRef(n *pg_query.Node, visit func(*pg_query.ColumnRef)) {
	eachMessage(n.ProtoReflect(), func(m protoreflect.Message) {
		if c, ok := m.Interface().(*pg_query.ColumnRef); ok {
			visit(c)
		}
	})
}
