package cli

import (
	"bytes"
	"context"
	"errors"
	"os"

	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/dialects/dialect"
)

type exportCommand struct {
	targetFlags
	Output string `short:"o" placeholder:"FILE" help:"Write to this file. Default: stdout."`
}

// Run prints the live schema.
func (c *exportCommand) Run(ctx context.Context, s streams) (err error) {
	d, server, err := c.open(ctx, dialect.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	p, err := dialect.Export(ctx, d.Name(), server)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := ui.Export(&b, p); err != nil {
		return err
	}
	if err := (planFlags{}).remarks(s, p); err != nil {
		return err
	}
	if c.Output != "" {
		return os.WriteFile(c.Output, b.Bytes(), 0o644)
	}
	_, err = s.out.Write(b.Bytes())
	return err
}
