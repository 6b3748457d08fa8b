package postgres_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/dialecttest"
	"github.com/trueup-sql/trueup/dialects/postgres"
)

// BenchmarkNoopPlan plans a 10,000-table database that is in sync with its
// file, as a program of its own, and runs pg_dump on the same database in the
// same run, in turns. It reports the medians of their wall times, the ratio of
// these, and the greatest peak memory.
func BenchmarkNoopPlan(b *testing.B) {
	tables := 10000
	if s := os.Getenv("TRUEUP_BENCH_TABLES"); s != "" {
		fmt.Sscan(s, &tables)
	}
	dump, err := exec.LookPath("pg_dump")
	if err != nil {
		b.Skip("pg_dump is missing")
	}
	bin := filepath.Join(b.TempDir(), "trueup")
	if out, err := exec.Command("go", "build", "-o", bin, "github.com/trueup-sql/trueup/cmd/trueup").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	url := dialecttest.Postgres(b, 15)
	script := bigSchema(tables)
	file := filepath.Join(b.TempDir(), "schema.sql")
	if err := os.WriteFile(file, []byte(script), 0o644); err != nil {
		b.Fatal(err)
	}
	for chunk := range chunks(script, 2000) {
		if err := loadPostgres(context.Background(), url, chunk); err != nil {
			b.Fatal(err)
		}
	}
	if err := loadPostgres(context.Background(), url, "VACUUM ANALYZE"); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	const rounds = 5
	var plans, dumps []time.Duration
	var memory int64
	for b.Loop() {
		for range rounds {
			out, took, peak := timed(b, exec.Command(bin, "plan", url, "-f", file))
			if strings.TrimSpace(out) != "" {
				b.Fatalf("the plan is not empty: %.2000s", out)
			}
			plans, memory = append(plans, took), max(memory, peak)
			_, took, _ = timed(b, exec.Command(dump, "--schema-only", "-f", os.DevNull, url))
			dumps = append(dumps, took)
		}
	}
	plan, pgdump := median(plans), median(dumps)
	b.ReportMetric(plan.Seconds(), "plan-s")
	b.ReportMetric(pgdump.Seconds(), "pg_dump-s")
	b.ReportMetric(plan.Seconds()/pgdump.Seconds(), "plan/pg_dump")
	b.ReportMetric(float64(memory)/1024, "peak-MiB")
	few := dialecttest.Postgres(b, 15)
	if err := loadPostgres(context.Background(), few, bigSchema(10)); err != nil {
		b.Fatal(err)
	}
	n1, n2 := catalogQueries(b, url), catalogQueries(b, few)
	if n1 != n2 {
		b.Errorf("%d catalog queries for %d tables, %d for 10", n1, tables, n2)
	}
	b.ReportMetric(float64(n1), "queries")
}

// catalogQueries counts what reading the catalogs once takes.
func catalogQueries(b *testing.B, url string) int {
	b.Helper()
	ctx := context.Background()
	s, err := postgres.Dialect{}.Open(ctx, url, dialect.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Inspect(ctx); err != nil {
		b.Fatal(err)
	}
	return s.(interface{ Queries() int }).Queries()
}

// timed runs a command and returns its output, wall time and peak memory (KiB).
func timed(b *testing.B, cmd *exec.Cmd) (string, time.Duration, int64) {
	b.Helper()
	cmd.Stderr = os.Stderr
	start := time.Now()
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("%s: %v", cmd, err)
	}
	return string(out), time.Since(start), cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}

// chunks yields a script n statements at a time.
func chunks(script string, n int) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		statements := strings.SplitAfter(script, ";\n")
		for len(statements) > 0 {
			k := min(n, len(statements))
			if !yield(strings.Join(statements[:k], "")) {
				return
			}
			statements = statements[k:]
		}
	}
}

// bigSchema is n tables with 5 columns, 3 indexes besides the primary key,
// checks, defaults, a foreign key, and comments each.
func bigSchema(n int) string {
	var b strings.Builder
	b.WriteString("CREATE TYPE state AS ENUM ('new', 'open', 'done');\n")
	for i := range n {
		fmt.Fprintf(&b, `CREATE TABLE table_%[1]d (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name_%[2]d character varying(100) NOT NULL DEFAULT '',
  state state DEFAULT 'new' NOT NULL,
  amount numeric(12,2) CHECK (amount >= 0 AND amount < 1000000),
  parent_id bigint,
  created_at timestamptz DEFAULT now() NOT NULL,
  CONSTRAINT name_ok CHECK (length(name_%[2]d) < 100 OR name_%[2]d IN ('a', 'b'))
);
CREATE INDEX ON table_%[1]d (created_at DESC);
CREATE INDEX table_%[1]d_lower ON table_%[1]d (lower(name_%[2]d));
CREATE INDEX table_%[1]d_open ON table_%[1]d (parent_id) WHERE state <> 'done';
COMMENT ON TABLE table_%[1]d IS 'table number %[1]d';
COMMENT ON COLUMN table_%[1]d.amount IS 'in euro';
`, i, i%50)
		if i > 0 {
			fmt.Fprintf(&b, "ALTER TABLE table_%d ADD FOREIGN KEY (parent_id) REFERENCES table_%d ON DELETE SET NULL;\n", i, i/2)
		}
	}
	return b.String()
}
