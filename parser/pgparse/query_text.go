package pgparse

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// The query of a view is kept as its author wrote it: cut out of the text of
// the statement by its tokens.

// sql is the statement's text.
func (r *reader) sql() string { return r.source.Text[r.offset:r.end] }

// definingQuery is where the query of CREATE .. VIEW begins; recursive tells
// of CREATE RECURSIVE VIEW.
func (r *reader) definingQuery() (at int, recursive bool, err error) {
	text, list := r.sql(), r.tokens()
	depth := 0
	for i, t := range list {
		depth += nesting(text, t)
		switch {
		case depth != 0:
		case t.is(text, "recursive"):
			recursive = true
		case t.is(text, "as") && i+1 < len(list):
			return list[i+1].start, recursive, nil
		}
	}
	return 0, false, r.errorf(-1, "", "cannot find the query of the view")
}

// checkOption is where the WITH [..] CHECK OPTION at the end begins.
func (r *reader) checkOption() int {
	text, list := r.sql(), r.tokens()
	for i := len(list) - 1; i > 0; i-- {
		if list[i].is(text, "with") {
			return list[i].start
		}
	}
	return len(text)
}

// dataClause is where the WITH [NO] DATA at the end begins, if there is one.
func (r *reader) dataClause() int {
	text, list := r.sql(), r.tokens()
	n := len(list)
	switch {
	case n > 2 && list[n-1].is(text, "data") && list[n-2].is(text, "with"):
		return list[n-2].start
	case n > 3 && list[n-1].is(text, "data") && list[n-2].is(text, "no") && list[n-3].is(text, "with"):
		return list[n-3].start
	}
	return len(text)
}

// recursiveQuery is what CREATE RECURSIVE VIEW name (columns) AS query means.
func (r *reader) recursiveQuery(name string, columns []string, query string) (schema.Expr, error) {
	list := quotedList(columns)
	name = pg.Quote(name)
	text := "WITH RECURSIVE " + name + " (" + list + ") AS (\n" + query + "\n) SELECT " + list + " FROM " + name
	if slices.Equal(r.path, r.searchPath()) {
		return schema.Expr{Text: text}, nil
	}
	tree, err := parseTree(text)
	if err != nil {
		return schema.Expr{}, err
	}
	return schema.Expr{Text: r.markNames(tree.Stmts[0].Stmt, text, 0)}, nil
}

// named are output columns of which only the names are known.
func named(names []string) []pg.ViewColumn {
	var out []pg.ViewColumn
	for _, n := range names {
		out = append(out, pg.ViewColumn{Name: n})
	}
	return out
}

// outputNames are the names of a query's output columns, as far as its text
// tells: nil if there is a * among them.
func outputNames(text string) []string {
	tree, err := parseTree(text)
	if err != nil {
		return nil
	}
	s := tree.Stmts[0].Stmt.GetSelectStmt()
	for s.GetLarg() != nil {
		s = s.Larg
	}
	var out []string
	for _, n := range s.GetTargetList() {
		t := n.GetResTarget()
		name := t.GetName()
		if name == "" {
			name = figureColumn(t.GetVal())
		}
		if name == "" {
			return nil
		}
		out = append(out, name)
	}
	return out
}
