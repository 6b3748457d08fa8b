package myparse

import "github.com/trueup-sql/trueup/parser"

// Commands cuts a script into statements that are run as they are. All but
// those that read and write rows count as commands that commit. Directives mean
// nothing in it.
func Commands(src parser.Source, o Options) ([]parser.Command, error) {
	src.Tags = anyTag
	l := newLexer(src, o)
	var out []parser.Command
	for {
		toks := l.statement()
		if l.err != nil {
			return nil, l.err
		}
		if len(toks) == 0 {
			return out, nil
		}
		first := toks[0]
		out = append(out, parser.Command{
			Text:    (&cursor{lexer: l}).cut(first.off, toks[len(toks)-1].end, l.marks),
			Pos:     l.position(first.off),
			Control: first.any("START", "COMMIT", "ROLLBACK") || first.is("BEGIN") && (len(toks) == 1 || toks[1].is("WORK")),
			Commits: !first.any("INSERT", "UPDATE", "DELETE", "REPLACE", "SELECT", "WITH", "SET", "DO", "VALUES", "TABLE"),
		})
	}
}
