package cli_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/trueup-sql/trueup/cmd/internal/cli"
	"github.com/trueup-sql/trueup/dialects"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/dialecttest"
	"github.com/trueup-sql/trueup/parser"
)

// What is played with the real schemas of the folder in $TRUEUP_REALWORLD, each
// loaded by the server's own client. $TRUEUP_ONLY is a regular expression on
// dialect/name, $TRUEUP_SAMPLE plays one schema in n.

// real is a real schema in a database of its own.
type real struct {
	dialect, name, dir string
	url                string
	db                 *sql.DB
}

func (r *real) file(name string) string { return filepath.Join(r.dir, name) }

// eachReal runs a test for all real schemas, on all servers that load them.
func eachReal(t *testing.T, test func(t *testing.T, r *real)) {
	root := os.Getenv("TRUEUP_REALWORLD")
	if root == "" {
		t.Skip("TRUEUP_REALWORLD names no folder with real schemas")
	}
	only := regexp.MustCompile(os.Getenv("TRUEUP_ONLY"))
	sample := 1
	if n := os.Getenv("TRUEUP_SAMPLE"); n != "" {
		if _, err := fmt.Sscan(n, &sample); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for _, d := range []string{"sqlite", "mysql", "postgres"} {
		dirs, err := filepath.Glob(filepath.Join(root, d, "*"))
		if err != nil || len(dirs) == 0 {
			t.Fatalf("no schemas in %s: %v", filepath.Join(root, d), err)
		}
		for _, dir := range dirs {
			for _, on := range serversOf(t, dir, d) {
				name := on + "/" + filepath.Base(dir)
				if n++; n%sample != 0 || !only.MatchString(name) {
					continue
				}
				t.Run(name, func(t *testing.T) { test(t, load(t, d, on, dir)) })
			}
		}
	}
}

// serversOf are the servers that load a schema.
func serversOf(t *testing.T, dir, dialect string) []string {
	if dialect != "postgres" {
		return []string{dialect}
	}
	var meta struct{ Loads []int }
	b, err := os.ReadFile(filepath.Join(dir, "meta.json"))
	if err == nil {
		err = json.Unmarshal(b, &meta)
	}
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, major := range meta.Loads {
		out = append(out, fmt.Sprint("postgres", major))
	}
	return out
}

// load loads a schema into a new database with the server's own client.
func load(t *testing.T, dialect, on, dir string) *real {
	t.Helper()
	r := &real{dialect: dialect, name: filepath.Base(dir), dir: dir}
	driver, dsn := "sqlite", ""
	var client []string
	switch dialect {
	case "sqlite":
		dsn = filepath.Join(t.TempDir(), "real.db")
		r.url = "sqlite:" + dsn
		client = []string{"sqlite3", "-bail", dsn}
	case "mysql":
		r.url = dialecttest.MariaDB(t)
		host, name, _ := strings.Cut(strings.TrimPrefix(r.url, "mysql://root@"), "/")
		driver, dsn = "mysql", "root@tcp("+host+")/"+name
		_, port, _ := strings.Cut(host, ":")
		client = []string{"mariadb", "-h", "127.0.0.1", "-P", port, "-u", "root", name}
	default:
		var major int
		fmt.Sscanf(on, "postgres%d", &major)
		r.url = dialecttest.Postgres(t, major)
		driver, dsn = "pgx", r.url
		client = []string{"psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-d", r.url}
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	r.db = db
	if b, err := os.ReadFile(r.file("meta.json")); err == nil && bytes.Contains(b, []byte("db charset latin1")) {
		r.exec(t, "ALTER DATABASE CHARACTER SET latin1")
	}
	for _, f := range []string{"prep.sql", "ddl.sql"} {
		in, err := os.Open(r.file(f))
		if os.IsNotExist(err) && f == "prep.sql" {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(client[0], client[1:]...)
		cmd.Stdin = in
		cmd.Env = append(os.Environ(), "PGOPTIONS=-c client_min_messages=error")
		out, err := cmd.CombinedOutput()
		in.Close()
		if err != nil {
			t.Skipf("the server's own client does not load it: %v\n%.2000s", err, out)
		}
	}
	return r
}

func (r *real) exec(t *testing.T, statement string) {
	t.Helper()
	if _, err := r.db.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// trueup runs a command line in this process.
func trueup(args ...string) (exit int, stdout, stderr string) {
	var out, errs bytes.Buffer
	exit = cli.Main("trueup", args, strings.NewReader(""), &out, &errs)
	return exit, out.String(), errs.String()
}

// TestPull makes 20 random changes to each real schema in its database, and
// pulls them into its files: there must be nothing to plan afterwards, a second
// pull must find nothing to do, and statements that the changes did not touch
// must be there byte for byte, with their comments.
func TestPullRealWorld(t *testing.T) {
	eachReal(t, func(t *testing.T, r *real) {
		dir := t.TempDir()
		for _, f := range []string{"prep.sql", "ddl.sql"} {
			b, err := os.ReadFile(r.file(f))
			if err == nil && !bytes.Contains(b, []byte("DO $$")) {
				err = os.WriteFile(filepath.Join(dir, f), b, 0o644)
			}
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		}
		if exit, out, errs := trueup("plan", r.url, "-f", dir, "--check", "--enable-drop"); exit != 0 {
			t.Logf("its own files have more in them than a schema, so those of an export are used (%d %.200s %.300s)", exit, out, errs)
			if err := errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o755)); err != nil {
				t.Fatal(err)
			}
			if exit, _, errs := trueup("export", r.url, "-o", dir); exit != 0 {
				t.Fatalf("export: %s", errs)
			}
			if exit, out, errs := trueup("plan", r.url, "-f", dir, "--check", "--enable-drop"); exit != 0 {
				t.Skipf("cannot be measured: plan of its own export is not empty (%d)\n%.2000s%.2000s", exit, out, errs)
			}
		}
		before := readTree(t, dir)
		done := changes(t, r, 20)
		if exit, out, errs := trueup("pull", r.url, dir); exit != 0 {
			t.Fatalf("pull: exit %d\n%s%s\nafter\n%s", exit, out, errs, strings.Join(done, ";\n"))
		}
		after := readTree(t, dir)
		if d := os.Getenv("TRUEUP_KEEP"); d != "" {
			keep(t, filepath.Join(d, r.dialect+"-"+r.name), before, after, done)
		}
		if exit, out, errs := trueup("plan", r.url, "-f", dir, "--check", "--enable-drop"); exit != 0 {
			t.Errorf("plan afterwards: exit %d\n%s%s\nafter\n%s", exit, out, errs, strings.Join(done, ";\n"))
		}
		if exit, out, errs := trueup("pull", r.url, dir, "--dry-run"); exit != 0 || out != "" {
			t.Errorf("pull again: exit %d\n%s%s", exit, out, errs)
		}
		kept, all := untouched(t, r, before, after, done)
		t.Logf("%d changes; %d statements not concerned, all kept byte for byte: %v", len(done), all, kept == all)
	})
}

func keep(t *testing.T, dir string, before, after map[string]string, done []string) {
	for part, tree := range map[string]map[string]string{"before": before, "after": after, "": {"changes.sql": strings.Join(done, ";\n") + ";\n"}} {
		for name, text := range tree {
			path := filepath.Join(dir, part, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	sources, err := parser.Load([]string{dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, s := range sources {
		rel, err := filepath.Rel(dir, s.Name)
		if err != nil {
			t.Fatal(err)
		}
		out[rel] = s.Text
	}
	return out
}

// untouched checks that all statements, with the comments before them, that do
// not mention what was changed are still there, in their order.
func untouched(t *testing.T, r *real, before, after map[string]string, done []string) (kept, all int) {
	d, err := dialects.ByName(r.dialect)
	if err != nil {
		t.Fatal(err)
	}
	b, err := d.Offline(dialect.Target{Flavor: map[string]string{"mysql": "mariadb"}[r.dialect]}, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	word := regexp.MustCompile(`[\pL\d_$]+`)
	touched := map[string]bool{}
	for _, c := range done {
		for _, m := range subject.FindAllStringSubmatch(c, -1) {
			parts := strings.Split(strings.ToLower(unquoted.Replace(m[2])), ".")
			n := len(parts) - 1
			if strings.EqualFold(m[1], "ON COLUMN") {
				n--
			}
			touched[parts[n]] = true
		}
	}
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for n := range before {
			if !yield(n) {
				return
			}
		}
	}) {
		text, now := before[name], after[name]
		list, err := b.(dialect.Outliner).Outline(parser.Source{Name: name, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for _, s := range list {
			statement := text[s.Start:s.Stop]
			if slices.ContainsFunc(word.FindAllString(strings.ToLower(statement), -1), func(w string) bool { return touched[w] || named(touched, w) }) {
				continue
			}
			all++
			n := strings.Index(now[min(at, len(now)):], statement)
			if n < 0 {
				t.Errorf("%s: an untouched statement is gone or moved:\n%.300s", name, statement)
				continue
			}
			at += n + len(statement)
			kept++
		}
	}
	return kept, all
}

// subject finds what a change is about.
var (
	subject  = regexp.MustCompile("(?i)(TABLE|ON COLUMN|ON TABLE|ON|FROM|INDEX|VIEW|FUNCTION|ENUM) ((?:[\"`][^\"`]*[\"`]|\\w+)(?:\\.(?:[\"`][^\"`]*[\"`]|\\w+))*)")
	unquoted = strings.NewReplacer(`"`, "", "`", "")
)

// named tells whether a word may be a name that was made of a touched one: that
// of a column's sequence; or the other way round, that of an unnamed index.
func named(touched map[string]bool, word string) bool {
	for t := range touched {
		if strings.HasPrefix(word, t+"_") || len(word) >= 20 && strings.HasPrefix(t, word[:20]) {
			return true
		}
	}
	return false
}

// TestRoundTripsRealWorld takes a snapshot of each real schema: it must not
// differ from its own database, and what it exports must be what the database
// exports.
func TestRoundTripsRealWorld(t *testing.T) {
	eachReal(t, func(t *testing.T, r *real) {
		snap := filepath.Join(t.TempDir(), "snap.json")
		if exit, _, errs := trueup("snapshot", r.url, "-o", snap); exit != 0 {
			t.Fatalf("snapshot: exit %d\n%s", exit, errs)
		}
		if exit, out, errs := trueup("drift", r.url, "--snapshot", snap); exit != 0 || out != "" {
			t.Errorf("drift from its own snapshot: exit %d\n%.3000s%.3000s", exit, out, errs)
		}
		if exit, out, errs := trueup("diff", snap, r.url); exit != 0 || out != "" {
			t.Errorf("diff of the snapshot with its database: exit %d\n%.3000s%.3000s", exit, out, errs)
		}
		exit, live, errs := trueup("export", r.url)
		if exit != 0 {
			t.Fatalf("export of the database: %s", errs)
		}
		exit, offline, errs := trueup("export", snap)
		if exit != 0 {
			t.Fatalf("export of the snapshot: %s", errs)
		}
		if live != offline {
			t.Errorf("the exports differ:\n%.4000s", udiff.Unified("database", "snapshot", live, offline))
		}
	})
}
