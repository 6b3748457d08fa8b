// Package executor runs a plan on a session: in transactions where the
// statements allow it, and verified before the commit. It knows no dialect: what a server can do is in each
// statement ([planner.Tx]) and in the session.
package executor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-sql/trueup/planner"
)

// Session is one connection to a server.
type Session interface {
	Exec(ctx context.Context, sql string) error
	// Begin, Commit and Rollback bound a transaction. A server whose DDL
	// commits by itself gets only statements marked [planner.NoTx].
	Begin(ctx context.Context) error
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
	// Lock keeps other appliers away from this database, and waits for at most
	// that long (0: for ever) for one that runs. It is taken before the plan is
	// made, and outside of any transaction of the plan.
	Lock(ctx context.Context, wait time.Duration) (unlock func(context.Context) error, err error)
	Close() error
}

// Observer is told what happens. Embed [NopObserver] to watch only some of it.
type Observer interface {
	Started(n, total int, s planner.Statement)
	Finished(n, total int, s planner.Statement, took time.Duration, err error)
	// Phase announces what is not a statement: waiting, verifying, committing.
	Phase(what string)
}

// NopObserver ignores everything.
type NopObserver struct{}

func (NopObserver) Started(int, int, planner.Statement)                        {}
func (NopObserver) Finished(int, int, planner.Statement, time.Duration, error) {}
func (NopObserver) Phase(string)                                               {}

// Check looks at the outcome before it is committed.
type Check func(context.Context) error

// Options of one run.
type Options struct {
	Verify   Check    // nil: none
	Observer Observer // nil: none
}

// Error tells which statement failed, and what is in force.
type Error struct {
	Statement planner.Statement
	// Done are the statements that were committed before; empty means that the
	// database is as it was.
	Done []planner.Statement
	// Rest are those that were not run.
	Rest []planner.Statement
	Err  error
}

func (e *Error) Error() string {
	at := ""
	if !e.Statement.Origin.IsZero() {
		at = fmt.Sprintf(" (%s)", e.Statement.Origin)
	}
	state := "nothing was changed"
	if len(e.Done) > 0 {
		state = fmt.Sprintf("in force: the first %d of %d statements; running again continues from there", len(e.Done), len(e.Done)+1+len(e.Rest))
	}
	return fmt.Sprintf("%s%s: %v\n  statement: %s\n  %s", e.Statement.Object, at, e.Err, e.Statement.SQL, state)
}

func (e *Error) Unwrap() error { return e.Err }

// Run runs the statements. Neighbours marked [planner.InTx] share a
// transaction; the last transaction is committed only if the check passes. A
// plan that does not end in one is checked afterwards. The caller holds the
// session's lock since before it made the plan.
func Run(ctx context.Context, s Session, statements []planner.Statement, o Options) error {
	if o.Observer == nil {
		o.Observer = NopObserver{}
	}
	r := &run{Session: s, Options: o, all: statements}
	for r.next < len(statements) {
		if err := r.group(ctx); err != nil {
			return err
		}
	}
	if r.checked || o.Verify == nil {
		return nil
	}
	o.Observer.Phase("verifying")
	return o.Verify(ctx)
}

type run struct {
	Session
	Options
	all     []planner.Statement
	next    int // the first statement that has not run
	done    int // how many are committed
	checked bool
}

// group runs the next statements that belong together.
func (r *run) group(ctx context.Context) error {
	kind := r.all[r.next].Tx
	end := r.next + 1
	for kind != planner.NoTx && end < len(r.all) && r.all[end].Tx == kind {
		end++
	}
	if kind == planner.NoTx {
		if err := r.exec(ctx); err != nil {
			return err
		}
		r.done = r.next
		return nil
	}
	if err := r.Begin(ctx); err != nil {
		return err
	}
	err := r.transaction(ctx, end)
	if err != nil {
		if back := r.Rollback(context.WithoutCancel(ctx)); back != nil {
			err = errors.Join(err, fmt.Errorf("rolling back: %w", back))
		}
		return err
	}
	r.done = r.next
	return nil
}

func (r *run) transaction(ctx context.Context, end int) error {
	for r.next < end {
		if err := r.exec(ctx); err != nil {
			return err
		}
	}
	if end == len(r.all) && r.Verify != nil {
		r.Observer.Phase("verifying")
		if err := r.Verify(ctx); err != nil {
			return fmt.Errorf("rolled back: %w", err)
		}
		r.checked = true
	}
	r.Observer.Phase("committing")
	return r.Commit(ctx)
}

func (r *run) exec(ctx context.Context) error {
	s := r.all[r.next]
	r.Observer.Started(r.next+1, len(r.all), s)
	start := time.Now()
	err := r.Exec(ctx, s.SQL)
	r.Observer.Finished(r.next+1, len(r.all), s, time.Since(start), err)
	if err != nil {
		return &Error{Statement: s, Done: r.all[:r.done], Rest: r.all[r.next+1:], Err: err}
	}
	r.next++
	return nil
}
