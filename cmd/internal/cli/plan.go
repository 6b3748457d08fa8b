package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/dialects"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
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
	if c.Target == "" {
		return errNoTarget
	}
	sources, err := c.load(s)
	if err != nil {
		return err
	}
	policy, report, err := c.policy()
	if err != nil {
		return err
	}
	policy.Adjust = slices.Insert(policy.Adjust, 0, somewhere(c.Schema))
	var p *planner.Plan
	var bound dialect.Bound
	if dialects.IsSnapshot(c.Target) {
		p, bound, err = c.offline(ctx, sources, policy)
	} else {
		p, bound, err = c.online(ctx, sources, policy)
	}
	if err != nil {
		return err
	}
	suggest(s.out, p, lookalikes(p, bound))
	if err := ui.Plan(s.out, p); err != nil {
		return err
	}
	ui.Summary(s.err, p, bound)
	if err := c.remarks(s, p); err != nil {
		return err
	}
	report(s)
	if c.Check && !p.Empty() {
		return status(exitDifferent)
	}
	return nil
}

// online plans for a database.
func (c *planCommand) online(ctx context.Context, sources []parser.Source, policy dialect.Policy) (p *planner.Plan, b dialect.Bound, err error) {
	d, server, err := c.open(ctx, c.options())
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	if p, err = dialect.Prepare(ctx, d.Name(), server, sources, policy); err == nil {
		err = c.pending(ctx, p, server)
	}
	return p, server, err
}

// offline plans for the database that a snapshot is of.
func (c *planCommand) offline(ctx context.Context, sources []parser.Source, policy dialect.Policy) (*planner.Plan, dialect.Bound, error) {
	if c.Migrations != "" {
		return nil, nil, fmt.Errorf("%s is a snapshot, which does not tell what scripts have run\n  hint: plan without --migrations, or for the database itself", c.Target)
	}
	o := c.options()
	o.Schemas, o.CommentTags = c.Schema, c.CommentTags
	side, err := dialects.OpenOne(ctx, c.Target, "", nil, o)
	if err != nil {
		return nil, nil, err
	}
	current, err := side.Catalog(ctx, side.From)
	if err != nil {
		return nil, nil, err
	}
	desired, err := dialect.Read(side.Dialect.Name(), side.Bound, sources)
	if err != nil {
		return nil, nil, err
	}
	p, err := dialect.CompareSides(ctx, side.Dialect.Name(), side.Bound, nil, current, desired, policy)
	return p, side.Bound, err
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
