package liteparse

import (
	"strings"

	"github.com/trueup-sql/trueup/schema/lite"
)

// body is the canonical form of a longer text, such as a query or a trigger's
// body: its tokens, with keywords and names in lower case, names in one way of
// quoting, one spelling of operators, and without doubled parentheses. A text
// in double quotes is a name only if isName knows it, and otherwise a string;
// SQLite itself puts such a text into single quotes when it renames something.
func body(ts []Token, isName func(string) bool) string {
	ts = single(ts)
	var b strings.Builder
	glued := true // no space before the next token
	for _, t := range ts {
		s := spelling(t, isName)
		if s == "" {
			continue
		}
		if !glued && !t.In(",", ")", ";", ".") {
			b.WriteByte(' ')
		}
		b.WriteString(s)
		glued = t.In("(", ".")
	}
	return b.String()
}

// spelling is the canonical text of one token.
func spelling(t Token, isName func(string) bool) string {
	switch t.Class {
	case Word:
		return lite.Fold(t.Text)
	case Quoted:
		return Quote(lite.Fold(t.Name()))
	case Double:
		if name := lite.Fold(t.Name()); isName(name) {
			return Quote(name)
		}
		return Literal(t.Name())
	case Blob, Number:
		return lite.Fold(t.Text)
	case Sign:
		switch t.Text {
		case "==":
			return "="
		case "!=":
			return "<>"
		}
	case Comment:
		return ""
	}
	return t.Text
}

// single drops every pair of parentheses that has another one directly inside.
func single(ts []Token) []Token {
	match := make([]int, len(ts))
	var open []int
	for i, t := range ts {
		if t.Is("(") {
			open = append(open, i)
		} else if t.Is(")") && len(open) > 0 {
			match[i], match[open[len(open)-1]] = open[len(open)-1], i
			open = open[:len(open)-1]
		}
	}
	out := make([]Token, 0, len(ts))
	drop := map[int]bool{}
	for i := range ts {
		if ts[i].Is("(") && i+1 < len(ts) && ts[i+1].Is("(") && match[i] > 0 && match[i+1] == match[i]-1 {
			drop[i], drop[match[i]] = true, true
		}
	}
	for i, t := range ts {
		if !drop[i] {
			out = append(out, t)
		}
	}
	return out
}

// typeName is a declared type in lower case with single spaces: the words, and
// the numbers in parentheses.
func typeName(ts []Token) string {
	var b strings.Builder
	glued := true
	for _, t := range ts {
		s := t.Text
		if t.IsName() {
			s = lite.Fold(t.Name())
		}
		if !glued && t.IsName() {
			b.WriteByte(' ')
		}
		b.WriteString(s)
		glued = false
	}
	return b.String()
}
