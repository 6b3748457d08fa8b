package pgparse

import (
	"strings"
	"unicode/utf8"
)

// A token is a piece of a text by PostgreSQL's lexical rules (scan.l), with
// standard_conforming_strings on. The reader has a scanner of its own besides
// the grammar's, because it also has to see what the grammar never does:
// comments, psql's meta-commands, the data of a COPY.
type token struct {
	kind       tokenKind
	start, end int // byte offsets
}

type tokenKind uint8

const (
	tokenEnd     tokenKind = iota
	tokenWord              // an identifier or keyword without quotes
	tokenQuoted            // a quoted identifier
	tokenString            // any kind of string constant
	tokenNumber            // a numeric constant, or a parameter $1
	tokenSymbol            // one of ( ) [ ] , ; . :
	tokenOther             // an operator
	tokenComment           // with its marks
	tokenMeta              // a backslash: psql's
)

// lexError is a constant or comment without an end.
type lexError struct {
	at      int
	message string
}

// scanner walks over a text.
type scanner struct {
	text string
	pos  int
	err  *lexError
}

func identStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= utf8.RuneSelf
}

func identPart(c byte) bool { return identStart(c) || digit(c) || c == '$' }
func digit(c byte) bool     { return c >= '0' && c <= '9' }
func space(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'
}

const operatorChars = "+-*/<>=~!@#%^&|`?"

// next returns the next token. At the end of the text it is of kind tokenEnd;
// so it is after an error.
func (s *scanner) next() token {
	for s.pos < len(s.text) && space(s.text[s.pos]) {
		s.pos++
	}
	start := s.pos
	if start >= len(s.text) || s.err != nil {
		return token{tokenEnd, len(s.text), len(s.text)}
	}
	kind := s.scan(s.text[start], s.text[start:])
	return token{kind, start, s.pos}
}

// scan moves behind the token that rest begins with.
func (s *scanner) scan(c byte, rest string) tokenKind {
	switch {
	case strings.HasPrefix(rest, "--"):
		if n := strings.IndexAny(rest, "\r\n"); n >= 0 {
			s.pos += n
		} else {
			s.pos = len(s.text)
		}
		return tokenComment
	case strings.HasPrefix(rest, "/*"):
		s.blockComment()
		return tokenComment
	case c == '\'':
		s.quoted(1, '\'', false, "unterminated quoted string")
		return tokenString
	case c == '"':
		s.quoted(1, '"', false, "unterminated quoted identifier")
		return tokenQuoted
	case identStart(c):
		return s.word(rest)
	case digit(c), c == '.' && len(rest) > 1 && digit(rest[1]):
		s.number()
		return tokenNumber
	case c == '$':
		return s.dollar(rest)
	case strings.IndexByte("()[],;.:", c) >= 0:
		s.pos++
		return tokenSymbol
	case c == '\\':
		s.pos++
		return tokenMeta
	case strings.IndexByte(operatorChars, c) >= 0:
		n := 1
		for n < len(rest) && strings.IndexByte(operatorChars, rest[n]) >= 0 &&
			!strings.HasPrefix(rest[n:], "--") && !strings.HasPrefix(rest[n:], "/*") {
			n++
		}
		s.pos += n
		return tokenOther
	}
	s.pos++
	return tokenOther // the grammar will say what is wrong with it
}

func (s *scanner) fail(message string) {
	s.err = &lexError{s.pos, message}
	s.pos = len(s.text)
}

// quoted moves behind a quoted thing whose opening mark ends skip bytes ahead.
func (s *scanner) quoted(skip int, mark byte, escapes bool, unterminated string) {
	for i := s.pos + skip; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '\\' && escapes:
			i++
		case c == mark && i+1 < len(s.text) && s.text[i+1] == mark:
			i++
		case c == mark:
			s.pos = i + 1
			return
		}
	}
	s.fail(unterminated)
}

func (s *scanner) blockComment() {
	depth := 0
	for i := s.pos; i+1 < len(s.text); i++ {
		switch s.text[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
			if depth == 0 {
				s.pos = i + 1
				return
			}
		}
	}
	s.fail("unterminated /* comment")
}

// word reads an identifier, or a string or identifier with a prefix: E'..',
// B'..', X'..', N'..', U&'..', U&"..".
func (s *scanner) word(rest string) tokenKind {
	if len(rest) > 1 && rest[1] == '\'' {
		switch rest[0] {
		case 'e', 'E':
			s.quoted(2, '\'', true, "unterminated quoted string")
			return tokenString
		case 'b', 'B', 'x', 'X', 'n', 'N':
			s.quoted(2, '\'', false, "unterminated quoted string")
			return tokenString
		}
	}
	if len(rest) > 2 && (rest[0] == 'u' || rest[0] == 'U') && rest[1] == '&' {
		switch rest[2] {
		case '\'':
			s.quoted(3, '\'', false, "unterminated quoted string")
			return tokenString
		case '"':
			s.quoted(3, '"', false, "unterminated quoted identifier")
			return tokenQuoted
		}
	}
	for s.pos < len(s.text) && identPart(s.text[s.pos]) {
		s.pos++
	}
	return tokenWord
}

func (s *scanner) number() {
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		switch {
		case digit(c), c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
		case c == '.' && !strings.HasPrefix(s.text[s.pos:], ".."):
		case (c == '+' || c == '-') && strings.IndexByte("eE", s.text[s.pos-1]) >= 0 && s.pos+1 < len(s.text) && digit(s.text[s.pos+1]):
		default:
			return
		}
		s.pos++
	}
}

// dollar reads a dollar-quoted string or a parameter.
func (s *scanner) dollar(rest string) tokenKind {
	n := 1
	if n < len(rest) && digit(rest[n]) {
		for n < len(rest) && digit(rest[n]) {
			n++
		}
		s.pos += n
		return tokenNumber
	}
	for n < len(rest) && identPart(rest[n]) && rest[n] != '$' {
		n++
	}
	if n == len(rest) || rest[n] != '$' {
		s.pos++
		return tokenOther
	}
	tag := rest[:n+1]
	end := strings.Index(rest[n+1:], tag)
	if end < 0 {
		s.fail("unterminated dollar-quoted string")
		return tokenString
	}
	s.pos += n + 1 + end + len(tag)
	return tokenString
}

// is tells whether a token is this keyword or symbol; word is in lower case.
func (t token) is(text, word string) bool {
	return t.end-t.start == len(word) && t.kind != tokenQuoted && strings.EqualFold(text[t.start:t.end], word)
}

// comment is the text of a comment token between its marks.
func (t token) comment(text string) string {
	c := text[t.start:t.end]
	if strings.HasPrefix(c, "--") {
		return c[2:]
	}
	return c[2 : len(c)-2]
}
