package cli_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
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

// changes makes n random changes, and returns their statements.
func changes(t *testing.T, r *real, n int) []string {
	h := fnv.New64a()
	h.Write([]byte(r.dialect + r.name))
	rnd := rand.New(rand.NewPCG(h.Sum64(), 20))
	var done []string
	refused := map[string]int{}
	for try := 0; len(done) < n && try < 40*n; try++ {
		statement := r.change(t, rnd, len(done))
		if statement == "" || slices.Contains(done, statement) {
			continue
		}
		ctx := context.Background()
		if _, err := r.db.ExecContext(ctx, statement); err != nil {
			refused[fmt.Sprintf("%.60s", err)]++
			continue
		}
		done = append(done, statement)
	}
	if len(done) < n {
		t.Fatalf("only %d changes: the server refused %v", len(done), refused)
	}
	return done
}

func (r *real) strings(t *testing.T, query string, args ...any) [][]string {
	t.Helper()
	rows, err := r.db.Query(query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	names, _ := rows.Columns()
	var out [][]string
	for rows.Next() {
		row := make([]sql.NullString, len(names))
		into := make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		plain := make([]string, len(names))
		for i := range row {
			plain[i] = row[i].String
		}
		out = append(out, plain)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func (r *real) change(t *testing.T, rnd *rand.Rand, i int) string {
	switch r.dialect {
	case "sqlite":
		return r.changeSQLite(t, rnd, i)
	case "mysql":
		return r.changeMySQL(t, rnd, i)
	}
	return r.changePostgres(t, rnd, i)
}

func pick(rnd *rand.Rand, list [][]string) []string {
	if len(list) == 0 {
		return nil
	}
	return list[rnd.IntN(len(list))]
}

func (r *real) changePostgres(t *testing.T, rnd *rand.Rand, i int) string {
	q := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	const user = ` n.nspname NOT IN ('pg_catalog','information_schema','pg_toast') AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid=c.oid AND x.deptype='e')`
	columns := r.strings(t, `SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid,a.atttypmod), a.attnotnull::text FROM pg_attribute a JOIN pg_class c ON c.oid=a.attrelid
		JOIN pg_namespace n ON n.oid=c.relnamespace WHERE a.attnum>0 AND NOT a.attisdropped AND c.relkind='r' AND NOT c.relispartition AND`+user+` ORDER BY 1,2,a.attnum`)
	c := pick(rnd, columns)
	if c == nil {
		return ""
	}
	table, col, kind := q(c[0])+"."+q(c[1]), q(c[2]), c[3]
	switch rnd.IntN(17) {
	case 0:
		return fmt.Sprintf("ALTER TABLE %s ADD COLUMN zz_new%d %s", table, i, []string{"integer", "text", "numeric(10,2)", "varchar(40)", "boolean NOT NULL DEFAULT true", "timestamptz", "text DEFAULT 'x'"}[rnd.IntN(7)])
	case 1:
		return fmt.Sprintf("ALTER TABLE %s DROP COLUMN %s", table, col)
	case 2:
		switch {
		case strings.HasPrefix(kind, "character varying"):
			return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s TYPE text", table, col)
		case kind == "integer":
			return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s TYPE bigint", table, col)
		case kind == "text":
			return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s TYPE varchar(77)", table, col)
		}
		return ""
	case 3:
		if kind == "integer" || kind == "bigint" {
			return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT 7", table, col)
		}
		if kind == "text" || strings.HasPrefix(kind, "character varying") {
			return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT 'x'", table, col)
		}
		return ""
	case 4:
		return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", table, col)
	case 5:
		if c[4] == "true" {
			return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL", table, col)
		}
		return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s SET NOT NULL", table, col)
	case 6:
		return fmt.Sprintf("CREATE INDEX zz_index%d ON %s (%s)", i, table, col)
	case 7:
		return fmt.Sprintf("CREATE UNIQUE INDEX zz_index%d ON %s (%s DESC) WHERE %s IS NOT NULL", i, table, col, col)
	case 8:
		if x := pick(rnd, r.strings(t, `SELECT n.nspname, c.relname FROM pg_index i JOIN pg_class c ON c.oid=i.indexrelid JOIN pg_namespace n ON n.oid=c.relnamespace
			WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid=c.oid) AND NOT c.relispartition AND`+user+` ORDER BY 1,2`)); x != nil {
			return fmt.Sprintf("DROP INDEX %s.%s", q(x[0]), q(x[1]))
		}
		return ""
	case 9:
		return fmt.Sprintf("COMMENT ON COLUMN %s.%s IS 'zz comment %d'", table, col, i)
	case 10:
		return fmt.Sprintf("COMMENT ON TABLE %s IS 'zz it''s %d'", table, i)
	case 11:
		return fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT zz_check%d CHECK (%s IS NOT NULL OR 1 > 0)", table, i, col)
	case 12:
		if x := pick(rnd, r.strings(t, `SELECT n.nspname, c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid=k.conrelid JOIN pg_namespace n ON n.oid=c.relnamespace
			WHERE k.contype IN ('c','f','u') AND NOT c.relispartition AND`+user+` ORDER BY 1,2,3`)); x != nil {
			return fmt.Sprintf("ALTER TABLE %s.%s DROP CONSTRAINT %s", q(x[0]), q(x[1]), q(x[2]))
		}
		return ""
	case 13:
		return fmt.Sprintf("CREATE VIEW %s.zz_view%d AS SELECT %s AS x FROM %s", q(c[0]), i, col, table)
	case 14:
		if x := pick(rnd, r.strings(t, `SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid=c.relnamespace WHERE c.relkind='v' AND`+user+` ORDER BY 1,2`)); x != nil {
			return fmt.Sprintf("DROP VIEW %s.%s", q(x[0]), q(x[1]))
		}
		return ""
	case 15:
		return fmt.Sprintf("CREATE TABLE %s.zz_table%d (id bigint PRIMARY KEY, label text NOT NULL DEFAULT 'n')", q(c[0]), i)
	default:
		switch rnd.IntN(3) {
		case 0:
			return fmt.Sprintf("CREATE FUNCTION %s.zz_function%d(a integer) RETURNS integer LANGUAGE sql AS $$ SELECT a + 1 $$", q(c[0]), i)
		case 1:
			return fmt.Sprintf("CREATE TYPE %s.zz_enum%d AS ENUM ('a', 'b')", q(c[0]), i)
		}
		return fmt.Sprintf("DROP TABLE %s", table)
	}
}

func (r *real) changeMySQL(t *testing.T, rnd *rand.Rand, i int) string {
	q := func(s string) string { return "`" + strings.ReplaceAll(s, "`", "``") + "`" }
	columns := r.strings(t, `SELECT c.TABLE_NAME, c.COLUMN_NAME, c.COLUMN_TYPE, c.IS_NULLABLE, c.EXTRA, c.COLUMN_DEFAULT, c.CHARACTER_SET_NAME FROM information_schema.COLUMNS c JOIN information_schema.TABLES t USING (TABLE_SCHEMA, TABLE_NAME)
		WHERE c.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE' ORDER BY 1, c.ORDINAL_POSITION`)
	c := pick(rnd, columns)
	if c == nil {
		return ""
	}
	table, col, kind := q(c[0]), q(c[1]), c[2]
	// MariaDB drops what views need; nobody can describe what is left then.
	viewed := len(r.strings(t, "SELECT 1 FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() AND VIEW_DEFINITION LIKE ?", "%"+table+"%")) > 0
	switch rnd.IntN(16) {
	case 0:
		return fmt.Sprintf("ALTER TABLE %s ADD COLUMN zz_new%d %s", table, i, []string{"int", "varchar(40) DEFAULT 'x'", "decimal(10,2) NOT NULL DEFAULT 0", "text", "datetime"}[rnd.IntN(5)])
	case 1:
		return fmt.Sprintf("ALTER TABLE %s ADD COLUMN zz_new%d int unsigned NOT NULL DEFAULT 1 COMMENT 'n' AFTER %s", table, i, col)
	case 2:
		if viewed {
			return ""
		}
		return fmt.Sprintf("ALTER TABLE %s DROP COLUMN %s", table, col)
	case 3:
		if strings.HasPrefix(kind, "int(") && c[4] == "" {
			return fmt.Sprintf("ALTER TABLE %s MODIFY %s bigint(20) NOT NULL DEFAULT 7", table, col)
		}
		if strings.HasPrefix(kind, "varchar") {
			return fmt.Sprintf("ALTER TABLE %s MODIFY %s varchar(77) NULL", table, col)
		}
		return ""
	case 4:
		if strings.HasPrefix(kind, "int") || strings.HasPrefix(kind, "bigint") || strings.HasPrefix(kind, "tinyint") {
			return fmt.Sprintf("ALTER TABLE %s ALTER %s SET DEFAULT 7", table, col)
		}
		if strings.HasPrefix(kind, "varchar") {
			return fmt.Sprintf("ALTER TABLE %s ALTER %s SET DEFAULT 'x'", table, col)
		}
		return ""
	case 5:
		if c[5] == "" {
			return ""
		}
		return fmt.Sprintf("ALTER TABLE %s ALTER %s DROP DEFAULT", table, col)
	case 6, 7:
		return fmt.Sprintf("CREATE INDEX zz_index%d ON %s (%s)", i, table, col)
	case 8:
		if x := pick(rnd, r.strings(t, `SELECT DISTINCT TABLE_NAME, INDEX_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND INDEX_NAME <> 'PRIMARY' ORDER BY 1, 2`)); x != nil {
			return fmt.Sprintf("DROP INDEX %s ON %s", q(x[1]), q(x[0]))
		}
		return ""
	case 9:
		return fmt.Sprintf("ALTER TABLE %s COMMENT = 'zz it''s %d'", table, i)
	case 10:
		return fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT zz_check%d CHECK (%s IS NOT NULL OR 1 > 0)", table, i, col)
	case 11:
		if x := pick(rnd, r.strings(t, `SELECT TABLE_NAME, CONSTRAINT_NAME FROM information_schema.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA = DATABASE() AND CONSTRAINT_TYPE = 'FOREIGN KEY' ORDER BY 1, 2`)); x != nil {
			return fmt.Sprintf("ALTER TABLE %s DROP FOREIGN KEY %s", q(x[0]), q(x[1]))
		}
		return ""
	case 12:
		return fmt.Sprintf("CREATE VIEW zz_view%d AS SELECT %s AS x FROM %s", i, col, table)
	case 13:
		return fmt.Sprintf("CREATE TABLE zz_table%d (id bigint PRIMARY KEY, label varchar(20) NOT NULL DEFAULT 'n') COMMENT 'n'", i)
	case 14:
		return fmt.Sprintf("CREATE TRIGGER zz_trigger%d BEFORE INSERT ON %s FOR EACH ROW BEGIN SET @x = 1; SET @y = 'n'; END", i, table)
	default:
		if viewed {
			return ""
		}
		return fmt.Sprintf("DROP TABLE %s", table)
	}
}

func (r *real) changeSQLite(t *testing.T, rnd *rand.Rand, i int) string {
	q := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	columns := r.strings(t, `SELECT m.name, x.name FROM sqlite_schema m JOIN pragma_table_info(m.name) x WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND m.name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY 1, x.cid`)
	c := pick(rnd, columns)
	if c == nil {
		return ""
	}
	table, col := q(c[0]), q(c[1])
	switch rnd.IntN(9) {
	case 0, 1:
		return fmt.Sprintf("ALTER TABLE %s ADD COLUMN zz_new%d %s", table, i, []string{"integer", "varchar(40) DEFAULT 'x'", "text NOT NULL DEFAULT 'n'", "integer REFERENCES " + table, "text CHECK (length(1) > 0)"}[rnd.IntN(5)])
	case 2:
		return fmt.Sprintf("ALTER TABLE %s DROP COLUMN %s", table, col)
	case 3:
		return fmt.Sprintf("CREATE INDEX zz_index%d ON %s (%s)", i, table, col)
	case 4:
		return fmt.Sprintf("CREATE UNIQUE INDEX zz_index%d ON %s (%s DESC) WHERE %s IS NOT NULL", i, table, col, col)
	case 5:
		if x := pick(rnd, r.strings(t, `SELECT name FROM sqlite_schema WHERE type IN ('index', 'view') AND sql IS NOT NULL ORDER BY 1`)); x != nil {
			var kind string
			if err := r.db.QueryRow(`SELECT type FROM sqlite_schema WHERE name = ?`, x[0]).Scan(&kind); err != nil {
				t.Fatal(err)
			}
			return fmt.Sprintf("DROP %s %s", kind, q(x[0]))
		}
		return ""
	case 6:
		return fmt.Sprintf("CREATE VIEW zz_view%d AS SELECT %s AS x FROM %s", i, col, table)
	case 7:
		return fmt.Sprintf("CREATE TABLE zz_table%d (id integer PRIMARY KEY, label text NOT NULL DEFAULT 'n', of integer REFERENCES %s)", i, table)
	default:
		return fmt.Sprintf("DROP TABLE %s", table)
	}
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
