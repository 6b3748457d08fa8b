package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"pgregory.net/rapid"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/dialecttest"
	"github.com/trueup-sql/trueup/dialects/dialecttest/pairs"
	"github.com/trueup-sql/trueup/dialects/postgres"
	"github.com/trueup-sql/trueup/parser"
)

// TestRandomRows takes a live database with rows from one random schema to
// another: a table that is there afterwards has as many rows as before, unless
// the server says that they do not fit, and then all is as it was.
func TestRandomRows(t *testing.T) {
	pairs.Set(t, 20)
	const major = 18
	url := dialecttest.Postgres(t, major)
	played := 0
	rapid.Check(t, func(rt *rapid.T) {
		a, b := randomSchema(rt, major), randomSchema(rt, major)
		reset(rt, url)
		if err := loadPostgres(context.Background(), url, a); err != nil {
			rt.Fatalf("the schema is no good: %v\n%s", err, a)
		}
		before := fill(rt, url)
		plan, err := tryApply(rt, url, b)
		if refused, ok := errors.AsType[*pgconn.PgError](err); err != nil && (!ok || refused.Code[:2] != "22" && refused.Code[:2] != "23") {
			rt.Fatalf("%v\n-- from\n%s\n-- to\n%s\n-- plan\n%s", err, a, b, plan)
		}
		after := counts(rt, url)
		for table, n := range before {
			if m, ok := after[table]; ok && m != n {
				rt.Fatalf("%s had %d rows, and has %d (%v)\n-- from\n%s\n-- to\n%s\n-- plan\n%s", table, n, m, err, a, b, plan)
			}
		}
		if err == nil {
			played++
		}
	})
	if played == 0 {
		t.Error("no apply went through")
	}
}

// fill puts a few rows into every table that takes its defaults, and counts them.
func fill(t failer, url string) map[string]int {
	t.Helper()
	for table := range counts(t, url) {
		for range 3 {
			_ = loadPostgres(context.Background(), url, "INSERT INTO "+strings.TrimPrefix(table, "ONLY ")+" DEFAULT VALUES")
		}
	}
	return counts(t, url)
}

// counts are the rows of all tables that are no partitions, without those of
// tables that inherit from them.
func counts(t failer, url string) map[string]int {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	rows, err := c.Query(ctx, "SELECT CASE relkind WHEN 'r' THEN 'ONLY ' ELSE '' END || oid::regclass FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')")
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, name := range names {
		var n int
		if err := c.QueryRow(ctx, fmt.Sprintf("SELECT count(*) FROM %s", name)).Scan(&n); err != nil {
			t.Fatal(err)
		}
		out[name] = n
	}
	return out
}

func tryApply(t failer, url, to string) (string, error) {
	t.Helper()
	ctx := context.Background()
	s, err := postgres.Dialect{}.Open(ctx, url, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p, err := dialect.Apply(ctx, "postgres", s, []parser.Source{{Name: "desired.sql", Text: to}}, dialect.ApplyOptions{})
	return planText(p), err
}
