// Package liteparse reads SQLite's SQL as far as the engine itself does not
// say: it cuts scripts into statements with their places, takes the texts that
// sqlite_schema keeps (CREATE TABLE, INDEX, VIEW, TRIGGER) apart into the
// objects of package lite, and brings expressions and bodies into canonical
// forms.
//
// It is no judge of what is valid; the engine has accepted, or will see, every
// text that passes through here. It must not know the engine, the planner or
// any dialect.
package liteparse

import (
	"strings"

	"github.com/trueup-sql/trueup/schema/lite"
)

// Class is the class of a token.
type Class uint8

const (
	Word    Class = iota + 1 // a keyword or a bare name
	Quoted                   // a name in [..] or `..`
	Double                   // "..": a name, or, where no column has that name, a string
	String                   // '..'
	Blob                     // x'..'
	Number                   // integer or real, in any notation
	Param                    // ?1 :a @a $a
	Sign                     // an operator or a mark
	Comment                  // -- .. or /* .. */
	Invalid                  // what SQLite's tokenizer does not know
)

// Token is one token of a text.
type Token struct {
	Class Class
	Text  string // as written
	At    int    // offset of its first byte
}

// End is the offset just behind the token.
func (t Token) End() int { return t.At + len(t.Text) }

// Is tells whether the token is this keyword (in lower case) or sign.
func (t Token) Is(s string) bool {
	switch t.Class {
	case Word:
		return len(t.Text) == len(s) && lite.Fold(t.Text) == s
	case Sign:
		return t.Text == s
	}
	return false
}

// In tells whether the token is one of these keywords or signs.
func (t Token) In(list ...string) bool {
	for _, s := range list {
		if t.Is(s) {
			return true
		}
	}
	return false
}

// IsName tells whether the token can be a name: a word, or quoted in any of the
// four ways ('..' is taken for a name where one must stand).
func (t Token) IsName() bool {
	switch t.Class {
	case Word, Quoted, Double, String:
		return true
	}
	return false
}

// Name is the name that the token spells, without its quotes.
func (t Token) Name() string {
	switch t.Class {
	case Quoted, Double, String:
		open, inner := t.Text[0], t.Text[1:max(1, len(t.Text)-1)]
		if open == '[' {
			return inner
		}
		q := string(open)
		return strings.ReplaceAll(inner, q+q, q)
	}
	return t.Text
}

// Lex takes a text apart. Space is dropped, comments are kept; a quote that
// is not closed is invalid and reaches to the end, as an open comment does.
func Lex(text string) []Token {
	var out []Token
	for i := 0; i < len(text); {
		n, class := next(text[i:])
		if class != 0 {
			out = append(out, Token{class, text[i : i+n], i})
		}
		i += n
	}
	return out
}

// Code is Lex without the comments.
func Code(text string) []Token {
	return WithoutComments(Lex(text))
}

// WithoutComments drops the comments.
func WithoutComments(ts []Token) []Token {
	out := make([]Token, 0, len(ts))
	for _, t := range ts {
		if t.Class != Comment {
			out = append(out, t)
		}
	}
	return out
}

// next measures the token at the start of s; class 0 is space.
func next(s string) (int, Class) {
	c := s[0]
	switch {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f':
		return 1, 0
	case strings.HasPrefix(s, "--"):
		if n := strings.IndexByte(s, '\n'); n >= 0 {
			return n, Comment
		}
		return len(s), Comment
	case strings.HasPrefix(s, "/*"):
		if n := strings.Index(s[2:], "*/"); n >= 0 {
			return n + 4, Comment
		}
		return len(s), Comment
	case c == '\'':
		return quoted(s, 0, String)
	case c == '"':
		return quoted(s, 0, Double)
	case c == '`':
		return quoted(s, 0, Quoted)
	case c == '[':
		if n := strings.IndexByte(s, ']'); n >= 0 {
			return n + 1, Quoted
		}
		return len(s), Invalid
	case (c == 'x' || c == 'X') && len(s) > 1 && s[1] == '\'':
		return quoted(s, 1, Blob)
	case isDigit(c) || c == '.' && len(s) > 1 && isDigit(s[1]):
		return number(s), Number
	case isWord(c) && c != '$':
		return word(s, 1), Word
	case c == '?' || c == ':' || c == '@' || c == '#' || c == '$':
		if n := word(s, 1); n > 1 || c == '?' {
			return n, Param
		}
		return 1, Invalid
	}
	for _, sign := range [...]string{"->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "==", "!="} {
		if strings.HasPrefix(s, sign) {
			return len(sign), Sign
		}
	}
	if strings.IndexByte("+-*/%&|~<>=(),;.", c) >= 0 {
		return 1, Sign
	}
	return 1, Invalid
}

// quoted measures a text in quotes of which the first is at s[at]; a doubled
// quote stands for itself.
func quoted(s string, at int, class Class) (int, Class) {
	q := s[at]
	for i := at + 1; i < len(s); i++ {
		if s[i] != q {
			continue
		}
		if i+1 < len(s) && s[i+1] == q {
			i++
			continue
		}
		return i + 1, class
	}
	return len(s), Invalid
}

func word(s string, from int) int {
	for from < len(s) && isWord(s[from]) {
		from++
	}
	return from
}

// number is the length of a number: decimal with exponent, or hexadecimal; _
// may stand between digits (SQLite 3.46).
func number(s string) int {
	if len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') {
		return word(s, 2)
	}
	digits := func(i int) int {
		for i < len(s) && (isDigit(s[i]) || s[i] == '_') {
			i++
		}
		return i
	}
	i := digits(0)
	if i < len(s) && s[i] == '.' {
		i = digits(i + 1)
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		if j < len(s) && (s[j] == '+' || s[j] == '-') {
			j++
		}
		if j < len(s) && isDigit(s[j]) {
			i = digits(j)
		}
	}
	return i
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isWord: letters, digits, _, $ and every byte of a character beyond ASCII.
func isWord(c byte) bool {
	return c == '_' || c == '$' || c >= 0x80 || isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
