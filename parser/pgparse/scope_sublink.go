package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
)

// subLink is a query inside an expression.
func (a *analyzer) subLink(s *pg_query.SubLink) *node {
	var left *node
	if s.Testexpr != nil {
		left = a.expr(s.Testexpr)
	}
	outer := a.scope
	a.scope = outer.inner()
	q := a.selectStmt(s.Subselect.GetSelectStmt(), true)
	a.scope = outer
	var first *builtin.Type
	mod := ""
	if len(q.columns) > 0 {
		first, mod = q.columns[0].node.typ, q.columns[0].node.mod
	}
	text := "(" + q.String() + ")"
	switch s.SubLinkType {
	case pg_query.SubLinkType_EXISTS_SUBLINK:
		return compose(a.boolean, "EXISTS "+text)
	case pg_query.SubLinkType_EXPR_SUBLINK:
		n := compose(first, text)
		n.mod = mod
		return n
	case pg_query.SubLinkType_ARRAY_SUBLINK:
		return compose(a.arrayOf(first), "ARRAY"+text)
	case pg_query.SubLinkType_ANY_SUBLINK, pg_query.SubLinkType_ALL_SUBLINK:
		word := " ANY "
		if s.SubLinkType == pg_query.SubLinkType_ALL_SUBLINK {
			word = " ALL "
		}
		namespace, name := qualifiedName(s.OperName)
		if name == "" {
			name = "="
		} else if name == "!=" {
			name = "<>"
		}
		if left.op == opRow && len(left.items) == len(q.columns) {
			row := &node{op: opRow, typ: a.record}
			for i, x := range left.items {
				row.items = append(row.items, a.leftOperand(namespace, name, x, q.columns[i].node.typ))
			}
			left = row
		} else {
			left = a.leftOperand(namespace, name, left, first)
		}
		return compose(a.boolean, "(", left, " "+name+word+text+")")
	}
	panic(unsupported(s.SubLinkType.String()))
}

// leftOperand is what an operator makes of its left operand.
func (a *analyzer) leftOperand(namespace, name string, left *node, right *builtin.Type) *node {
	o := a.apply(namespace, name, left, raw(right, ""))
	return o.items[0]
}
