package api_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/trueup-sql/trueup/dialects"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// Plan prints what would be done, and does nothing. The policy says which drops
// are allowed: here those of indexes only.
func Example_plan() {
	ctx := context.Background()
	url, done := scratch()
	defer done()

	d, server, err := dialects.Open(ctx, url, dialect.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	sources, err := parser.Load([]string{"schema.sql"}, nil)
	if err != nil {
		log.Fatal(err)
	}
	policy := dialect.Policy{Allow: func(o schema.Object) bool { return o.ID().Kind == "index" }}
	plan, err := dialect.Prepare(ctx, d.Name(), server, sources, policy)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range plan.Statements {
		fmt.Printf("%s: %s\n", s.Object, s.Origin)
	}
	// Output:
	// table account: schema.sql:1:1
	// index account_email: schema.sql:5:1
}

// Apply plans and runs the plan, in a transaction that is verified before the
// commit; Approve has the last word. The second time there is nothing to do.
func Example_apply() {
	ctx := context.Background()
	url, done := scratch()
	defer done()

	d, server, err := dialects.Open(ctx, url, dialect.Options{LockTimeout: 5 * time.Second})
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	sources, err := parser.Load([]string{"schema.sql"}, nil)
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		plan, err := dialect.Apply(ctx, d.Name(), server, sources, dialect.ApplyOptions{
			LockWait: time.Minute,
			Approve: func(_ context.Context, p *planner.Plan, _ dialect.Session) error {
				for _, s := range p.Statements {
					for _, h := range s.Hazards {
						if h == planner.HazardDataLoss {
							return fmt.Errorf("%s: %s", s.Object, h)
						}
					}
				}
				return nil
			},
		})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(plan.Statements), "statements")
	}
	// Output:
	// 2 statements
	// 0 statements
}

// Diff compares any two of URL, file, folder, snapshot; here a file with a
// text, without a database.
func Example_diff() {
	bound, err := dialects.Assume("postgres:16", dialect.Options{})
	if err != nil {
		log.Fatal(err)
	}
	old := []parser.Source{{Name: "old.sql", Text: "CREATE TABLE t (id bigint PRIMARY KEY, state text CHECK (state IN ('on', 'off')));"}}
	now := []parser.Source{{Name: "new.sql", Text: "CREATE TABLE t (id int8 PRIMARY KEY, state text CHECK (state = ANY (ARRAY['on', 'off'])), note text);"}}
	from, err := dialect.Read("postgres", bound, old)
	if err != nil {
		log.Fatal(err)
	}
	to, err := dialect.Read("postgres", bound, now)
	if err != nil {
		log.Fatal(err)
	}
	plan, err := dialect.Compare("postgres", bound, from, to, dialect.Policy{})
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range plan.Statements {
		fmt.Println(s.SQL)
	}
	// Output:
	// ALTER TABLE public.t ADD COLUMN note text
}

// Mistakes in the files are errors with a place.
func Example_mistake() {
	bound, err := dialects.Assume("postgres", dialect.Options{})
	if err != nil {
		log.Fatal(err)
	}
	_, err = dialect.Read("postgres", bound, []parser.Source{{Name: "schema.sql", Text: "CREATE TABLE t (\n    id nonsense\n);"}})
	if mistake, ok := errors.AsType[*parser.Error](err); ok {
		fmt.Printf("line %d: %s\n", mistake.Pos.Line, mistake.Message)
	}
	// Output:
	// line 2: type nonsense does not exist
}

// TestDatabaseHasTheSchema is what a project's own test suite can hold: the
// migrations that it runs lead to what schema.sql says.
func TestDatabaseHasTheSchema(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "test.db")
	MustHaveSchema(t, url, "schema.sql", true)
	MustHaveSchema(t, url, "schema.sql", false)
}

// MustHaveSchema fails the test unless the database has exactly this schema;
// with create it is brought there first, as a fresh test database is.
func MustHaveSchema(t testing.TB, url, file string, create bool) {
	t.Helper()
	ctx := context.Background()
	sources, err := parser.Load([]string{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	d, server, err := dialects.Open(ctx, url, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if create {
		if _, err := dialect.Apply(ctx, d.Name(), server, sources, dialect.ApplyOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	plan, err := dialect.Prepare(ctx, d.Name(), server, sources, dialect.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range plan.Statements {
		t.Errorf("the database is not as %s says; missing: %s", file, s.SQL)
	}
}

// scratch is the URL of an empty database.
func scratch() (url string, done func()) {
	dir, err := os.MkdirTemp("", "trueup")
	if err != nil {
		log.Fatal(err)
	}
	return "sqlite:" + filepath.Join(dir, "app.db"), func() { os.RemoveAll(dir) }
}
