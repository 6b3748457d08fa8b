package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
)

// queried is an analysed query.
type queried struct {
	columns []column // the output; their nodes may still be converted
	// head and tail surround the select list; for a set operation, the parts are
	// left and right.
	with, head, tail string
	operation        string
	left, right      *queried
	rows             [][]*node // of VALUES
}

func (q *queried) String() string {
	var b strings.Builder
	b.WriteString(q.with)
	switch {
	case q.left != nil:
		b.WriteString("(" + q.left.String() + ") " + q.operation + " (" + q.right.String() + ")")
	case q.rows != nil:
		b.WriteString("VALUES ")
		for i, r := range q.rows {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteByte('(')
			writeList(&b, r)
			b.WriteByte(')')
		}
	default:
		b.WriteString(q.head)
		for i, c := range q.columns {
			if i > 0 {
				b.WriteString(",")
			}
			b.WriteByte(' ')
			c.node.write(&b)
			b.WriteString(" AS " + quoted(c.name))
		}
	}
	b.WriteString(q.tail)
	return b.String()
}

// described is the output as the columns of a relation.
func (q *queried) described() []described {
	list := make([]described, len(q.columns))
	for i, c := range q.columns {
		list[i] = described{name: c.name, typed: typed{c.node.typ, c.node.mod}}
	}
	return list
}

// selectStmt analyses a query in the analyzer's scope, which must be a fresh
// one. settle says whether literals that nothing decides become text.
func (a *analyzer) selectStmt(s *pg_query.SelectStmt, settle bool) *queried {
	if s == nil {
		panic(unsupported("a query that is not a SELECT"))
	}
	if s.IntoClause != nil {
		panic(unsupported("SELECT INTO"))
	}
	with := a.with(s.WithClause)
	var q *queried
	switch {
	case len(s.ValuesLists) > 0:
		q = a.values(s, settle)
	case s.Op != pg_query.SetOperation_SETOP_NONE && s.Op != pg_query.SetOperation_SET_OPERATION_UNDEFINED:
		q = a.setOperation(s)
	default:
		q = a.plain(s, settle)
	}
	q.with = with
	q.tail += a.limits(s)
	return q
}

// plain is a query without set operations.
func (a *analyzer) plain(s *pg_query.SelectStmt, settle bool) *queried {
	q := &queried{}
	from := a.from(s.FromClause)
	if from != "" {
		from = " FROM " + from
	}
	q.columns = a.targets(s.TargetList)
	if settle {
		for i, c := range q.columns {
			q.columns[i].node = a.settle(c.node)
		}
	}
	if s.WhereClause != nil {
		from += " WHERE " + a.condition(s.WhereClause).String()
	}
	if len(s.GroupClause) > 0 {
		from += " GROUP BY "
		if s.GroupDistinct {
			from += "DISTINCT "
		}
		a.grouped = nil
		from += a.groups(s.GroupClause, q)
		a.groupedByKey()
	}
	if s.HavingClause != nil {
		from += " HAVING " + a.condition(s.HavingClause).String()
	}
	if len(s.WindowClause) > 0 {
		var parts []string
		for _, w := range s.WindowClause {
			d := w.GetWindowDef()
			parts = append(parts, quoted(d.Name)+" AS "+a.window(d, false))
		}
		from += " WINDOW " + strings.Join(parts, ", ")
	}
	q.head = "SELECT"
	switch d := s.DistinctClause; {
	case len(d) == 1 && d[0].GetNode() == nil:
		q.head += " DISTINCT"
	case len(d) > 0:
		var parts []string
		for _, x := range d {
			parts = append(parts, a.outputOr(x, q, false).String())
		}
		q.head += " DISTINCT ON (" + strings.Join(parts, ", ") + ")"
	}
	q.tail = from
	if len(s.SortClause) > 0 {
		q.tail += " ORDER BY " + a.orderIn(s.SortClause, nil, q)
	}
	return q
}

// limits are LIMIT, OFFSET, and the locking clauses.
func (a *analyzer) limits(s *pg_query.SelectStmt) string {
	var b strings.Builder
	number := func(n *pg_query.Node) string { return a.coerce(a.expr(n), typed{a.int8, ""}, assignment).String() }
	if s.LimitOffset != nil {
		b.WriteString(" OFFSET " + number(s.LimitOffset))
	}
	if s.LimitCount != nil && !s.LimitCount.GetAConst().GetIsnull() {
		if s.LimitOption == pg_query.LimitOption_LIMIT_OPTION_WITH_TIES {
			b.WriteString(" FETCH FIRST (" + number(s.LimitCount) + ") ROWS WITH TIES")
		} else {
			b.WriteString(" LIMIT " + number(s.LimitCount))
		}
	}
	for _, l := range s.LockingClause {
		c := l.GetLockingClause()
		b.WriteString(map[pg_query.LockClauseStrength]string{pg_query.LockClauseStrength_LCS_FORKEYSHARE: " FOR KEY SHARE",
			pg_query.LockClauseStrength_LCS_FORSHARE: " FOR SHARE", pg_query.LockClauseStrength_LCS_FORNOKEYUPDATE: " FOR NO KEY UPDATE"}[c.Strength])
		if c.Strength == pg_query.LockClauseStrength_LCS_FORUPDATE {
			b.WriteString(" FOR UPDATE")
		}
		// The server names every relation that is locked.
		var names []string
		for _, i := range a.scope.items {
			for _, e := range i.entries {
				if len(c.LockedRels) == 0 && e.row != nil || slices.ContainsFunc(c.LockedRels, func(n *pg_query.Node) bool { return n.GetRangeVar().GetRelname() == e.name }) {
					names = append(names, e.print)
				}
			}
		}
		if len(names) > 0 {
			b.WriteString(" OF " + strings.Join(names, ", "))
		}
		switch c.WaitPolicy {
		case pg_query.LockWaitPolicy_LockWaitSkip:
			b.WriteString(" SKIP LOCKED")
		case pg_query.LockWaitPolicy_LockWaitError:
			b.WriteString(" NOWAIT")
		}
	}
	return b.String()
}

// targets analyses a select list, with stars expanded.
func (a *analyzer) targets(list []*pg_query.Node) []column {
	var out []column
	for _, t := range list {
		r := t.GetResTarget()
		if c := r.Val.GetColumnRef(); c != nil && c.Fields[len(c.Fields)-1].GetAStar() != nil {
			out = append(out, a.star(c)...)
			continue
		}
		if x := r.Val.GetAIndirection(); x != nil && x.Indirection[len(x.Indirection)-1].GetAStar() != nil {
			out = append(out, a.rowStar(x)...)
			continue
		}
		name := r.Name
		if name == "" {
			if name = figureColumn(r.Val); name == "" {
				name = "?column?"
			}
		}
		out = append(out, column{name: name, node: a.expr(r.Val)})
	}
	return out
}

// star expands * and t.*.
func (a *analyzer) star(c *pg_query.ColumnRef) []column {
	var list []column
	if len(c.Fields) == 1 {
		for _, i := range a.scope.items {
			if i.open {
				panic(unsupported("the columns of an unknown relation"))
			}
			list = append(list, i.columns...)
		}
	} else {
		var parts []string
		for _, f := range c.Fields[:len(c.Fields)-1] {
			parts = append(parts, f.GetString_().GetSval())
		}
		e := a.qualifier(parts)
		if e == nil {
			panic(unsupported("a star of something else"))
		}
		if e.open {
			panic(unsupported("the columns of an unknown relation"))
		}
		list = e.columns
	}
	out := make([]column, len(list))
	for i := range list {
		out[i] = column{name: list[i].name, node: a.use(&list[i])}
	}
	return out
}

// rowStar expands (row).*.
func (a *analyzer) rowStar(x *pg_query.A_Indirection) []column {
	n := a.expr(x.Arg)
	for _, i := range x.Indirection[:len(x.Indirection)-1] {
		n = a.field(n, i.GetString_().GetSval())
	}
	fields := a.fields(n.typ)
	if fields == nil && n.called != nil && len(n.called.Out) > 1 {
		fields = n.called.Out
	}
	if fields == nil {
		panic(unsupported("the fields of an unknown type"))
	}
	var out []column
	for _, f := range fields {
		c := compose(f.Type, "(", n, ")."+quoted(f.Name))
		c.mod = f.Mod
		out = append(out, column{name: f.Name, node: c})
	}
	return out
}

// outputOr is what an element of ORDER BY, GROUP BY or DISTINCT ON means: an
// output column by number or name, or an expression.
func (a *analyzer) outputOr(n *pg_query.Node, q *queried, group bool) *node {
	if q == nil {
		return a.expr(n)
	}
	if c := n.GetColumnRef(); c != nil && len(c.Fields) == 1 && c.Fields[0].GetString_() != nil {
		name := c.Fields[0].GetString_().Sval
		if !group || a.scope.here(name) == nil {
			for _, t := range q.columns {
				if t.name == name {
					return t.node
				}
			}
		}
	}
	if k := n.GetAConst(); k != nil && k.GetIval() != nil {
		if i := int(k.GetIval().Ival); i >= 1 && i <= len(q.columns) {
			return q.columns[i-1].node
		}
	}
	return a.expr(n)
}

func (a *analyzer) groups(list []*pg_query.Node, q *queried) string {
	var parts []string
	for _, n := range list {
		parts = append(parts, a.group(n, q))
	}
	return strings.Join(parts, ", ")
}

func (a *analyzer) group(n *pg_query.Node, q *queried) string {
	g := n.GetGroupingSet()
	if g == nil {
		if r := n.GetRowExpr(); r != nil && r.RowFormat == pg_query.CoercionForm_COERCE_IMPLICIT_CAST {
			return "(" + a.groups(r.Args, q) + ")"
		}
		x := a.outputOr(n, q, true)
		if x.op == opColumn {
			a.grouped = append(a.grouped, x)
		}
		return x.String()
	}
	inner := "(" + a.groups(g.Content, q) + ")"
	switch g.Kind {
	case pg_query.GroupingSetKind_GROUPING_SET_ROLLUP:
		return "ROLLUP " + inner
	case pg_query.GroupingSetKind_GROUPING_SET_CUBE:
		return "CUBE " + inner
	case pg_query.GroupingSetKind_GROUPING_SET_SETS:
		return "GROUPING SETS " + inner
	}
	return "()"
}

// groupedByKey: a query that is grouped by all columns of a primary key may
// select any other column of that table, and then depends on the key.
func (a *analyzer) groupedByKey() {
	for _, i := range a.scope.items {
		for _, e := range i.entries {
			if e.row == nil || a.normalizer.primaryKeys[e.row.ID] == nil {
				continue
			}
			k, all := a.normalizer.primaryKeys[e.row.ID], true
			for _, c := range k.Columns {
				all = all && slices.ContainsFunc(a.grouped, func(g *node) bool { return g.entry == e && g.text == c.Name })
			}
			if all {
				a.refer(schema.Exist, k.ID())
			}
		}
	}
}

// orderIn is the canonical text of an ORDER BY: in a query (q), in an aggregate
// or window, or with the expressions already analysed (done).
func (a *analyzer) orderIn(list []*pg_query.Node, done []*node, q *queried) string {
	var parts []string
	for i, n := range list {
		s := n.GetSortBy()
		var x *node
		if done != nil {
			x = done[i]
		} else {
			x = a.settle(a.outputOr(s.Node, q, false))
		}
		parts = append(parts, x.String()+sortWords(s))
	}
	return strings.Join(parts, ", ")
}

// sortWords are a sort key's direction and place of nulls, without defaults.
func sortWords(s *pg_query.SortBy) string {
	words, first := "", false
	switch s.SortbyDir {
	case pg_query.SortByDir_SORTBY_DESC:
		words, first = " DESC", true
	case pg_query.SortByDir_SORTBY_USING:
		_, name := qualifiedName(s.UseOp)
		switch name {
		case "<":
		case ">":
			words, first = " DESC", true
		default:
			words = " USING " + name
		}
	}
	switch s.SortbyNulls {
	case pg_query.SortByNulls_SORTBY_NULLS_FIRST:
		if !first {
			words += " NULLS FIRST"
		}
	case pg_query.SortByNulls_SORTBY_NULLS_LAST:
		if first {
			words += " NULLS LAST"
		}
	}
	return words
}
