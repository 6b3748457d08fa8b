package ui

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"github.com/trueup-sql/trueup/dialects/executor"
	"github.com/trueup-sql/trueup/planner"
)

// Progress shows statements on stdout as they run, and on a terminal how long
// each took.
type Progress struct {
	out, err io.Writer
	terminal bool
}

var _ executor.Observer = (*Progress)(nil)

// NewProgress writes statements to out and progress to err.
func NewProgress(out, err io.Writer) *Progress {
	return &Progress{out: out, err: err, terminal: IsTerminal(err)}
}

// Started prints the statement.
func (p *Progress) Started(n, total int, s planner.Statement) {
	if p.terminal {
		fmt.Fprintf(p.err, "\r\x1b[K[%d/%d] %s\n", n, total, s.Object)
	}
	b := bufio.NewWriter(p.out)
	statement(b, s)
	b.Flush() //nolint:errcheck // a closed stdout must not stop a migration half way
}

// Finished tells how long it took.
func (p *Progress) Finished(n, total int, s planner.Statement, took time.Duration, err error) {
	if p.terminal && err == nil && took > 100*time.Millisecond {
		fmt.Fprintf(p.err, "[%d/%d] done in %s\n", n, total, took.Round(time.Millisecond))
	}
}

// Phase tells what is going on between statements.
func (p *Progress) Phase(what string) {
	if p.terminal {
		fmt.Fprintf(p.err, "\r\x1b[K%s ..", what)
		if what == "committing" {
			fmt.Fprint(p.err, "\r\x1b[K")
		}
	}
}
