package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/trueup-sql/trueup/cmd/internal/config"
	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/dialects"
	"github.com/trueup-sql/trueup/dialects/dialect"
)

type diffCommand struct {
	textFlags
	scopeFlags
	Config  string   `placeholder:"FILE" help:"The configuration. Default: trueup.yaml, here or in a folder above."`
	From    string   `arg:"" help:"A URL, an environment, a file, folder or glob of SQL, a snapshot, or -."`
	To      string   `arg:"" help:"Likewise."`
	Dialect string   `placeholder:"NAME" help:"Dialect of two sides that are only SQL: postgres, postgres:16, mysql, sqlite."`
	Schema  []string `placeholder:"NAME" help:"Only these schemas (repeatable)."`
	Manage  []string `enum:"privileges,owners" placeholder:"WHAT" help:"Compare privileges or owners also where TO names none."`
	Check   bool     `help:"Exit with 2 if there is a difference."`
}

// Run prints the SQL that leads from one side to the other.
func (c *diffCommand) Run(ctx context.Context, s streams) (err error) {
	conf, err := config.Load(c.Config)
	if err != nil {
		return err
	}
	or(&c.CommentTags, conf.CommentTags)
	for _, side := range []*string{&c.From, &c.To} {
		if e := conf.Environments[*side]; e != nil {
			if *side, err = conf.Target(e); err != nil {
				return fmt.Errorf("%s: %w", conf.Path, err)
			}
		}
	}
	if c.From == "-" && c.To == "-" {
		return errors.New("standard input cannot be both sides")
	}
	adjust, remarks, err := c.adjust()
	if err != nil {
		return err
	}
	pair, err := dialects.OpenPair(ctx, c.From, []string{c.To}, c.Dialect, s.in, dialect.Options{Schemas: c.Schema, Manage: c.Manage, CommentTags: c.CommentTags})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pair.Close()) }()
	p, err := comparePair(ctx, pair, dialect.Policy{Adjust: adjust})
	if err != nil {
		return err
	}
	if err := ui.Plan(s.out, p); err != nil {
		return err
	}
	for _, n := range p.Notes {
		fmt.Fprintln(s.err, "note:", n)
	}
	remarks(s)
	if c.Check && !p.Empty() {
		return status(exitDifferent)
	}
	return nil
}
