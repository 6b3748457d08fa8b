package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
)

// rareExpr analyses the constructs of SQL/XML and SQL/JSON.
func (a *analyzer) rareExpr(n *pg_query.Node) *node {
	switch v := n.GetNode().(type) {
	case *pg_query.Node_XmlExpr:
		return a.xmlExpr(v.XmlExpr)
	case *pg_query.Node_XmlSerialize:
		t := a.named(v.XmlSerialize.TypeName)
		var b strings.Builder
		writeType(&b, t)
		x := compose(t.Type, "XMLSERIALIZE("+xmlOption(v.XmlSerialize.Xmloption)+" ", a.coerce(a.expr(v.XmlSerialize.Expr), typed{a.facts.Types["xml"], ""}, implicit), " AS "+b.String())
		if v.XmlSerialize.Indent {
			x.append(" INDENT")
		}
		x.append(")")
		return x
	case *pg_query.Node_JsonObjectConstructor:
		j := v.JsonObjectConstructor
		pairs := compose(nil)
		for i, e := range j.Exprs {
			if i > 0 {
				pairs.append(", ")
			}
			kv := e.GetJsonKeyValue()
			pairs.append(a.settle(a.expr(kv.Key)), " : ", a.jsonValue(kv.Value))
		}
		return a.jsonEnd(compose(nil, "JSON_OBJECT(", pairs), len(j.Exprs) > 0 && j.AbsentOnNull, j.Unique, j.Output, false)
	case *pg_query.Node_JsonArrayConstructor:
		j := v.JsonArrayConstructor
		var list []*node
		for _, e := range j.Exprs {
			list = append(list, a.jsonValue(e.GetJsonValueExpr()))
		}
		return a.jsonEnd(compose(nil, "JSON_ARRAY(", list), len(list) > 0 && !j.AbsentOnNull, false, j.Output, true)
	case *pg_query.Node_JsonIsPredicate:
		j := v.JsonIsPredicate
		text := " IS JSON"
		switch j.ItemType {
		case pg_query.JsonValueType_JS_TYPE_OBJECT:
			text += " OBJECT"
		case pg_query.JsonValueType_JS_TYPE_ARRAY:
			text += " ARRAY"
		case pg_query.JsonValueType_JS_TYPE_SCALAR:
			text += " SCALAR"
		}
		if j.UniqueKeys {
			text += " WITH UNIQUE KEYS"
		}
		return compose(a.boolean, "(", a.settle(a.expr(j.Expr)), text+")")
	case *pg_query.Node_JsonObjectAgg:
		j := v.JsonObjectAgg
		x := compose(nil, "JSON_OBJECTAGG(", a.settle(a.expr(j.Arg.Key)), " : ", a.jsonValue(j.Arg.Value))
		return a.jsonAggregate(a.jsonEnd(x, j.AbsentOnNull, j.Unique, j.Constructor.GetOutput(), false), j.Constructor)
	case *pg_query.Node_JsonArrayAgg:
		j := v.JsonArrayAgg
		x := compose(nil, "JSON_ARRAYAGG(", a.jsonValue(j.Arg))
		if o := j.Constructor.GetAggOrder(); len(o) > 0 {
			x.append(" ORDER BY " + a.orderIn(o, nil, nil))
		}
		return a.jsonAggregate(a.jsonEnd(x, !j.AbsentOnNull, false, j.Constructor.GetOutput(), true), j.Constructor)
	}
	panic(unsupported("this kind of expression"))
}

func xmlOption(o pg_query.XmlOptionType) string {
	return strings.TrimPrefix(o.String(), "XMLOPTION_")
}

func (a *analyzer) xmlExpr(x *pg_query.XmlExpr) *node {
	xml := a.facts.Types["xml"]
	named := func() *node {
		n := compose(nil)
		for i, r := range x.NamedArgs {
			if i > 0 {
				n.append(", ")
			}
			name := r.GetResTarget().Name
			if name == "" {
				name = figureColumn(r.GetResTarget().Val)
			}
			n.append(a.settle(a.expr(r.GetResTarget().Val)), " AS "+quoted(name))
		}
		return n
	}
	to := func(list []*node, t *builtin.Type) []*node {
		for i, n := range list {
			list[i] = a.coerce(n, typed{t, ""}, implicit)
		}
		return list
	}
	args := a.exprs(x.Args)
	switch x.Op {
	case pg_query.XmlExprOp_IS_XMLCONCAT:
		return compose(xml, "XMLCONCAT(", to(args, xml), ")")
	case pg_query.XmlExprOp_IS_XMLELEMENT:
		n := compose(xml, "XMLELEMENT(NAME "+quoted(x.Name))
		if len(x.NamedArgs) > 0 {
			n.append(", XMLATTRIBUTES(", named(), ")")
		}
		for _, c := range args {
			n.append(", ", a.settle(c))
		}
		n.append(")")
		return n
	case pg_query.XmlExprOp_IS_XMLFOREST:
		return compose(xml, "XMLFOREST(", named(), ")")
	case pg_query.XmlExprOp_IS_XMLPARSE:
		return compose(xml, "XMLPARSE("+xmlOption(x.Xmloption)+" ", a.coerce(args[0], typed{a.text, ""}, implicit), ")")
	case pg_query.XmlExprOp_IS_XMLPI:
		n := compose(xml, "XMLPI(NAME "+quoted(x.Name))
		for _, c := range to(args, a.text) {
			n.append(", ", c)
		}
		n.append(")")
		return n
	case pg_query.XmlExprOp_IS_DOCUMENT:
		return compose(a.boolean, "(", to(args, xml)[0], " IS DOCUMENT)")
	}
	panic(unsupported(x.Op.String()))
}

func (a *analyzer) jsonValue(v *pg_query.JsonValueExpr) *node {
	n := a.settle(a.expr(v.RawExpr))
	if v.Format.GetFormatType() == pg_query.JsonFormatType_JS_FORMAT_JSON {
		return compose(n.typ, n, " FORMAT JSON")
	}
	return n
}

// jsonEnd closes a constructor; nulls says that it treats NULLs in the way that
// is not the default.
func (a *analyzer) jsonEnd(n *node, nulls, unique bool, out *pg_query.JsonOutput, array bool) *node {
	if nulls && array {
		n.append(" NULL ON NULL")
	} else if nulls {
		n.append(" ABSENT ON NULL")
	}
	if unique {
		n.append(" WITH UNIQUE KEYS")
	}
	n.typ = a.facts.Types["json"]
	if out != nil && out.TypeName != nil {
		t := a.named(out.TypeName)
		a.useType(t.Type)
		n.typ, n.mod = t.Type, t.mod
	}
	var b strings.Builder
	writeType(&b, typed{n.typ, n.mod})
	n.append(" RETURNING " + b.String() + ")")
	return n
}

func (a *analyzer) jsonAggregate(n *node, c *pg_query.JsonAggConstructor) *node {
	if c.GetAggFilter() != nil {
		n.append(" FILTER (WHERE ", a.condition(c.AggFilter), ")")
	}
	if c.GetOver() != nil {
		n.append(" OVER " + a.window(c.Over, true))
	}
	return n
}

// rareItem analyses XMLTABLE in FROM.
func (a *analyzer) rareItem(n *pg_query.Node) (*item, string) {
	f := n.GetRangeTableFunc()
	if f == nil {
		panic(unsupported("this kind of FROM item"))
	}
	text := compose(nil, "XMLTABLE(")
	if len(f.Namespaces) > 0 {
		text.append("XMLNAMESPACES(")
		for i, s := range f.Namespaces {
			if i > 0 {
				text.append(", ")
			}
			r := s.GetResTarget()
			if r.Name == "" {
				text.append("DEFAULT ")
			}
			text.append(a.settle(a.expr(r.Val)))
			if r.Name != "" {
				text.append(" AS " + quoted(r.Name))
			}
		}
		text.append("), ")
	}
	xml := typed{a.facts.Types["xml"], ""}
	plain := typed{a.text, ""}
	text.append("(", a.coerce(a.expr(f.Rowexpr), plain, assignment), ") PASSING (", a.coerce(a.expr(f.Docexpr), xml, assignment), ") COLUMNS ")
	var list []described
	for i, x := range f.Columns {
		c := x.GetRangeTableFuncCol()
		if i > 0 {
			text.append(", ")
		}
		text.append(quoted(c.Colname))
		if c.ForOrdinality {
			text.append(" FOR ORDINALITY")
			list = append(list, described{name: c.Colname, typed: typed{a.int4, ""}})
			continue
		}
		t := a.named(c.TypeName)
		a.useType(t.Type)
		var b strings.Builder
		writeType(&b, t)
		text.append(" " + b.String())
		if c.Coldefexpr != nil {
			text.append(" DEFAULT (", a.coerce(a.expr(c.Coldefexpr), t, assignment), ")")
		}
		if c.Colexpr != nil {
			text.append(" PATH (", a.coerce(a.expr(c.Colexpr), plain, assignment), ")")
		}
		if c.IsNotNull {
			text.append(" NOT NULL")
		}
		list = append(list, described{name: c.Colname, typed: t})
	}
	text.append(")")
	rename(list, f.Alias)
	name := f.Alias.GetAliasname()
	if name == "" {
		name = "xmltable"
	}
	e := a.entryFor(a.scope, name, unique(list))
	a.printed(e, name)
	return e.item(), text.String() + " AS " + e.print + columnList(e)
}
