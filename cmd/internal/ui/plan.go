// Package ui shows plans and progress to people. It decides nothing.
package ui

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/trueup-sql/trueup/planner"
)

// Plan prints a plan's SQL as a script. What has to run in a transaction of
// its own, or in none, is announced by comments. An empty plan prints nothing
// but what was skipped.
func Plan(w io.Writer, p *planner.Plan) error {
	b := bufio.NewWriter(w)
	skipped(b, p)
	groups := grouped(p.Statements)
	for i, g := range groups {
		if len(groups) > 1 {
			fmt.Fprintf(b, "-- part %d of %d: %s\n", i+1, len(groups), groupTitle(g))
		}
		for _, s := range g {
			statement(b, s)
		}
	}
	return b.Flush()
}

// Export prints the statements that make a schema, with a blank line between
// them where that helps reading.
func Export(w io.Writer, p *planner.Plan) error {
	b := bufio.NewWriter(w)
	for i, s := range p.Statements {
		if i > 0 && (strings.Contains(s.SQL, "\n") || strings.Contains(p.Statements[i-1].SQL, "\n") || s.Object.Kind != p.Statements[i-1].Object.Kind) {
			b.WriteByte('\n')
		}
		statement(b, s)
	}
	return b.Flush()
}

// Skipped prints what was not allowed.
func Skipped(w io.Writer, p *planner.Plan) error {
	b := bufio.NewWriter(w)
	skipped(b, p)
	return b.Flush()
}

func skipped(b *bufio.Writer, p *planner.Plan) {
	if p.Delta == nil {
		return
	}
	for _, s := range p.Delta.Skipped {
		id := s.Object.ID()
		what := id.String()
		if s.Part != "" {
			what = s.Part + " of " + what
		}
		if s.For.IsZero() {
			fmt.Fprintf(b, "-- skipped: drop %s (allow it with --enable-drop or --allow-drop=%q)\n", what, string(id.Kind))
		} else {
			fmt.Fprintf(b, "-- skipped: drop %s (needed by %s, which stays)\n", what, s.For)
		}
	}
}

func statement(b *bufio.Writer, s planner.Statement) {
	if s.Comment != "" {
		for line := range strings.Lines(s.Comment) {
			fmt.Fprintf(b, "-- %s\n", strings.TrimRight(line, "\n"))
		}
	}
	fmt.Fprintf(b, "%s\n", s.InScript())
}

// grouped splits statements as the executor does.
func grouped(all []planner.Statement) [][]planner.Statement {
	var out [][]planner.Statement
	for i, s := range all {
		if i == 0 || all[i-1].Tx != s.Tx {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], s)
	}
	return out
}

func groupTitle(g []planner.Statement) string {
	switch g[0].Tx {
	case planner.OwnTx:
		return "in a transaction of its own, committed before what follows"
	case planner.NoTx:
		return "outside of a transaction"
	}
	return "in one transaction"
}
