package sqldef

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/dialects"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// Names are the programs that this package stands in for.
var Names = []string{"psqldef", "mysqldef", "sqlite3def"}

// Is tells whether a program's name, with or without a path, is one of them.
func Is(program string) bool {
	return slices.Contains(Names, strings.TrimSuffix(filepath.Base(program), ".exe"))
}

// program is one run.
type program struct {
	name, dialect string
	flags         *common
	target        func(context.Context) (string, error)
	scope         *scope
	options       dialect.Options
	noTransaction bool
	configs       []configSource // in the order of the command line
	in            io.Reader
	out, err      io.Writer
}

// Main runs one of [Names] and returns its exit code: 0, 1 for an error, and 2
// if --check finds something to do.
func Main(ctx context.Context, name, version string, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{name: strings.TrimSuffix(filepath.Base(name), ".exe"), in: stdin, out: stdout, err: stderr}
	var psql psqldefFlags
	var mysql mysqldefFlags
	var lite sqlite3defFlags
	var flags any
	switch p.name {
	case "psqldef":
		flags, p.flags, p.target, p.dialect = &psql, &psql.common, psql.target, "postgres"
	case "mysqldef":
		flags, p.flags, p.target, p.dialect = &mysql, &mysql.common, mysql.target, "mysql"
	default:
		flags, p.flags, p.target, p.dialect = &lite, &lite.common, lite.target, "sqlite"
	}
	k, err := kong.New(flags, kong.Name(p.name), kong.NoDefaultHelp(), kong.Writers(stdout, stderr), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	parsed, err := k.Parse(args)
	switch {
	case err != nil:
		fmt.Fprintf(stderr, "%s: %v\n", p.name, err)
		return 1
	case p.flags.Help:
		if err := parsed.PrintUsage(false); err != nil {
			return 1
		}
		return 0
	case p.flags.Version:
		fmt.Fprintf(stdout, "%s (trueup %s)\n", p.name, version)
		return 0
	}
	p.configs = inOrder(parsed, p.flags)
	p.scope = &scope{skipView: p.flags.SkipView, skipExtension: psql.SkipExtension, skipPartition: psql.SkipPartition || mysql.SkipPartition}
	p.noTransaction = psql.DisableDDLTransaction
	found, err := p.run(ctx)
	if err != nil {
		if ctx.Err() != nil && !errors.Is(err, ui.ErrInterrupted) {
			err = fmt.Errorf("%w: %w", ui.ErrInterrupted, err)
		}
		fmt.Fprintln(stderr, err)
		return 1
	}
	if found && p.flags.Check {
		return 2
	}
	return 0
}

// inOrder lists the configurations as they stand on the command line, where
// the two flags may be mixed.
func inOrder(parsed *kong.Context, f *common) (out []configSource) {
	files, inline := 0, 0
	for _, path := range parsed.Path {
		switch {
		case path.Flag == nil:
		case path.Flag.Name == "config" && files < len(f.Config):
			out = append(out, configSource{name: f.Config[files]})
			files++
		case path.Flag.Name == "config-inline" && inline < len(f.ConfigInline):
			if text := f.ConfigInline[inline]; text != "" {
				out = append(out, configSource{"--config-inline", text})
			}
			inline++
		}
	}
	return out
}

func (p *program) run(ctx context.Context) (found bool, err error) {
	c, err := loadConfig(p.name, p.configs)
	if err != nil {
		return false, err
	}
	s := newScope(c)
	s.skipView, s.skipExtension, s.skipPartition = p.scope.skipView, p.scope.skipExtension, p.scope.skipPartition
	s.enableDrop = s.enableDrop || p.flags.EnableDrop
	p.scope = s
	p.noTransaction = p.noTransaction || is(c.DisableDDLTransaction)
	p.options = dialect.Options{Schemas: s.schemas, Manage: []string{"privileges"}, CommentTags: []string{"*"}, Concurrently: is(c.CreateIndexConcurrently), Algorithm: str(c.Algorithm), Lock: str(c.Lock)}
	if strings.HasSuffix(p.flags.Database, ".sql") {
		return p.offline(ctx)
	}
	target, err := p.target(ctx)
	if err != nil {
		return false, err
	}
	d, err := dialects.ByName(p.dialect)
	if err != nil {
		return false, err
	}
	server, err := d.Open(ctx, target, p.options)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	if p.flags.Export {
		return false, p.export(ctx, d, server)
	}
	if len(p.flags.File) == 0 && ui.IsTerminal(p.in) {
		return false, errors.New("stdin is not piped")
	}
	sources, err := parser.Load(p.flags.File, p.in)
	if err != nil {
		return false, err
	}
	if p.flags.DryRun || p.flags.Check {
		plan, err := dialect.Prepare(ctx, d.Name(), server, sources, p.policy())
		if err != nil {
			return false, err
		}
		p.amend(plan)
		return !plan.Empty(), p.print("-- dry run --", d.Name(), server, plan)
	}
	signal.Ignore(syscall.SIGPIPE) // a closed stdout must not stop it half way
	plan, err := dialect.Apply(ctx, d.Name(), server, sources, dialect.ApplyOptions{Policy: p.policy(), NoVerify: p.noTransaction,
		Approve: func(_ context.Context, plan *planner.Plan, _ dialect.Session) error {
			p.amend(plan)
			return p.print("-- Apply --", d.Name(), server, plan)
		}})
	return plan != nil && !plan.Empty(), err
}

func (p *program) policy() dialect.Policy {
	return dialect.Policy{Allow: p.scope.allow, Adjust: []func(current, desired *schema.Catalog) error{p.scope.adjust}}
}

// offline compares two files; nothing is applied.
func (p *program) offline(ctx context.Context) (found bool, err error) {
	desired := p.flags.File
	if len(desired) == 0 {
		desired = []string{"-"}
	}
	pair, err := dialects.OpenPair(ctx, p.flags.Database, desired, p.dialect, p.in, p.options)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, pair.Close()) }()
	from, err := pair.Catalog(ctx, pair.From)
	if err != nil {
		return false, err
	}
	to, err := pair.Catalog(ctx, pair.To)
	if err != nil {
		return false, err
	}
	plan, err := dialect.CompareSides(ctx, p.dialect, pair.Bound, nil, from, to, p.policy())
	if err != nil {
		return false, err
	}
	p.amend(plan)
	return !plan.Empty(), p.print("-- dry run --", p.dialect, pair.Bound, plan)
}

func (p *program) export(ctx context.Context, d dialect.Dialect, server dialect.Server) error {
	catalog, err := server.Inspect(ctx)
	if err != nil {
		return err
	}
	if err := server.Normalize(catalog); err != nil {
		return err
	}
	if err := p.scope.adjust(catalog, catalog.Clone()); err != nil {
		return err
	}
	plan, err := dialect.Export(d.Name(), server, catalog)
	if err != nil {
		return err
	}
	if plan.Empty() {
		_, err := fmt.Fprintln(p.out, "-- No table exists --")
		return err
	}
	var b bytes.Buffer
	if err := ui.Export(&b, plan); err != nil {
		return err
	}
	_, err = p.out.Write(b.Bytes())
	return err
}

// amend adds what the flags ask for to a plan that is not empty.
func (p *program) amend(plan *planner.Plan) {
	if plan.Empty() {
		return
	}
	if p.flags.BeforeApply != "" {
		first := planner.Statement{SQL: strings.TrimRight(strings.TrimSpace(p.flags.BeforeApply), ";"), Verb: planner.Alter, Tx: plan.Statements[0].Tx}
		plan.Statements = slices.Insert(plan.Statements, 0, first)
	}
	if p.noTransaction {
		for i := range plan.Statements {
			plan.Statements[i].Tx = planner.NoTx
		}
	}
}

// print shows a plan in their words.
func (p *program) print(title, name string, b dialect.Bound, plan *planner.Plan) error {
	skipped, err := p.scope.dropped(name, b, plan)
	if err != nil {
		return err
	}
	if n := p.scope.unmanaged; n > 0 {
		fmt.Fprintf(p.err, "-- note: %d privileges in the files are left alone: managed_roles does not name their roles\n", n)
	}
	if plan.Empty() && len(skipped) == 0 {
		_, err := fmt.Fprintln(p.out, "-- Nothing is modified --")
		return err
	}
	var w bytes.Buffer
	fmt.Fprintln(&w, title)
	for _, s := range skipped {
		fmt.Fprintf(&w, "-- Skipped: %s;\n", strings.ReplaceAll(s, "\n", "\n--   "))
	}
	open := false
	for _, s := range plan.Statements {
		if in := s.Tx != planner.NoTx; in != open {
			fmt.Fprintln(&w, map[bool]string{true: "BEGIN;", false: "COMMIT;"}[in])
			open = in
		}
		fmt.Fprintf(&w, "%s;\n", s.SQL)
	}
	if open {
		fmt.Fprintln(&w, "COMMIT;")
	}
	_, err = p.out.Write(w.Bytes())
	return err
}
