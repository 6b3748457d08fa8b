package pgparse

import (
	"strings"

	"github.com/trueup-sql/trueup/parser"
)

// statement is the extent of one statement in a source: from its first token
// to the end of its last one, without the semicolon.
type statement struct{ start, end int }

// splitter cuts a source into statements.
type splitter struct {
	source     parser.Source
	scan       scanner
	statements []statement
	comments   []token // those that are directives, by the looks of it; the text of a body is a routine's own
	errs       []error

	open    bool // a statement has begun
	current statement
	words   []token // its first few tokens
	// parens is the depth of parentheses. Only the actions of a rule have
	// semicolons inside them; elsewhere a parenthesis was forgotten.
	parens int
	// atomic counts the END that are missing to close a BEGIN ATOMIC body.
	atomic int
	last   token
}

// split never fails as a whole: what it cannot understand is an error, and the
// rest is read all the same.
func split(source parser.Source) *splitter {
	s := &splitter{source: source, scan: scanner{text: source.Text}}
	for {
		t := s.scan.next()
		if t.kind == tokenEnd {
			break
		}
		s.take(t)
	}
	if e := s.scan.err; e != nil {
		s.errs = append(s.errs, source.Errorf(e.at, unterminatedHint(e.message), "%s", e.message))
		s.open = false // the rest of the text is inside it
	}
	s.finish()
	return s
}

func (s *splitter) take(t token) {
	text := s.source.Text
	switch {
	case t.kind == tokenComment:
		if s.atomic == 0 && strings.HasPrefix(strings.TrimLeft(t.comment(text), " \t\r\n"), "@") {
			s.comments = append(s.comments, t)
		}
		return
	case t.kind == tokenMeta:
		s.meta(t)
		return
	case t.is(text, ";") && s.atomic == 0 && (s.parens <= 0 || !s.rule()):
		s.finish()
		return
	}
	if !s.open {
		s.open, s.parens, s.atomic, s.words = true, 0, 0, s.words[:0]
		s.current = statement{start: t.start}
	}
	if len(s.words) < 4 {
		s.words = append(s.words, t)
	}
	s.nest(t)
	s.current.end = t.end
	s.last = t
}

// nest follows parentheses, and the BEGIN ATOMIC .. END body of a routine,
// inside which a semicolon ends no statement.
func (s *splitter) nest(t token) {
	text := s.source.Text
	switch t.kind {
	case tokenSymbol:
		switch text[t.start] {
		case '(':
			s.parens++
		case ')':
			s.parens--
		}
	case tokenWord:
		switch {
		case s.atomic > 0 && t.is(text, "case"):
			s.atomic++
		case s.atomic > 0 && t.is(text, "end"):
			s.atomic--
		case t.is(text, "atomic") && s.last.is(text, "begin") && s.words[0].is(text, "create"):
			s.atomic++
		}
	}
}

// rule tells whether this is a CREATE [OR REPLACE] RULE.
func (s *splitter) rule() bool {
	for i, w := range s.words {
		if i > 0 && w.is(s.source.Text, "rule") {
			return s.words[0].is(s.source.Text, "create")
		}
	}
	return false
}

func (s *splitter) finish() {
	if !s.open {
		return
	}
	s.open = false
	s.statements = append(s.statements, s.current)
	if s.words[0].is(s.source.Text, "copy") {
		s.skipData()
	}
}

// skipData moves behind the lines that follow a COPY .. FROM STDIN, up to the
// one that says \. ; the statement itself is refused later.
func (s *splitter) skipData() {
	c := scanner{text: s.source.Text[:s.current.end], pos: s.current.start}
	var last token
	for t := c.next(); t.kind != tokenEnd; t = c.next() {
		if t.is(c.text, "stdin") && last.is(c.text, "from") {
			rest := s.source.Text[s.scan.pos:]
			for line := range strings.Lines(rest) {
				s.scan.pos += len(line)
				if strings.TrimRight(line, "\r\n") == `\.` {
					break
				}
			}
			return
		}
		last = t
	}
}
