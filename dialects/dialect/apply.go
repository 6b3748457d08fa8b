package dialect

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/trueup-sql/trueup/dialects/executor"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// ApplyOptions of one [Apply].
type ApplyOptions struct {
	Policy Policy
	// Renames looks at the plan before Approve does; if it wants anything
	// renamed, the plan is made again, and it is asked again.
	Renames func(context.Context, *planner.Plan, Session) (map[schema.ID]schema.ID, error)
	// Approve looks at the plan before anything runs, and may add to it; an error
	// stops it.
	Approve func(context.Context, *planner.Plan, Session) error
	// LockWait is how long to wait for another applier; 0: for ever.
	LockWait time.Duration
	// NoVerify commits without reading the catalogs again.
	NoVerify bool
	Observer executor.Observer
}

// Apply takes the server's database to the desired state of the sources: it
// waits until no other applier is at work, plans, and runs the plan. It returns
// the plan, also when it could not be run.
func Apply(ctx context.Context, name string, s Server, sources []parser.Source, o ApplyOptions) (p *planner.Plan, err error) {
	if o.Observer == nil {
		o.Observer = executor.NopObserver{}
	}
	session, err := s.Session(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	o.Observer.Phase("waiting for other appliers")
	unlock, err := session.Lock(ctx, o.LockWait)
	if err != nil {
		return nil, fmt.Errorf("nothing was changed: %w", err)
	}
	defer func() { err = errors.Join(err, unlock(context.WithoutCancel(ctx))) }()
	o.Observer.Phase("planning")
	if p, err = prepare(ctx, name, s, session, sources, &o); err != nil {
		return p, err
	}
	if o.Approve != nil {
		if err := o.Approve(ctx, p, session); err != nil {
			return p, err
		}
	}
	if p.Empty() {
		return p, nil
	}
	run := executor.Options{Observer: o.Observer}
	if !o.NoVerify {
		run.Verify = Verify(name, s, session, sources, o.Policy)
	}
	return p, executor.Run(ctx, session, p.Statements, run)
}

// prepare makes the plan, again for as long as the user wants renames; these
// go into the policy.
func prepare(ctx context.Context, name string, s Server, session Session, sources []parser.Source, o *ApplyOptions) (*planner.Plan, error) {
	for {
		p, err := Prepare(ctx, name, s, sources, o.Policy)
		if err != nil || o.Renames == nil {
			return p, err
		}
		more, err := o.Renames(ctx, p, session)
		if err != nil || len(more) == 0 {
			return p, err
		}
		all := maps.Clone(o.Policy.Renames)
		if all == nil {
			all = map[schema.ID]schema.ID{}
		}
		maps.Copy(all, more)
		o.Policy.Renames = all
	}
}
