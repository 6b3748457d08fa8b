package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/trueup-sql/trueup/cmd/internal/config"
	"github.com/trueup-sql/trueup/dialects"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner/report"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lint"
)

type lintCommand struct {
	textFlags
	File    []string `short:"f" placeholder:"SRC" help:"The schema: a file, folder, glob, a snapshot, a database's URL, or - for stdin (repeatable). Default: stdin."`
	Dialect string   `placeholder:"NAME" help:"Its dialect: postgres, postgres:16, mysql, sqlite."`
	Schema  []string `placeholder:"NAME" help:"Of a database, only these schemas (repeatable)."`
	Config  string   `placeholder:"FILE" help:"The configuration, of which the section lint counts. Default: trueup.yaml, here or in a folder above."`
	Format  string   `enum:"text,json,markdown,html,sarif,junit" default:"text" help:"Format of the report: text, json, markdown, html, sarif, junit."`
	Output  string   `short:"o" placeholder:"FILE" help:"Write the report to this file; by its extension, if no --format is given (.json .md .html .sarif .xml .txt). Default: stdout."`
	FailOn  string   `enum:",error,warning,note,never" default:"" placeholder:"SEVERITY" help:"Exit with 2 on findings of at least this severity: error, warning, note; or never. Default: warning."`
	Rules   bool     `help:"List the rules."`
}

// Run reports what is questionable in a schema, and exits with 2 when something is.
func (c *lintCommand) Run(ctx context.Context, s streams) error {
	if c.Rules {
		for _, r := range lint.Rules {
			fmt.Fprintf(s.out, "%-20s %-8s %s\n", r.Name, r.Severity, r.Title)
		}
		return nil
	}
	conf, err := config.Load(c.Config)
	if err != nil {
		return err
	}
	rules, err := conf.Lint.Config()
	if err != nil {
		return fmt.Errorf("%s: %w", conf.Path, err)
	}
	or(&c.CommentTags, conf.CommentTags)
	or(&c.File, conf.Paths(conf.Lint.Sources))
	if err := nobodyTypes(c.File, s); err != nil {
		return err
	}
	orZero(&c.Dialect, conf.Lint.Dialect)
	orZero(&c.FailOn, conf.Lint.FailOn)
	orZero(&c.FailOn, string(lint.Warning))
	r, err := c.look(ctx, s, rules)
	if err != nil {
		return err
	}
	if err := c.write(s, r); err != nil {
		return err
	}
	for _, f := range r.List {
		if c.FailOn != "never" && f.Severity.AtLeast(lint.Severity(c.FailOn)) {
			return status(exitDifferent)
		}
	}
	return nil
}

// look reads the schema and applies the rules. Mistakes in the text are
// findings like others.
func (c *lintCommand) look(ctx context.Context, s streams, rules lint.Config) (_ *report.Findings, err error) {
	o := dialect.Options{Schemas: c.Schema, CommentTags: c.CommentTags}
	name := strings.Join(c.File, ", ")
	if name == "" {
		name = "<stdin>"
	}
	var bound dialect.Bound
	var read func() (*schema.Catalog, error)
	if len(c.File) == 1 {
		one, err := dialects.OpenOne(ctx, c.File[0], c.Dialect, s.in, o)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, one.Close()) }()
		bound, name = one.Bound, one.From.Name
		read = func() (*schema.Catalog, error) { return one.Catalog(ctx, one.From) }
	} else {
		sources, err := parser.Load(c.File, s.in)
		if err != nil {
			return nil, err
		}
		b, err := dialects.Assume(c.Dialect, o)
		if err != nil {
			return nil, err
		}
		bound = b
		read = func() (*schema.Catalog, error) { return dialect.Read(b.Target().Flavor, b, sources) }
	}
	linter, ok := bound.(dialect.Linter)
	if !ok {
		return nil, fmt.Errorf("lint is not supported for %s", bound.Target().Flavor)
	}
	catalog, err := read()
	if err != nil {
		found, rest := mistakes(err)
		if rest != nil {
			return nil, err
		}
		return report.NewFindings(toolVersion(), bound.Target().Flavor, name, found), nil
	}
	facts := linter.Facts(catalog)
	found := lint.Run(catalog, facts, rules)
	for _, n := range catalog.Notes {
		fmt.Fprintln(s.err, "note:", n)
	}
	return report.NewFindings(toolVersion(), facts.Dialect, name, found), nil
}

// mistakes takes joined errors apart; rest is one that is no mistake in a text.
func mistakes(err error) (found []lint.Finding, rest error) {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			f, r := mistakes(e)
			found, rest = append(found, f...), errors.Join(rest, r)
		}
		return found, rest
	}
	if e, ok := errors.AsType[*parser.Error](err); ok {
		return []lint.Finding{{Rule: lint.Syntax, Severity: lint.Error, Pos: e.Pos, Message: e.Message, Hint: e.Hint}}, nil
	}
	return nil, err
}

func (c *lintCommand) write(s streams, r *report.Findings) error {
	if c.Output == "" {
		return report.FindingsFormats[c.Format](s.out, r)
	}
	format := c.Format
	if f := byExtension[filepath.Ext(c.Output)]; f != "" && format == "text" {
		format = f
	}
	var b bytes.Buffer
	if err := report.FindingsFormats[format](&b, r); err != nil {
		return err
	}
	return os.WriteFile(c.Output, b.Bytes(), 0o644)
}
