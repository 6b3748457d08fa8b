package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"

	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/dialects"
	"github.com/trueup-sql/trueup/dialects/dialect"
)

type exportCommand struct {
	targetFlags
	Dialect string `placeholder:"NAME" help:"Dialect of a target that is only SQL: postgres, postgres:16, mysql, sqlite."`
	Output  string `short:"o" placeholder:"FILE" help:"Write to this file, or, with a slash at its end or if it is a folder, one file per object into it. Default: stdout."`
}

// Run prints the live schema.
func (c *exportCommand) Run(ctx context.Context, s streams) (err error) {
	var scope scopeFlags
	if err := configure(&c.targetFlags, &scope, new([]string), nil); err != nil {
		return err
	}
	if c.Target == "" {
		return errNoTarget
	}
	side, err := dialects.OpenOne(ctx, c.Target, c.Dialect, s.in, dialect.Options{Schemas: c.Schema, CommentTags: c.CommentTags})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, side.Close()) }()
	catalog, err := side.Catalog(ctx, side.From)
	if err != nil {
		return err
	}
	if err := somewhere(c.Schema)(catalog, catalog); err != nil {
		return err
	}
	p, err := dialect.Export(side.Dialect.Name(), side.Bound, catalog)
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
	if c.isFolder() {
		return splitExport(c.Output, side.Dialect.Name(), side.Bound, p.Delta.Desired)
	}
	if c.Output != "" {
		return os.WriteFile(c.Output, b.Bytes(), 0o644)
	}
	_, err = s.out.Write(b.Bytes())
	return err
}

func (c *exportCommand) isFolder() bool {
	info, err := os.Stat(c.Output)
	return strings.HasSuffix(c.Output, "/") || err == nil && info.IsDir()
}
