package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"
)

// with analyses WITH queries into the scope, and returns their text.
func (a *analyzer) with(w *pg_query.WithClause) string {
	if w == nil || len(w.Ctes) == 0 {
		return ""
	}
	text := "WITH "
	if w.Recursive {
		text += "RECURSIVE "
	}
	var parts []string
	for _, n := range w.Ctes {
		parts = append(parts, a.cte(n.GetCommonTableExpr(), w.Recursive))
	}
	return text + strings.Join(parts, ", ") + " "
}

func (a *analyzer) cte(x *pg_query.CommonTableExpr, recursive bool) string {
	outer := a.scope
	c := &cte{name: x.Ctename}
	for _, n := range x.Aliascolnames {
		c.columns = append(c.columns, column{name: n.GetString_().GetSval()})
	}
	a.scope = outer.inner()
	saved := a.recursive
	if s := x.Ctequery.GetSelectStmt(); recursive && s != nil && s.Op == pg_query.SetOperation_SETOP_UNION {
		a.scope.ctes = append(a.scope.ctes, c)
		a.recursive = c
	}
	var text string
	if s := x.Ctequery.GetSelectStmt(); s != nil {
		q := a.selectStmt(s, true)
		c.columns = q.columnsFor(c.columns)
		text = q.String()
	} else {
		q := a.modify(x.Ctequery)
		c.columns = q.columnsFor(c.columns)
		text = q.String()
	}
	a.recursive, a.scope = saved, outer
	names := make([]string, len(c.columns))
	for i, col := range c.columns {
		names[i] = quoted(col.name)
	}
	outer.ctes = append(outer.ctes, c)
	materialized := map[pg_query.CTEMaterialize]string{pg_query.CTEMaterialize_CTEMaterializeAlways: "MATERIALIZED ", pg_query.CTEMaterialize_CTEMaterializeNever: "NOT MATERIALIZED "}[x.Ctematerialized]
	head := quoted(c.name)
	if len(names) > 0 {
		head += "(" + strings.Join(names, ", ") + ")"
	}
	return head + " AS " + materialized + "(" + text + ")" + a.searchAndCycle(x, c)
}

// columnsFor are the query's columns under the names that are given.
func (q *queried) columnsFor(named []column) []column {
	out := make([]column, len(q.columns))
	for i, c := range q.columns {
		out[i] = column{name: c.name, node: c.node}
		if i < len(named) {
			out[i].name = named[i].name
		}
	}
	return out
}

// searchAndCycle are SEARCH and CYCLE, which add columns.
func (a *analyzer) searchAndCycle(x *pg_query.CommonTableExpr, c *cte) string {
	text := ""
	list := func(nodes []*pg_query.Node) string {
		var names []string
		for _, n := range nodes {
			names = append(names, quoted(n.GetString_().GetSval()))
		}
		return strings.Join(names, ", ")
	}
	if s := x.SearchClause; s != nil {
		order := " SEARCH DEPTH FIRST BY "
		if s.SearchBreadthFirst {
			order = " SEARCH BREADTH FIRST BY "
		}
		text += order + list(s.SearchColList) + " SET " + quoted(s.SearchSeqColumn)
		c.columns = append(c.columns, column{name: s.SearchSeqColumn, node: raw(nil, "")})
	}
	if y := x.CycleClause; y != nil {
		mark := raw(a.boolean, "")
		text += " CYCLE " + list(y.CycleColList) + " SET " + quoted(y.CycleMarkColumn)
		if y.CycleMarkValue != nil && y.CycleMarkDefault != nil {
			pair := a.unify([]*node{a.expr(y.CycleMarkValue), a.expr(y.CycleMarkDefault)})
			mark = raw(pair[0].typ, "")
			if pair[0].String() != "true" || pair[1].String() != "false" {
				text += " TO " + pair[0].String() + " DEFAULT " + pair[1].String()
			}
		}
		text += " USING " + quoted(y.CyclePathColumn)
		c.columns = append(c.columns, column{name: y.CycleMarkColumn, node: mark}, column{name: y.CyclePathColumn, node: raw(nil, "")})
	}
	return text
}
