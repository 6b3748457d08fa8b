package myparse

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
)

// lexer cuts a source into tokens. It follows the server in what it takes for
// a comment: version comments whose version the target has are opened up, the
// others are skipped.
type lexer struct {
	src  parser.Source
	text string
	pos  int
	opts Options
	mode mode
	// delim ends a statement; the client's command DELIMITER changes it.
	delim string
	// open are the offsets of the version comments that are open at pos.
	open []int
	// marks are what has to be cut from a piece of the source so that it means
	// the same outside of version comments: their marks, and those skipped.
	marks []span
	// comments are all plain comments.
	comments   []span
	directives []*parser.Directive
	// body: pos is inside the body of a stored program, whose comments are its own.
	body bool
	// err is the first mistake; the lexer stops there.
	err *parser.Error
	// lines are the offsets at which lines begin, once a place was asked for.
	lines []int
}

// position is the place of an offset. Thousands of definitions ask for theirs, so
// the lines are counted once.
func (l *lexer) position(off int) schema.Pos {
	if l.lines == nil {
		l.lines = []int{0}
		for i := range len(l.src.Text) {
			if l.src.Text[i] == '\n' {
				l.lines = append(l.lines, i+1)
			}
		}
	}
	off = max(0, min(off, len(l.src.Text)))
	n := sort.SearchInts(l.lines, off+1) // lines that begin at or before it
	return schema.Pos{File: l.src.Name, Line: n, Col: off - l.lines[n-1] + 1}
}

func newLexer(src parser.Source, o Options) *lexer {
	return &lexer{src: src, text: src.Text, opts: o, mode: o.startMode(), delim: ";"}
}

func (l *lexer) errorf(off int, hint, format string, args ...any) {
	if l.err == nil {
		l.err = l.src.Errorf(off, hint, format, args...)
	}
	l.pos = len(l.text)
}

// next is the next token. The delimiter comes as punctuation with its own text;
// a ";" that is not the delimiter does, too.
func (l *lexer) next() token {
	l.space()
	start := l.pos
	if start >= len(l.text) {
		if len(l.open) > 0 {
			l.errorf(l.open[0], hintComment, "this comment is not closed")
			l.open = nil
		}
		return token{kind: eof, off: len(l.text), end: len(l.text)}
	}
	c := l.text[start]
	if strings.HasPrefix(l.text[start:], l.delim) {
		l.pos += len(l.delim)
		return l.token(punct, start, l.delim)
	}
	switch {
	case c == '\'' || c == '"' && !l.mode.ansiQuotes:
		return l.token(str, start, l.string(c))
	case c == '`' || c == '"':
		return l.token(quoted, start, l.quotedName(c))
	case (c == 'x' || c == 'X' || c == 'b' || c == 'B') && l.at(start+1) == '\'':
		l.pos++
		v := l.string('\'')
		return l.token(bits, start, strings.ToLower(string(c))+"'"+v+"'")
	case (c == 'n' || c == 'N') && l.at(start+1) == '\'':
		l.pos++
		return l.token(str, start, l.string('\''))
	case c >= '0' && c <= '9' || c == '.' && isDigit(l.at(start+1)) && !l.afterName():
		return l.number()
	case c == '@':
		return l.variable()
	case isWordByte(c):
		return l.word()
	}
	return l.operator()
}

func (l *lexer) token(k kind, start int, val string) token {
	return token{kind: k, off: start, end: l.pos, val: val}
}

func (l *lexer) at(i int) byte {
	if i < len(l.text) {
		return l.text[i]
	}
	return 0
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isWordByte: letters, digits, _, $, and every byte of a character beyond ASCII.
func isWordByte(c byte) bool {
	return c == '_' || c == '$' || isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

// afterName tells whether the byte before pos ends a name, so that a dot
// belongs to a qualified one.
func (l *lexer) afterName() bool {
	if l.pos == 0 {
		return false
	}
	c := l.text[l.pos-1]
	return isWordByte(c) || c == '`' || c == '"'
}

// string reads a string whose opening quote is at pos, and returns its value.
func (l *lexer) string(q byte) string {
	start := l.pos
	i := start + 1
	plain := true
	for ; i < len(l.text); i++ {
		switch c := l.text[i]; {
		case c == q && l.at(i+1) == q:
			plain = false
			i++
		case c == q:
			l.pos = i + 1
			if plain {
				return l.text[start+1 : i]
			}
			return unescape(l.text[start+1:i], q, !l.mode.noBackslash)
		case c == '\\' && !l.mode.noBackslash:
			plain = false
			i++
		}
	}
	l.errorf(start, hintString, "this string is not closed")
	return ""
}

// unescape resolves doubled quotes and, where they count, backslashes.
func unescape(s string, q byte, backslash bool) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == q:
			i++ // the second one of two
		case c == '\\' && backslash && i+1 < len(s):
			i++
			switch c = s[i]; c {
			case '0':
				c = 0
			case 'b':
				c = '\b'
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			case 't':
				c = '\t'
			case 'Z':
				c = 26
			case '%', '_': // kept for LIKE
				b.WriteByte('\\')
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}

// quotedName reads a name in backquotes or, under ANSI_QUOTES, double quotes.
func (l *lexer) quotedName(q byte) string {
	start := l.pos
	for i := start + 1; i < len(l.text); i++ {
		if l.text[i] != q {
			continue
		}
		if l.at(i+1) == q {
			i++
			continue
		}
		l.pos = i + 1
		s := l.text[start+1 : i]
		if strings.IndexByte(s, q) >= 0 {
			s = strings.ReplaceAll(s, string([]byte{q, q}), string(q))
		}
		return s
	}
	l.errorf(start, hintQuoted, "this quoted name is not closed")
	return ""
}

// number reads what starts with a digit or a dot: a number, a hexadecimal or
// binary value, or a name that only begins with digits (2fa_enabled).
func (l *lexer) number() token {
	start := l.pos
	t := l.text
	if t[start] == '0' && (l.at(start+1) == 'x' || l.at(start+1) == 'b') && !l.afterDot() {
		hex := l.at(start+1) == 'x'
		i := start + 2
		for i < len(t) && (isDigit(t[i]) && (hex || t[i] <= '1') || hex && (t[i] >= 'a' && t[i] <= 'f' || t[i] >= 'A' && t[i] <= 'F')) {
			i++
		}
		if i > start+2 && !isWordByte(l.at(i)) {
			l.pos = i
			return l.token(bits, start, t[start:i])
		}
	}
	i := start
	for isDigit(l.at(i)) {
		i++
	}
	if isWordByte(l.at(i)) && t[start] != '.' {
		if j := l.exponent(i); j > 0 && !isWordByte(l.at(j)) && !l.afterDot() {
			l.pos = j
			return l.token(number, start, t[start:j])
		}
		return l.word()
	}
	if l.at(i) == '.' && (i == start || !l.afterDot()) {
		i++
		for isDigit(l.at(i)) {
			i++
		}
	}
	if j := l.exponent(i); j > 0 {
		i = j
	}
	l.pos = i
	return l.token(number, start, t[start:i])
}

// exponent is the end of an exponent that starts at i, or 0.
func (l *lexer) exponent(i int) int {
	if c := l.at(i); c != 'e' && c != 'E' {
		return 0
	}
	i++
	if c := l.at(i); c == '+' || c == '-' {
		i++
	}
	if !isDigit(l.at(i)) {
		return 0
	}
	for isDigit(l.at(i)) {
		i++
	}
	return i
}

// afterDot: behind a dot, digits begin a name.
func (l *lexer) afterDot() bool {
	return l.pos > 1 && l.text[l.pos-1] == '.' && (isWordByte(l.text[l.pos-2]) || l.text[l.pos-2] == '`')
}

func (l *lexer) word() token {
	start := l.pos
	i := start
	glued := isWordByte(l.delim[0]) // a delimiter such as $$
	for i < len(l.text) && isWordByte(l.text[i]) && !(glued && strings.HasPrefix(l.text[i:], l.delim)) {
		i++
	}
	l.pos = i
	return l.token(word, start, l.text[start:i])
}

// variable reads @name, @@name, @'name', or the host of an account.
func (l *lexer) variable() token {
	start := l.pos
	l.pos++
	if l.at(l.pos) == '@' {
		l.pos++
	}
	switch c := l.at(l.pos); {
	case c == '\'' || c == '"':
		return l.token(variable, start, l.string(c))
	case c == '`':
		return l.token(variable, start, l.quotedName(c))
	}
	from := l.pos
	for i := l.pos; i < len(l.text) && (isWordByte(l.text[i]) || l.text[i] == '.'); i++ {
		l.pos = i + 1
	}
	return l.token(variable, start, l.text[from:l.pos])
}

var operators = [...]string{"<=>", "->>", "<=", ">=", "<>", "!=", "<<", ">>", "||", "&&", ":=", "->"}

func (l *lexer) operator() token {
	start := l.pos
	for _, op := range operators {
		if strings.HasPrefix(l.text[start:], op) {
			l.pos += len(op)
			return l.token(punct, start, op)
		}
	}
	l.pos++
	return l.token(punct, start, l.text[start:l.pos])
}
