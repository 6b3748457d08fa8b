package myparse

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/opcode"
	driver "github.com/pingcap/tidb/pkg/parser/test_driver"
)

// constantOf computes a partition's bound, which servers show as the number
// that it comes to, and tells whether that depends on the time zone; not ok if
// it cannot be told here.
func (r *reader) constantOf(text string) (number string, zoned, ok bool) {
	t, err := r.opts.translate(text, r.mode)
	if err != nil {
		return "", false, false
	}
	stmt, err := t.parse("SELECT ", r.mode)
	sel, ok := stmt.(*ast.SelectStmt)
	if err != nil || !ok || len(sel.Fields.Fields) != 1 || sel.Fields.Fields[0].Expr == nil {
		return "", false, false
	}
	c := constant{zone: r.zone()}
	n, ok := c.evaluate(sel.Fields.Fields[0].Expr)
	if !ok {
		return "", false, false
	}
	return n.String(), c.zoned, true
}

// constant is the computation of one bound, in a time zone (nil if unknown).
type constant struct {
	zone  *time.Location
	zoned bool // the time zone was asked for
}

// evaluate computes a constant integer expression of what partitioning allows.
func (c *constant) evaluate(e ast.ExprNode) (*big.Int, bool) {
	switch e := e.(type) {
	case *ast.ParenthesesExpr:
		return c.evaluate(e.Expr)
	case *driver.ValueExpr:
		switch e.Kind() {
		case driver.KindInt64:
			return big.NewInt(e.GetInt64()), true
		case driver.KindUint64:
			return new(big.Int).SetUint64(e.GetUint64()), true
		}
	case *ast.UnaryOperationExpr:
		n, ok := c.evaluate(e.V)
		switch {
		case ok && e.Op == opcode.Minus:
			return n.Neg(n), true
		case ok && e.Op == opcode.Plus:
			return n, true
		}
	case *ast.BinaryOperationExpr:
		return c.arithmetic(e)
	case *ast.FuncCallExpr:
		if len(e.Args) == 1 {
			return c.moment(e.FnName.L, e.Args[0])
		}
	}
	return nil, false
}

func (c *constant) arithmetic(e *ast.BinaryOperationExpr) (*big.Int, bool) {
	a, ok1 := c.evaluate(e.L)
	b, ok2 := c.evaluate(e.R)
	if !ok1 || !ok2 {
		return nil, false
	}
	n := new(big.Int)
	switch e.Op {
	case opcode.Plus:
		return n.Add(a, b), true
	case opcode.Minus:
		return n.Sub(a, b), true
	case opcode.Mul:
		return n.Mul(a, b), true
	case opcode.IntDiv:
		if b.Sign() != 0 {
			return n.Quo(a, b), true
		}
	case opcode.Mod:
		if b.Sign() != 0 {
			return n.Rem(a, b), true
		}
	}
	return nil, false
}

var date = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?$`)

// moment computes a function of a date that is given as a text.
func (c *constant) moment(function string, arg ast.ExprNode) (*big.Int, bool) {
	if p, ok := arg.(*ast.ParenthesesExpr); ok {
		return c.moment(function, p.Expr)
	}
	if l, ok := arg.(*ast.FuncCallExpr); ok && len(l.Args) == 1 && strings.HasSuffix(l.FnName.L, "literal") {
		arg = l.Args[0]
	}
	v, ok := arg.(*driver.ValueExpr)
	if !ok || v.Kind() != driver.KindString {
		return nil, false
	}
	m := date.FindStringSubmatch(strings.TrimSpace(v.GetString()))
	if m == nil {
		return nil, false
	}
	var f [6]int
	for i := range f {
		f[i], _ = strconv.Atoi(m[i+1]) // what is left out is 0
	}
	zone := time.UTC
	if function == "unix_timestamp" {
		if zone, c.zoned = c.zone, true; zone == nil {
			return nil, false
		}
	}
	t := time.Date(f[0], time.Month(f[1]), f[2], f[3], f[4], f[5], 0, zone)
	if t.Day() != f[2] || int(t.Month()) != f[1] {
		return nil, false // no such day
	}
	const days = 719528 // TO_DAYS('1970-01-01')
	day := time.Date(f[0], time.Month(f[1]), f[2], 0, 0, 0, 0, time.UTC).Unix()/86400 + days
	switch function {
	case "to_days":
		return big.NewInt(day), true
	case "to_seconds":
		return big.NewInt(day*86400 + int64(f[3]*3600+f[4]*60+f[5])), true
	case "unix_timestamp":
		return big.NewInt(t.Unix()), true
	case "year":
		return big.NewInt(int64(f[0])), true
	case "month":
		return big.NewInt(int64(f[1])), true
	case "dayofmonth", "day":
		return big.NewInt(int64(f[2])), true
	}
	return nil, false
}

// zone is the time zone that the source has set, or else the session's.
func (r *reader) zone() *time.Location {
	name := r.timeZone
	if name == "" {
		name = r.opts.TimeZone
	}
	if name == "" {
		return nil
	}
	if len(name) == 6 && (name[0] == '+' || name[0] == '-') {
		t, err := time.Parse("15:04", name[1:])
		if err != nil {
			return nil
		}
		offset := t.Hour()*3600 + t.Minute()*60
		if name[0] == '-' {
			offset = -offset
		}
		return time.FixedZone(name, offset)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return zone
}
