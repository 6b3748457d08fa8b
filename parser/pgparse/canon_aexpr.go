package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
)

// aExpr analyses operators, and what the grammar makes of them: IN, LIKE,
// BETWEEN and the like.
func (a *analyzer) aExpr(e *pg_query.A_Expr) *node {
	namespace, name := qualifiedName(e.Name)
	switch e.Kind {
	case pg_query.A_Expr_Kind_AEXPR_OP:
		return a.opExpr(namespace, name, e)
	case pg_query.A_Expr_Kind_AEXPR_LIKE, pg_query.A_Expr_Kind_AEXPR_ILIKE, pg_query.A_Expr_Kind_AEXPR_SIMILAR:
		return a.apply(namespace, name, a.expr(e.Lexpr), a.expr(e.Rexpr))
	case pg_query.A_Expr_Kind_AEXPR_OP_ANY:
		return a.applyToArray(namespace, name, "ANY", a.expr(e.Lexpr), a.expr(e.Rexpr))
	case pg_query.A_Expr_Kind_AEXPR_OP_ALL:
		return a.applyToArray(namespace, name, "ALL", a.expr(e.Lexpr), a.expr(e.Rexpr))
	case pg_query.A_Expr_Kind_AEXPR_DISTINCT:
		return a.distinct(e, false)
	case pg_query.A_Expr_Kind_AEXPR_NOT_DISTINCT:
		return a.distinct(e, true)
	case pg_query.A_Expr_Kind_AEXPR_NULLIF:
		o := a.apply(namespace, name, a.expr(e.Lexpr), a.expr(e.Rexpr))
		n := compose(o.items[0].typ, "NULLIF(", o.items[0], ", ", o.items[1], ")")
		n.mod = o.items[0].mod
		return n
	case pg_query.A_Expr_Kind_AEXPR_IN:
		return a.in(name, e)
	case pg_query.A_Expr_Kind_AEXPR_BETWEEN:
		lo, hi := a.bounds(e, ">=", "<=")
		return a.join(opAnd, lo, hi)
	case pg_query.A_Expr_Kind_AEXPR_NOT_BETWEEN:
		lo, hi := a.bounds(e, "<", ">")
		return a.join(opOr, lo, hi)
	case pg_query.A_Expr_Kind_AEXPR_BETWEEN_SYM, pg_query.A_Expr_Kind_AEXPR_NOT_BETWEEN_SYM:
		return a.symmetric(e)
	}
	panic(unsupported(e.Kind.String()))
}

func (a *analyzer) opExpr(namespace, name string, e *pg_query.A_Expr) *node {
	if e.Lexpr == nil {
		return a.apply(namespace, name, nil, a.expr(e.Rexpr))
	}
	left, right := a.expr(e.Lexpr), a.expr(e.Rexpr)
	if left.op == opRow && right.op == opRow {
		return a.compareRows(namespace, name, left, right)
	}
	if left.op == opRow && e.Rexpr.GetSubLink() != nil {
		return compose(a.boolean, "(", left, " "+name+" ", right, ")")
	}
	return a.apply(namespace, name, left, right)
}

// compareRows compares field by field where that says the same.
func (a *analyzer) compareRows(namespace, name string, left, right *node) *node {
	if len(left.items) != len(right.items) || len(left.items) == 0 {
		panic(unsupported("a comparison of uneven rows"))
	}
	list := make([]*node, len(left.items))
	for i := range list {
		list[i] = a.apply(namespace, name, left.items[i], right.items[i])
	}
	switch {
	case len(list) == 1:
		return list[0]
	case name == "=":
		return a.join(opAnd, list...)
	case name == "<>":
		return a.join(opOr, list...)
	}
	l, r := &node{op: opRow, typ: a.record}, &node{op: opRow, typ: a.record}
	for _, o := range list {
		l.items, r.items = append(l.items, o.items[0]), append(r.items, o.items[1])
	}
	return compose(a.boolean, "(", l, " "+name+" ", r, ")")
}

// in is x IN (list): the elements that hold no column become an array, the
// others are compared one by one.
func (a *analyzer) in(name string, e *pg_query.A_Expr) *node {
	combine, word := opOr, "ANY"
	if name == "<>" {
		combine, word = opAnd, "ALL"
	}
	left := a.expr(e.Lexpr)
	var list, fixed, varying, parts []*node
	for _, x := range e.Rexpr.GetList().GetItems() {
		n := a.expr(x)
		list = append(list, n)
		if n.local(a.scope) {
			varying = append(varying, n)
		} else {
			fixed = append(fixed, n)
		}
	}
	if len(fixed) > 1 && left.op != opRow {
		t := a.commonOf(append([]*node{left}, fixed...)...)
		switch {
		case t != nil && t != a.record:
			array := &node{op: opArray, typ: a.arrayOf(t)}
			for _, x := range fixed {
				array.items = append(array.items, a.coerce(x, typed{t, ""}, implicit))
			}
			parts = append(parts, a.applyToArray("", name, word, left, array))
			list = varying
		case left.typ == nil || unknownAmong(fixed):
			parts = append(parts, compose(a.boolean, "(", left, " "+name+" "+word+" (", &node{op: opArray, items: fixed}, "))"))
			list = varying
		}
	}
	for _, x := range list {
		if left.op == opRow && x.op == opRow {
			parts = append(parts, a.compareRows("", name, left, x))
		} else {
			parts = append(parts, a.apply("", name, left, x))
		}
	}
	all := parts[0]
	for _, p := range parts[1:] {
		all = a.join(combine, all, p)
	}
	return all
}

func unknownAmong(list []*node) bool {
	for _, n := range list {
		if n.typ == nil {
			return true
		}
	}
	return false
}

// applyToArray is x = ANY (array) and the like.
func (a *analyzer) applyToArray(namespace, name, word string, left, array *node) *node {
	if name == "!=" {
		name = "<>"
	}
	elem := a.unknown
	at := base(array.typ)
	if array.op != opLiteral {
		if at == nil || at.Elem == nil || left.typ == nil {
			return compose(a.boolean, "(", left, " "+name+" "+word+" (", array, "))")
		}
		elem = at.Elem
	}
	if left.typ == nil {
		return compose(a.boolean, "(", left, " "+name+" "+word+" (", array, "))")
	}
	o := a.operator(namespace, name, left.typ, elem)
	if o == nil {
		if opaque(left.typ) && array.op == opLiteral {
			array = a.coerce(array, typed{a.arrayOf(left.typ), ""}, implicit)
		} else if left.op == opLiteral && elem != a.unknown {
			left = a.coerce(left, typed{elem, ""}, implicit)
		}
		return compose(a.boolean, "(", left, " "+name+" "+word+" (", array, "))")
	}
	params := []*builtin.Type{o.Left, o.Right}
	if anyPolymorphic(params) {
		if bound, ok := a.bind([]*builtin.Type{left.typ, elem}, params, nil); ok {
			params = bound
		}
	}
	left = a.coerce(left, typed{params[0], ""}, implicit)
	if params[1] != nil && !polymorphic(params[1]) {
		array = a.coerce(array, typed{a.arrayOf(params[1]), ""}, implicit)
	}
	return compose(a.boolean, "(", left, " "+a.operatorText(o)+" "+word+" (", array, "))")
}

func (a *analyzer) distinct(e *pg_query.A_Expr, not bool) *node {
	left, right := a.expr(e.Lexpr), a.expr(e.Rexpr)
	var n *node
	switch {
	case right.op == opLiteral && right.null:
		n = compose(a.boolean, "(", left, " IS NOT NULL)")
		if not {
			n = compose(a.boolean, "(", left, " IS NULL)")
		}
		return n
	case left.op == opLiteral && left.null:
		n = compose(a.boolean, "(", right, " IS NOT NULL)")
		if not {
			n = compose(a.boolean, "(", right, " IS NULL)")
		}
		return n
	case left.op == opRow && right.op == opRow:
		n = compose(a.boolean, "(", left, " IS DISTINCT FROM ", right, ")")
	default:
		o := a.apply("", "=", left, right)
		n = compose(a.boolean, "(", o.items[0], " IS DISTINCT FROM ", o.items[1], ")")
	}
	if not {
		return compose(a.boolean, "(NOT ", n, ")")
	}
	return n
}

func (a *analyzer) bounds(e *pg_query.A_Expr, lower, upper string) (lo, hi *node) {
	limits := e.Rexpr.GetList().GetItems()
	return a.compare(lower, e.Lexpr, limits[0]), a.compare(upper, e.Lexpr, limits[1])
}

func (a *analyzer) compare(name string, left, right *pg_query.Node) *node {
	l, r := a.expr(left), a.expr(right)
	if l.op == opRow && r.op == opRow {
		return a.compareRows("", name, l, r)
	}
	return a.apply("", name, l, r)
}

// symmetric is BETWEEN SYMMETRIC: both orders of the limits.
func (a *analyzer) symmetric(e *pg_query.A_Expr) *node {
	limits := e.Rexpr.GetList().GetItems()
	inner, outer, lower, upper := opAnd, opOr, ">=", "<="
	if e.Kind == pg_query.A_Expr_Kind_AEXPR_NOT_BETWEEN_SYM {
		inner, outer, lower, upper = opOr, opAnd, "<", ">"
	}
	var pair [2]*node
	for i := range pair {
		pair[i] = a.join(inner, a.compare(lower, e.Lexpr, limits[i]), a.compare(upper, e.Lexpr, limits[1-i]))
	}
	return a.join(outer, pair[0], pair[1])
}

// splitName reads a name as regclass's input does: parts that are quoted or
// folded to lower case.
func splitName(text string) (namespace, name string, ok bool) {
	var parts []string
	s := strings.TrimSpace(text)
	for {
		var part string
		if strings.HasPrefix(s, `"`) {
			end := 1
			for ; end < len(s); end++ {
				if s[end] == '"' {
					if end+1 < len(s) && s[end+1] == '"' {
						end++
						continue
					}
					break
				}
			}
			if end >= len(s) {
				return "", "", false
			}
			part, s = strings.ReplaceAll(s[1:end], `""`, `"`), s[end+1:]
		} else {
			end := strings.IndexByte(s, '.')
			if end < 0 {
				end = len(s)
			}
			part, s = strings.ToLower(strings.TrimSpace(s[:end])), s[end:]
		}
		parts = append(parts, part)
		s = strings.TrimSpace(s)
		if s == "" {
			break
		}
		if s[0] != '.' {
			return "", "", false
		}
		s = strings.TrimSpace(s[1:])
	}
	switch len(parts) {
	case 1:
		return "", parts[0], parts[0] != ""
	case 2:
		return parts[0], parts[1], true
	}
	return "", "", false
}
