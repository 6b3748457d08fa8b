package myparse

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"
	driver "github.com/pingcap/tidb/pkg/parser/test_driver"
)

// selectStmt converts one SELECT.
func (q *queryReader) selectStmt(n *ast.SelectStmt, parent *scope, columns []string) result {
	depth := len(q.ctes)
	defer func() { q.ctes = q.ctes[:depth] }()
	var b strings.Builder
	b.WriteString(q.with(n.With, parent))
	if n.Kind == ast.SelectStmtKindValues {
		return q.values(&b, n, parent, columns)
	}
	if n.Kind != ast.SelectStmtKindSelect {
		q.fail("TABLE")
		return result{}
	}
	s := &scope{q: q, parent: parent, windows: n.WindowSpecs}
	from := ""
	if n.From != nil {
		from = " from " + q.join(n.From.TableRefs, s)
	}
	c := q.converter(s)
	b.WriteString("select ")
	if n.Distinct {
		b.WriteString("distinct ")
	}
	if n.SelectStmtOpts != nil && n.SelectStmtOpts.StraightJoin {
		b.WriteString("straight_join ")
	}
	out := q.fields(&b, n, s, c, columns)
	b.WriteString(from)
	if n.Where != nil {
		b.WriteString(" where " + condition(c.expr(n.Where)).String())
	}
	if n.GroupBy != nil {
		b.WriteString(" group by " + s.keys(c, n.GroupBy.Items).String())
		if n.GroupBy.Rollup {
			b.WriteString(" with rollup")
		}
	}
	s.first = true
	if n.Having != nil {
		b.WriteString(" having " + condition(c.expr(n.Having.Expr)).String())
	}
	q.order(&b, c, n.OrderBy, n.Limit)
	if n.LockInfo != nil && n.LockInfo.LockType != ast.SelectLockNone {
		b.WriteString(" " + strings.ToLower(n.LockInfo.LockType.String()))
	}
	q.check(c)
	out.text = b.String()
	return out
}

// fields writes the select list, every column with its alias.
func (q *queryReader) fields(b *strings.Builder, n *ast.SelectStmt, s *scope, c *converter, columns []string) result {
	out := result{known: true}
	s.aliases = map[string]*node{}
	var texts []string
	add := func(x *node, alias string) {
		if i := len(out.columns); i < len(columns) {
			alias = columns[i]
		}
		out.columns = append(out.columns, alias)
		text := x.String()
		if !q.naked {
			text += " as " + quoteName(strings.ToLower(alias))
		}
		texts = append(texts, text)
		s.list = append(s.list, x)
	}
	aliases := s.aliases
	s.aliases = nil // not visible in the list itself
	for _, f := range n.Fields.Fields {
		if f.WildCard != nil {
			list, ok := s.star(f.WildCard)
			if !ok {
				out.known = false
				q.fail("the columns of %s are not known", f.WildCard.Table.O+"*")
			}
			for _, v := range list {
				add(s.use(v.from, v.name), v.name)
			}
			continue
		}
		x := c.expr(f.Expr)
		alias := f.AsName.O
		if alias == "" {
			alias = q.impliedAlias(f)
		}
		if _, ok := aliases[strings.ToLower(alias)]; !ok {
			aliases[strings.ToLower(alias)] = x
		}
		add(x, alias)
	}
	s.aliases = aliases
	b.WriteString(strings.Join(texts, ","))
	return out
}

// impliedAlias is the name that the server gives to a column without an alias:
// a column's own name, the value of a text, or else the author's text.
func (q *queryReader) impliedAlias(f *ast.SelectField) string {
	e := f.Expr
	for {
		p, ok := e.(*ast.ParenthesesExpr)
		if !ok {
			break
		}
		e = p.Expr
	}
	switch e := e.(type) {
	case *ast.ColumnNameExpr:
		return e.Name.Name.O
	case *driver.ValueExpr:
		if e.Kind() == driver.KindString && e.GetString() != "" {
			return strings.TrimLeft(e.GetString(), " ")
		}
	}
	text := f.OriginalText()
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return ""
	}
	from := f.Offset + strings.Index(text, trimmed)
	return q.t.original(from, from+len(trimmed))
}

// star is what * or t.* stands for.
func (s *scope) star(w *ast.WildCardField) ([]visible, bool) {
	if w.Table.L == "" {
		for _, f := range s.sources {
			if !f.known {
				return nil, false
			}
		}
		shown := slices.DeleteFunc(slices.Clone(s.visible), func(v visible) bool { return v.hidden })
		return shown, len(s.sources) > 0
	}
	f := s.source(w.Table.O)
	if f == nil || !f.known {
		return nil, false
	}
	var out []visible
	for _, c := range f.columns {
		out = append(out, visible{from: f, name: c})
	}
	return out, true
}

// source finds what has an alias, here or in a query around this one.
func (s *scope) source(alias string) *source {
	for x := s; x != nil; x = x.parent {
		for _, f := range x.sources {
			if f.alias == alias {
				return f
			}
		}
		for _, f := range x.sources {
			if strings.EqualFold(f.alias, alias) {
				return f
			}
		}
	}
	return nil
}

// use is a column of a source, and a reference to it.
func (s *scope) use(f *source, name string) *node {
	for _, list := range [...][]string{f.columns, f.hidden} {
		for _, c := range list {
			if strings.EqualFold(c, name) {
				s.q.refer(f, c)
			}
		}
	}
	return leaf("column", quoteName(f.alias)+"."+quoteName(strings.ToLower(name)))
}

// column resolves a name.
func (s *scope) column(c *converter, n *ast.ColumnName) *node {
	name := n.Name.L
	if n.Table.L != "" {
		if f := s.source(n.Table.O); f != nil {
			if !f.has(name) {
				s.q.unknown(n.Table.O + "." + n.Name.O)
			}
			return s.use(f, name)
		}
		return leaf("column", quoteName(n.Table.O)+"."+quoteName(name))
	}
	told := false
	for x := s; x != nil; x = x.parent {
		if found := x.bare(name); found != nil {
			return found
		}
		for _, f := range x.sources {
			if f.has(name) { // of columns that nobody knows
				return leaf("column", quoteName(name))
			}
			told = true
		}
	}
	if told {
		s.q.unknown(n.Name.O)
	}
	return leaf("column", quoteName(name))
}

// has tells whether a source can have a column.
func (f *source) has(name string) bool {
	same := func(c string) bool { return strings.EqualFold(c, name) }
	return !f.known || len(f.columns) == 0 || slices.ContainsFunc(f.columns, same) || slices.ContainsFunc(f.hidden, same)
}

// wordless are functions that are called without parentheses, and the column
// that every table has.
var wordless = words("current_role current_path rownum sysdate user _rowid")

// unknown notes a column that no table of the query has.
func (q *queryReader) unknown(name string) {
	plain := strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
	if !wordless[plain] && !slices.Contains(q.out.Unknown, name) {
		q.out.Unknown = append(q.out.Unknown, name)
	}
}

// bare resolves a name without a qualifier in one scope.
func (s *scope) bare(name string) *node {
	if a := s.aliases[name]; a != nil && s.first {
		return a
	}
	for _, v := range s.visible {
		if strings.EqualFold(v.name, name) {
			return s.use(v.from, name)
		}
	}
	var unknown *source
	for _, f := range s.sources {
		if !f.known {
			if unknown != nil {
				return nil
			}
			unknown = f
		}
	}
	if a := s.aliases[name]; a != nil {
		return a
	}
	if unknown != nil {
		return s.use(unknown, name)
	}
	return nil
}

// keys converts the keys of GROUP BY or ORDER BY; a number stands for a column
// of the list.
func (s *scope) keys(c *converter, items []*ast.ByItem) *node {
	keys := make([]*node, len(items))
	for i, it := range items {
		p, ok := it.Expr.(*ast.PositionExpr)
		if ok && p.N >= 1 && p.N <= len(s.list) {
			keys[i] = s.list[p.N-1]
		} else {
			keys[i] = s.key(c, it.Expr)
		}
		if it.Desc {
			keys[i] = form("desc", []*node{keys[i]}, "", " desc")
		}
	}
	return list(keys)
}

// key converts a key: a name alone means a column of the list first; inside of
// an expression, a column of a table does.
func (s *scope) key(c *converter, e ast.ExprNode) *node {
	first := s.first
	defer func() { s.first = first }()
	switch e := e.(type) {
	case *ast.ParenthesesExpr:
		return s.key(c, e.Expr)
	case *ast.ColumnNameExpr:
	default:
		s.first = false
	}
	return c.expr(e)
}

// values converts VALUES, which only a list from outside can give names.
func (q *queryReader) values(b *strings.Builder, n *ast.SelectStmt, parent *scope, columns []string) result {
	s := &scope{q: q, parent: parent, aliases: map[string]*node{}, first: true}
	c := q.converter(s)
	out := result{known: true}
	b.WriteString("values ")
	for i, row := range n.Lists {
		if i > 0 {
			b.WriteString(",")
		}
		if !q.opts.mariadb() {
			b.WriteString("row")
		}
		items := c.all(row.Values)
		b.WriteString("(" + list(items).String() + ")")
		if i > 0 {
			continue
		}
		for j, x := range items {
			name, ok := q.rowName(x, j, columns)
			out.columns, out.known = append(out.columns, name), out.known && ok
		}
	}
	for _, name := range out.columns {
		l := leaf("column", quoteName(strings.ToLower(name)))
		s.aliases[strings.ToLower(name)] = l
		s.list = append(s.list, l)
	}
	q.order(b, c, n.OrderBy, n.Limit)
	q.check(c)
	out.text = b.String()
	return out
}

// rowName is the name of a column of VALUES: column_0 to MySQL, and to MariaDB
// what stands in the first row, which is known of a constant.
func (q *queryReader) rowName(x *node, i int, columns []string) (name string, known bool) {
	switch {
	case i < len(columns):
		return columns[i], true
	case !q.opts.mariadb():
		return "column_" + strconv.Itoa(i), true
	case x.op == "string":
		return strings.ReplaceAll(strings.Trim(x.parts[0], "'"), "''", "'"), true
	}
	return x.String(), x.constant()
}

// subquery converts a query inside an expression.
func (c *converter) subquery(e *ast.SubqueryExpr) *node {
	if c.query == nil {
		c.fail("a query in an expression")
		return leaf("", "?")
	}
	outer := c.query.naked
	c.query.naked = true
	r := c.query.resultSet(e.Query, c.scope, nil)
	c.query.naked = outer
	return leaf("query", "("+r.text+")")
}

// exists converts the query of EXISTS: what it selects, in which order, and how
// many rows beyond the first one, does not matter.
func (c *converter) exists(e ast.ExprNode) *node {
	sub, ok := e.(*ast.SubqueryExpr)
	if !ok {
		return c.expr(e)
	}
	sel, ok := sub.Query.(*ast.SelectStmt)
	if !ok || sel.From == nil || sel.Kind != ast.SelectStmtKindSelect || aggregates(sel) {
		return c.expr(e)
	}
	plain := *sel
	plain.OrderBy, plain.Distinct = nil, false
	if l := sel.Limit; l != nil && l.Offset == nil {
		if v, ok := l.Count.(*driver.ValueExpr); ok && v.GetValue() != nil && v.GetDatumString() != "0" && v.GetUint64() != 0 {
			plain.Limit = nil
		}
	}
	one := &ast.SelectField{Expr: ast.NewValueExpr(1, "", "")}
	plain.Fields = &ast.FieldList{Fields: []*ast.SelectField{one}}
	q := *sub
	q.Query = &plain
	return c.subquery(&q)
}

// aggregates tells whether a query without groups has one row of aggregates.
func aggregates(n *ast.SelectStmt) bool {
	if n.Having != nil {
		return true
	}
	for _, f := range n.Fields.Fields {
		if f.Expr != nil && ast.HasAggFlag(f.Expr) {
			return n.GroupBy == nil
		}
	}
	return false
}
