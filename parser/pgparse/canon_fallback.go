package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// guessRefs collects references by looking at the names in a text only, where
// the analysis gave up: every name that may be meant. What was read from a
// server knows better.
func (n *normalizer) guessRefs(s site, tree *pg_query.ParseResult) {
	if len(s.expr.Refs) > 0 {
		return
	}
	add := func(bind schema.Bind, ids ...schema.ID) { s.expr.Refs = schema.Refer(s.expr.Refs, bind, ids...) }
	relations := []schema.ID{}
	if !s.relation.IsZero() {
		relations = append(relations, s.relation)
	}
	var columns []string
	eachMessage(tree.ProtoReflect(), func(m protoreflect.Message) {
		switch v := m.Interface().(type) {
		case *pg_query.RangeVar:
			if id, ok := find(n.names, n.names.relations, v.Schemaname, v.Relname); ok {
				add(schema.Exist, id)
				relations = append(relations, id)
			}
		case *pg_query.FuncCall:
			namespace, name := qualifiedName(v.Funcname)
			for _, f := range n.userRoutines[name] {
				if namespace == "" || namespace == f.Schema {
					add(schema.Exist, f.ID)
				}
			}
			if name == "nextval" && len(v.Args) == 1 {
				arg := v.Args[0]
				for arg.GetTypeCast() != nil {
					arg = arg.GetTypeCast().Arg
				}
				if namespace, name, ok := splitName(arg.GetAConst().GetSval().GetSval()); ok {
					if id, ok := find(n.names, n.names.relations, namespace, name); ok {
						add(schema.Exist, id)
					}
				}
			}
		case *pg_query.TypeName:
			namespace, name := qualifiedName(v.Names)
			if id, ok := find(n.names, n.names.types, namespace, strings.TrimPrefix(name, "_")); ok {
				add(schema.Exist, id)
			}
		case *pg_query.ColumnRef:
			if _, name := qualifiedName(v.Fields); name != "" {
				columns = append(columns, name)
			}
		}
	})
	for _, name := range columns {
		for _, r := range relations {
			for _, c := range n.names.tableColumns(r) {
				if c.Name == name {
					add(s.columns, pg.ColumnID(c.Table, name))
				}
			}
		}
	}
}

// hasQuery tells whether there is a query inside an expression's tree.
func (n *normalizer) hasQuery(tree *pg_query.ParseResult) bool {
	found := false
	eachMessage(tree.ProtoReflect(), func(m protoreflect.Message) {
		if _, ok := m.Interface().(*pg_query.RangeVar); ok {
			found = true
		}
	})
	return found
}

// qualifiedName splits a list of names into a schema and a name.
func qualifiedName(list []*pg_query.Node) (namespace, name string) {
	if len(list) == 0 {
		return "", ""
	}
	if len(list) > 1 {
		namespace = list[len(list)-2].GetString_().GetSval()
	}
	return namespace, list[len(list)-1].GetString_().GetSval()
}
