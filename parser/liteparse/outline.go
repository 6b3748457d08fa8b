package liteparse

import "github.com/trueup-sql/trueup/parser"

// Outline tells where the statements of a source stand.
func Outline(src parser.Source) ([]parser.Statement, error) {
	var out []parser.Statement
	for _, s := range Split(src.Text) {
		if len(s.Tokens) == 0 {
			continue
		}
		tokens := make([]parser.Token, len(s.Tokens))
		for i, t := range s.Tokens {
			tokens[i] = parser.Token{Kind: outlineKinds[t.Class], Start: t.At, End: t.End()}
		}
		end := s.At + len(s.Text)
		stop := end
		for at := end; at < len(src.Text); { // comments may stand before the semicolon
			n, class := next(src.Text[at:])
			if class != 0 && class != Comment {
				if src.Text[at] == ';' {
					stop = at + 1
				}
				break
			}
			at += n
		}
		out = append(out, parser.NewStatement(src.Text, tokens, stop))
	}
	return out, nil
}

var outlineKinds = [...]parser.TokenKind{Word: parser.TokenWord, Quoted: parser.TokenQuoted, Double: parser.TokenQuoted, String: parser.TokenString,
	Blob: parser.TokenString, Number: parser.TokenNumber, Param: parser.TokenSign, Sign: parser.TokenSign, Invalid: parser.TokenSign}
