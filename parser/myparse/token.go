package myparse

import "strings"

// kind of a token.
type kind uint8

const (
	eof      kind = iota
	word          // an unquoted name or a keyword
	quoted        // a quoted name
	str           // a string
	number        // 1, 1.5, 1e3
	bits          // 0x1F, x'1F', 0b1, b'1'
	variable      // @a, @@a, @'a'
	punct         // everything else
)

// token is a piece of a source. A statement's tokens leave out comments and the
// marks of version comments.
type token struct {
	kind kind
	off  int
	end  int
	// val is the name or string without quotes and escapes, the number, or the
	// mark itself.
	val string
}

// is tells whether the token is this keyword (in upper case) or mark.
func (t token) is(s string) bool {
	switch t.kind {
	case word:
		return len(t.val) == len(s) && strings.EqualFold(t.val, s)
	case punct:
		return t.val == s
	}
	return false
}

// any tells whether the token is one of these.
func (t token) any(words ...string) bool {
	for _, w := range words {
		if t.is(w) {
			return true
		}
	}
	return false
}

// isName tells whether the token can be a name; keywords count, where the
// grammar expects one.
func (t token) isName() bool { return t.kind == word || t.kind == quoted }

// span is a range of a source.
type span struct{ off, end int }
