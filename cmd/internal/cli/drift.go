package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/dialects"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/planner/report"
)

type driftCommand struct {
	targetFlags
	scopeFlags
	fleetFlags
	File     []string `short:"f" placeholder:"SRC" help:"What is expected: files, folders or globs of SQL (repeatable), or one snapshot, one other database's URL, or -. Default: stdin."`
	Snapshot string   `placeholder:"FILE" help:"What is expected: a snapshot."`
	Deployed string   `placeholder:"FILE" help:"The snapshot of the last deployment: tells who changed what since."`
	Manage   []string `enum:"privileges,owners" placeholder:"WHAT" help:"Make the expected side the whole truth on privileges or owners."`
	ReadOnly bool     `help:"Create no temporary objects for comparing expressions."`
	Dialect  string   `placeholder:"NAME" help:"Dialect of two sides that are only SQL: postgres, postgres:16, mysql, sqlite."`
	reportFlags
	JSONSchema bool   `name:"json-schema" help:"Print the JSON Schema of --format json, and stop."`
	RevertSQL  string `name:"revert-sql" placeholder:"FILE" help:"Write the SQL that would bring the database back to what is expected."`
	label      string // what the report calls the database; empty: its target
}

// Run reports what differs, and exits with 2 when something does. Of many
// targets it reports equal differences once.
func (c *driftCommand) Run(ctx context.Context, s streams) error {
	if c.JSONSchema {
		_, err := io.WriteString(s.out, report.Schema)
		return err
	}
	targets, err := c.many(c.fleetFlags)
	if err == nil {
		err = c.check()
	}
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		r, err := c.one(ctx, s)
		if err == nil {
			err = c.write(s, func(format string, w io.Writer) error { return report.Formats[format](w, r) })
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
	if c.RevertSQL != "" {
		return errors.New("--revert-sql is for one target, not for many")
	}
	reports := make([]*report.Report, len(targets))
	outcomes := c.each(ctx, targets, share(s.in), func(ctx context.Context, i int, target string, s streams) (err error) {
		one := *c
		one.Target, one.label = target, "the database"
		reports[i], err = one.one(ctx, s)
		return err
	})
	f := report.NewFleet(toolVersion(), time.Now().UTC().Truncate(time.Second))
	said := remarks{}
	var errs []error
	for i, o := range outcomes {
		said.print(s.err, o)
		if o.err != nil {
			f.Fail(o.target, o.err)
			errs = append(errs, fmt.Errorf("%s: %w", o.target, o.err))
		} else if err := f.Add(o.target, reports[i]); err != nil {
			return err
		}
	}
	f.Sort()
	if err := c.write(s, func(format string, w io.Writer) error { return report.FleetFormats[format](f, w) }); err != nil {
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
	expected := []string{c.Snapshot} // rather than an environment's files
	if c.Snapshot != "" {
		err = configure(&c.targetFlags, &c.scopeFlags, &expected, nil)
	} else {
		err = configure(&c.targetFlags, &c.scopeFlags, &c.File, nil)
		expected = c.File
	}
	if err != nil {
		return nil, err
	}
	or(&expected, []string{"-"})
	if c.Target == "" {
		return nil, errNoTarget
	}
	if c.Snapshot == "" {
		if err := nobodyTypes(c.File, s); err != nil {
			return nil, err
		}
	}
	adjust, remarks, err := c.adjust()
	if err != nil {
		return nil, err
	}
	pair, err := dialects.OpenPair(ctx, c.Target, expected, c.Dialect, s.in, dialect.Options{Schemas: c.Schema, Manage: c.Manage, ReadOnly: c.ReadOnly, CommentTags: c.CommentTags})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, pair.Close()) }()
	p, err := comparePair(ctx, pair, dialect.Policy{Adjust: slices.Insert(adjust, 0, somewhere(c.Schema))})
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
	changed := func(side dialects.Side) (report.Changes, error) {
		sources, err := parser.Load([]string{c.Deployed}, nil)
		if err != nil {
			return nil, err
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
		return report.NewChanges(p), nil
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

// check finds what cannot be before anything is connected to.
func (c *driftCommand) check() error {
	if c.Snapshot != "" && len(c.File) > 0 {
		return errors.New("--snapshot and -f both say what is expected\n  hint: give one of them; --deployed FILE is for a comparison of three")
	}
	for _, file := range []string{c.Snapshot, c.Deployed} {
		if file == "" {
			continue
		}
		if _, err := os.Stat(file); err != nil {
			return err
		}
		if !dialects.IsSnapshot(file) {
			return fmt.Errorf("%s is no snapshot\n  hint: trueup snapshot TARGET -o FILE, after each deployment", file)
		}
	}
	return c.pair()
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
