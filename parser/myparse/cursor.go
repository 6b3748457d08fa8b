package myparse

import (
	"sort"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/parser"
)

// cursor reads one statement's tokens. A mistake is a panic with a
// [*parser.Error], which [protect] catches.
type cursor struct {
	*lexer
	toks []token
	i    int
}

// protect runs f and returns the mistake that it stopped at.
func protect(f func()) (err *parser.Error) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *parser.Error:
			err = e
		default:
			panic(e)
		}
	}()
	f()
	return nil
}

// asError gives any error a place.
func asError(s parser.Source, off int, err error) *parser.Error {
	if e, ok := err.(*parser.Error); ok {
		return e
	}
	return s.Errorf(off, "", "%s", err)
}

func (c *cursor) fail(off int, hint, format string, args ...any) {
	panic(c.src.Errorf(off, hint, format, args...))
}

func (c *cursor) peek() token { return c.ahead(0) }

// ahead is the n-th token from here.
func (c *cursor) ahead(n int) token {
	if c.i+n < len(c.toks) {
		return c.toks[c.i+n]
	}
	end := len(c.text)
	if len(c.toks) > 0 {
		end = c.toks[len(c.toks)-1].end
	}
	return token{kind: eof, off: end, end: end}
}

func (c *cursor) take() token {
	t := c.peek()
	c.i++
	return t
}

func (c *cursor) done() bool { return c.i >= len(c.toks) }

// is tells whether these words or marks come next.
func (c *cursor) is(words ...string) bool {
	for n, w := range words {
		if !c.ahead(n).is(w) {
			return false
		}
	}
	return true
}

// accept takes these words if they come next.
func (c *cursor) accept(words ...string) bool {
	if !c.is(words...) {
		return false
	}
	c.i += len(words)
	return true
}

// one takes the next token if it is one of these, and returns it in upper case.
func (c *cursor) one(words ...string) string {
	if c.peek().any(words...) {
		return strings.ToUpper(c.take().val)
	}
	return ""
}

// expect takes these words, or fails.
func (c *cursor) expect(words ...string) {
	for _, w := range words {
		if !c.accept(w) {
			c.unexpected(w)
		}
	}
}

// unexpected fails at the next token.
func (c *cursor) unexpected(wanted string) {
	t := c.peek()
	what := "the end of the statement"
	if t.kind != eof {
		what = strconv.Quote(short(c.text[t.off:t.end]))
	}
	if wanted != "" {
		wanted = ", wanted " + wanted
	}
	c.fail(t.off, "", "syntax error at %s%s", what, wanted)
}

func short(s string) string {
	if len(s) > 40 {
		return s[:37] + "..."
	}
	return s
}

// end fails unless the statement is at its end.
func (c *cursor) atEnd() {
	if !c.done() {
		c.unexpected("the end of the statement")
	}
}

// name reads a name.
func (c *cursor) name(what string) string {
	if !c.peek().isName() {
		c.unexpected(what)
	}
	return c.take().val
}

// text reads a string, of adjacent pieces, with or without an introducer.
func (c *cursor) string(what string) string {
	if t := c.peek(); t.kind == word && strings.HasPrefix(t.val, "_") && c.ahead(1).kind == str {
		c.i++
	}
	if c.peek().kind != str {
		c.unexpected(what)
	}
	s := c.take().val
	for c.peek().kind == str {
		s += c.take().val
	}
	return s
}

// integer reads a number without sign and fraction.
func (c *cursor) integer(what string) int {
	t := c.peek()
	n, err := strconv.Atoi(t.val)
	if t.kind != number || err != nil {
		c.unexpected(what)
	}
	c.i++
	return n
}

// parens skips a balanced pair of parentheses and returns the range of tokens
// between them.
func (c *cursor) parens() (from, to int) {
	c.expect("(")
	from = c.i
	c.balanced(func(t token) bool { return false })
	to = c.i
	c.expect(")")
	return from, to
}

// balanced skips to a closing parenthesis that was not opened here, to the
// first token outside of parentheses where stop holds, or to the end.
func (c *cursor) balanced(stop func(token) bool) {
	var open []int
	for ; !c.done(); c.i++ {
		t := c.peek()
		switch {
		case len(open) == 0 && (t.is(")") || stop(t)):
			return
		case t.is("("):
			open = append(open, t.off)
		case t.is(")"):
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		c.fail(open[len(open)-1], "", "this parenthesis is not closed")
	}
}

// raw is the author's text of a range of tokens, comments included, but without
// the marks of version comments.
func (c *cursor) raw(from, to int) string {
	if from >= to {
		return ""
	}
	return c.cut(c.toks[from].off, c.toks[to-1].end, c.marks)
}

// cut is a piece of the source without some of its spans, which are sorted.
func (c *cursor) cut(off, end int, without []span) string {
	i := sort.Search(len(without), func(i int) bool { return without[i].end > off })
	if i == len(without) || without[i].off >= end {
		return c.lexer.text[off:end]
	}
	var b strings.Builder
	for ; i < len(without) && without[i].off < end; i++ {
		b.WriteString(strings.TrimRight(c.lexer.text[off:max(off, without[i].off)], " "))
		b.WriteByte(' ')
		off = without[i].end
		for off < end && c.lexer.text[off] == ' ' {
			off++
		}
	}
	b.WriteString(c.lexer.text[min(off, end):end])
	return strings.TrimSpace(b.String())
}

// expression is the text of a range of tokens as it is to be emitted: on the
// author's lines, without comments, and with names in backquotes where
// ANSI_QUOTES let them stand in double ones.
func (c *cursor) expression(from, to int) string {
	if from >= to {
		return ""
	}
	var b strings.Builder
	for i := from; i < to; i++ {
		t := c.toks[i]
		if i > from {
			gap := c.lexer.text[c.toks[i-1].end:t.off]
			if strings.TrimSpace(gap) != "" {
				gap = " "
			}
			b.WriteString(gap)
		}
		if t.kind == quoted && c.lexer.text[t.off] == '"' {
			b.WriteString(quoteName(t.val))
		} else {
			b.WriteString(c.lexer.text[t.off:t.end])
		}
	}
	return b.String()
}

// quoteName puts a name into backquotes.
func quoteName(s string) string { return "`" + strings.ReplaceAll(s, "`", "``") + "`" }

// quoteString puts a text into single quotes, with the escapes that hold under
// the default sql_mode.
func quoteString(s string) string {
	if !strings.ContainsAny(s, "'\\\x00\n\r\x1a") {
		return "'" + s + "'"
	}
	var b strings.Builder
	b.WriteByte('\'')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\'':
			b.WriteString("''")
		case '\\':
			b.WriteString(`\\`)
		case 0:
			b.WriteString(`\0`)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case 26:
			b.WriteString(`\Z`)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('\'')
	return b.String()
}
