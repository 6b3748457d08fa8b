package myparse

import (
	"strings"

	"github.com/trueup-sql/trueup/parser"
)

// Outline tells where the statements of a source stand. The marks of version
// comments around a statement are part of it.
func Outline(src parser.Source, o Options) ([]parser.Statement, error) {
	l := newLexer(src, o)
	var out []parser.Statement
	for {
		toks := l.statement()
		if l.err != nil {
			return nil, l.err
		}
		if len(toks) == 0 {
			return out, nil
		}
		tokens := make([]parser.Token, len(toks))
		for i, t := range toks {
			tokens[i] = parser.Token{Kind: outlineKinds[t.kind], Start: t.off, End: t.end}
		}
		s := parser.NewStatement(src.Text, tokens, l.stop(toks[len(toks)-1].end))
		l.widen(&s)
		out = append(out, s)
	}
}

var outlineKinds = [...]parser.TokenKind{word: parser.TokenWord, quoted: parser.TokenQuoted, str: parser.TokenString, number: parser.TokenNumber,
	bits: parser.TokenString, variable: parser.TokenSign, punct: parser.TokenSign, eof: parser.TokenSign}

// stop is the offset behind the delimiter of a statement that was just read,
// whose last token ends at end.
func (l *lexer) stop(end int) int {
	behind := l.text[end:l.pos]
	if n := len(l.comments); n > 0 && l.comments[n-1].end >= l.pos {
		return end // a comment at the end of the source
	}
	if strings.HasSuffix(behind, l.delim) || strings.HasSuffix(behind, ";") {
		return l.pos
	}
	return end
}

// widen takes the marks of version comments at both ends into a statement.
func (l *lexer) widen(s *parser.Statement) {
	for _, m := range l.marks {
		switch {
		case m.end <= s.Start && strings.TrimSpace(l.text[m.end:s.Start]) == "" && strings.HasPrefix(l.text[m.off:], "/*"):
			s.Start = m.off
		case m.off >= s.End && m.end <= max(s.Stop, s.End) && strings.TrimSpace(l.text[s.End:m.off]) == "":
			s.End = m.end
		}
	}
	s.Stop = max(s.Stop, s.End)
}
