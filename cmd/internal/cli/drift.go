package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/dialects"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/planner/report"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/snapshot"
)

type driftCommand struct {
	targetFlags
	scopeFlags
	fleetFlags
	File       []string `short:"f" placeholder:"SRC" help:"What is expected: a file, folder or glob of SQL, a snapshot, another database's URL, or -. Default: stdin."`
	Snapshot   string   `placeholder:"FILE" help:"What is expected: a snapshot."`
	Deployed   string   `placeholder:"FILE" help:"The snapshot of the last deployment: tells who changed what since."`
	Manage     []string `enum:"privileges,owners" placeholder:"WHAT" help:"Make the expected side the whole truth on privileges or owners."`
	ReadOnly   bool     `help:"Create no temporary objects for comparing expressions."`
	Dialect    string   `placeholder:"NAME" help:"Dialect of two sides that are only SQL: postgres, postgres:16, mysql, sqlite."`
	Format     []string `enum:"text,json,markdown,html,sarif,junit" default:"text" help:"Formats of the report; several with as many -o."`
	Output     []string `short:"o" placeholder:"FILE" help:"Write the report to this file; by its extension, if no --format is given (.json .md .html .sarif .xml .txt). Default: stdout."`
	label      string   // what the report calls the database; empty: its target
	JSONSchema bool     `name:"json-schema" help:"Print the JSON Schema of --format json, and stop."`
	RevertSQL  string   `name:"revert-sql" placeholder:"FILE" help:"Write the SQL that would bring the database back to what is expected."`
}

// Run reports what differs, and exits with 2 when something does. Of many
// targets it reports equal differences once.
func (c *driftCommand) Run(ctx context.Context, s streams) error {
	if c.JSONSchema {
		_, err := io.WriteString(s.out, report.Schema)
		return err
	}
	targets, err := c.many(c.fleetFlags)
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		r, err := c.one(ctx, s)
		if err == nil {
			err = c.write(s, r)
		}
		if err == nil && r.Summary.Total() > 0 {
			err = status(exitDifferent)
		}
		return err
	}
	return c.fleet(ctx, s, targets)
}

// fleet reports on many targets.
func (c *driftCommand) fleet(ctx context.Context, s streams, targets []string) error {
	if len(c.Output) > 1 || c.RevertSQL != "" {
		return errors.New("many targets get one report\n  hint: with one -o, and without --revert-sql")
	}
	format := c.Format[0]
	if len(c.Output) == 1 && byExtension[filepath.Ext(c.Output[0])] == "json" {
		format = "json"
	}
	if len(c.Format) > 1 || format != "text" && format != "json" {
		return errors.New("a report on many targets is text or json\n  hint: the json report has one for each group of equal targets")
	}
	reports := make([]*report.Report, len(targets))
	outcomes := c.each(ctx, targets, share(s.in), func(ctx context.Context, i int, target string, s streams) (err error) {
		one := *c
		one.Target, one.label = target, "the database"
		reports[i], err = one.one(ctx, s)
		return err
	})
	f := report.NewFleet(toolVersion(), time.Now().UTC().Truncate(time.Second))
	logs := map[string]bool{}
	var errs []error
	for i, o := range outcomes {
		if log := o.log.String(); !logs[log] { // what is said of all is said once
			logs[log] = true
			fmt.Fprint(s.err, log)
		}
		if o.err != nil {
			f.Fail(o.target, o.err)
			errs = append(errs, fmt.Errorf("%s: %w", o.target, o.err))
		} else if err := f.Add(o.target, reports[i]); err != nil {
			return err
		}
	}
	f.Sort()
	var b bytes.Buffer
	var err error
	write := f.Text
	if format == "json" {
		write = f.JSON
	}
	if err := write(&b); err != nil {
		return err
	}
	if len(c.Output) == 1 {
		err = os.WriteFile(c.Output[0], b.Bytes(), 0o644)
	} else {
		_, err = s.out.Write(b.Bytes())
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(s.err, f.Summary())
	switch {
	case len(errs) > 0:
		return errors.Join(errs...)
	case len(f.Groups) > 0:
		return status(exitDifferent)
	}
	return nil
}

// one compares one target.
func (c *driftCommand) one(ctx context.Context, s streams) (r *report.Report, err error) {
	if err := configure(&c.targetFlags, &c.scopeFlags, &c.File, nil); err != nil {
		return nil, err
	}
	expected, err := c.expected()
	if err != nil {
		return nil, err
	}
	if c.Target == "" {
		return nil, errNoTarget
	}
	adjust, remarks, err := c.adjust()
	if err != nil {
		return nil, err
	}
	pair, err := dialects.OpenPair(ctx, c.Target, expected, c.Dialect, s.in, dialect.Options{Schemas: c.Schema, Manage: c.Manage, ReadOnly: c.ReadOnly})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, pair.Close()) }()
	p, err := comparePair(ctx, pair, dialect.Policy{Adjust: adjust})
	if err != nil {
		return nil, err
	}
	for _, n := range p.Notes {
		fmt.Fprintln(s.err, "note:", n)
	}
	remarks(s)
	if c.RevertSQL != "" {
		if err := writeRevert(c.RevertSQL, p); err != nil {
			return nil, err
		}
	}
	orZero(&c.label, pair.From.Name)
	r, err = report.New(report.Report{Tool: toolVersion(), Actual: c.label, Expected: pair.To.Name, Time: time.Now().UTC().Truncate(time.Second)},
		p, dialect.NewDefiner(pair.Dialect.Name(), pair.Bound))
	if err != nil {
		return nil, err
	}
	if c.Deployed != "" {
		if err := c.classify(ctx, pair, r); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// classify compares both sides with what was deployed last.
func (c *driftCommand) classify(ctx context.Context, pair *dialects.Pair, r *report.Report) error {
	changed := func(side dialects.Side) (map[schema.ID]bool, error) {
		sources, err := parser.Load([]string{c.Deployed}, nil)
		if err != nil {
			return nil, err
		}
		if len(sources) != 1 || !snapshot.Is(sources[0].Text) {
			return nil, fmt.Errorf("%s is no snapshot\n  hint: trueup snapshot TARGET -o FILE, after each deployment", c.Deployed)
		}
		base, err := dialect.Read(pair.Dialect.Name(), pair.Bound, sources)
		if err != nil {
			return nil, err
		}
		now, err := pair.Catalog(ctx, side)
		if err != nil {
			return nil, err
		}
		p, err := dialect.CompareSides(ctx, pair.Dialect.Name(), pair.Bound, nil, base, now, dialect.Policy{})
		if err != nil {
			return nil, err
		}
		return report.Roots(p), nil
	}
	live, err := changed(pair.From)
	if err != nil {
		return err
	}
	wanted, err := changed(pair.To)
	if err != nil {
		return err
	}
	r.Classify(live, wanted)
	return nil
}

// expected is the one source of what is expected.
func (c *driftCommand) expected() (string, error) {
	all := c.File
	if c.Snapshot != "" {
		all = append(all, c.Snapshot)
	}
	switch len(all) {
	case 0:
		return "-", nil
	case 1:
		return all[0], nil
	}
	return "", fmt.Errorf("drift compares with one source, not with %s\n  hint: put the files into one folder", strings.Join(all, " and "))
}

// comparePair plans from the first side to the second.
func comparePair(ctx context.Context, pair *dialects.Pair, policy dialect.Policy) (*planner.Plan, error) {
	from, err := pair.Catalog(ctx, pair.From)
	if err != nil {
		return nil, err
	}
	to, err := pair.Catalog(ctx, pair.To)
	if err != nil {
		return nil, err
	}
	return dialect.CompareSides(ctx, pair.Dialect.Name(), pair.Bound, pair.Server(), from, to, policy)
}

func writeRevert(file string, p *planner.Plan) error {
	var b bytes.Buffer
	for _, ch := range p.Delta.Changes {
		if ch.Verb == planner.Drop && (ch.Old.Owner().IsZero() || p.Delta.Desired.Has(ch.Old.Owner())) { // not with its whole
			fmt.Fprintf(&b, "-- drops %s\n", ch.ID())
		}
	}
	if err := ui.Plan(&b, p); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}

var byExtension = map[string]string{".json": "json", ".md": "markdown", ".html": "html", ".sarif": "sarif", ".xml": "junit", ".txt": "text"}

// write writes the report in all formats that were asked for.
func (c *driftCommand) write(s streams, r *report.Report) error {
	if len(c.Output) == 0 {
		for _, f := range c.Format {
			if err := report.Formats[f](s.out, r); err != nil {
				return err
			}
		}
		return nil
	}
	for i, file := range c.Output {
		format := byExtension[filepath.Ext(file)]
		if len(c.Format) == len(c.Output) && (len(c.Format) > 1 || c.Format[0] != "text" || format == "") {
			format = c.Format[i]
		}
		if format == "" {
			return fmt.Errorf("%s: no format by this extension\n  hint: --format", file)
		}
		var b bytes.Buffer
		if err := report.Formats[format](&b, r); err != nil {
			return err
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
