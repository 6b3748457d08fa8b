package liteparse

import (
	"strings"

	"github.com/trueup-sql/trueup/schema/lite"
)

// prefix reads an operand with the unary operators before it.
func (p *expr) prefix() node {
	t := p.peek()
	switch {
	case t.In("-", "+", "~"):
		p.at++
		n := p.parse(precUnary)
		return node{t.Text + wrap(n, precPrimary), precUnary} // -(-1), as --1 is a comment
	case t.Is("not"):
		p.at++
		if p.peek().Is("exists") {
			p.at++
			return node{"not exists " + p.raw(), precNot}
		}
		return node{"not " + wrap(p.parse(precNot), precNot), precNot}
	}
	return p.primary()
}

func (p *expr) primary() node {
	t := p.peek()
	is := func(text string) node { return node{text, precPrimary} }
	switch t.Class {
	case String:
		p.at++
		return is(t.Text)
	case Blob, Number, Param:
		p.at++
		return is(lite.Fold(t.Text))
	case Double:
		if !p.qualified() && !p.scope.Columns[lite.Fold(t.Name())] {
			p.at++
			return is(Literal(t.Name()))
		}
		return is(p.name())
	case Quoted:
		return is(p.name())
	case Sign:
		if !t.Is("(") {
			break
		}
		if p.query() {
			return is(p.raw())
		}
		return p.parenthesis()
	case Word:
		return p.word(t)
	}
	p.failed = true
	return node{}
}

// qualified tells whether a dot follows the token here.
func (p *expr) qualified() bool { return p.at+1 < len(p.ts) && p.ts[p.at+1].Is(".") }

// parenthesis is a row value, or an expression whose parentheses say nothing
// that the tree does not.
func (p *expr) parenthesis() node {
	p.expect("(")
	n := p.parse(0)
	if p.accept(")") {
		return n
	}
	p.expect(",")
	rest := p.list()
	p.expect(")")
	return node{"(" + n.text + ", " + rest + ")", precPrimary}
}

func (p *expr) word(t Token) node {
	is := func(text string) node { return node{text, precPrimary} }
	w := lite.Fold(t.Text)
	switch w {
	case "null", "current_date", "current_time", "current_timestamp":
		p.at++
		return is(w)
	case "exists":
		p.at++
		return is("exists " + p.raw())
	case "cast":
		p.at++
		p.expect("(")
		n := p.parse(0)
		p.expect("as")
		from := min(p.at, len(p.ts))
		for depth := 0; p.at < len(p.ts) && (depth > 0 || !p.peek().Is(")")); p.at++ {
			if p.peek().Is("(") {
				depth++
			} else if p.peek().Is(")") {
				depth--
			}
		}
		typ := typeName(p.ts[from:max(from, min(p.at, len(p.ts)))])
		p.expect(")")
		return is("cast(" + n.text + " as " + typ + ")")
	case "case":
		p.at++
		return is(p.choice())
	}
	if p.at+1 < len(p.ts) && p.ts[p.at+1].Is("(") && !reserved[w] {
		p.at++
		return is(w + p.arguments())
	}
	return is(p.name())
}

// choice is a CASE behind its keyword.
func (p *expr) choice() string {
	var b strings.Builder
	b.WriteString("case")
	if !p.peek().Is("when") {
		b.WriteString(" " + p.parse(0).text)
	}
	for p.accept("when") {
		b.WriteString(" when " + p.parse(0).text)
		p.expect("then")
		b.WriteString(" then " + p.parse(0).text)
	}
	if p.accept("else") {
		b.WriteString(" else " + p.parse(0).text)
	}
	p.expect("end")
	b.WriteString(" end")
	return b.String()
}

// arguments are those of a function, with what may follow them.
func (p *expr) arguments() string {
	p.expect("(")
	out := "("
	if p.accept("distinct") {
		out += "distinct "
	}
	if p.accept("*") {
		out += "*"
	} else {
		out += p.list()
	}
	p.expect(")")
	if p.peek().In("filter", "over", "within") { // only in queries; compared by tokens
		p.failed = true
	}
	return out + ")"
}
