package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// The query of a view is kept as its author wrote it: cut out of the text of
// the statement by its tokens.

// lex are the tokens of a text, without comments.
func lex(text string) []token {
	var out []token
	s := scanner{text: text}
	for t := s.next(); t.kind != tokenEnd; t = s.next() {
		if t.kind != tokenComment {
			out = append(out, t)
		}
	}
	return out
}

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
func recursiveQuery(name string, columns []string, query string) string {
	list := quotedList(columns)
	name = pg.Quote(name)
	return "WITH RECURSIVE " + name + " (" + list + ") AS (\n" + query + "\n) SELECT " + list + " FROM " + name
}

// aliasedQuery keeps the text of a query between two places of the statement,
// with these names for its first output columns. Where the number of its
// columns cannot be told from the text, because of a *, the query becomes a
// subquery with a column list.
func (r *reader) aliasedQuery(query *pg_query.Node, from, to int, names []string) (schema.Expr, error) {
	if len(names) == 0 {
		return r.slice(query, from, to), nil
	}
	text := strings.TrimSpace(withoutComments(r.text(from, to)))
	tree, err := parseTree(text)
	if err != nil {
		return schema.Expr{}, r.errorf(int32(from), "write the names into the query: SELECT .. AS ..", "cannot read this query with a column list")
	}
	s := tree.Stmts[0].Stmt.GetSelectStmt()
	for s.GetLarg() != nil {
		s = s.Larg
	}
	targets := s.GetTargetList()
	switch {
	case len(targets) == 0 || slices.ContainsFunc(targets, star):
		text = "SELECT * FROM (\n" + text + "\n) AS v (" + quotedList(names) + ")"
	case len(names) > len(targets):
		return schema.Expr{}, r.errorf(-1, "", "the column list has %d names, the query %d columns", len(names), len(targets))
	default:
		text = renameTargets(text, targets, names)
	}
	return r.rewritten(text)
}

// rewritten keeps a query that is not a part of the statement as it stands.
func (r *reader) rewritten(text string) (schema.Expr, error) {
	if slices.Equal(r.path, r.searchPath()) {
		return schema.Expr{Text: text}, nil
	}
	tree, err := parseTree(text)
	if err != nil {
		return schema.Expr{}, err
	}
	return schema.Expr{Text: r.markNames(tree.Stmts[0].Stmt, text, 0)}, nil
}

// star tells whether a target is * or t.*.
func star(n *pg_query.Node) bool {
	fields := n.GetResTarget().GetVal().GetColumnRef().GetFields()
	return len(fields) > 0 && fields[len(fields)-1].GetAStar() != nil
}

// renameTargets puts AS name behind the targets of a select list that are
// called otherwise.
func renameTargets(text string, targets []*pg_query.Node, names []string) string {
	list := lex(text)
	var b strings.Builder
	done := 0
	for i, name := range names {
		t := targets[i].GetResTarget()
		if targetName(t) == name {
			continue
		}
		last := targetEnd(text, list, int(t.Location))
		end := list[last].end
		if t.Name != "" { // its own alias goes
			end = list[last-1].end
			if list[last-1].is(text, "as") {
				end = list[last-2].end
			}
		}
		b.WriteString(text[done:end] + " AS " + pg.Quote(name))
		done = list[last].end
	}
	b.WriteString(text[done:])
	return b.String()
}

// targetName is a target's name if it is certain.
func targetName(t *pg_query.ResTarget) string {
	if t.Name != "" {
		return t.Name
	}
	_, name := nameParts(t.Val.GetColumnRef().GetFields())
	return name
}

// targetEnd is the last token of the target that starts at an offset: the one
// before a comma or a clause's keyword at the same depth.
func targetEnd(text string, list []token, start int) int {
	depth, last := 0, 0
	for i, t := range list {
		if t.start < start {
			continue
		}
		depth += nesting(text, t)
		if depth < 0 || depth == 0 && t.start > start && endsTarget(text, list, i) {
			return last
		}
		last = i
	}
	return last
}

// endsTarget tells whether the token ends a target of a select list. FROM
// inside EXTRACT (..) and the like is deeper; IS DISTINCT FROM is not.
func endsTarget(text string, list []token, i int) bool {
	t := list[i]
	if t.kind == tokenQuoted {
		return false
	}
	switch strings.ToLower(text[t.start:t.end]) {
	case ",", "into", "where", "group", "having", "window", "union", "intersect", "except", "order", "limit", "offset", "fetch", "for":
		return !list[i-1].is(text, "as")
	case "from":
		return !list[i-1].is(text, "distinct") && !list[i-1].is(text, "as")
	}
	return false
}
