package pgparse

import (
	"errors"
	"slices"

	"github.com/trueup-sql/trueup/parser"
)

// Commands cuts a script into statements that are run as they are.
func Commands(src parser.Source) ([]parser.Command, error) {
	s := split(src)
	errs := s.errs
	var out []parser.Command
	for _, st := range s.statements {
		text := src.Text[st.start:st.end]
		scan := scanner{text: text}
		first := scan.next()
		is := func(words ...string) bool {
			return slices.ContainsFunc(words, func(w string) bool { return first.is(text, w) })
		}
		if is("copy") {
			errs = append(errs, src.Errorf(st.start, "write it as INSERT", "COPY cannot be run from a script"))
		}
		out = append(out, parser.Command{Text: text, Pos: src.Pos(st.start), Control: is("begin", "start", "commit", "end", "rollback", "abort")})
	}
	return out, errors.Join(errs...)
}
