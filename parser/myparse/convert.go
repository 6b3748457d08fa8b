package myparse

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/mysql"
	"github.com/pingcap/tidb/pkg/parser/opcode"
	driver "github.com/pingcap/tidb/pkg/parser/test_driver"

	"github.com/trueup-sql/trueup/schema"
)

// converter turns TiDB's trees into canonical ones. What it cannot convert it
// leaves to compare as text, and says so in opaque.
type converter struct {
	opts Options
	t    *translation
	// scope resolves columns; nil in an expression over one table, where
	// qualifiers are dropped.
	scope     *scope
	query     *queryReader // nil outside of a query
	columns   []string
	sequences []schema.ID
	seen      map[string]bool
	failed    error
}

var operators2 = map[opcode.Op]string{
	opcode.LeftShift: "<<", opcode.RightShift: ">>", opcode.GE: ">=", opcode.LE: "<=", opcode.EQ: "=", opcode.NE: "<>",
	opcode.LT: "<", opcode.GT: ">", opcode.Plus: "+", opcode.Minus: "-", opcode.And: "&", opcode.Or: "|", opcode.Mod: "%",
	opcode.Xor: "^", opcode.Div: "/", opcode.Mul: "*", opcode.IntDiv: "div", opcode.LogicXor: "xor", opcode.NullEQ: "<=>",
}

// mention notes that a query calls a function, which may be a stored one.
func (c *converter) mention(e *ast.FuncCallExpr) {
	if c.query != nil && (e.Schema.L == "" || strings.EqualFold(e.Schema.O, c.opts.Database)) {
		c.query.out.functions = append(c.query.out.functions, strings.ToLower(e.FnName.L))
	}
}

func (c *converter) all(list []ast.ExprNode) []*node {
	out := make([]*node, len(list))
	for i, e := range list {
		out[i] = c.expr(e)
	}
	return out
}

// expr converts an expression.
func (c *converter) expr(e ast.ExprNode) *node {
	switch e := e.(type) {
	case *ast.ParenthesesExpr:
		return c.expr(e.Expr)
	case *driver.ValueExpr:
		return c.value(e)
	case *ast.ColumnNameExpr:
		return c.column(e.Name)
	case *ast.BinaryOperationExpr:
		return c.binary(e)
	case *ast.UnaryOperationExpr:
		return c.unary(e)
	case *ast.FuncCallExpr:
		c.mention(e)
		return c.call(e)
	case *ast.FuncCastExpr:
		return c.cast(e)
	case *ast.AggregateFuncExpr:
		return c.aggregate(e)
	case *ast.WindowFuncExpr:
		return c.window(e)
	case *ast.CaseExpr:
		return c.caseOf(e)
	case *ast.BetweenExpr:
		return c.not(e.Not, form("between", []*node{c.expr(e.Expr), c.expr(e.Left), c.expr(e.Right)}, "(", " between ", " and ", ")"))
	case *ast.PatternInExpr:
		return c.in(e)
	case *ast.PatternLikeOrIlikeExpr:
		return c.like(e)
	case *ast.PatternRegexpExpr:
		return c.not(e.Not, infix("regexp", c.expr(e.Expr), c.expr(e.Pattern)))
	case *ast.IsNullExpr:
		return c.not(e.Not, form("is null", []*node{c.expr(e.Expr)}, "(", " is null)"))
	case *ast.IsTruthExpr:
		op := "is false"
		if e.True != 0 {
			op = "is true"
		}
		return c.not(e.Not, form(op, []*node{c.expr(e.Expr)}, "(", " "+op+")"))
	case *ast.RowExpr:
		return form("row", []*node{list(c.all(e.Values))}, "(", ")")
	case *ast.SubqueryExpr:
		return c.subquery(e)
	case *ast.ExistsSubqueryExpr:
		return c.not(e.Not, form("exists", []*node{c.exists(e.Sel)}, "exists ", ""))
	case *ast.CompareSubqueryExpr:
		word := "any"
		if e.All {
			word = "all"
		}
		op := operators2[e.Op]
		switch op + word {
		case "=any":
			return infix("in", c.expr(e.L), c.expr(e.R))
		case "<>all":
			return negate(infix("in", c.expr(e.L), c.expr(e.R)))
		}
		return form(op+" "+word, []*node{c.expr(e.L), c.expr(e.R)}, "(", " "+op+" "+word+" ", ")")
	case *ast.DefaultExpr:
		if e.Name == nil {
			return leaf("default", "default")
		}
		return call("default", c.column(e.Name))
	case *ast.ValuesExpr:
		return call("values", c.column(e.Column.Name))
	case *ast.VariableExpr:
		return c.variable(e)
	case *ast.MatchAgainst:
		return c.match(e)
	case *ast.SetCollationExpr:
		return form("collate", []*node{c.expr(e.Expr)}, "(", " collate "+collation(e.Collate)+")")
	case *ast.TimeUnitExpr:
		return leaf("unit", strings.ToLower(e.Unit.String()))
	case *ast.MaxValueExpr:
		return leaf("maxvalue", "maxvalue")
	case *ast.PositionExpr:
		return leaf("position", strconv.Itoa(e.N))
	case *ast.TableNameExpr:
		return c.sequence(e.Name)
	case *ast.GetFormatSelectorExpr:
		return leaf("selector", [...]string{"", "date", "time", "datetime"}[e.Selector])
	}
	c.fail("an expression of the kind %T", e)
	return leaf("", "?")
}

func (c *converter) fail(format string, args ...any) {
	if c.failed == nil {
		c.failed = fmt.Errorf("cannot bring into a canonical form: "+format, args...)
	}
}

// not negates a node if asked to.
func (c *converter) not(not bool, n *node) *node {
	if not {
		return negate(n)
	}
	return n
}

// value converts a constant. TRUE and FALSE are 1 and 0.
func (c *converter) value(v *driver.ValueExpr) *node {
	switch v.Kind() {
	case driver.KindNull:
		return leaf("null", "NULL")
	case driver.KindInt64:
		return leaf("number", strconv.FormatInt(v.GetInt64(), 10))
	case driver.KindUint64:
		return leaf("number", strconv.FormatUint(v.GetUint64(), 10))
	case driver.KindFloat32, driver.KindFloat64:
		s := strconv.FormatFloat(v.GetFloat64(), 'e', -1, 64)
		return leaf("number", s)
	case driver.KindMysqlDecimal:
		return leaf("number", v.GetMysqlDecimal().String())
	case driver.KindString, driver.KindBytes:
		if v.Type.GetCharset() == "binary" && !c.opts.mariadb() { // which forgets it
			return leaf("binary string", "_binary "+quoteString(v.GetString()))
		}
		return leaf("string", quoteString(v.GetString()))
	case driver.KindBinaryLiteral:
		if c.opts.mariadb() && c.query == nil && !mysql.HasUnsignedFlag(v.Type.GetFlag()) { // b'..' is a text
			return leaf("string", quoteString(string(v.GetBytes())))
		}
		b := hex.EncodeToString(v.GetBytes())
		if b == "" {
			return leaf("bits", "x''")
		}
		return leaf("bits", "0x"+b)
	}
	c.fail("a constant of kind %d", v.Kind())
	return leaf("", "?")
}

// column converts a column. In an expression over one table, only its name counts.
func (c *converter) column(n *ast.ColumnName) *node {
	if c.scope != nil {
		return c.scope.column(c, n)
	}
	if c.seen == nil {
		c.seen = map[string]bool{}
	}
	if !c.seen[n.Name.L] {
		c.seen[n.Name.L] = true
		c.columns = append(c.columns, n.Name.L)
	}
	return leaf("column", quoteName(n.Name.L))
}

func (c *converter) binary(e *ast.BinaryOperationExpr) *node {
	l, r := c.expr(e.L), c.expr(e.R)
	switch e.Op {
	case opcode.LogicAnd:
		return chain("and", l, r)
	case opcode.LogicOr:
		return chain("or", l, r)
	}
	op, ok := operators2[e.Op]
	if !ok {
		c.fail("the operator %s", e.Op)
	}
	if _, ok := flipped[op]; ok {
		return compare(op, l, r)
	}
	return infix(op, l, r)
}

func (c *converter) unary(e *ast.UnaryOperationExpr) *node {
	v := c.expr(e.V)
	switch e.Op {
	case opcode.Not, opcode.Not2:
		return negate(v)
	case opcode.Plus:
		return v
	case opcode.Minus:
		if v.op == "number" {
			if s, ok := strings.CutPrefix(v.parts[0], "-"); ok {
				return leaf("number", s)
			}
			return leaf("number", "-"+v.parts[0])
		}
		return form("-", []*node{v}, "(- ", ")")
	case opcode.BitNeg:
		return form("~", []*node{v}, "(~ ", ")")
	}
	c.fail("the operator %s", e.Op)
	return v
}

// in converts IN. A list of one is a comparison, to the servers, too.
func (c *converter) in(e *ast.PatternInExpr) *node {
	x := c.expr(e.Expr)
	if e.Sel != nil {
		return c.not(e.Not, infix("in", x, c.expr(e.Sel)))
	}
	items := c.all(e.List)
	if len(items) == 1 {
		return c.not(e.Not, compare("=", x, items[0]))
	}
	return c.not(e.Not, form("in", []*node{x, list(items)}, "(", " in (", "))"))
}

func (c *converter) like(e *ast.PatternLikeOrIlikeExpr) *node {
	x, p := c.expr(e.Expr), c.expr(e.Pattern)
	if !e.IsLike && c.opts.tidb() {
		return c.not(e.Not, infix("ilike", x, p))
	}
	if !e.IsLike { // SOUNDS LIKE
		return c.not(e.Not, infix("=", call("soundex", x), call("soundex", p)))
	}
	if e.EscapeExplicit && e.Escape != '\\' {
		esc := ""
		if e.Escape != 0 {
			esc = string(rune(e.Escape))
		}
		return c.not(e.Not, form("like", []*node{x, p}, "(", " like ", " escape "+quoteString(esc)+")"))
	}
	return c.not(e.Not, infix("like", x, p))
}

func (c *converter) caseOf(e *ast.CaseExpr) *node {
	n := &node{op: "case", parts: []string{"(case"}}
	add := func(before string, e ast.ExprNode) {
		n.parts[len(n.parts)-1] += before
		n.args = append(n.args, c.expr(e))
		n.parts = append(n.parts, "")
	}
	if e.Value != nil {
		add(" ", e.Value)
	}
	for _, w := range e.WhenClauses {
		add(" when ", w.Expr)
		add(" then ", w.Result)
	}
	if e.ElseClause != nil {
		add(" else ", e.ElseClause)
	}
	n.parts[len(n.parts)-1] += " end)"
	return n
}

func (c *converter) variable(e *ast.VariableExpr) *node {
	name := "@"
	if e.IsSystem {
		name = "@@"
		if e.ExplicitScope && e.IsGlobal {
			name = "@@global."
		}
	}
	name += quoteName(strings.ToLower(e.Name))
	if e.Value != nil {
		return form(":=", []*node{c.expr(e.Value)}, "("+name+" := ", ")")
	}
	return leaf("variable", name)
}

func (c *converter) match(e *ast.MatchAgainst) *node {
	cols := make([]*node, len(e.ColumnNames))
	for i, n := range e.ColumnNames {
		cols[i] = c.column(n)
	}
	end := ")"
	switch {
	case e.Modifier.IsBooleanMode():
		end = " in boolean mode)"
	case e.Modifier.WithQueryExpansion():
		end = " with query expansion)"
	}
	return form("match", []*node{list(cols), c.expr(e.Against)}, "match (", ") against (", end)
}

// sequence converts the argument of NEXTVAL.
func (c *converter) sequence(n *ast.TableName) *node {
	id := schema.ID{Kind: "sequence", Schema: n.Schema.O, Name: n.Name.O}
	if c.opts.Database != "" && c.opts.fold(id.Schema) == c.opts.fold(c.opts.Database) {
		id.Schema = ""
	}
	c.sequences = append(c.sequences, id)
	if id.Schema != "" {
		return leaf("sequence", quoteName(id.Schema)+"."+quoteName(id.Name))
	}
	return leaf("sequence", quoteName(id.Name))
}

// cast converts CAST, CONVERT(x, type) and BINARY.
func (c *converter) cast(e *ast.FuncCastExpr) *node {
	x := c.expr(e.Expr)
	ty := ""
	if e.FunctionType == ast.CastBinaryOperator {
		ty = "binary"
	} else {
		ty = c.castType(e)
	}
	return form("cast", []*node{x}, "cast(", " as "+ty+")")
}

func (c *converter) castType(e *ast.FuncCastExpr) string {
	t := e.Tp
	array := ""
	if t.IsArray() { // a multi-valued index
		t, array = t.ArrayType(), " array"
	}
	length := ""
	if t.GetFlen() > 0 {
		length = "(" + strconv.Itoa(t.GetFlen()) + ")"
	}
	fsp := ""
	if t.GetDecimal() > 0 {
		fsp = "(" + strconv.Itoa(t.GetDecimal()) + ")"
	}
	name := ""
	switch t.GetType() {
	case mysql.TypeVarString, mysql.TypeString:
		if n := t.GetFlen() - castLength; n >= 0 && n < len(castLike) {
			return castLike[n]
		}
		name = "char" + length
		if t.GetCharset() == "binary" {
			name = "binary" + length
		} else if set := charsetName(t.GetCharset()); e.ExplicitCharSet && set != "utf8mb4" && set != "utf8mb3" && set != "" {
			name += " charset " + set
		}
	case mysql.TypeDate:
		name = "date"
	case mysql.TypeDatetime:
		name = "datetime" + fsp
	case mysql.TypeDuration:
		name = "time" + fsp
	case mysql.TypeNewDecimal:
		name = fmt.Sprintf("decimal(%d,%d)", max(t.GetFlen(), 1), max(t.GetDecimal(), 0))
		if t.GetFlen() <= 0 {
			name = fmt.Sprintf("decimal(10,%d)", max(t.GetDecimal(), 0))
		}
	case mysql.TypeLonglong:
		name = "signed"
		if mysql.HasUnsignedFlag(t.GetFlag()) {
			name = "unsigned"
		}
	case mysql.TypeJSON:
		name = "json"
	case mysql.TypeDouble:
		name = "double"
	case mysql.TypeFloat:
		name = "float"
	case mysql.TypeYear:
		name = "year"
	default:
		c.fail("a cast to %s", t)
	}
	return name + array
}
