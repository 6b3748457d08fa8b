package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
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

// setOperation is UNION, INTERSECT, EXCEPT.
func (a *analyzer) setOperation(s *pg_query.SelectStmt) *queried {
	recursive := a.recursive
	a.recursive = nil
	q := a.setTree(s, recursive)
	q.name(q.columns)
	for i, c := range q.columns {
		q.columns[i].node = a.settle(c.node)
	}
	if len(s.SortClause) > 0 {
		var parts []string
		for _, n := range s.SortClause {
			b := n.GetSortBy()
			parts = append(parts, a.ordinal(b.Node, q)+sortWords(b))
		}
		q.tail += " ORDER BY " + strings.Join(parts, ", ")
	}
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
	if len(s.SortClause) > 0 {
		var parts []string
		for _, n := range s.SortClause {
			b := n.GetSortBy()
			parts = append(parts, a.ordinal(b.Node, q)+sortWords(b))
		}
		q.tail += " ORDER BY " + strings.Join(parts, ", ")
	}
	return q
}

// window is the canonical text of a window's definition or use.
func (a *analyzer) window(w *pg_query.WindowDef, use bool) string {
	if use && w.Name != "" {
		return quoted(w.Name)
	}
	var parts []string
	if w.Refname != "" {
		parts = append(parts, quoted(w.Refname))
	}
	if len(w.PartitionClause) > 0 {
		var list []string
		for _, n := range w.PartitionClause {
			list = append(list, a.settle(a.expr(n)).String())
		}
		parts = append(parts, "PARTITION BY "+strings.Join(list, ", "))
	}
	if len(w.OrderClause) > 0 {
		parts = append(parts, "ORDER BY "+a.orderIn(w.OrderClause, nil, nil))
	}
	if f := a.frame(w); f != "" {
		parts = append(parts, f)
	}
	return "(" + strings.Join(parts, " ") + ")"
}

// Bits of WindowDef.FrameOptions (parsenodes.h).
const (
	frameNonDefault = 1 << iota
	frameRange
	frameRows
	frameGroups
	frameBetween
	frameStartUnboundedPreceding
	frameEndUnboundedPreceding
	frameStartUnboundedFollowing
	frameEndUnboundedFollowing
	frameStartCurrentRow
	frameEndCurrentRow
	frameStartOffsetPreceding
	frameEndOffsetPreceding
	frameStartOffsetFollowing
	frameEndOffsetFollowing
	frameExcludeCurrentRow
	frameExcludeGroup
	frameExcludeTies
)

// frame is the frame clause, empty for the default one.
func (a *analyzer) frame(w *pg_query.WindowDef) string {
	o := w.FrameOptions
	if o&frameNonDefault == 0 {
		return ""
	}
	has := func(bit int32) bool { return o&bit != 0 }
	s := "RANGE"
	if has(frameRows) {
		s = "ROWS"
	} else if has(frameGroups) {
		s = "GROUPS"
	}
	limit := func(unboundedPreceding, unboundedFollowing, current, preceding, following int32, offset *pg_query.Node) string {
		switch {
		case has(unboundedPreceding):
			return "UNBOUNDED PRECEDING"
		case has(unboundedFollowing):
			return "UNBOUNDED FOLLOWING"
		case has(current):
			return "CURRENT ROW"
		}
		x := a.expr(offset)
		if !has(frameRange) {
			x = a.coerce(x, typed{a.int8, ""}, assignment)
		}
		if has(preceding) {
			return x.String() + " PRECEDING"
		}
		return x.String() + " FOLLOWING"
	}
	s += " BETWEEN " + limit(frameStartUnboundedPreceding, frameStartUnboundedFollowing, frameStartCurrentRow, frameStartOffsetPreceding, frameStartOffsetFollowing, w.StartOffset) +
		" AND " + limit(frameEndUnboundedPreceding, frameEndUnboundedFollowing, frameEndCurrentRow, frameEndOffsetPreceding, frameEndOffsetFollowing, w.EndOffset)
	switch {
	case has(frameExcludeCurrentRow):
		s += " EXCLUDE CURRENT ROW"
	case has(frameExcludeGroup):
		s += " EXCLUDE GROUP"
	case has(frameExcludeTies):
		s += " EXCLUDE TIES"
	}
	return s
}
