package myparse

import (
	"regexp"
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"
)

// functionNames maps synonyms of functions to one of them.
var functionNames = map[string]string{
	"now": "current_timestamp", "localtime": "current_timestamp", "localtimestamp": "current_timestamp",
	"current_date": "curdate", "current_time": "curtime",
	"substring": "substr", "mid": "substr", "lcase": "lower", "ucase": "upper", "character_length": "char_length", "octet_length": "length",
	"lengthb": "length", "ceil": "ceiling", "power": "pow", "day": "dayofmonth", "schema": "database", "session_user": "user", "system_user": "user",
	"sha": "sha1", "nvl": "ifnull", "adddate": "date_add", "subdate": "date_sub",
	"stddev": "std", "stddev_pop": "std", "var_pop": "variance", "json_depth": "json_depth", "last_day": "last_day",
	"geomfromtext": "st_geomfromtext", "geometryfromtext": "st_geomfromtext", "st_geometryfromtext": "st_geomfromtext",
	"pointfromtext": "st_pointfromtext", "linefromtext": "st_linefromtext", "linestringfromtext": "st_linefromtext", "st_linestringfromtext": "st_linefromtext",
	"polyfromtext": "st_polyfromtext", "polygonfromtext": "st_polyfromtext", "st_polygonfromtext": "st_polyfromtext",
	"geomfromwkb": "st_geomfromwkb", "geometryfromwkb": "st_geomfromwkb", "st_geometryfromwkb": "st_geomfromwkb",
	"astext": "st_astext", "aswkt": "st_astext", "st_aswkt": "st_astext", "asbinary": "st_aswkb", "aswkb": "st_aswkb", "st_asbinary": "st_aswkb",
	"json_append": "json_array_append", "rlike": "regexp_like",
}

func functionName(name string) string {
	if s, ok := functionNames[name]; ok {
		return s
	}
	return name
}

// call converts a function's call.
func (c *converter) call(e *ast.FuncCallExpr) *node {
	// TiDB's parser marks its own functions by a prefix that no name can have.
	name := functionName(strings.TrimPrefix(e.FnName.L, "'tidb`.("))
	if e.Schema.L != "" {
		return c.stored(e)
	}
	switch name {
	case "trim":
		return c.trim(e)
	case "char_func", "char":
		return c.char(e)
	case "nextval", "lastval", "setval":
		return c.sequenceCall(name, e)
	}
	args := c.all(e.Args)
	switch {
	case (name == "current_timestamp" || name == "curdate" || name == "curtime") && !(len(args) == 0 || len(args) == 1 && args[0].op == "number"):
		return call(storedName(e.FnName.L), args...) // no precision: somebody's own function
	case name == "date_add", name == "date_sub":
		return interval(name, args)
	case name == "timestampadd" && len(args) == 3: // the unit, the number, the moment
		return interval("date_add", []*node{args[2], args[1], args[0]})
	case name == "dateliteral", name == "timeliteral", name == "timestampliteral":
		word := strings.TrimSuffix(name, "literal")
		return form(name, args, word+" ", "")
	case name == "extract" && len(args) == 2:
		return form(name, args, "extract(", " from ", ")")
	case name == "position" && len(args) == 2:
		return call("locate", args...)
	case name == "instr" && len(args) == 2:
		return call("locate", args[1], args[0])
	case (name == "date" || name == "time") && len(args) == 1:
		return form("cast", args, "cast(", " as "+name+")")
	case name == "timestamp" && len(args) == 1:
		return form("cast", args, "cast(", " as datetime)")
	case name == "add_months" && len(args) == 2:
		return interval("date_add", []*node{args[0], args[1], leaf("unit", "month")})
	case name == "chr" && len(args) == 1 && c.opts.mariadb():
		return form("char", args, "char(", " using utf8mb4)")
	case name == "round" && len(args) == 2 && args[1].String() == "0":
		return call(name, args[0])
	case name == "weekofyear" && len(args) == 1:
		return call("week", args[0], leaf("number", "3"))
	case name == "mod" && len(args) == 2:
		return infix("%", args...)
	case name == "isnull" && len(args) == 1:
		return form("is null", args, "(", " is null)")
	case name == "regexp_like" && len(args) == 2:
		return infix("regexp", args...)
	case name == "convert" && len(args) == 2:
		set := charsetName(strings.Trim(args[1].String(), "'"))
		return form(name, args[:1], "convert(", " using "+set+")")
	case name == "json_memberof" && len(args) == 2:
		return form(name, args, "(", " member of (", "))")
	case name == "weight_string" && len(args) == 3:
		return form(name, []*node{args[0], args[2]}, "weight_string(", " as "+strings.ToLower(strings.Trim(args[1].String(), "'"))+"(", "))")
	case (name == "current_timestamp" || name == "curtime" || name == "utc_time" || name == "utc_timestamp" || name == "sysdate") && len(args) == 1 && args[0].String() == "0":
		return call(name)
	}
	if e.Tp == ast.FuncCallExprTypeGeneric || !plainName(name) {
		return call(storedName(name), args...)
	}
	return call(name, args...)
}

// storedName is the name of a function in a call, in quotes only if it needs
// them: servers quote stored functions, and authors do not.
func storedName(name string) string {
	if plainName(name) && !reserved[strings.ToUpper(name)] {
		return name
	}
	return quoteName(name)
}

// stored converts the call of a function that is qualified with a database.
func (c *converter) stored(e *ast.FuncCallExpr) *node {
	name := e.FnName.O
	if strings.EqualFold(e.Schema.O, "oracle_schema") { // where MariaDB keeps DECODE_ORACLE and the like
		return call(strings.ToLower(name)+"_oracle", c.all(e.Args)...)
	}
	if !strings.EqualFold(e.Schema.O, c.opts.Database) || c.opts.Database == "" {
		name = quoteName(e.Schema.O) + "." + quoteName(name)
		return call(name, c.all(e.Args)...)
	}
	return call(storedName(strings.ToLower(name)), c.all(e.Args)...)
}

func (c *converter) sequenceCall(name string, e *ast.FuncCallExpr) *node {
	args := make([]*node, len(e.Args))
	for i, a := range e.Args {
		if col, ok := a.(*ast.ColumnNameExpr); ok && i == 0 {
			args[i] = c.sequence(&ast.TableName{Schema: col.Name.Table, Name: col.Name.Name})
		} else {
			args[i] = c.expr(a)
		}
	}
	if name == "setval" { // is_used, round
		for _, implied := range []string{"1", "0"}[min(max(len(args)-2, 0), 2):] {
			args = append(args, leaf("number", implied))
		}
	}
	return call(name, args...)
}

var amount = regexp.MustCompile(`^[1-9][0-9]{0,17}$`)

// interval converts additions of intervals, which all mean x + INTERVAL n unit.
func interval(name string, args []*node) *node {
	op := " + interval "
	if name == "date_sub" {
		op = " - interval "
	}
	if len(args) != 3 {
		return call(name, args...)
	}
	// '1' and 1 are the same amount.
	if a := args[1]; a.op == "string" && amount.MatchString(strings.Trim(a.parts[0], "'")) && !strings.Contains(args[2].parts[0], "_") {
		args[1] = leaf("number", strings.Trim(a.parts[0], "'"))
	}
	return form(name, args, "(", op, " ", ")")
}

func (c *converter) trim(e *ast.FuncCallExpr) *node {
	args := []*node{c.expr(e.Args[0])}
	direction := "both"
	if len(e.Args) > 2 {
		if d, ok := e.Args[2].(*ast.TrimDirectionExpr); ok {
			direction = strings.ToLower(d.Direction.String())
		}
	}
	what := leaf("null", "NULL")
	if len(e.Args) > 1 {
		what = c.expr(e.Args[1])
	}
	if what.op == "null" || what.String() == "' '" {
		what = nil
	}
	switch {
	case what == nil && direction == "both":
		return call("trim", args...)
	case what == nil && direction == "leading":
		return call("ltrim", args...)
	case what == nil:
		return call("rtrim", args...)
	}
	return form("trim", []*node{what, args[0]}, "trim("+direction+" ", " from ", ")")
}

// char converts CHAR(n, .. USING set), whose last argument is the set.
func (c *converter) char(e *ast.FuncCallExpr) *node {
	args := c.all(e.Args)
	if n := len(args) - 1; n > 0 {
		set := args[n]
		if set.op == "null" {
			return call("char", args[:n]...)
		}
		return form("char", []*node{list(args[:n])}, "char(", " using "+charsetName(strings.Trim(set.String(), "'"))+")")
	}
	return call("char", args...)
}

// aggregate converts an aggregate function. COUNT(*) is COUNT(0) to MySQL, and
// COUNT(1) to TiDB's parser.
func (c *converter) aggregate(e *ast.AggregateFuncExpr) *node {
	name, limit, rest := cut(e)
	name = functionName(name)
	args := c.all(rest)
	if name == "count" && len(args) == 1 && args[0].op == "number" && !e.Distinct {
		return leaf("count", "count(*)")
	}
	distinct := ""
	if e.Distinct {
		distinct = "distinct "
	}
	if !strings.EqualFold(e.F, "group_concat") {
		return form(name, []*node{list(args)}, name+"("+distinct, ")")
	}
	last := len(args) - 1
	end := limit + ")"
	if sep := args[last].String(); sep != "','" {
		end = " separator " + sep + end
	}
	if e.Order == nil {
		return form(name, []*node{list(args[:last])}, name+"("+distinct, end)
	}
	return form(name, []*node{list(args[:last]), c.orderBy(e.Order.Items)}, name+"("+distinct, " order by ", end)
}

// orderBy converts a list of sort keys.
func (c *converter) orderBy(items []*ast.ByItem) *node {
	keys := make([]*node, len(items))
	for i, it := range items {
		keys[i] = c.expr(it.Expr)
		if it.Desc {
			keys[i] = form("desc", []*node{keys[i]}, "", " desc")
		}
	}
	return list(keys)
}

func (c *converter) window(e *ast.WindowFuncExpr) *node {
	if p := c.percentile(e); p != nil {
		return p
	}
	name := functionName(strings.ToLower(e.Name))
	args := c.all(e.Args)
	if name == "count" && len(args) == 1 && args[0].op == "number" {
		args = []*node{leaf("*", "*")}
	}
	if e.Distinct {
		args[0] = form("distinct", args[:1:1], "distinct ", "")
	}
	if (name == "lag" || name == "lead") && len(args) == 1 {
		args = append(args, leaf("number", "1"))
	}
	return form("over", []*node{call(name, args...), c.windowSpec(&e.Spec)}, "", " over ", "")
}

func (c *converter) windowSpec(s *ast.WindowSpec) *node {
	if s.OnlyAlias {
		if w := c.named(s.Name.L); w != nil {
			return c.windowSpec(w)
		}
		return leaf("window", quoteName(s.Name.L))
	}
	if base := c.named(s.Ref.L); base != nil { // written out, as MariaDB does
		s = merged(base, s)
	}
	n := &node{op: "window", parts: []string{"("}}
	add := func(text string, arg *node) {
		n.parts[len(n.parts)-1] += text
		n.args = append(n.args, arg)
		n.parts = append(n.parts, "")
	}
	if s.Ref.L != "" {
		n.parts[0] += quoteName(s.Ref.L) + " "
	}
	if s.PartitionBy != nil {
		add("partition by ", c.orderBy(s.PartitionBy.Items))
	}
	if s.OrderBy != nil {
		add(" order by ", c.orderBy(s.OrderBy.Items))
	}
	if f := s.Frame; f != nil {
		word := [...]string{ast.Rows: "rows", ast.Ranges: "range", ast.Groups: "groups"}[f.Type]
		add(" "+word+" between ", c.bound(&f.Extent.Start))
		add(" and ", c.bound(&f.Extent.End))
	}
	n.parts[len(n.parts)-1] += ")"
	return n
}

// named finds a window of the WINDOW clause.
func (c *converter) named(name string) *ast.WindowSpec {
	if c.scope == nil {
		return nil
	}
	for i := range c.scope.windows {
		if w := &c.scope.windows[i]; w.Name.L == name && name != "" {
			return w
		}
	}
	return nil
}

// merged is a window that starts from another one.
func merged(base, s *ast.WindowSpec) *ast.WindowSpec {
	m := *s
	m.Ref = base.Ref
	if m.PartitionBy == nil {
		m.PartitionBy = base.PartitionBy
	}
	if m.OrderBy == nil {
		m.OrderBy = base.OrderBy
	}
	if m.Frame == nil {
		m.Frame = base.Frame
	}
	return &m
}

func (c *converter) bound(b *ast.FrameBound) *node {
	word := map[ast.BoundType]string{ast.Following: "following", ast.Preceding: "preceding", ast.CurrentRow: "current row"}[b.Type]
	switch {
	case b.Type == ast.CurrentRow:
		return leaf("bound", word)
	case b.UnBounded:
		return leaf("bound", "unbounded "+word)
	case b.Unit != ast.TimeUnitInvalid:
		return form("bound", []*node{c.expr(b.Expr)}, "interval ", " "+strings.ToLower(b.Unit.String())+" "+word)
	}
	return form("bound", []*node{c.expr(b.Expr)}, "", " "+word)
}
