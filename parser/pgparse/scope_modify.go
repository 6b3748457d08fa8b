package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"
)

// modify analyses INSERT, UPDATE and DELETE: in rules, in the bodies of
// functions, and in WITH.
func (a *analyzer) modify(n *pg_query.Node) *queried {
	switch v := n.GetNode().(type) {
	case *pg_query.Node_SelectStmt:
		return a.selectStmt(v.SelectStmt, true)
	case *pg_query.Node_InsertStmt:
		return a.insert(v.InsertStmt)
	case *pg_query.Node_UpdateStmt:
		return a.update(v.UpdateStmt)
	case *pg_query.Node_DeleteStmt:
		return a.deletion(v.DeleteStmt)
	case *pg_query.Node_NotifyStmt:
		text := "NOTIFY " + quoted(v.NotifyStmt.Conditionname)
		if v.NotifyStmt.Payload != "" {
			text += ", " + quoteString(v.NotifyStmt.Payload)
		}
		return &queried{tail: text}
	}
	panic(unsupported("this kind of statement"))
}

// returning analyses RETURNING.
func (a *analyzer) returning(list []*pg_query.Node) *queried {
	q := &queried{}
	if len(list) == 0 {
		return q
	}
	q.columns = a.targets(list)
	for i, c := range q.columns {
		q.columns[i].node = a.settle(c.node)
	}
	return q
}

// statement makes the text of a data-modifying statement.
func (q *queried) statement(with, text string) *queried {
	q.with = with
	if len(q.columns) > 0 {
		q.head = text + " RETURNING"
	} else {
		q.tail = text
	}
	return q
}

// target puts the relation that is modified into the scope.
func (a *analyzer) target(v *pg_query.RangeVar) (*entry, *item, string) {
	i, text := a.rangeVar(v)
	return i.entries[0], i, text
}

func (a *analyzer) insert(s *pg_query.InsertStmt) *queried {
	with := a.with(s.WithClause)
	outer := a.scope
	e, i, text := a.target(s.Relation)
	var names []string
	var columns []*column
	if len(s.Cols) == 0 {
		for k := range e.columns {
			columns = append(columns, &e.columns[k])
		}
	}
	for _, c := range s.Cols {
		r := c.GetResTarget()
		col := e.column(r.Name)
		if len(r.Indirection) > 0 || col == nil {
			panic(unsupported("an INSERT into parts of a column"))
		}
		columns = append(columns, col)
	}
	text = "INSERT INTO " + text
	source := " DEFAULT VALUES"
	if s.SelectStmt != nil {
		a.scope = outer.beside(true)
		q := a.source(s.SelectStmt.GetSelectStmt(), columns)
		a.scope = outer
		if n := len(q.columns); n < len(columns) {
			columns = columns[:n]
		}
		source = " " + q.String()
	}
	for _, c := range columns {
		a.use(c)
		names = append(names, quoted(c.name))
	}
	if s.SelectStmt != nil {
		text += " (" + strings.Join(names, ", ") + ")"
	}
	switch s.Override {
	case pg_query.OverridingKind_OVERRIDING_SYSTEM_VALUE:
		text += " OVERRIDING SYSTEM VALUE"
	case pg_query.OverridingKind_OVERRIDING_USER_VALUE:
		text += " OVERRIDING USER VALUE"
	}
	text += source
	a.scope = outer.inner()
	a.scope.items = append(a.scope.items, i)
	if s.OnConflictClause != nil {
		text += a.onConflict(s.OnConflictClause, e)
	}
	q := a.returning(s.ReturningList).statement(with, text)
	a.scope = outer
	return q
}

// source analyses what is inserted: VALUES of a single row are assigned to the
// columns one by one.
func (a *analyzer) source(s *pg_query.SelectStmt, columns []*column) *queried {
	q := a.selectStmt(s, false)
	for i := range q.columns {
		if i >= len(columns) {
			break
		}
		if t := columns[i].node; t.typ != nil {
			q.decide(a, i, t.typ)
		}
	}
	return q
}

func (a *analyzer) onConflict(c *pg_query.OnConflictClause, e *entry) string {
	text := " ON CONFLICT"
	if f := c.Infer; f != nil {
		if f.Conname != "" {
			text += " ON CONSTRAINT " + quoted(f.Conname)
		}
		var parts []string
		for _, x := range f.IndexElems {
			ie := x.GetIndexElem()
			var n *node
			if ie.Name != "" {
				n = a.unqualified(ie.Name)
			} else {
				n = a.expr(ie.Expr)
			}
			p := "(" + n.String() + ")"
			if n.op == opColumn {
				p = quoted(n.text)
			}
			if len(ie.Collation) > 0 {
				p += " COLLATE " + a.collation(ie.Collation)
			}
			if len(ie.Opclass) > 0 {
				_, name := qualifiedName(ie.Opclass)
				p += " " + name
			}
			parts = append(parts, p)
		}
		if len(parts) > 0 {
			text += " (" + strings.Join(parts, ", ") + ")"
		}
		if f.WhereClause != nil {
			text += " WHERE " + a.condition(f.WhereClause).String()
		}
	}
	if c.Action == pg_query.OnConflictAction_ONCONFLICT_NOTHING {
		return text + " DO NOTHING"
	}
	excluded := &entry{scope: a.scope, name: "excluded", print: "excluded", row: e.row}
	for _, col := range e.columns {
		n := *col.node
		n.entry = excluded
		excluded.columns = append(excluded.columns, column{col.name, &n, col.refs})
	}
	a.scope.items = append(a.scope.items, &item{entries: []*entry{excluded}})
	text += " DO UPDATE SET " + a.assignments(c.TargetList, e)
	if c.WhereClause != nil {
		text += " WHERE " + a.condition(c.WhereClause).String()
	}
	return text
}

// assignments is the SET list of an UPDATE.
func (a *analyzer) assignments(list []*pg_query.Node, e *entry) string {
	var parts []string
	for _, t := range list {
		r := t.GetResTarget()
		c := e.column(r.Name)
		if c == nil || len(r.Indirection) > 0 || r.Val.GetMultiAssignRef() != nil {
			panic(unsupported("an assignment to parts of a column, or to several"))
		}
		a.use(c)
		n := a.expr(r.Val)
		if n.op == opLiteral && c.node.typ != nil {
			n = a.coerce(n, typed{c.node.typ, ""}, assignment)
		}
		parts = append(parts, quoted(c.name)+" = "+n.String())
	}
	return strings.Join(parts, ", ")
}

func (a *analyzer) update(s *pg_query.UpdateStmt) *queried {
	with := a.with(s.WithClause)
	outer := a.scope
	a.scope = outer.inner()
	e, i, text := a.target(s.Relation)
	a.scope.items = append(a.scope.items, i)
	from := a.from(s.FromClause)
	text = "UPDATE " + text + " SET " + a.assignments(s.TargetList, e)
	if from != "" {
		text += " FROM " + from
	}
	if s.WhereClause != nil {
		text += " WHERE " + a.condition(s.WhereClause).String()
	}
	q := a.returning(s.ReturningList).statement(with, text)
	a.scope = outer
	return q
}

func (a *analyzer) deletion(s *pg_query.DeleteStmt) *queried {
	with := a.with(s.WithClause)
	outer := a.scope
	a.scope = outer.inner()
	_, i, text := a.target(s.Relation)
	a.scope.items = append(a.scope.items, i)
	text = "DELETE FROM " + text
	if from := a.from(s.UsingClause); from != "" {
		text += " USING " + from
	}
	if s.WhereClause != nil {
		text += " WHERE " + a.condition(s.WhereClause).String()
	}
	q := a.returning(s.ReturningList).statement(with, text)
	a.scope = outer
	return q
}
