package pgparse

import (
	"errors"

	"github.com/trueup-sql/trueup/parser"
)

// Outline tells where the statements of a source stand.
func Outline(src parser.Source) ([]parser.Statement, error) {
	s := split(src)
	if len(s.errs) > 0 {
		return nil, errors.Join(s.errs...)
	}
	out := make([]parser.Statement, len(s.statements))
	for i, st := range s.statements {
		var tokens []parser.Token
		scan := scanner{text: src.Text[:st.end], pos: st.start}
		for t := scan.next(); t.kind != tokenEnd; t = scan.next() {
			if t.kind != tokenComment {
				tokens = append(tokens, parser.Token{Kind: outlineKinds[t.kind], Start: t.start, End: t.end})
			}
		}
		out[i] = parser.NewStatement(src.Text, tokens, terminated(src.Text, st.end))
	}
	return out, nil
}

// terminated is the offset behind the semicolon of a statement that ends at end.
func terminated(text string, end int) int {
	scan := scanner{text: text, pos: end}
	t := scan.next()
	for t.kind == tokenComment {
		t = scan.next()
	}
	if t.is(text, ";") {
		return t.end
	}
	return end
}

var outlineKinds = [...]parser.TokenKind{tokenWord: parser.TokenWord, tokenQuoted: parser.TokenQuoted, tokenString: parser.TokenString,
	tokenNumber: parser.TokenNumber, tokenSymbol: parser.TokenSign, tokenOther: parser.TokenSign, tokenMeta: parser.TokenSign}
