package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Reloadable is an object as a server printed it, with what the server leaves
// out written out (ruleutils.c), so that a server that reads it holds the same:
//   - the field of EXTRACT as its author spelled it: printed as a word without
//     quotes, it would be read in lower case (get_func_sql_syntax);
//   - in queries, the name "?column?" of an output column that nothing outside
//     can see, where without a name it would get another (get_target_list).
//
// It is o itself if nothing is left out.
func Reloadable(o schema.Object) schema.Object {
	if !leavesOut(o) {
		return o
	}
	o = schema.Clone(o)
	eachExpr(o, func(e *schema.Expr) { e.Text = quoteFields(e.Text) })
	switch v := o.(type) {
	case *pg.View:
		v.Query.Text = nameColumns(v.Query.Text)
	case *pg.MaterializedView:
		v.Query.Text = nameColumns(v.Query.Text)
	}
	return o
}

// leavesOut tells of objects in whose text something may be left out.
func leavesOut(o schema.Object) bool {
	if k := o.ID().Kind; k == pg.KindView || k == pg.KindMaterializedView {
		return true
	}
	found := false
	eachExpr(o, func(e *schema.Expr) { found = found || strings.Contains(e.Text, "EXTRACT(") })
	return found
}

// quoteFields quotes the field of every EXTRACT(field FROM ..) that is not in
// lower case. A function of a user's that is called so is printed in quotes.
func quoteFields(text string) string {
	var list []insertion
	var last [2]token
	s := scanner{text: text}
	for t := s.next(); t.kind != tokenEnd; t = s.next() {
		field := text[t.start:t.end]
		if t.kind == tokenWord && text[last[1].start:last[1].end] == "(" && text[last[0].start:last[0].end] == "EXTRACT" && field != strings.ToLower(field) {
			list = append(list, insertion{t.start, "'"}, insertion{t.end, "'"})
		}
		last = [2]token{last[1], t}
	}
	return insert(text, list)
}

// nameColumns names the output columns without a name: the server leaves out
// that of a column's reference, and "?column?".
func nameColumns(text string) string {
	tree, err := parseTree(text)
	if err != nil {
		return text
	}
	var list []insertion
	for _, s := range tree.Stmts {
		eachMessage(s.Stmt.ProtoReflect(), func(m protoreflect.Message) {
			query, ok := m.Interface().(*pg_query.SelectStmt)
			if !ok {
				return
			}
			for _, n := range query.TargetList {
				t := n.GetResTarget()
				if t.GetName() == "" && t.GetVal().GetColumnRef() == nil && figureColumn(t.GetVal()) != "" {
					list = append(list, insertion{outputEnd(text, int(t.Location)), ` AS "?column?"`})
				}
			}
		})
	}
	slices.SortStableFunc(list, func(a, b insertion) int { return a.at - b.at })
	named := insert(text, list)
	if _, err := parseTree(named); err != nil {
		return text
	}
	return named
}

// clauses are the words that can follow the last output column of a query.
var clauses = []string{"from", "where", "group", "having", "window", "union", "intersect", "except", "order", "limit", "offset", "fetch", "for"}

// outputEnd is where the output column ends that begins at a place. The server
// prints operators in parentheses, so that no word of a clause stands in it
// but that of WITHIN GROUP.
func outputEnd(text string, at int) int {
	s := scanner{text: text, pos: at}
	end, depth, within := at, 0, false
	for t := s.next(); t.kind != tokenEnd; t = s.next() {
		if word := text[t.start:t.end]; depth == 0 && (word == "," || word == ")" || word == ";" || !within && t.kind == tokenWord && slices.Contains(clauses, strings.ToLower(word))) {
			break
		}
		depth += nesting(text, t)
		end, within = t.end, t.is(text, "within")
	}
	return end
}
