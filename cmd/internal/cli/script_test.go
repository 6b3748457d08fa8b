package cli_test

import (
	"context"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/trueup-sql/trueup/cmd/internal/cli"
	"github.com/trueup-sql/trueup/dialects/dialecttest"
)

func TestMain(m *testing.M) {
	program := func(name string) func() {
		return func() { os.Exit(cli.Main(name, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
	}
	testscript.Main(m, map[string]func(){"trueup": program("trueup"), "psqldef": program("psqldef"), "mysqldef": program("mysqldef"), "sqlite3def": program("sqlite3def")})
}

// TestScripts runs the command line as a person would: one script per file of
// testdata/script. Besides testscript's own commands there are
//
//	database NAME postgres 15   a new database, its URL in $NAME, and its parts in $NAME_HOST, $NAME_PORT, $NAME_DB
//	database NAME mariadb
//	psql $URL FILE              runs a script natively
//	hold $URL TIME SQL          runs it in a transaction that ends so much later
//	status N trueup ..          the exit code has to be N
//	terminal N FILE trueup ..   the same on a terminal, with the answers of FILE; the file "terminal" is what it showed
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"database": func(ts *testscript.TestScript, neg bool, args []string) { database(t, ts, args) },
			"psql":     psql,
			"status":   exitStatus,
			"terminal": terminal,
			"hold":     hold,
		},
	})
}

func database(t *testing.T, ts *testscript.TestScript, args []string) {
	switch {
	case len(args) == 3 && args[1] == "postgres":
		major, err := strconv.Atoi(args[2])
		ts.Check(err)
		ts.Setenv(args[0], dialecttest.Postgres(t, major))
	case len(args) == 2 && args[1] == "mariadb":
		ts.Setenv(args[0], dialecttest.MariaDB(t))
	default:
		ts.Fatalf("usage: database NAME postgres MAJOR | database NAME mariadb")
	}
	u, err := url.Parse(ts.Getenv(args[0]))
	ts.Check(err)
	for part, value := range map[string]string{"HOST": u.Hostname(), "PORT": u.Port(), "DB": strings.TrimPrefix(u.Path, "/")} {
		ts.Setenv(args[0]+"_"+part, value)
	}
}

func psql(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: psql URL FILE")
	}
	ctx := context.Background()
	c, err := pgx.Connect(ctx, args[0])
	ts.Check(err)
	defer c.Close(ctx)
	_, err = c.PgConn().Exec(ctx, ts.ReadFile(args[1])).ReadAll()
	if neg != (err != nil) {
		ts.Fatalf("psql: %v", err)
	}
}

// exitStatus runs a program and compares its exit code.
func exitStatus(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: status N PROGRAM ARGS..")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		e, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = e.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}
