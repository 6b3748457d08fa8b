// Package cli is the command line: one file per command. It reads flags and
// the environment, calls the packages that do the work, and turns outcomes
// into output and exit codes. It holds no logic about schemas.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/trueup-sql/trueup/cmd/internal/sqldef"
	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/planner/safety"
)

// Exit codes.
const (
	exitOK        = 0 // done, or in sync
	exitError     = 1
	exitDifferent = 2 // drift, plan --check
	exitRefused   = 3 // by a safety rule
	exitUnmanaged = 4 // under --strict
)

// streams are where a command reads and writes; stdout is only the result.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// status is an exit code without a message.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

type commands struct {
	LogFormat string `enum:"text,json" default:"text" placeholder:"NAME" help:"Diagnostics and progress on stderr: text, or json, one object to a line. Default: text."`

	ShowVersion versionFlag `name:"version" env:"-" help:"Print the version."`

	Plan     planCommand       `cmd:"" help:"Print the SQL that would be run; nothing on stdout when in sync."`
	Apply    applyCommand      `cmd:"" help:"Make the database match the files."`
	Export   exportCommand     `cmd:"" help:"Print the live schema as SQL."`
	Drift    driftCommand      `cmd:"" help:"Report what differs from the files or a snapshot; exit with 2 when something does."`
	Diff     diffCommand       `cmd:"" help:"Print the SQL that leads from one side to another: databases, files, snapshots."`
	Lint     lintCommand       `cmd:"" help:"Report what is questionable in a schema: mistakes, indexes, keys, types, names; exit with 2 when something is."`
	Snapshot snapshotCommand   `cmd:"" help:"Write the live schema as versioned JSON."`
	Pull     pullCommand       `cmd:"" help:"Edit the files so that they describe the database."`
	Conf     configCommand     `cmd:"" name:"config" help:"About the configuration, trueup.yaml."`
	Complete completionCommand `cmd:"" name:"completion" help:"Print a script that completes commands and flags in a shell."`
	Man      manCommand        `cmd:"" help:"Print the manual page."`
	Version  versionCommand    `cmd:"" help:"Print the version."`
}

const description = `trueup makes a live database match schema.sql, and proves it.

  trueup plan  "$DATABASE_URL" -f schema.sql
  trueup apply "$DATABASE_URL" < schema.sql

TARGET is postgres://.., mysql://.., mariadb://.., sqlite:path, or a libpq keyword string; $DATABASE_URL when absent.
In the place of sqldef: trueup psqldef, trueup mysqldef, trueup sqlite3def, or a link by one of these names.
Every flag can also be given as an environment variable: TRUEUP_ENABLE_DROP=true for --enable-drop. Flags beat these, and they beat trueup.yaml.
Exit codes: 0 done or in sync, 1 error, 2 differences (plan --check, drift) or findings (lint), 3 refused by a safety rule, 4 unmanaged objects (--strict).`

// Main runs one command line and returns the exit code. program is the name by
// which it was called: psqldef, mysqldef and sqlite3def are command lines of
// their own, as are "trueup psqldef" and so on.
func Main(program string, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	spaceGarbage()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	stdin = ui.NewInput(ctx, stdin)
	if sqldef.Is(program) {
		return sqldef.Main(ctx, program, toolVersion(), args, stdin, stdout, stderr)
	}
	if len(args) > 0 && slices.Contains(sqldef.Names, args[0]) {
		return sqldef.Main(ctx, args[0], toolVersion(), args[1:], stdin, stdout, stderr)
	}
	s := streams{stdin, stdout, stderr}
	var c commands
	exit := -1
	p, err := kong.New(&c, kong.Name("trueup"), kong.Description(description), kong.Writers(stdout, stderr),
		kong.UsageOnError(), kong.DefaultEnvars("TRUEUP"), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.Exit(func(code int) { exit = code }))
	if err != nil {
		fmt.Fprintln(stderr, "trueup:", err)
		return exitError
	}
	switch {
	case len(args) == 0:
		args = []string{"--help"}
	case args[0] == "help":
		args = append(args[1:], "--help")
	}
	k, err := p.Parse(args)
	if exit >= 0 { // --help was printed
		return exit
	}
	if err != nil {
		fmt.Fprintf(stderr, "trueup: %v\n  hint: %s\n", err, hintFor(err, args))
		return exitError
	}
	k.BindTo(ctx, (*context.Context)(nil))
	if c.LogFormat == "json" {
		s.err = ui.NewLog(stderr)
	}
	return code(ctx, k.Run(s), s.err)
}

// hintFor says what to do about a command line that cannot be read.
func hintFor(err error, args []string) string {
	for _, a := range args {
		if _, stat := os.Stat(a); stat == nil && strings.Contains(err.Error(), "unexpected argument "+a) {
			return "-f " + a
		}
	}
	if slices.Contains(args, "mssqldef") {
		return "there is no SQL Server; trueup psqldef, mysqldef, sqlite3def"
	}
	parse, ok := errors.AsType[*kong.ParseError](err)
	if ok && parse.Context != nil && parse.Context.Selected() != nil {
		return "trueup " + parse.Context.Selected().Path() + " --help"
	}
	return "trueup --help"
}

// code prints an error and says what to exit with.
func code(ctx context.Context, err error, stderr io.Writer) int {
	if err == nil {
		return exitOK
	}
	if s, ok := errors.AsType[status](err); ok {
		return int(s)
	}
	if ctx.Err() != nil && !errors.Is(err, ui.ErrInterrupted) {
		err = fmt.Errorf("%w: %w", ui.ErrInterrupted, err)
	}
	fmt.Fprintln(stderr, "trueup:", err)
	if _, ok := errors.AsType[*safety.RefusedError](err); ok {
		return exitRefused
	}
	return exitError
}
