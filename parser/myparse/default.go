package myparse

import (
	"fmt"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// defaultValue reads what follows DEFAULT. The result is zero for NULL, which is
// what a column without a default has anyhow.
func (r *reader) defaultValue(t my.Type) schema.Expr {
	at := r.peek()
	switch {
	case at.is("NULL"):
		r.take()
		return schema.Expr{}
	case at.is("("):
		from := r.i
		r.parens()
		return r.defaultExpression(t, from, r.i)
	case at.any(nows...):
		return r.now(t)
	case at.any("TRUE", "FALSE"):
		r.take()
		return r.literal(t, at, "")
	case at.is("-"), at.is("+"):
		r.take()
		v := r.take()
		if v.kind != number {
			r.i--
			r.unexpected("a number")
		}
		if at.is("+") {
			return r.literal(t, v, "")
		}
		return r.literal(t, v, "-")
	case at.kind == number, at.kind == bits:
		r.take()
		if !r.opts.mysql() && r.continues() { // MariaDB: DEFAULT 1 + 1
			break
		}
		return r.literal(t, at, "")
	case at.kind == str:
		v := token{kind: str, off: at.off, val: r.string("a text")}
		return r.literal(t, v, "")
	case at.kind == word && strings.HasPrefix(at.val, "_") && r.ahead(1).kind == str && !strings.EqualFold(at.val, "_binary"):
		r.take()
		v := token{kind: str, off: at.off, val: r.string("a text")}
		return r.literal(t, v, "")
	case at.kind == word && strings.HasPrefix(at.val, "_") && r.ahead(1).kind == bits:
		r.take()
		return r.literal(t, r.take(), "")
	case at.any("DATE", "TIME", "TIMESTAMP") && r.ahead(1).kind == str:
		r.take()
		v := token{kind: str, off: at.off, val: r.string("a text")}
		return r.literal(t, v, "")
	}
	return r.bareExpression(t)
}

// continues tells whether an operator follows.
func (r *reader) continues() bool {
	return r.peek().any("+", "-", "*", "/", "%", "|", "&", "^", "<<", ">>", "DIV", "MOD")
}

// bareExpression reads a default expression that needs no parentheses: on
// MariaDB (and in part TiDB) a call, NEXT VALUE FOR, or a CASE.
func (r *reader) bareExpression(t my.Type) schema.Expr {
	from := r.i
	at := r.peek()
	if r.opts.mysql() {
		r.unexpected("a literal, CURRENT_TIMESTAMP, or an expression in parentheses")
	}
	switch {
	case r.one("NEXT", "PREVIOUS") != "":
		r.expect("VALUE", "FOR")
		r.qualified(my.KindSequence)
	case r.accept("CASE"):
		for depth := 1; depth > 0 && !r.done(); {
			switch t := r.take(); {
			case t.is("CASE"):
				depth++
			case t.is("END"):
				depth--
			}
		}
	case at.kind == word || at.kind == quoted:
		r.take()
		for r.accept(".") {
			r.name("a name")
		}
		if r.is("(") {
			r.parens()
		} else if !bareFunctions[strings.ToUpper(at.val)] && at.kind == word && !r.opts.mariadb() {
			r.i = from
			r.unexpected("a literal or an expression")
		}
	default:
		r.unexpected("a literal or an expression")
	}
	return r.defaultExpression(t, from, r.i)
}

// bareFunctions are called without parentheses.
var bareFunctions = map[string]bool{"CURRENT_DATE": true, "CURRENT_TIME": true, "CURRENT_USER": true, "CURRENT_ROLE": true,
	"UTC_DATE": true, "UTC_TIME": true, "UTC_TIMESTAMP": true}

// defaultExpression is a default that is computed. MariaDB prints it without
// parentheses, and a mere literal in parentheses as the literal; MySQL keeps
// both apart.
func (r *reader) defaultExpression(t my.Type, from, to int) schema.Expr {
	inner, end := from, to
	for r.toks[inner].is("(") && r.closing(inner) == end-1 {
		inner, end = inner+1, end-1
	}
	if inner == end {
		r.fail(r.toks[from].off, "", "an expression is missing")
	}
	if r.opts.mariadb() {
		if e, ok := r.literalIn(t, inner, end); ok {
			return e
		}
	}
	e := r.expr(schema.ID{}, inner, end)
	e.Text = "(" + e.Text + ")"
	if r.opts.mariadb() && isNow(e.Canon) {
		return currentTimestamp(strings.TrimPrefix(e.Canon, "current_timestamp"))
	}
	e.Canon = "(" + e.Canon + ")"
	return e
}

// literalIn reads a range that holds nothing but a literal.
func (r *reader) literalIn(t my.Type, from, to int) (schema.Expr, bool) {
	sign := ""
	if to-from == 2 && r.toks[from].is("-") {
		sign, from = "-", from+1
	}
	if to-from != 1 {
		return schema.Expr{}, false
	}
	v := r.toks[from]
	switch {
	case v.is("NULL") && sign == "":
		return schema.Expr{}, true
	case v.kind == number, sign == "" && (v.kind == str || v.kind == bits || v.any("TRUE", "FALSE")):
		return r.literal(t, v, sign), true
	}
	return schema.Expr{}, false
}

// closing is the index of the parenthesis that closes the one at i.
func (c *cursor) closing(i int) int {
	depth := 0
	for ; i < len(c.toks); i++ {
		if c.toks[i].is("(") {
			depth++
		} else if c.toks[i].is(")") {
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// nows are the words for the current time that a default can be.
var nows = []string{"CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP"}

// now reads CURRENT_TIMESTAMP in any of its forms.
func (r *reader) now(t my.Type) schema.Expr {
	if r.one(nows...) == "" {
		r.unexpected("CURRENT_TIMESTAMP")
	}
	p := ""
	if r.accept("(") {
		if n := r.peek(); n.kind == number {
			r.take()
			if n.val != "0" {
				p = "(" + n.val + ")"
			}
		}
		r.expect(")")
	}
	return currentTimestamp(p)
}

// currentTimestamp is the default with a precision such as "(3)".
func currentTimestamp(precision string) schema.Expr {
	precision = strings.TrimPrefix(precision, "()")
	return schema.Expr{Text: "CURRENT_TIMESTAMP" + precision, Canon: "current_timestamp" + precision}
}

// isNow tells whether a canonical expression is the current time.
func isNow(canon string) bool {
	return strings.HasPrefix(canon, "current_timestamp(") && strings.IndexByte(canon, ')') == len(canon)-1
}

// precision of a temporal type, such as "(3)".
func precision(t my.Type) string {
	if len(t.Args) == 1 {
		return fmt.Sprintf("(%d)", t.Args[0])
	}
	return ""
}
