package cli

import (
	"context"
	"errors"

	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/planner"
)

type planCommand struct {
	targetFlags
	sourceFlags
	planFlags
	fleetFlags
	Check bool `help:"Exit with 2 if there is something to do."`
}

// Run prints the plan of the target, or of many.
func (c *planCommand) Run(ctx context.Context, s streams) error {
	targets, err := c.many(c.fleetFlags)
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		return c.one(ctx, s)
	}
	return groupOutcomes(s, c.each(ctx, targets, share(s.in), func(ctx context.Context, _ int, target string, s streams) error {
		one := *c
		one.Target = target
		return one.one(ctx, s)
	}), "in sync")
}

func (c *planCommand) one(ctx context.Context, s streams) (err error) {
	if err := configure(&c.targetFlags, &c.scopeFlags, &c.File, &c.planFlags); err != nil {
		return err
	}
	sources, err := c.load(s)
	if err != nil {
		return err
	}
	policy, report, err := c.policy()
	if err != nil {
		return err
	}
	d, server, err := c.open(ctx, c.options())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	p, err := dialect.Prepare(ctx, d.Name(), server, sources, policy)
	if err != nil {
		return err
	}
	if err := c.pending(ctx, p, server); err != nil {
		return err
	}
	suggest(s.out, p, lookalikes(p, server))
	if err := ui.Plan(s.out, p); err != nil {
		return err
	}
	ui.Summary(s.err, p, server)
	if err := c.remarks(s, p); err != nil {
		return err
	}
	report(s)
	if c.Check && !p.Empty() {
		return status(exitDifferent)
	}
	return nil
}

// pending adds the scripts that an apply would run.
func (c *planCommand) pending(ctx context.Context, p *planner.Plan, server dialect.Server) (err error) {
	if c.Migrations == "" {
		return nil
	}
	session, err := server.Session(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	return c.scriptFlags.add(ctx, p, server, session, false)
}
