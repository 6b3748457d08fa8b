package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/trueup-sql/trueup/cmd/internal/config"
	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/dialects"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/planner/safety"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/filter"
)

// textFlags say how SQL is read.
type textFlags struct {
	CommentTags []string `placeholder:"TAG" help:"Words with @ before them that comments may begin with, besides directives and the tags of documentation: owner, or * for any (repeatable)."`
}

// targetFlags are what every command that connects takes.
type targetFlags struct {
	textFlags
	Target string   `arg:"" optional:"" env:"DATABASE_URL" help:"The database: a URL, a libpq keyword string, or an environment or group of the configuration."`
	Schema []string `placeholder:"NAME" help:"Manage only these schemas (repeatable). Default: all of the user's."`
	Config string   `placeholder:"FILE" help:"The configuration. Default: trueup.yaml, here or in a folder above."`
}

var errNoTarget = errors.New("no target\n  hint: give a URL such as postgres://user@host/db, or set $DATABASE_URL")

func (t targetFlags) open(ctx context.Context, o dialect.Options) (dialect.Dialect, dialect.Server, error) {
	if t.Target == "" {
		return nil, nil, errNoTarget
	}
	if dialects.IsSnapshot(t.Target) {
		return nil, nil, fmt.Errorf("%s is a snapshot, and this needs a database\n  hint: plan, diff, drift, export and pull work with a snapshot", t.Target)
	}
	o.Schemas, o.CommentTags = t.Schema, t.CommentTags
	return dialects.Open(ctx, t.Target, o)
}

// scopeFlags narrow what is managed and compared.
type scopeFlags struct {
	Include []string `sep:"none" placeholder:"PATTERN" help:"Manage only objects that match: [kind:][schema.]name with * and ?, or [kind:]/regexp/ (repeatable)."`
	Exclude []string `sep:"none" placeholder:"PATTERN" help:"Leave objects alone that match (repeatable)."`
	Ignore  string   `placeholder:"FILE" help:"Accepted differences. Default: trueup.ignore.yaml, if it is there."`
}

// adjust turns the flags into changes of both sides; report, called after the
// plan was made, tells which entries expired or were of no use.
func (f scopeFlags) adjust() (adjust []func(current, desired *schema.Catalog) error, report func(streams), err error) {
	var narrow filter.Filter
	for _, list := range []struct {
		texts    []string
		patterns *[]filter.Pattern
	}{{f.Include, &narrow.Include}, {f.Exclude, &narrow.Exclude}} {
		for _, text := range list.texts {
			p, err := config.Pattern(text)
			if err != nil {
				return nil, nil, err
			}
			*list.patterns = append(*list.patterns, p)
		}
	}
	var vain []filter.Pattern
	if !narrow.Empty() {
		adjust = append(adjust, func(current, desired *schema.Catalog) error {
			vain = slices.DeleteFunc(slices.Clone(narrow.Include), func(p filter.Pattern) bool { return p.Finds(current) || p.Finds(desired) })
			return narrow.Apply(current, desired)
		})
	}
	entries, err := config.LoadIgnore(f.Ignore)
	if err != nil {
		return nil, nil, err
	}
	now := time.Now()
	adjust = append(adjust, func(current, desired *schema.Catalog) error {
		filter.Accept(current, desired, entries, now)
		return nil
	})
	return adjust, func(s streams) {
		for _, p := range vain {
			fmt.Fprintf(s.err, "note: --include %s matches nothing, neither in the database nor in the files\n", p)
		}
		for _, e := range entries {
			switch {
			case e.Expired(now):
				fmt.Fprintf(s.err, "note: the accepted difference %s (%s) expired on %s\n", e.Object, e.Reason, e.Expires.AddDate(0, 0, -1).Format(time.DateOnly))
			case !e.Used:
				fmt.Fprintf(s.err, "note: the accepted difference %s (%s) is of no use: there is no such difference\n", e.Object, e.Reason)
			}
		}
	}, nil
}

// sourceFlags say where the desired state is.
type sourceFlags struct {
	File []string `short:"f" placeholder:"SRC" help:"The desired schema: a file, folder, glob, or - for stdin (repeatable). Default: stdin."`
}

func (f sourceFlags) load(s streams) ([]parser.Source, error) {
	if err := nobodyTypes(f.File, s); err != nil {
		return nil, err
	}
	return parser.Load(f.File, s.in)
}

// somewhere is an error if one of the schemas is neither in the database nor in
// the files: it is misspelt, and would be in sync for ever.
func somewhere(schemas []string) func(current, desired *schema.Catalog) error {
	return func(current, desired *schema.Catalog) error {
		for _, name := range schemas {
			if name != "public" && !holds(current, name) && !holds(desired, name) { // PostgreSQL's own is in no catalog as long as it is as it came
				return fmt.Errorf("there is no schema %s, neither in the database nor in the files", name)
			}
		}
		return nil
	}
}

// holds tells whether a catalog has a schema, or something in it.
func holds(c *schema.Catalog, name string) bool {
	for o := range c.All() {
		if id := o.ID(); id.Schema == name || id.Kind == "schema" && id.Name == name {
			return true
		}
	}
	return false
}

// nobodyTypes refuses to wait for a schema to be typed in, unless that was asked
// for with a -.
func nobodyTypes(files []string, s streams) error {
	if len(files) == 0 && ui.IsTerminal(s.in) {
		return errors.New("no files, and standard input is a terminal\n  hint: -f schema.sql, or < schema.sql")
	}
	return nil
}

// planFlags shape a plan.
type planFlags struct {
	scopeFlags
	scriptFlags
	EnableDrop   *bool    `negatable:"" help:"Allow drops, and whatever else loses data."`
	AllowDrop    []string `placeholder:"KIND" help:"Allow to drop objects of these kinds: index,view,.. (repeatable)."`
	Rule         []string `sep:"none" placeholder:"RULE" help:"Permission for objects that match, PATTERN=WORD,..: drop, drop-column, alter, each also with no- before it; such as 'table:logs_*=drop,no-alter'. The first that matches holds (repeatable)."`
	Partitions   string   `enum:",declared,manage,ignore" default:"" placeholder:"WHAT" help:"Partitions of a table for which the files declare none: declared leaves them alone, manage drops them (with permission); ignore leaves all partitions alone. Default: declared."`
	Manage       []string `enum:"privileges,owners" placeholder:"WHAT" help:"Make the files the whole truth on privileges or owners, also where they name none."`
	Concurrently *bool    `negatable:"" help:"PostgreSQL: build and drop indexes CONCURRENTLY, outside of the transaction."`
	Algorithm    string   `placeholder:"NAME" help:"MySQL: ALGORITHM of ALTER TABLE: INSTANT, INPLACE, COPY."`
	Lock         string   `placeholder:"NAME" help:"MySQL: LOCK of ALTER TABLE: NONE, SHARED, EXCLUSIVE."`
	ReadOnly     bool     `help:"Create no temporary objects for comparing expressions."`
	Strict       bool     `help:"Exit with 4 if the database holds objects that trueup does not manage."`

	LockTimeout      time.Duration `placeholder:"TIME" help:"Give up a statement that waits for a lock this long."`
	StatementTimeout time.Duration `placeholder:"TIME" help:"Give up a statement that runs this long."`

	before, after string       // the configuration's hooks
	configured    filter.Rules // the configuration's
}

func (f planFlags) options() dialect.Options {
	return dialect.Options{Manage: f.Manage, Concurrently: is(f.Concurrently), Partitions: f.Partitions, Algorithm: f.Algorithm, Lock: f.Lock,
		ReadOnly: f.ReadOnly, LockTimeout: f.LockTimeout, StatementTimeout: f.StatementTimeout}
}

// policy allows the drops that were asked for, and leaves alone what is out of
// scope; report is as [scopeFlags.adjust]'s.
func (f planFlags) policy() (p dialect.Policy, report func(streams), err error) {
	if err := f.check(); err != nil {
		return p, nil, err
	}
	rules, err := f.rules()
	if err != nil {
		return p, nil, err
	}
	if !is(f.EnableDrop) || len(rules) > 0 {
		p.Allow = func(o schema.Object) bool {
			return rules.Drops(o, is(f.EnableDrop) || slices.Contains(f.AllowDrop, string(o.ID().Kind)))
		}
	}
	adjust, remarks, err := f.adjust()
	var held []schema.ID
	p.Adjust = append(adjust, func(current, desired *schema.Catalog) error {
		held = rules.Hold(current, desired)
		return nil
	})
	return p, func(s streams) {
		for _, id := range held {
			fmt.Fprintf(s.err, "note: %s differs, and stays as it is: a rule forbids to alter it\n", id)
		}
		remarks(s)
	}, err
}

// check finds words that mean nothing.
func (f planFlags) check() error {
	if err := config.Kinds(f.AllowDrop); err != nil {
		return fmt.Errorf("--allow-drop: %w", err)
	}
	if err := config.AlterWord("--algorithm", f.Algorithm, config.Algorithms); err != nil {
		return err
	}
	return config.AlterWord("--lock", f.Lock, config.Locks)
}

func (f planFlags) safety() safety.Policy {
	return safety.Policy{EnableDrop: is(f.EnableDrop), AllowDrop: f.AllowDrop}
}

// rules are those of the flags, and then those of the configuration.
func (f planFlags) rules() (filter.Rules, error) {
	var out filter.Rules
	for _, text := range f.Rule {
		r, err := filter.ParseRule(text)
		if err == nil {
			_, err = config.Pattern(r.Match.String())
		}
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return append(out, f.configured...), nil
}

func is(b *bool) bool { return b != nil && *b }

// remarks prints to stderr what a plan has to say besides its SQL, and fails
// under --strict if there is something that is not managed.
func (f planFlags) remarks(s streams, p *planner.Plan) error {
	for _, n := range p.Notes {
		fmt.Fprintln(s.err, "note:", n)
	}
	if p.Delta == nil || len(p.Delta.Current.Unmanaged) == 0 {
		return nil
	}
	names := make([]string, len(p.Delta.Current.Unmanaged))
	for i, id := range p.Delta.Current.Unmanaged {
		names[i] = id.String()
	}
	fmt.Fprintf(s.err, "note: not managed: %s\n", strings.Join(names, ", "))
	if f.Strict {
		return status(exitUnmanaged)
	}
	return nil
}
