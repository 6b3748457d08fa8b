package ui

import (
	"io"
	"os"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/planner"
)

// Colours of a terminal (SGR parameters).
const (
	green  = "32"
	yellow = "33"
	red    = "31"
	grey   = "90"
)

// coloured tells whether w takes colours: a terminal, unless $NO_COLOR is set
// (no-color.org) or $TERM says that it is a dumb one.
func coloured(w io.Writer) bool {
	return IsTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// paint colours every line of a text by itself, so that a pager can cut it.
func paint(text, colour string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		body, end := strings.TrimSuffix(line, "\n"), ""
		if body != line {
			end = "\n"
		}
		b.WriteString("\x1b[" + colour + "m" + body + "\x1b[0m" + end)
	}
	return b.String()
}

// colourOf says what a statement does: it adds, changes, or loses something.
func colourOf(s planner.Statement) string {
	switch {
	case s.Verb == planner.Drop, slices.Contains(s.Hazards, planner.HazardDataLoss):
		return red
	case s.Verb == planner.Create:
		return green
	}
	return yellow
}
