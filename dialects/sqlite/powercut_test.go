package sqlite

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trueup-sql/trueup/dialects/dialect"
)

// The two schemas between which the table is rebuilt.
var powerCut = [2]string{`CREATE TABLE big (id INTEGER PRIMARY KEY, n INT, payload TEXT);
CREATE INDEX big_n ON big (n);
CREATE TABLE log (what TEXT);
CREATE TRIGGER big_ad AFTER DELETE ON big BEGIN INSERT INTO log VALUES (old.id); END;
CREATE VIEW v AS SELECT n, count(*) AS c FROM big GROUP BY n;`,
	`CREATE TABLE big (id INTEGER PRIMARY KEY, payload TEXT NOT NULL CHECK (payload <> ''), n INT NOT NULL);
CREATE INDEX big_n ON big (n, id);
CREATE TABLE log (what TEXT, at TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE TRIGGER big_ad AFTER DELETE ON big BEGIN INSERT INTO log (what) VALUES (old.id); END;
CREATE VIEW v AS SELECT n, count(*) AS c FROM big GROUP BY n;`}

const childEnv = "TRUEUP_POWERCUT_CHILD"

// TestPowerCut kills the process at random moments during the rebuild of a
// large table: the database is always the old one or the new one, with all
// rows, and in order. TRUEUP_LONG=1 makes it 200 kills of a table of 100 MB.
func TestPowerCut(t *testing.T) {
	if path := os.Getenv(childEnv); path != "" {
		powerCutChild(t, path)
		return
	}
	if testing.Short() {
		t.Skip("short")
	}
	kills, rows := 20, 10_000
	if os.Getenv("TRUEUP_LONG") != "" {
		kills, rows = 200, 100_000
	}
	path := filepath.Join(t.TempDir(), "power.db")
	fill := fmt.Sprintf(`WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < %d)
		INSERT INTO big SELECT i * 3, i %% 100, hex(randomblob(500)) FROM c`, rows)
	d := openDatabase(t, path, powerCut[0], fill)
	content := d.content()
	d.h.Close()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	states := [2]string{newDatabase(t, powerCut[0]).facts(), newDatabase(t, powerCut[1]).facts()}

	is := 0
	took := runChild(t, path, 1, 0)
	if now := whichState(t, path, states, content); now != 1 {
		t.Fatal("the first apply, which was not killed, has not done its work")
	}
	is = 1
	killed, hot := 0, 0
	outcome := [2]int{} // stayed, changed
	for killed < kills {
		delay := time.Duration(rand.Int64N(int64(took))) + time.Millisecond
		if killed%2 == 1 { // around the commit
			delay = took*3/4 + time.Duration(rand.Int64N(int64(took)/2))
		}
		ran := runChild(t, path, 1-is, delay)
		if ran == 0 { // it was faster
			is = whichState(t, path, states, content)
			continue
		}
		killed++
		if _, err := os.Stat(path + "-journal"); err == nil {
			hot++
		}
		now := whichState(t, path, states, content)
		if now == is {
			outcome[0]++
		} else {
			outcome[1]++
		}
		is = now
	}
	t.Logf("%.0f MB, a rebuild takes %v; %d kills, %d of them with a journal left behind: %d times the old database, %d times the new one",
		float64(info.Size())/1e6, took.Round(time.Millisecond), killed, hot, outcome[0], outcome[1])
	if hot == 0 {
		t.Error("no kill hit a transaction; the test shows nothing")
	}
}

func powerCutChild(t *testing.T, path string) {
	var to int
	fmt.Sscan(os.Getenv(childEnv+"_TO"), &to)
	s, err := Dialect{}.Open(t.Context(), "sqlite:"+path, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dialect.Apply(context.Background(), "sqlite", s, sources(powerCut[to]), dialect.ApplyOptions{}); err != nil {
		t.Fatal(err)
	}
}

// runChild applies in a process of its own, and kills it after a while (0: not
// at all). It returns how long it ran, or 0 if it was to be killed and had
// finished before.
func runChild(t *testing.T, path string, to int, kill time.Duration) time.Duration {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestPowerCut$")
	cmd.Env = append(os.Environ(), childEnv+"="+path, fmt.Sprintf("%s_TO=%d", childEnv, to))
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if kill > 0 {
		defer time.AfterFunc(kill, func() { cmd.Process.Kill() }).Stop()
	}
	err := cmd.Wait()
	switch {
	case err == nil && kill > 0:
		return 0
	case err != nil && cmd.ProcessState.Exited():
		t.Fatalf("%v\n%s", err, out.String())
	}
	return time.Since(start)
}

// whichState opens the database as an application does, and checks it.
func whichState(t *testing.T, path string, states [2]string, content string) int {
	t.Helper()
	d := openDatabase(t, path)
	defer d.h.Close()
	if r := d.query("PRAGMA integrity_check"); !slices.Equal(r, []string{"ok"}) {
		t.Fatalf("integrity_check: %v", r)
	}
	if got := d.content(); got != content {
		t.Fatal("rows were lost or changed")
	}
	facts := d.facts()
	for i, s := range states {
		if s == facts {
			return i
		}
	}
	t.Fatalf("the schema is neither the old nor the new one:\n%s", facts)
	return -1
}

// content is a fingerprint of all rows.
func (d *database) content() string {
	d.t.Helper()
	h := sha256.New()
	rows, err := d.h.Query("SELECT id, n, payload FROM big ORDER BY id")
	if err != nil {
		d.t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var id, v int
		var payload string
		if err := rows.Scan(&id, &v, &payload); err != nil {
			d.t.Fatal(err)
		}
		fmt.Fprintln(h, id, v, payload)
		n++
	}
	if err := rows.Err(); err != nil {
		d.t.Fatal(err)
	}
	return fmt.Sprintf("%d %x", n, h.Sum(nil))
}
