package liteparse

import "github.com/trueup-sql/trueup/parser"

// Commands cuts a script into statements that are run as they are.
func Commands(src parser.Source) ([]parser.Command, error) {
	var out []parser.Command
	for _, s := range Split(src.Text) {
		if len(s.Tokens) > 0 {
			out = append(out, parser.Command{Text: s.Text, Pos: src.Pos(s.At), Control: s.Tokens[0].In("begin", "commit", "end", "rollback")})
		}
	}
	return out, nil
}
