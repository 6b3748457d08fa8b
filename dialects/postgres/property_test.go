package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/dialecttest"
	"github.com/trueup-sql/trueup/dialects/dialecttest/pairs"
	"github.com/trueup-sql/trueup/dialects/postgres"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
)

// TestRandomPairs takes a live database from one random schema to another and
// back. Every apply is simulated before and verified by the server before it
// commits; afterwards a plan is empty, also for a schema that psql would load.
// $TRUEUP_PAIRS says how many; 2,000 take half an hour.
func TestRandomPairs(t *testing.T) {
	pairs.Set(t, 40)
	for _, major := range []int{15, 18} {
		t.Run(fmt.Sprint(major), func(t *testing.T) {
			t.Parallel()
			url := dialecttest.Postgres(t, major)
			rapid.Check(t, func(rt *rapid.T) {
				a, b := randomSchema(rt, major), randomSchema(rt, major)
				reset(rt, url)
				if err := loadPostgres(context.Background(), url, a); err != nil {
					rt.Fatalf("the schema is no good: %v\n%s", err, a)
				}
				planEmpty(rt, url, a, "as psql would load it")
				applyText(rt, url, a, b)
				planEmpty(rt, url, b, "after the apply")
				applyText(rt, url, b, a)
				planEmpty(rt, url, a, "after the way back")
			})
		})
	}
}

func reset(t failer, url string) {
	t.Helper()
	if err := loadPostgres(context.Background(), url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public"); err != nil {
		t.Fatal(err)
	}
}

// loadPostgres runs a script as psql would, in one go.
func loadPostgres(ctx context.Context, url, script string) error {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.PgConn().Exec(ctx, script).ReadAll()
	return err
}

func applyText(t failer, url, from, to string) {
	t.Helper()
	if plan, err := tryApply(t, url, to); err != nil {
		t.Fatalf("%v\n-- from\n%s\n-- to\n%s\n-- plan\n%s", err, from, to, plan)
	}
}

// planText is the statements of a plan, if there is one.
func planText(p *planner.Plan) string {
	if p == nil {
		return ""
	}
	var b strings.Builder
	for _, st := range p.Statements {
		b.WriteString(st.SQL + ";\n")
	}
	return b.String()
}

func planEmpty(t failer, url, text, when string) {
	t.Helper()
	ctx := context.Background()
	s, err := postgres.Dialect{}.Open(ctx, url, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p, err := dialect.Prepare(ctx, "postgres", s, []parser.Source{{Name: "desired.sql", Text: text}}, dialect.Policy{})
	if err != nil {
		t.Fatalf("%s: %v\n-- schema\n%s", when, err, text)
	}
	if !p.Empty() {
		t.Fatalf("the plan is not empty %s:\n%s\n-- schema\n%s", when, planText(p), text)
	}
}

// failer is what *testing.T and *rapid.T have in common.
type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}
