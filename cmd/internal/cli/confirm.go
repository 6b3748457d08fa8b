package cli

import (
	"errors"
	"fmt"
	"os/signal"
	"syscall"

	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/executor"
	"github.com/trueup-sql/trueup/planner"
)

// observer shows an apply in the way that was asked for.
type observer struct {
	executor.Observer
}

func newObserver(s streams) *observer {
	if l, ok := s.err.(*ui.Log); ok {
		return &observer{l.Observer(s.out)}
	}
	return &observer{ui.NewProgress(s.out, s.err)}
}

// watch has it tell what the session waits for.
func (o *observer) watch(session dialect.Session) {
	switch x := o.Observer.(type) {
	case *ui.Progress:
		x.Waits = session.Waits
	case *ui.LogObserver:
		x.Waits = session.Waits
	}
}

// silence has it leave out the statements, which were shown.
func (o *observer) silence() {
	switch x := o.Observer.(type) {
	case *ui.Progress:
		x.Silent = true
	case *ui.LogObserver:
		x.Silent = true
	}
}

// keepGoing has a closed stdout (apply | head) stop nothing half way.
func keepGoing() { signal.Ignore(syscall.SIGPIPE) }

var errStopped = errors.New("nothing was changed: stopped")

// confirm shows what was not allowed, and on a terminal the whole plan, and
// then asks. A pipe or a CI job is never asked.
func (c *applyCommand) confirm(s streams, p *planner.Plan, comparer planner.Comparer, o *observer) error {
	if c.Yes || !ui.Interactive(s.in, s.out) {
		if err := ui.Skipped(s.out, p); err != nil {
			return err
		}
		ui.Summary(s.err, p, comparer)
		return nil
	}
	if err := ui.Plan(s.out, p); err != nil {
		return err
	}
	ui.Summary(s.err, p, comparer)
	answer, err := ui.Ask(s.in, s.out, "Apply this?", "yn")
	if err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	if answer != 'y' {
		return errStopped
	}
	o.silence()
	return nil
}
