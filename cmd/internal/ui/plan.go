// Package ui shows plans and progress to people. It decides nothing.
package ui

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/trueup-sql/trueup/planner"
)

// page is where a plan is printed.
type page struct {
	*bufio.Writer
	colours bool
}

func newPage(w io.Writer) *page { return &page{bufio.NewWriter(w), coloured(w)} }

func (p *page) comment(text string) {
	if p.colours {
		text = paint(text, grey)
	}
	p.WriteString(text) //nolint:errcheck // Flush tells
}

// Comment prints a line of SQL comment.
func Comment(w io.Writer, text string) {
	p := newPage(w)
	p.comment("-- " + text + "\n")
	p.Flush() //nolint:errcheck // as for any note
}

// Summary says in a line what a plan does, if w is a terminal.
func Summary(w io.Writer, p *planner.Plan, c planner.Comparer) {
	if !IsTerminal(w) || p.Delta == nil {
		return
	}
	text := planner.Summarize(p.Delta, c).String()
	scripts := 0
	for i, s := range p.Statements {
		if s.Object.Kind == "script" && (i == 0 || p.Statements[i-1].Object != s.Object) {
			scripts++
		}
	}
	if scripts > 0 {
		text += fmt.Sprintf(", %d to run", scripts)
	}
	if n := len(p.Delta.Skipped); n > 0 {
		text += fmt.Sprintf(", %d not allowed", n)
	}
	fmt.Fprintln(w, text)
}

// Plan prints a plan's SQL as a script. What has to run in a transaction of
// its own, or in none, is announced by comments. An empty plan prints nothing
// but what was skipped.
func Plan(w io.Writer, p *planner.Plan) error {
	b := newPage(w)
	skipped(b, p)
	groups := grouped(p.Statements)
	for i, g := range groups {
		if len(groups) > 1 {
			b.comment(fmt.Sprintf("-- part %d of %d: %s\n", i+1, len(groups), groupTitle(g)))
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
	b := &page{Writer: bufio.NewWriter(w)}
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
	b := newPage(w)
	skipped(b, p)
	return b.Flush()
}

func skipped(b *page, p *planner.Plan) {
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
			b.comment(fmt.Sprintf("-- skipped: drop %s (allow it with --enable-drop or --allow-drop=%q)\n", what, string(id.Kind)))
		} else {
			b.comment(fmt.Sprintf("-- skipped: drop %s (needed by %s, which stays)\n", what, s.For))
		}
	}
}

func statement(b *page, s planner.Statement) {
	if s.Comment != "" {
		for line := range strings.Lines(s.Comment) {
			b.comment(fmt.Sprintf("-- %s\n", strings.TrimRight(line, "\n")))
		}
	}
	text := s.InScript() + "\n"
	if b.colours {
		text = paint(text, colourOf(s))
	}
	b.WriteString(text) //nolint:errcheck // Flush tells
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
