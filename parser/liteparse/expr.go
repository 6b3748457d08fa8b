package liteparse

import (
	"strings"

	"github.com/trueup-sql/trueup/schema/lite"
)

// Scope is what names in an expression of a table can mean.
type Scope struct {
	// Table is the table's own name in lower case: t.a is a there.
	Table string
	// Columns are the names in lower case; in double quotes anything else is a
	// string.
	Columns map[string]bool
}

// Canon is the canonical form of an expression of a table (a check, a default,
// a generated column, a term or the condition of an index): one spelling for
// all ways to write the same tree. Strings stay as they are.
func (s Scope) Canon(text string) string { return s.canon(Code(text)) }

func (s Scope) canon(ts []Token) string {
	p := &expr{scope: s, ts: ts}
	n := p.parse(0)
	if p.failed || p.at != len(ts) {
		return body(ts, func(name string) bool { return s.Columns[name] })
	}
	return n.text
}

// node is a printed expression with the precedence of its outermost operator.
type node struct {
	text string
	prec int
}

// Precedences, weakest first (https://www.sqlite.org/lang_expr.html).
const (
	precOr = iota + 1
	precAnd
	precNot
	precEqual
	precCompare
	precEscape
	precBits
	precAdd
	precMultiply
	precConcat
	precCollate
	precUnary
	precPrimary
)

var binary = map[string]int{
	"or": precOr, "and": precAnd,
	"=": precEqual, "==": precEqual, "<>": precEqual, "!=": precEqual, "is": precEqual, "in": precEqual,
	"like": precEqual, "glob": precEqual, "regexp": precEqual, "match": precEqual, "between": precEqual,
	"isnull": precEqual, "notnull": precEqual, "not": precEqual, // NOT LIKE, NOT IN, NOT NULL
	"<": precCompare, "<=": precCompare, ">": precCompare, ">=": precCompare,
	"<<": precBits, ">>": precBits, "&": precBits, "|": precBits,
	"+": precAdd, "-": precAdd, "*": precMultiply, "/": precMultiply, "%": precMultiply,
	"||": precConcat, "->": precConcat, "->>": precConcat, "collate": precCollate,
}

// expr parses by precedence climbing. What it does not know makes it fail, and
// the text is then compared token by token.
type expr struct {
	scope  Scope
	ts     []Token
	at     int
	depth  int
	failed bool
}

// maxDepth is SQLite's own limit on the depth of expressions.
const maxDepth = 1000

func (p *expr) peek() Token {
	if p.at < len(p.ts) {
		return p.ts[p.at]
	}
	return Token{}
}

func (p *expr) take() Token {
	t := p.peek()
	p.at++
	return t
}

func (p *expr) accept(s string) bool {
	if p.peek().Is(s) {
		p.at++
		return true
	}
	return false
}

func (p *expr) expect(s string) {
	if !p.accept(s) {
		p.failed = true
	}
}

// parse reads an expression whose operators all bind at least as strongly as min.
func (p *expr) parse(min int) node {
	if p.depth++; p.depth > maxDepth {
		p.failed = true
		return node{}
	}
	defer func() { p.depth-- }()
	left := p.prefix()
	for !p.failed {
		t := p.peek()
		if t.Class != Word && t.Class != Sign {
			return left
		}
		op := lite.Fold(t.Text)
		prec, ok := binary[op]
		if !ok || prec < min {
			return left
		}
		p.at++
		left = p.infix(left, op, prec)
	}
	return left
}

// wrap puts parentheses around what binds less strongly than min.
func wrap(n node, min int) string {
	if n.prec < min {
		return "(" + n.text + ")"
	}
	return n.text
}

func (p *expr) infix(left node, op string, prec int) node {
	l := wrap(left, prec)
	join := func(op string) node { return node{l + " " + op + " " + wrap(p.parse(prec+1), prec+1), prec} }
	switch op {
	case "and", "or": // associative: a and (b and c) is a and b and c
		return node{l + " " + op + " " + wrap(p.parse(prec+1), prec), prec}
	case "==":
		return join("=")
	case "!=":
		return join("<>")
	case "isnull":
		return node{l + " is null", prec}
	case "notnull":
		return node{l + " is not null", prec}
	case "is":
		if p.accept("not") {
			op = "is not"
		}
		if p.accept("distinct") { // IS NOT DISTINCT FROM is IS
			p.expect("from")
			op = map[string]string{"is": "is not", "is not": "is"}[op]
		}
		return join(op)
	case "not":
		if p.accept("null") {
			return node{l + " is not null", prec}
		}
		t := p.take()
		if !t.In("like", "glob", "regexp", "match", "between", "in") {
			p.failed = true
			return left
		}
		return p.predicate(l, "not "+lite.Fold(t.Text), lite.Fold(t.Text))
	case "like", "glob", "regexp", "match", "between", "in":
		return p.predicate(l, op, op)
	case "collate":
		t := p.take()
		if !t.IsName() {
			p.failed = true
		}
		return node{l + " collate " + Quote(lite.Fold(t.Name())), prec}
	}
	return join(op)
}

func (p *expr) predicate(l, op, kind string) node {
	operand := func() string { return wrap(p.parse(precCompare), precCompare) }
	switch kind {
	case "between":
		low := operand()
		p.expect("and")
		return node{l + " " + op + " " + low + " and " + operand(), precEqual}
	case "in":
		return node{l + " " + op + " " + p.set(), precEqual}
	}
	out := l + " " + op + " " + operand()
	if p.accept("escape") {
		out += " escape " + wrap(p.parse(precEscape+1), precEscape+1)
	}
	return node{out, precEqual}
}

// set is what may follow IN: a list, a query, or a table.
func (p *expr) set() string {
	if !p.peek().Is("(") {
		return p.name()
	}
	if p.query() {
		return p.raw()
	}
	p.at++
	list := p.list()
	p.expect(")")
	return "(" + list + ")"
}

func (p *expr) list() string {
	var parts []string
	if p.peek().Is(")") {
		return ""
	}
	for {
		parts = append(parts, p.parse(0).text)
		if p.failed || !p.accept(",") {
			return strings.Join(parts, ", ")
		}
	}
}

// query tells whether the parenthesis here opens a query.
func (p *expr) query() bool {
	return p.at+1 < len(p.ts) && p.ts[p.at+1].In("select", "with", "values")
}

// raw takes the parenthesis here as it is.
func (p *expr) raw() string {
	from, depth := p.at, 0
	for p.at < len(p.ts) {
		t := p.take()
		if t.Is("(") {
			depth++
		} else if t.Is(")") {
			if depth--; depth == 0 {
				return body(p.ts[from:p.at], func(name string) bool { return p.scope.Columns[name] })
			}
		}
	}
	p.failed = true
	return ""
}

// name is a name with its qualifiers, such as a column's.
func (p *expr) name() string {
	var parts []string
	for {
		t := p.take()
		if !t.IsName() || t.Class == Word && reserved[lite.Fold(t.Text)] && len(parts) == 0 {
			p.failed = true
			return ""
		}
		parts = append(parts, lite.Fold(t.Name()))
		if !p.accept(".") {
			break
		}
	}
	if n := len(parts); n > 1 && parts[n-2] == p.scope.Table {
		parts = parts[n-1:]
	}
	for i, s := range parts {
		parts[i] = Quote(s)
	}
	return strings.Join(parts, ".")
}
