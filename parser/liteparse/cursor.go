package liteparse

import (
	"fmt"
	"strings"

	"github.com/trueup-sql/trueup/schema/lite"
)

// Error is a text that could not be taken apart, at an offset of it.
type Error struct {
	At      int
	Message string
}

func (e *Error) Error() string { return e.Message }

// cursor walks over the tokens of one text, comments left out. The first
// mistake stays.
type cursor struct {
	text string
	ts   []Token
	at   int
	err  *Error
}

func newCursor(text string) *cursor { return &cursor{text: text, ts: Code(text)} }

func (c *cursor) done() bool { return c.at >= len(c.ts) }

func (c *cursor) peek() Token { return c.ahead(0) }

func (c *cursor) ahead(n int) Token {
	if c.at+n < len(c.ts) {
		return c.ts[c.at+n]
	}
	return Token{At: len(c.text)}
}

func (c *cursor) fail(format string, args ...any) {
	if c.err == nil {
		c.err = &Error{c.peek().At, fmt.Sprintf(format, args...)}
	}
}

// accept takes these keywords or signs if all of them are next.
func (c *cursor) accept(words ...string) bool {
	for i, w := range words {
		if !c.ahead(i).Is(w) {
			return false
		}
	}
	c.at += len(words)
	return true
}

func (c *cursor) expect(words ...string) {
	if !c.accept(words...) {
		c.fail("expected %s instead of %q", strings.ToUpper(strings.Join(words, " ")), c.peek().Text)
	}
}

// name takes a name.
func (c *cursor) name() Token {
	t := c.peek()
	if !t.IsName() {
		c.fail("expected a name instead of %q", t.Text)
	}
	c.at++
	return t
}

// qualified takes a name that may have a schema before it.
func (c *cursor) qualified() Token {
	t := c.name()
	if c.accept(".") {
		t = c.name()
	}
	return t
}

// group takes a parenthesis and returns what is inside.
func (c *cursor) group() []Token {
	c.expect("(")
	from, depth := c.at, 1
	for ; !c.done() && c.err == nil; c.at++ {
		switch t := c.peek(); {
		case t.Is("("):
			depth++
		case t.Is(")"):
			if depth--; depth == 0 {
				c.at++
				return c.ts[from : c.at-1]
			}
		}
	}
	c.fail("a parenthesis is not closed")
	return nil
}

// between is the text of tokens that stand together.
func (c *cursor) between(ts []Token) string {
	if len(ts) == 0 {
		return ""
	}
	return c.text[ts[0].At:ts[len(ts)-1].End()]
}

// split cuts tokens at the commas outside of parentheses.
func split(ts []Token) [][]Token {
	var out [][]Token
	from, depth := 0, 0
	for i, t := range ts {
		switch {
		case t.Is("("):
			depth++
		case t.Is(")"):
			depth--
		case t.Is(",") && depth == 0:
			out = append(out, ts[from:i])
			from = i + 1
		}
	}
	return append(out, ts[from:])
}

func fold(t Token) string { return lite.Fold(t.Name()) }
