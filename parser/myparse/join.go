package myparse

import (
	"slices"
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// join converts a FROM clause, or a part of it, and puts what it finds into the
// scope. RIGHT JOIN becomes LEFT JOIN, USING and NATURAL become ON, as servers
// rewrite them.
func (q *queryReader) join(n ast.ResultSetNode, s *scope) string {
	switch n := n.(type) {
	case *ast.Join:
		return q.joinOf(n, s)
	case *ast.TableSource:
		return q.tableSource(n, s)
	}
	q.fail("a table of the kind %T", n)
	return ""
}

func (q *queryReader) joinOf(n *ast.Join, s *scope) string {
	left := q.join(n.Left, s)
	if n.Right == nil {
		return left
	}
	mine, before := s.visible, s.before
	s.visible, s.before = nil, append(slices.Clip(before), mine...)
	right := q.join(n.Right, s)
	theirs := s.visible
	s.before = before
	s.visible = append(slices.Clip(mine), theirs...)

	c := q.converter(s)
	var on *node
	if n.On != nil {
		on = condition(c.expr(n.On.Expr))
	}
	if n.NaturalJoin || len(n.Using) > 0 {
		on = q.coalesce(n, s, mine, theirs)
	}
	q.check(c)
	word := " join "
	switch {
	case n.StraightJoin:
		word = " straight_join "
	case n.Tp == ast.LeftJoin:
		word = " left join "
	case n.Tp == ast.RightJoin:
		word = " left join "
		left, right = right, left
	}
	text := "(" + left + word + right
	if on != nil {
		text += " on " + on.String()
	}
	return text + ")"
}

// coalesce is the condition of USING or NATURAL.
func (q *queryReader) coalesce(n *ast.Join, s *scope, left, right []visible) *node {
	using := map[string]bool{}
	for _, u := range n.Using {
		using[u.Name.L] = true
		if find(left, u.Name.L) == nil || find(right, u.Name.L) == nil {
			q.fail("the column %s of a join is not known", u.Name.O)
		}
	}
	if n.NaturalJoin {
		for _, f := range s.sources {
			if !f.known {
				q.fail("NATURAL JOIN needs the columns of %s", f.alias)
			}
		}
	}
	shared := func(v visible, others []visible) bool {
		o := find(others, v.name)
		return o != nil && (using[strings.ToLower(v.name)] || n.NaturalJoin && !v.hidden && !o.hidden)
	}
	var conds []*node
	for _, l := range left {
		if shared(l, right) {
			conds = append(conds, infix("=", s.use(l.from, l.name), s.use(find(right, l.name).from, l.name)))
		}
	}
	first, second := left, right
	if n.Tp == ast.RightJoin {
		first, second = right, left
	}
	s.visible = coalesced(first, second, shared)
	switch len(conds) {
	case 0:
		return nil
	case 1:
		return conds[0]
	}
	return chain("and", conds...)
}

// coalesced are the columns of such a join, in the servers' order: those in
// common once, then the others of the table whose rows all stay, then the rest.
func coalesced(first, second []visible, shared func(visible, []visible) bool) []visible {
	var common, rest []visible
	for _, v := range first {
		if shared(v, second) {
			common = append(common, v)
		} else {
			rest = append(rest, v)
		}
	}
	for _, v := range second {
		if !shared(v, first) {
			rest = append(rest, v)
		}
	}
	return append(common, rest...)
}

func find(list []visible, name string) *visible {
	for i := range list {
		if strings.EqualFold(list[i].name, name) {
			return &list[i]
		}
	}
	return nil
}

// tableSource converts a table, view or query of a FROM clause.
func (q *queryReader) tableSource(n *ast.TableSource, s *scope) string {
	f := &source{alias: q.opts.fold(n.AsName.O)}
	text := ""
	switch t := n.Source.(type) {
	case *ast.TableName:
		text = q.tableName(t, f)
	case *ast.SelectStmt, *ast.SetOprStmt:
		if special, ok := q.special(t, s, f); ok {
			text = special
			break
		}
		var outer *scope
		if n.Lateral {
			outer = s.lateral()
		}
		var names []string
		for _, c := range n.ColumnNames {
			names = append(names, c.L)
		}
		naked := q.naked
		q.naked = false
		r := q.resultSet(t, outer, names)
		q.naked = naked
		f.columns, f.known = r.columns, r.known
		text = "(" + r.text + ")"
		if n.Lateral {
			text = "lateral " + text
		}
	case *ast.Join:
		return q.joinOf(t, s)
	default:
		q.fail("a table of the kind %T", t)
	}
	if n.AsName.O != "" && !(q.opts.fold(f.id.Name) == f.alias && f.id.Schema == "") {
		text += " as " + quoteName(f.alias)
	}
	s.sources = append(s.sources, f)
	for _, c := range f.columns {
		s.visible = append(s.visible, visible{from: f, name: c})
	}
	for _, c := range f.hidden {
		s.visible = append(s.visible, visible{from: f, name: c, hidden: true})
	}
	return text
}

// special converts what a query with a mark stands for.
func (q *queryReader) special(n ast.ResultSetNode, s *scope, f *source) (string, bool) {
	if text, ok := q.jsonTable(n, s, f); ok {
		return text, true
	}
	return q.systemTime(n, s, f)
}

// lateral is the scope of what sees everything to its left.
func (s *scope) lateral() *scope {
	return &scope{q: s.q, parent: s.parent, sources: s.sources, visible: append(slices.Clip(s.before), s.visible...)}
}

// tableName converts the name of a table, a view or a common table expression.
func (q *queryReader) tableName(t *ast.TableName, f *source) string {
	if f.alias == "" {
		f.alias = t.Name.O
	}
	if t.Schema.O == "" {
		for i := len(q.ctes) - 1; i >= 0; i-- {
			if strings.EqualFold(q.ctes[i].alias, t.Name.O) {
				f.columns, f.known = q.ctes[i].columns, q.ctes[i].known
				f.id.Name = strings.ToLower(t.Name.O)
				defer func() { f.id = schema.ID{} }()
				return quoteName(strings.ToLower(t.Name.O))
			}
		}
	}
	if t.Name.L == "dual" && t.Schema.L == "" {
		f.known = true
		return "dual"
	}
	id := schema.ID{Kind: my.KindTable, Schema: t.Schema.O, Name: t.Name.O}
	if q.opts.Database != "" && q.opts.fold(id.Schema) == q.opts.fold(q.opts.Database) {
		id.Schema = ""
	}
	f.id = id
	if q.resolve != nil {
		is, columns, hidden, ok := q.resolve(id)
		switch {
		case ok:
			if t.Name.O == f.alias {
				f.alias = is.Name
			}
			f.id, f.columns, f.hidden, f.known = is, columns, hidden, true
		case id.Schema == "":
			q.out.Missing = append(q.out.Missing, id)
		}
	}
	q.out.Refs = schema.Refer(q.out.Refs, schema.Exist, f.id)
	text := quoteName(f.id.Name)
	if f.id.Schema != "" {
		text = quoteName(f.id.Schema) + "." + text
	}
	if len(t.PartitionNames) > 0 {
		var names []string
		for _, p := range t.PartitionNames {
			names = append(names, quoteName(p.L))
		}
		text += " partition (" + strings.Join(names, ",") + ")"
	}
	return text
}

// refer notes that a column of a table is used; views have no columns that are
// objects.
func (q *queryReader) refer(f *source, column string) {
	if f.id.Kind == my.KindTable && f.known {
		q.out.Refs = schema.Refer(q.out.Refs, schema.Exist, my.ColumnID(f.id, column))
	}
}
