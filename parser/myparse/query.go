package myparse

import (
	"fmt"
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// Resolver finds a table or view by the ID of a table. It returns the ID of what
// it is, in the spelling of its definition, and its visible and its INVISIBLE columns; ok is false
// if it is not known.
type Resolver func(table schema.ID) (is schema.ID, columns, hidden []string, ok bool)

// Query is the canonical form of a view's query.
type Query struct {
	// Canon has every name qualified and every column aliased, * expanded, and
	// joins in one syntax.
	Canon string
	// Refs are the tables, views and columns that it names.
	Refs []schema.Ref
	// Columns are the names of its result.
	Columns []string
	// Missing are the tables of the managed database that are not known.
	Missing []schema.ID
	// Unknown are the columns that no table of the query has.
	Unknown []string
	// functions are the functions that it calls, in lower case.
	functions []string
	// opaque: the canonical form is only good for a comparison.
	opaque bool
}

// Query brings a view's query into its canonical form. columns is the list of
// names that the view gives to the result; resolve may be nil.
func (o Options) Query(text string, columns []string, resolve Resolver) (*Query, error) {
	q, err := o.parseQuery(text, newMode(o.SQLMode))
	if err != nil {
		return nil, err
	}
	return q.canonical(o, columns, resolve), nil
}

// parsedQuery is a query as TiDB's parser read it, or, if it could not, its text.
type parsedQuery struct {
	t    *translation
	stmt ast.StmtNode // nil if opaque
}

func (o Options) parseQuery(text string, m mode) (*parsedQuery, error) {
	t, err := o.translate(text, m)
	if err != nil {
		return nil, err
	}
	if len(t.toks) == 0 {
		return nil, &syntaxError{}
	}
	stmt, err := t.parse("", m)
	if err != nil {
		if o.Relaxed || t.foreign() {
			return &parsedQuery{t: t}, nil
		}
		return nil, err
	}
	switch stmt.(type) {
	case *ast.SelectStmt, *ast.SetOprStmt:
		return &parsedQuery{t: t, stmt: stmt}, nil
	}
	return nil, &syntaxError{near: text}
}

// canonical converts a query that was read.
func (p *parsedQuery) canonical(o Options, columns []string, resolve Resolver) *Query {
	out := &Query{}
	if p.stmt == nil {
		out.Canon, out.opaque = p.t.opaque(), true
		out.Columns = columns
		out.Refs = p.named(o, resolve)
		return out
	}
	q := &queryReader{opts: o, t: p.t, resolve: resolve, out: out}
	r := q.resultSet(p.stmt.(ast.ResultSetNode), nil, columns)
	out.Canon, out.Columns = r.text, r.columns
	if q.failed != nil {
		out.Canon, out.opaque = p.t.opaque(), true
	}
	return out
}

// named guesses the tables that an opaque query names: every name behind FROM,
// JOIN or a comma that is one.
func (p *parsedQuery) named(o Options, resolve Resolver) []schema.Ref {
	var refs []schema.Ref
	for i, t := range p.t.toks {
		if !t.isName() || i == 0 || resolve == nil || !p.t.toks[i-1].any("FROM", "JOIN", ",", "(", ".") {
			continue
		}
		if id, _, _, ok := resolve(my.TableID(t.val)); ok {
			refs = schema.Refer(refs, schema.Exist, id)
		}
	}
	return refs
}

// queryReader converts one query with everything inside it.
type queryReader struct {
	opts    Options
	t       *translation
	resolve Resolver
	out     *Query
	ctes    []*source // innermost last
	// naked: in an expression, where nobody sees the names of the result.
	naked  bool
	failed error
}

// result is a converted query.
type result struct {
	text    string
	columns []string
	known   bool // the columns are complete
}

// source is something in a FROM clause.
type source struct {
	alias   string
	id      schema.ID // of a table or view; zero for a query
	columns []string
	hidden  []string // INVISIBLE ones, which only their names mean
	known   bool
}

// visible is a column that can be named without a qualifier, and, unless it is
// hidden, that * means.
type visible struct {
	from   *source
	name   string
	hidden bool
}

// scope is what names in a query can mean.
type scope struct {
	q       *queryReader
	parent  *scope
	sources []*source
	visible []visible
	before  []visible // those of the tables to the left of a join's right side
	// aliases are the columns of the select list, for GROUP BY, HAVING, ORDER BY.
	aliases map[string]*node
	list    []*node
	first   bool // aliases count before columns
	windows []ast.WindowSpec
}

func (q *queryReader) fail(format string, args ...any) {
	if q.failed == nil {
		q.failed = fmt.Errorf(format, args...)
	}
}

// resultSet converts a query of any sort. columns, if there are any, are the
// names that its result gets from outside.
func (q *queryReader) resultSet(n ast.ResultSetNode, parent *scope, columns []string) result {
	switch n := n.(type) {
	case *ast.SelectStmt:
		return q.selectStmt(n, parent, columns)
	case *ast.SetOprStmt:
		return q.setOperation(n, parent, columns)
	case *ast.SubqueryExpr:
		return q.resultSet(n.Query, parent, columns)
	}
	q.fail("a query of the kind %T", n)
	return result{}
}

// with converts common table expressions; the result is their text.
func (q *queryReader) with(w *ast.WithClause, parent *scope) string {
	if w == nil {
		return ""
	}
	naked := q.naked
	q.naked = false
	defer func() { q.naked = naked }()
	var b strings.Builder
	b.WriteString("with ")
	if w.IsRecursive {
		b.WriteString("recursive ")
	}
	for i, e := range w.CTEs {
		if i > 0 {
			b.WriteString(",")
		}
		name, cycle := cycleOf(e.Name.O)
		s := &source{alias: name}
		names := make([]string, len(e.ColNameList))
		for i, n := range e.ColNameList {
			names[i] = n.L
		}
		if w.IsRecursive { // it sees itself
			self := *s
			self.columns, self.known = names, len(names) > 0
			if !self.known {
				self.columns, self.known = q.firstNames(e.Query.Query, parent)
			}
			q.ctes = append(q.ctes, &self)
		}
		if cycle != "" {
			distinct(e.Query.Query)
		}
		r := q.resultSet(e.Query, parent, names)
		if w.IsRecursive {
			q.ctes = q.ctes[:len(q.ctes)-1]
		}
		s.columns, s.known = r.columns, r.known
		q.ctes = append(q.ctes, s)
		b.WriteString(quoteName(strings.ToLower(s.alias)) + " as (" + r.text + ")" + cycle)
	}
	b.WriteString(" ")
	return b.String()
}

// firstNames are the columns of a recursive query, those of its first part.
func (q *queryReader) firstNames(n ast.ResultSetNode, parent *scope) ([]string, bool) {
	u, ok := n.(*ast.SetOprStmt)
	if !ok || len(u.SelectList.Selects) == 0 {
		return nil, false
	}
	first, ok := u.SelectList.Selects[0].(*ast.SelectStmt)
	if !ok {
		return nil, false
	}
	try := &queryReader{opts: q.opts, t: q.t, resolve: q.resolve, out: &Query{}, ctes: q.ctes}
	r := try.selectStmt(first, parent, nil)
	return r.columns, r.known && try.failed == nil
}

// setOperation converts UNION and its like. The names of the result are those
// of the first query.
func (q *queryReader) setOperation(n *ast.SetOprStmt, parent *scope, columns []string) result {
	depth := len(q.ctes)
	defer func() { q.ctes = q.ctes[:depth] }()
	var b strings.Builder
	b.WriteString(q.with(n.With, parent))
	r := q.setList(n.SelectList, parent, columns)
	b.WriteString(r.text)
	q.tail(&b, n.OrderBy, n.Limit, r)
	r.text = b.String()
	return r
}

var setOperators = map[ast.SetOprType]string{ast.Union: " union ", ast.UnionAll: " union all ", ast.Except: " except ",
	ast.ExceptAll: " except all ", ast.Intersect: " intersect ", ast.IntersectAll: " intersect all "}

func (q *queryReader) setList(l *ast.SetOprSelectList, parent *scope, columns []string) result {
	depth := len(q.ctes)
	defer func() { q.ctes = q.ctes[:depth] }()
	var b strings.Builder
	var out result
	b.WriteString(q.with(l.With, parent))
	for i, n := range grouped(l.Selects) {
		var r result
		var op *ast.SetOprType
		names := columns
		if i > 0 {
			names = nil
		}
		switch n := n.(type) {
		case *ast.SelectStmt:
			r, op = q.selectStmt(n, parent, names), n.AfterSetOperator
			if n.OrderBy != nil || n.Limit != nil {
				r.text = "(" + r.text + ")"
			}
		case *ast.SetOprSelectList:
			r, op = q.setList(n, parent, names), n.AfterSetOperator
			r.text = "(" + r.text + ")"
		default:
			q.fail("a query of the kind %T", n)
		}
		if i == 0 {
			out = r
		} else if op != nil {
			b.WriteString(setOperators[*op])
		}
		b.WriteString(r.text)
	}
	q.tail(&b, l.OrderBy, l.Limit, out)
	out.text = b.String()
	return out
}

// tail writes ORDER BY and LIMIT of a set operation, whose keys are columns of
// the result.
func (q *queryReader) tail(b *strings.Builder, o *ast.OrderByClause, limit *ast.Limit, r result) {
	s := &scope{q: q, aliases: map[string]*node{}, first: true}
	for _, name := range r.columns {
		n := leaf("column", quoteName(strings.ToLower(name)))
		s.aliases[strings.ToLower(name)] = n
		s.list = append(s.list, n)
	}
	c := q.converter(s)
	q.order(b, c, o, limit)
	q.check(c)
}

// order writes ORDER BY and LIMIT.
func (q *queryReader) order(b *strings.Builder, c *converter, o *ast.OrderByClause, limit *ast.Limit) {
	items, ties := ties(o)
	if len(items) > 0 {
		b.WriteString(" order by " + c.scope.keys(c, items).String())
	}
	if !ties || limit == nil {
		q.limit(b, c, limit)
		return
	}
	if limit.Offset != nil {
		if off := c.expr(limit.Offset).String(); off != "0" {
			b.WriteString(" offset " + off + " rows")
		}
	}
	b.WriteString(" fetch first " + c.expr(limit.Count).String() + " rows with ties")
}

func (q *queryReader) converter(s *scope) *converter {
	return &converter{opts: q.opts, t: q.t, scope: s, query: q}
}

// check takes over a converter's failure.
func (q *queryReader) check(c *converter) {
	if c.failed != nil && q.failed == nil {
		q.failed = c.failed
	}
}

func (q *queryReader) limit(b *strings.Builder, c *converter, l *ast.Limit) {
	if l == nil {
		return
	}
	b.WriteString(" limit " + c.expr(l.Count).String())
	if l.Offset != nil {
		if off := c.expr(l.Offset).String(); off != "0" {
			b.WriteString(" offset " + off)
		}
	}
}
