package pgparse

import (
	"fmt"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// canonicalize fills in one expression's canonical form and references.
func (n *normalizer) canonicalize(s site) error {
	s.expr.Canon, s.expr.Refs = strings.TrimSpace(s.expr.Text), nil
	text := ""
	switch s.form {
	case scalar:
		text = "SELECT " + s.expr.Text
	case query:
		text = s.expr.Text
	default:
		return nil
	}
	tree, err := pg_query.Parse(text)
	if err != nil {
		return fmt.Errorf("cannot read %q: %w", s.expr.Text, err)
	}
	if s.expr.Canon, err = pg_query.Deparse(tree); err != nil {
		return err
	}
	n.refer(s, tree.ProtoReflect())
	return nil
}

// refer adds references for every name below a node of the syntax tree.
func (n *normalizer) refer(s site, m protoreflect.Message) {
	add := func(bind schema.Bind, ids ...schema.ID) { s.expr.Refs = schema.Refer(s.expr.Refs, bind, ids...) }
	switch v := m.Interface().(type) {
	case *pg_query.RangeVar:
		if id, ok := find(n.names, n.names.relations, v.Schemaname, v.Relname); ok {
			add(schema.Exist, id)
		}
	case *pg_query.FuncCall:
		namespace, name := qualifiedName(v.Funcname)
		if ids, ok := find(n.names, n.names.routines, namespace, name); ok {
			add(schema.Exist, ids...)
		}
		if name == "nextval" && len(v.Args) == 1 {
			n.sequence(s, v.Args[0])
		}
	case *pg_query.TypeName:
		namespace, name := qualifiedName(v.Names)
		if id, ok := find(n.names, n.names.types, namespace, name); ok {
			add(schema.Exist, id)
		}
	case *pg_query.ColumnRef:
		name := v.Fields[len(v.Fields)-1].GetString_().GetSval()
		for _, c := range n.names.columns[s.relation] {
			if c.Name == name {
				add(s.columns, pg.ColumnID(s.relation, name))
			}
		}
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Kind() != protoreflect.MessageKind:
		case f.IsList():
			for i := range v.List().Len() {
				n.refer(s, v.List().Get(i).Message())
			}
		default:
			n.refer(s, v.Message())
		}
		return true
	})
}

func (n *normalizer) sequence(s site, arg *pg_query.Node) {
	for arg.GetTypeCast() != nil {
		arg = arg.GetTypeCast().Arg
	}
	namespace, name, _ := strings.Cut(arg.GetAConst().GetSval().GetSval(), ".")
	if name == "" {
		namespace, name = "", namespace
	}
	if id, ok := find(n.names, n.names.relations, strings.Trim(namespace, `"`), strings.Trim(name, `"`)); ok {
		s.expr.Refs = schema.Refer(s.expr.Refs, schema.Exist, id)
	}
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
