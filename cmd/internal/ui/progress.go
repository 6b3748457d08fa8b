package ui

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/trueup-sql/trueup/dialects/executor"
	"github.com/trueup-sql/trueup/planner"
)

// Waits says what a session waits for at the moment; empty: for nothing.
type Waits func(context.Context) (string, error)

// Progress shows statements on stdout as they run; on a terminal, how long each
// takes; and what a statement waits for, once that took a second.
type Progress struct {
	// Silent: the statements were shown already.
	Silent bool
	// Waits is asked while a statement runs; nil: nobody knows.
	Waits Waits

	out, err io.Writer
	terminal bool
	ticking  ticking
}

var _ executor.Observer = (*Progress)(nil)

// NewProgress writes statements to out and progress to err.
func NewProgress(out, err io.Writer) *Progress {
	return &Progress{out: out, err: err, terminal: IsTerminal(err)}
}

// clear is what empties a terminal's line.
const clear = "\r\x1b[K"

// Started prints the statement.
func (p *Progress) Started(n, total int, s planner.Statement) {
	if p.terminal {
		fmt.Fprint(p.err, clear)
	}
	if !p.Silent {
		printStatement(p.out, s)
	}
	start := time.Now()
	p.ticking.start(func() {
		if p.terminal {
			fmt.Fprintf(p.err, "%s[%d/%d] %s %s", clear, n, total, s.Object, time.Since(start).Round(time.Second/10))
		}
	}, p.Waits, func(what string) {
		if p.terminal {
			fmt.Fprint(p.err, clear)
		}
		fmt.Fprintf(p.err, "[%d/%d] %s waits %s\n", n, total, s.Object, what)
	})
}

// Finished tells how long it took.
func (p *Progress) Finished(n, total int, s planner.Statement, took time.Duration, err error) {
	p.ticking.stop()
	if !p.terminal {
		return
	}
	fmt.Fprint(p.err, clear)
	if err == nil && (p.Silent || took > 100*time.Millisecond) {
		fmt.Fprintf(p.err, "[%d/%d] %s %s\n", n, total, s.Object, took.Round(time.Millisecond))
	}
}

// Phase tells what is going on between statements.
func (p *Progress) Phase(what string) {
	if p.terminal {
		fmt.Fprintf(p.err, "%s%s ..", clear, what)
		if what != "waiting for other appliers" {
			fmt.Fprint(p.err, clear)
		}
	}
}

// ticking does things beside a running statement.
type ticking struct {
	cancel context.CancelFunc
	done   sync.WaitGroup
}

const (
	tick = 100 * time.Millisecond
	// patience is how long a statement runs before it is asked what it waits for.
	patience = time.Second
)

// start calls show at every tick, and tells once about each thing that is
// waited for.
func (t *ticking) start(show func(), waits Waits, tell func(string)) {
	ctx, cancel := context.WithCancel(context.Background())
	t.cancel = cancel
	begun := time.Now()
	t.done.Go(func() {
		clock := time.NewTicker(tick)
		defer clock.Stop()
		last, asked := "", begun
		for {
			select {
			case <-ctx.Done():
				return
			case <-clock.C:
			}
			show()
			if waits == nil || time.Since(asked) < patience {
				continue
			}
			what, err := waits(ctx)
			asked = time.Now()
			if err == nil && what != "" && what != last {
				tell(what)
			}
			last = what
		}
	})
}

func (t *ticking) stop() {
	if t.cancel != nil {
		t.cancel()
		t.done.Wait()
		t.cancel = nil
	}
}

func printStatement(w io.Writer, s planner.Statement) {
	b := newPage(w)
	statement(b, s)
	b.Flush() //nolint:errcheck // a closed stdout must not stop a migration half way
}
