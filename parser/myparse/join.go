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
	mine := s.visible
	s.visible = nil
	right := q.join(n.Right, s)
	theirs := s.visible
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

// coalesce is the condition of USING or NATURAL. The columns in common can be
// seen once, in front.
func (q *queryReader) coalesce(n *ast.Join, s *scope, left, right []visible) *node {
	var names []string
	for _, u := range n.Using {
		names = append(names, u.Name.L)
	}
	if n.NaturalJoin {
		for _, f := range s.sources {
			if !f.known {
				q.fail("NATURAL JOIN needs the columns of %s", f.alias)
			}
		}
		for _, l := range left {
			if r := find(right, l.name); r != nil && !l.hidden && !r.hidden {
				names = append(names, strings.ToLower(l.name))
			}
		}
	}
	var conds []*node
	var common []visible
	for _, name := range names {
		l, r := find(left, name), find(right, name)
		if l == nil || r == nil {
			q.fail("the column %s of a join is not known", name)
			continue
		}
		conds = append(conds, infix("=", s.use(l.from, name), s.use(r.from, name)))
		if n.Tp == ast.RightJoin {
			common = append(common, *r)
		} else {
			common = append(common, *l)
		}
	}
	rest := func(list []visible) {
		for _, v := range list {
			if !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, v.name) }) {
				common = append(common, v)
			}
		}
	}
	rest(left)
	rest(right)
	s.visible = common
	switch len(conds) {
	case 0:
		return nil
	case 1:
		return conds[0]
	}
	return chain("and", conds...)
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
		var outer *scope
		if n.Lateral {
			outer = s
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
