package sqlite

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/planner"
)

func TestTargets(t *testing.T) {
	for target, want := range map[string]string{
		"sqlite:a.db": "a.db", "sqlite:///tmp/a.db": "/tmp/a.db", "sqlite://dir/a.db": "dir/a.db", "sqlite:/tmp/a b?.db": "/tmp/a b?.db",
		"SQLITE:x": "x", "sqlite3:x": "x", "postgres://x": "", "a.db": "",
	} {
		if got, _ := cut(target); got != want || (Dialect{}).Handles(target) != (want != "") {
			t.Errorf("%s is %q, not %q", target, got, want)
		}
	}
	for _, target := range []string{"sqlite:", "sqlite::memory:"} {
		if _, err := (Dialect{}).Open(t.Context(), target, dialect.Options{}); err == nil {
			t.Errorf("%s is accepted", target)
		}
	}
}

// TestOddPath uses a path in which nearly everything would have a meaning in a URL.
func TestOddPath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?c#d%20é&mode=ro.db")
	s, err := Dialect{}.Open(t.Context(), "sqlite:"+path, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dialect.Apply(t.Context(), "sqlite", s, sources("CREATE TABLE a (x);"), dialect.ApplyOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
}

func TestNewFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new.db")
	s, err := Dialect{}.Open(t.Context(), "sqlite:"+path, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := dialect.Prepare(t.Context(), "sqlite", s, sources("CREATE TABLE a (x);"), dialect.Policy{})
	if err != nil || len(p.Statements) != 1 {
		t.Fatal(err, p)
	}
	if len(p.Notes) != 1 || !strings.Contains(p.Notes[0], "does not exist") {
		t.Errorf("notes: %q", p.Notes)
	}
	apply := func(text string) error {
		_, err := dialect.Apply(t.Context(), "sqlite", s, sources(text), dialect.ApplyOptions{})
		return err
	}
	if err := apply("CREATE TABLE"); err == nil {
		t.Error("no error")
	}
	if exists(path) {
		t.Error("a plan, or an apply that failed, has left a file behind")
	}
	if err := apply("CREATE TABLE a (x);"); err != nil || !exists(path) {
		t.Error(err)
	}
}

// holder is another process with a transaction.
func holder(t *testing.T, d *database, begin string) *sql.Conn {
	t.Helper()
	c, err := d.h.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if _, err := c.ExecContext(t.Context(), begin); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLocked(t *testing.T) {
	const desired = "CREATE TABLE a (x INT, y INT);"
	for _, begin := range []string{"BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"} {
		d := newDatabase(t, "CREATE TABLE a (x INT);")
		s, err := Dialect{}.Open(t.Context(), "sqlite:"+d.path, dialect.Options{LockTimeout: 300 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		h := holder(t, d, begin)
		start := time.Now()
		_, err = dialect.Apply(t.Context(), "sqlite", s, sources(desired), dialect.ApplyOptions{LockWait: time.Minute})
		if took := time.Since(start); took < 250*time.Millisecond || took > 20*time.Second {
			t.Errorf("%s: it waited %v", begin, took)
		}
		if err == nil || !strings.Contains(err.Error(), "is locked by another process; waited 300ms") || !strings.Contains(err.Error(), "--lock-timeout") {
			t.Errorf("%s: %v", begin, err)
		}
		if begin == "BEGIN IMMEDIATE" { // it does not keep readers away
			if p, err := dialect.Prepare(t.Context(), "sqlite", s, sources(desired), dialect.Policy{}); err != nil || p.Empty() {
				t.Errorf("plan: %v", err)
			}
		}
		time.AfterFunc(100*time.Millisecond, func() { h.ExecContext(context.Background(), "COMMIT") })
		if err := d.apply(desired, nil); err != nil {
			t.Errorf("%s, ended in time: %v", begin, err)
		}
	}
}

// TestTwoAppliers: the second one waits, and then has nothing to do.
func TestTwoAppliers(t *testing.T) {
	d := newDatabase(t, "CREATE TABLE a (x INT); INSERT INTO a VALUES (1)")
	done := make(chan error)
	for range 4 {
		go func() { done <- d.apply("CREATE TABLE a (x TEXT NOT NULL);", nil) }()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// TestWAL applies to a database in WAL mode that an application has open.
func TestWAL(t *testing.T) {
	d := newDatabase(t, "PRAGMA journal_mode = WAL; CREATE TABLE a (x INT); INSERT INTO a VALUES (1)")
	h := holder(t, d, "BEGIN; SELECT * FROM a")
	d.converge("CREATE TABLE a (x TEXT NOT NULL);")
	h.ExecContext(t.Context(), "COMMIT")
	if got := d.query("PRAGMA journal_mode"); got[0] != "wal" {
		t.Error(got)
	}
}

// TestInterrupted: a rebuild that is cancelled or runs out of time leaves the
// database as it was.
func TestInterrupted(t *testing.T) {
	d := newDatabase(t, "CREATE TABLE a (x INT)", "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 300000) INSERT INTO a SELECT i FROM c")
	facts := d.facts()
	s, err := Dialect{}.Open(t.Context(), "sqlite:"+d.path, dialect.Options{StatementTimeout: 5 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dialect.Apply(t.Context(), "sqlite", s, sources("CREATE TABLE a (x TEXT);"), dialect.ApplyOptions{}); err == nil {
		t.Error("no error")
	} else if !strings.Contains(err.Error(), "nothing was changed") {
		t.Error(err)
	}
	if d.facts() != facts {
		t.Error("it left changes behind")
	}
	d.converge("CREATE TABLE a (x TEXT);")
}

// TestHazards: what a plan says of its statements.
func TestHazards(t *testing.T) {
	d := newDatabase(t, "CREATE TABLE a (x INT, y INT, z INT); CREATE TABLE b (x)")
	p, err := d.plan("CREATE TABLE a (x TEXT NOT NULL, y INT); CREATE INDEX ax ON a (y);", nil)
	if err != nil {
		t.Fatal(err)
	}
	got := map[planner.Hazard]bool{}
	for _, s := range p.Statements {
		for _, h := range s.Hazards {
			got[h] = true
		}
	}
	for _, h := range []planner.Hazard{planner.HazardDataLoss, planner.HazardRewrite, planner.HazardMayFail, planner.HazardIndexBuild} {
		if !got[h] {
			t.Errorf("no hazard %q", h)
		}
	}
}
