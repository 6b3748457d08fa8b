package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
)

// setOperation is UNION, INTERSECT, EXCEPT.
func (a *analyzer) setOperation(s *pg_query.SelectStmt) *queried {
	recursive := a.recursive
	a.recursive = nil
	q := a.setTree(s, recursive)
	q.name(q.columns)
	for i, c := range q.columns {
		q.columns[i].node = a.settle(c.node)
	}
	a.orderOutput(s.SortClause, q)
	return q
}

// name gives all branches of a set operation the names of the first one.
func (q *queried) name(columns []column) {
	for i := range q.columns {
		if i < len(columns) {
			q.columns[i].name = columns[i].name
		}
	}
	if q.left != nil {
		q.left.name(columns)
		q.right.name(columns)
	}
}

// orderOutput is an ORDER BY that can name nothing but output columns.
func (a *analyzer) orderOutput(list []*pg_query.Node, q *queried) {
	if len(list) == 0 {
		return
	}
	var parts []string
	for _, n := range list {
		b := n.GetSortBy()
		parts = append(parts, a.ordinal(b.Node, q)+sortWords(b))
	}
	q.tail += " ORDER BY " + strings.Join(parts, ", ")
}

// ordinal is the number of an output column of a set operation.
func (a *analyzer) ordinal(n *pg_query.Node, q *queried) string {
	if c := n.GetColumnRef(); c != nil && len(c.Fields) == 1 {
		for i, t := range q.columns {
			if t.name == c.Fields[0].GetString_().GetSval() {
				return itoa(int64(i + 1))
			}
		}
	}
	if k := n.GetAConst(); k != nil && k.GetIval() != nil {
		return itoa(int64(k.GetIval().Ival))
	}
	panic(unsupported("an expression in the ORDER BY of a set operation"))
}

// setTree analyses a tree of set operations, without what follows it. The first
// branch decides the columns of a recursive query.
func (a *analyzer) setTree(s *pg_query.SelectStmt, recursive *cte) *queried {
	branch := func(s *pg_query.SelectStmt) *queried {
		outer := a.scope
		a.scope = &scope{parent: &scope{parent: outer.parent, ctes: outer.ctes, value: outer.value, arguments: outer.arguments}}
		defer func() { a.scope = outer }()
		plain := s.WithClause == nil && len(s.SortClause) == 0 && s.LimitCount == nil && s.LimitOffset == nil && len(s.LockingClause) == 0
		if plain && s.Op != pg_query.SetOperation_SETOP_NONE {
			return a.setTree(s, nil)
		}
		return a.selectStmt(s, false)
	}
	left := branch(s.Larg)
	if recursive != nil {
		recursive.columns = left.columnsFor(recursive.columns)
	}
	right := branch(s.Rarg)
	if len(left.columns) != len(right.columns) {
		panic(unsupported("a set operation on different numbers of columns"))
	}
	words := map[pg_query.SetOperation]string{pg_query.SetOperation_SETOP_UNION: "UNION", pg_query.SetOperation_SETOP_INTERSECT: "INTERSECT", pg_query.SetOperation_SETOP_EXCEPT: "EXCEPT"}
	q := &queried{operation: words[s.Op], left: left, right: right}
	if s.All {
		q.operation += " ALL"
	}
	for i, c := range left.columns {
		l, r := c.node, right.columns[i].node
		t := a.common([]*builtin.Type{l.typ, r.typ})
		if t != nil {
			left.decide(a, i, t)
			right.decide(a, i, t)
		}
		out := raw(t, "")
		if l.typ == r.typ && l.mod == r.mod {
			out.mod = l.mod
		}
		q.columns = append(q.columns, column{name: c.name, node: out})
	}
	return q
}

// decide gives a literal in an output column the type that the column gets.
func (q *queried) decide(a *analyzer, i int, t *builtin.Type) {
	switch {
	case q.left != nil:
	case q.rows != nil:
		for _, r := range q.rows {
			if r[i].op == opLiteral {
				r[i] = a.coerce(r[i], typed{t, ""}, implicit)
			}
		}
	case q.columns[i].node.op == opLiteral:
		q.columns[i].node = a.coerce(q.columns[i].node, typed{t, ""}, implicit)
	}
}

// values is VALUES (..), (..).
func (a *analyzer) values(s *pg_query.SelectStmt, settle bool) *queried {
	q := &queried{}
	for _, l := range s.ValuesLists {
		q.rows = append(q.rows, a.exprs(l.GetList().GetItems()))
	}
	for i := range q.rows[0] {
		list := make([]*node, len(q.rows))
		for k, r := range q.rows {
			if len(r) <= i {
				panic(unsupported("VALUES of uneven lengths"))
			}
			list[k] = r[i]
		}
		if settle || len(list) > 1 {
			list = a.unify(list)
		}
		for k, r := range q.rows {
			r[i] = list[k]
		}
		out := raw(list[0].typ, "")
		out.mod = sameMod(list)
		if list[0].op == opLiteral {
			out = list[0]
		}
		q.columns = append(q.columns, column{name: "column" + itoa(int64(i+1)), node: out})
	}
	a.orderOutput(s.SortClause, q)
	return q
}
