package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/planner/safety"
	"github.com/trueup-sql/trueup/schema"
)

type applyCommand struct {
	targetFlags
	sourceFlags
	planFlags
	fleetFlags
	hookFlags
	ScriptsDone bool          `help:"With --migrations: record the scripts as run, without running them."`
	Canary      int           `default:"1" placeholder:"N" help:"With --targets-file: apply to the first N alone. Default: 1."`
	Wave        int           `default:"10" placeholder:"N" help:"With --targets-file: and then to N more at a time. Default: 10."`
	Yes         bool          `short:"y" help:"Ask nothing, also on a terminal."`
	Renames     string        `enum:",ask,refuse,drop" default:"" placeholder:"WHAT" help:"What to do where a drop and an addition look like a rename: ask (on a terminal; elsewhere as refuse), refuse (with exit code 3, if rows would lose something), drop. Default: ask."`
	NoVerify    bool          `help:"Commit without reading the catalogs again."`
	SnapshotDir string        `placeholder:"DIR" help:"Write a snapshot into this folder before and after the apply."`
	Record      string        `placeholder:"DIR" help:"Leave a record in this folder: the plan, snapshots of before and after, and the SQL that would bring the old schema back."`
	label       string        // tells the records of many targets apart
	LockWait    time.Duration `default:"1m" placeholder:"TIME" help:"Wait this long for another applier to finish; 0 waits for ever. Default: 1m."`
}

// Run applies the files to the target, or to many.
func (c *applyCommand) Run(ctx context.Context, s streams) error {
	keepGoing()
	targets, err := c.many(c.fleetFlags)
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		return c.one(ctx, s)
	}
	return c.rollout(ctx, s, targets, share(s.in), c.Canary, c.Wave, func(ctx context.Context, i int, target string, s streams) error {
		one := *c
		one.Target, one.label = target, fmt.Sprintf("%d-%s", i+1, databaseOf(target))
		return one.one(ctx, s)
	})
}

func (c *applyCommand) one(ctx context.Context, s streams) (err error) {
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
	d, server, err := c.open(ctx, c.options())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	renames := &renamer{c.Renames, c.Yes, s, server, map[schema.ID]bool{}}
	rec, err := newRecorder(c, d, server)
	if err != nil {
		return err
	}
	progress := newObserver(s)
	p, err := dialect.Apply(ctx, d.Name(), server, sources, dialect.ApplyOptions{
		Policy: policy, LockWait: c.LockWait, NoVerify: c.NoVerify, Observer: progress,
		Renames: renames.decide,
		Approve: func(ctx context.Context, p *planner.Plan, session dialect.Session) error {
			progress.watch(session)
			if err := safety.Check(p, c.safety()); err != nil {
				return err
			}
			if err := c.scriptFlags.add(ctx, p, server, session, c.ScriptsDone); err != nil {
				return err
			}
			if err := c.remarks(s, p); err != nil {
				return err
			}
			report(s)
			orZero(&c.BeforeApply, c.before)
			orZero(&c.AfterApply, c.after)
			if err := c.hookFlags.add(p); err != nil {
				return err
			}
			if p.Empty() {
				return ui.Skipped(s.out, p)
			}
			if err := c.confirm(s, p, server, progress); err != nil {
				return err
			}
			return rec.before(ctx, p)
		},
	})
	if err != nil || p.Empty() {
		return err
	}
	return rec.after(ctx)
}

// databaseOf is the name of a target's database, as far as it can be in a file's.
func databaseOf(target string) string {
	target, _, _ = strings.Cut(target, "?")
	name := target[strings.LastIndexAny(target, "/:=")+1:]
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, name)
}
