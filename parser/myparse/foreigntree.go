package myparse

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"
	driver "github.com/pingcap/tidb/pkg/parser/test_driver"
)

// markOf is the call of a mark's function; nil if the expression is none.
func markOf(e ast.ExprNode, name string) *ast.FuncCallExpr {
	if f, ok := e.(*ast.FuncCallExpr); ok && f.FnName.O == name {
		return f
	}
	return nil
}

// text is a constant among a mark's arguments.
func text(e ast.ExprNode) string {
	v, ok := e.(*driver.ValueExpr)
	switch {
	case !ok:
		return ""
	case v.Kind() == driver.KindString:
		return v.GetDatumString()
	}
	return fmt.Sprint(v.GetValue())
}

// jsonTable converts a JSON_TABLE; false if the query is none. Its document sees
// what stands to the left.
func (q *queryReader) jsonTable(n ast.ResultSetNode, s *scope, f *source) (string, bool) {
	sel, ok := n.(*ast.SelectStmt)
	if !ok || sel.Fields == nil || len(sel.Fields.Fields) == 0 {
		return "", false
	}
	m := markOf(sel.Fields.Fields[0].Expr, markTable)
	if m == nil {
		return "", false
	}
	for _, c := range sel.Fields.Fields {
		f.columns = append(f.columns, c.AsName.O)
	}
	f.known = true
	c := q.converter(s.lateral())
	text := "json_table(" + c.expr(m.Args[0]).String() + ", " + text(m.Args[1]) + ")"
	q.check(c)
	return text, true
}

// systemTime converts t FOR SYSTEM_TIME; false if the query is none.
func (q *queryReader) systemTime(n ast.ResultSetNode, s *scope, f *source) (string, bool) {
	sel, ok := n.(*ast.SelectStmt)
	if !ok {
		return "", false
	}
	m := markOf(sel.Where, markTime)
	if m == nil {
		return "", false
	}
	table, ok := sel.From.TableRefs.Left.(*ast.TableSource).Source.(*ast.TableName)
	if !ok {
		return "", false
	}
	c := q.converter(s.lateral())
	t := q.tableName(table, f) + " for system_time " + text(m.Args[0])
	words := map[string]string{"between": " and", "from": " to"}
	for i := 1; i+1 < len(m.Args); i += 2 {
		if i > 1 {
			t += words[text(m.Args[0])]
		}
		if unit := text(m.Args[i]); unit != "timestamp" { // which is what goes without saying
			t += " " + unit
		}
		t += " " + moment(c.expr(m.Args[i+1]), text(m.Args[0]) == "as of").String()
	}
	q.check(c)
	return t, true
}

// moment is a point of time: a text is a TIMESTAMP, and AS OF NOW() is the
// present with microseconds, to MariaDB.
func moment(n *node, asOf bool) *node {
	switch {
	case n.op == "string":
		return form("timestampliteral", []*node{n}, "timestamp ", "")
	case asOf && n.op == "current_timestamp" && len(n.args) == 0:
		return call(n.op, leaf("number", "6"))
	}
	return n
}

// ties takes the mark of WITH TIES off a list of keys.
func ties(o *ast.OrderByClause) (items []*ast.ByItem, marked bool) {
	if o == nil {
		return nil, false
	}
	last := len(o.Items) - 1
	if last >= 0 && markOf(o.Items[last].Expr, markTies) != nil {
		return o.Items[:last], true
	}
	return o.Items, false
}

// percentile converts an ordered-set function with OVER; nil if it is none.
func (c *converter) percentile(e *ast.WindowFuncExpr) *node {
	if len(e.Args) != 1 {
		return nil
	}
	m := markOf(e.Args[0], markShare)
	if m == nil {
		return nil
	}
	end := ")"
	if len(m.Args) > 3 && text(m.Args[3]) == "desc" {
		end = " desc)"
	}
	args := []*node{c.expr(m.Args[1]), c.expr(m.Args[2])}
	f := form("within group", args, text(m.Args[0])+"(", ") within group (order by ", end)
	return form("over", []*node{f, c.windowSpec(&e.Spec)}, "", " over ", "")
}

// cut takes the mark off an aggregate's arguments: the function's name, and the
// clause LIMIT, if there is one.
func cut(e *ast.AggregateFuncExpr) (name, limit string, args []ast.ExprNode) {
	if len(e.Args) > 0 {
		if m := markOf(e.Args[0], markCut); m != nil {
			n := m.Args[1:]
			switch len(n) {
			case 1:
				limit = " limit " + text(n[0])
			case 2:
				limit = " limit " + text(n[0]) + "," + text(n[1])
			case 3: // n OFFSET m
				limit = " limit " + text(n[2]) + "," + text(n[0])
			}
			return text(m.Args[0]), limit, e.Args[1:]
		}
	}
	return strings.ToLower(e.F), "", e.Args
}

// cycleOf divides a common table expression's name from its CYCLE clause.
func cycleOf(name string) (plain, clause string) {
	plain, columns, ok := strings.Cut(name, markCycle)
	if !ok {
		return name, ""
	}
	names := strings.Split(columns, mark)
	for i, n := range names {
		names[i] = quoteName(n)
	}
	return plain, " cycle " + strings.Join(names, ",") + " restrict"
}

// distinct: a recursive query with CYCLE is a UNION DISTINCT, whatever was
// written.
func distinct(n ast.ResultSetNode) {
	u, ok := n.(*ast.SetOprStmt)
	if !ok {
		return
	}
	for _, p := range u.SelectList.Selects {
		if op := operatorOf(p); op != nil && *op == ast.UnionAll {
			*op = ast.Union
		}
	}
}

// nested is how MariaDB names what it makes of a set operation in parentheses.
var nested = regexp.MustCompile(`^__[0-9]+$`)

// unwrapped is the set operation that MariaDB shows as SELECT all columns FROM
// (it) AS __5; nil if the query is none.
func unwrapped(n *ast.SelectStmt) *ast.SetOprSelectList {
	if n.From == nil || n.Fields == nil || n.Where != nil || n.GroupBy != nil || n.OrderBy != nil || n.Limit != nil || n.Distinct || n.From.TableRefs.Right != nil {
		return nil
	}
	t, ok := n.From.TableRefs.Left.(*ast.TableSource)
	if !ok || !nested.MatchString(t.AsName.O) {
		return nil
	}
	u, ok := t.Source.(*ast.SetOprStmt)
	if !ok {
		return nil
	}
	for _, f := range n.Fields.Fields {
		if c, ok := f.Expr.(*ast.ColumnNameExpr); !ok || c.Name.Table.O != t.AsName.O {
			return nil
		}
	}
	return &ast.SetOprSelectList{Selects: u.SelectList.Selects, With: u.With, OrderBy: u.OrderBy, Limit: u.Limit, AfterSetOperator: n.AfterSetOperator}
}

// grouped brings the parts of a set operation into lists in which all have the
// same rank: INTERSECT binds more firmly than the others.
func grouped(parts []ast.Node) []ast.Node {
	var runs [][]ast.Node
	for i, p := range parts {
		p = bare(p)
		if i == 0 || !intersects(p) {
			runs = append(runs, nil)
		}
		runs[len(runs)-1] = append(runs[len(runs)-1], p)
	}
	if len(runs) == 1 {
		return runs[0]
	}
	out := make([]ast.Node, len(runs))
	for i, run := range runs {
		out[i] = run[0]
		if len(run) > 1 {
			out[i] = &ast.SetOprSelectList{Selects: run, AfterSetOperator: operatorOf(run[0])}
		}
	}
	return out
}

// bare is a part of a set operation without needless parentheses.
func bare(p ast.Node) ast.Node {
	switch n := p.(type) {
	case *ast.SelectStmt:
		if u := unwrapped(n); u != nil {
			return u
		}
	case *ast.SetOprSelectList:
		if one, ok := n.Selects[0].(*ast.SelectStmt); ok && len(n.Selects) == 1 && n.With == nil && n.OrderBy == nil && n.Limit == nil {
			inner := *one
			inner.AfterSetOperator = n.AfterSetOperator
			return bare(&inner)
		}
	}
	return p
}

func operatorOf(p ast.Node) *ast.SetOprType {
	switch n := p.(type) {
	case *ast.SelectStmt:
		return n.AfterSetOperator
	case *ast.SetOprSelectList:
		return n.AfterSetOperator
	}
	return nil
}

func intersects(p ast.Node) bool {
	op := operatorOf(p)
	return op != nil && (*op == ast.Intersect || *op == ast.IntersectAll)
}
