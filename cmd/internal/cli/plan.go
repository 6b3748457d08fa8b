package cli

import (
	"context"
	"errors"

	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/dialects/dialect"
)

type planCommand struct {
	targetFlags
	sourceFlags
	planFlags
	Check bool `help:"Exit with 2 if there is something to do."`
}

// Run prints the plan.
func (c *planCommand) Run(ctx context.Context, s streams) (err error) {
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
	if err := ui.Plan(s.out, p); err != nil {
		return err
	}
	if err := c.remarks(s, p); err != nil {
		return err
	}
	report(s)
	if c.Check && !p.Empty() {
		return status(exitDifferent)
	}
	return nil
}
