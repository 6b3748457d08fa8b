package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/dialecttest"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema/pg"
)

func opened(t *testing.T, url string, o dialect.Options) *server {
	t.Helper()
	s, err := open(context.Background(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func session_(t *testing.T, s *server) *session {
	t.Helper()
	x, err := s.Session(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x.(*session)
}

// run runs a script as the server's own client would.
func run(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), sql).ReadAll(); err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
}

// value is the only value that a query returns.
func value(t *testing.T, url, sql string) (out string) {
	t.Helper()
	conn, err := connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	err = script(context.Background(), conn, newInterner(), []query{{sql, func(r row) error { out = r.text(0); return nil }}})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestServerError(t *testing.T) {
	s := session_(t, opened(t, dialecttest.Postgres(t, 17), dialect.Options{}))
	err := s.Exec(context.Background(), "SELECT 'ä',\n  *\nFROM nowhere")
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Code != "42P01" || e.Line != 3 || e.Col != 6 {
		t.Errorf("%#v", err)
	}
	if want := `relation "nowhere" does not exist (SQLSTATE 42P01) at line 3, column 6 of the statement`; err.Error() != want {
		t.Errorf("%s\nwant %s", err, want)
	}
}

// A connection that breaks in the middle of a transaction changes nothing and
// gives one clear message.
func TestDisconnected(t *testing.T) {
	ctx := context.Background()
	address := dialecttest.Postgres(t, 17)
	s := session_(t, opened(t, address, dialect.Options{}))
	for _, sql := range []string{"BEGIN", "CREATE TABLE t ()"} {
		if err := s.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	run(t, address, fmt.Sprintf("SELECT pg_terminate_backend(%d)", s.conn.PID()))
	time.Sleep(100 * time.Millisecond)
	err := s.Exec(ctx, "CREATE TABLE u ()")
	if _, ok := errors.AsType[*DisconnectedError](err); !ok {
		t.Errorf("%#v: %v", err, err)
	}
	if err := s.Rollback(ctx); err != nil {
		t.Errorf("rollback: %v", err)
	}
	if n := value(t, address, "SELECT count(*)::text FROM pg_class WHERE relname IN ('t', 'u')"); n != "0" {
		t.Errorf("%s tables are there", n)
	}
}

// Two appliers keep out of each other's way, and the one that waits in vain is
// told who is there.
func TestLock(t *testing.T) {
	ctx := context.Background()
	srv := opened(t, dialecttest.Postgres(t, 17), dialect.Options{})
	first, second := session_(t, srv), session_(t, srv)
	unlock, err := first.Lock(ctx, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	_, err = second.Lock(ctx, 200*time.Millisecond)
	locked, ok := errors.AsType[*LockedError](err)
	if !ok || !strings.Contains(locked.Holder, fmt.Sprintf("pid %d", first.conn.PID())) || !strings.Contains(locked.Holder, "application trueup") {
		t.Errorf("%v", err)
	}
	done := make(chan error)
	go func() {
		_, err := second.Lock(ctx, 0)
		done <- err
	}()
	time.Sleep(100 * time.Millisecond)
	if err := unlock(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestTimeouts(t *testing.T) {
	ctx := context.Background()
	address := dialecttest.Postgres(t, 17)
	run(t, address, "CREATE TABLE t ()")
	blocker := session_(t, opened(t, address, dialect.Options{}))
	if err := blocker.Exec(ctx, "BEGIN; LOCK TABLE t"); err != nil {
		t.Fatal(err)
	}
	s := session_(t, opened(t, address, dialect.Options{LockTimeout: 50 * time.Millisecond, StatementTimeout: 5 * time.Second}))
	if e, ok := errors.AsType[*Error](s.Exec(ctx, "ALTER TABLE t ADD a integer")); !ok || e.Code != "55P03" {
		t.Errorf("lock timeout: %v", e)
	}
	s = session_(t, opened(t, address, dialect.Options{StatementTimeout: 50 * time.Millisecond}))
	if e, ok := errors.AsType[*Error](s.Exec(ctx, "SELECT pg_sleep(10)")); !ok || e.Code != "57014" {
		t.Errorf("statement timeout: %v", e)
	}
}

// A role that may do nothing but connect can plan; it sees everything.
func TestPoorRole(t *testing.T) {
	ctx := context.Background()
	address := dialecttest.Postgres(t, 15)
	run(t, address, everySite)
	run(t, address, "CREATE ROLE poor LOGIN; REVOKE ALL ON SCHEMA s FROM PUBLIC; REVOKE ALL ON DATABASE "+database(address)+" FROM PUBLIC; GRANT CONNECT ON DATABASE "+database(address)+" TO poor")
	t.Cleanup(func() {
		run(t, address, "REVOKE ALL ON DATABASE "+database(address)+" FROM poor; DROP ROLE poor")
	})
	all, err := opened(t, address, dialect.Options{}).Inspect(ctx)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.User("poor")
	s := opened(t, u.String(), dialect.Options{})
	c, err := s.Inspect(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for o := range all.All() {
		if !c.Has(o.ID()) {
			t.Errorf("%s is not seen", o.ID())
		}
	}
	if why := s.unsettled(); why == "" {
		t.Error("the role is believed to be able to make temporary tables")
	}
}

// TestDatabaseSettings: what a database sets for its sessions does not change
// what a text means, nor what is read.
func TestDatabaseSettings(t *testing.T) {
	const text = `CREATE DOMAIN mail AS text CHECK (value ~ '^\S+@\S+\.\S+$');
CREATE TABLE t (a mail DEFAULT 'a\b@c.d', b bytea DEFAULT '\x00ff', d date DEFAULT '2020-02-01', i interval DEFAULT '1 day -2:00', f double precision DEFAULT 0.1);
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql SET search_path = '', "a""b", verbose, "Select", public SET work_mem = '1MB' AS 'SELECT 1';
CREATE VIEW v AS SELECT a, 'x\y' AS x, b = '\x01' AS z, d > '2020-03-01' AS w FROM t WHERE a ~ '\d' AND f > 0.3;`
	for _, major := range dialecttest.PostgresVersions {
		t.Run(strconv.Itoa(major), func(t *testing.T) {
			t.Parallel()
			address := dialecttest.Postgres(t, major)
			planned := func(when string) *planner.Plan {
				p, err := dialect.Prepare(context.Background(), "postgres", opened(t, address, dialect.Options{}), []parser.Source{{Name: "s.sql", Text: text}}, dialect.Policy{})
				if err != nil {
					t.Fatalf("%s: %v", when, err)
				}
				return p
			}
			apply := func() {
				if _, err := dialect.Apply(context.Background(), "postgres", opened(t, address, dialect.Options{}), []parser.Source{{Name: "s.sql", Text: text}}, dialect.ApplyOptions{}); err != nil {
					t.Fatal(err)
				}
			}
			set := func(how string) {
				for _, s := range []string{"standard_conforming_strings = off", "datestyle = 'German'", "intervalstyle = 'sql_standard'", "bytea_output = 'escape'",
					"row_security = off", "transform_null_equals = on", "quote_all_identifiers = on", "array_nulls = off", "extra_float_digits = -5"} {
					name, _, _ := strings.Cut(s, " ")
					run(t, address, "ALTER DATABASE "+database(address)+" "+how+" "+map[string]string{"SET": s, "RESET": name}[how])
				}
			}
			apply()
			set("SET")
			run(t, address, "CREATE TABLE i (a interval DEFAULT '-1 day 2:00', b interval DEFAULT '-3 hours 1 minute ago')") // which they change
			if p, err := dialect.Prepare(context.Background(), "postgres", opened(t, address, dialect.Options{}), []parser.Source{{Name: "s.sql", Text: text +
				"CREATE TABLE i (a interval DEFAULT '-1 day 2:00', b interval DEFAULT '-3 hours 1 minute ago')"}}, dialect.Policy{}); err != nil || !p.Empty() {
				t.Errorf("intervals as the database reads them: %v, %v", p.Statements, err)
			}
			run(t, address, "DROP TABLE i")
			if p := planned("with settings"); !p.Empty() {
				t.Errorf("the settings make a difference: %v", p.Statements)
			}
			run(t, address, "DROP VIEW v; DROP FUNCTION f(int); DROP TABLE t; DROP DOMAIN mail")
			apply()
			set("RESET")
			if p := planned("without them"); !p.Empty() {
				t.Errorf("what was made under the settings differs: %v", p.Statements)
			}
		})
	}
}

// TestGrantedByOthers: only who has granted a privilege can revoke it; who loses
// the option to grant takes along what others have by it, and they get it anew.
func TestGrantedByOthers(t *testing.T) {
	address := dialecttest.Postgres(t, 15)
	run(t, address, "CREATE ROLE granter_a; CREATE ROLE granter_b; CREATE ROLE granter_c")
	t.Cleanup(func() {
		run(t, address, "DROP OWNED BY granter_a, granter_b, granter_c; DROP ROLE granter_a, granter_b, granter_c")
	})
	run(t, address, "CREATE TABLE t (a int); GRANT SELECT, INSERT ON t TO granter_a WITH GRANT OPTION; SET ROLE granter_a; GRANT SELECT, INSERT ON t TO granter_b; GRANT SELECT ON t TO granter_c; RESET ROLE; GRANT SELECT ON t TO granter_b")
	for _, text := range []string{
		"CREATE TABLE t (a int); GRANT SELECT, INSERT ON t TO granter_a WITH GRANT OPTION; GRANT INSERT ON t TO granter_b;",
		"CREATE TABLE t (a int); GRANT SELECT, INSERT ON t TO granter_a; GRANT INSERT ON t TO granter_b;",
		"CREATE TABLE t (a int);",
	} {
		source := []parser.Source{{Name: "s.sql", Text: text}}
		if _, err := dialect.Apply(context.Background(), "postgres", opened(t, address, dialect.Options{}), source, dialect.ApplyOptions{}); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if p, err := dialect.Prepare(context.Background(), "postgres", opened(t, address, dialect.Options{}), source, dialect.Policy{}); err != nil || !p.Empty() {
			t.Errorf("%s: %v %v", text, p, err)
		}
	}
}

func database(address string) string {
	u, _ := url.Parse(address)
	return strings.TrimPrefix(u.Path, "/")
}

// No message repeats a password, however the target is broken.
func TestPasswordIsSecret(t *testing.T) {
	for _, target := range []string{
		"postgres://u:sEcret@127.0.0.1:1/db", "postgres://u:sEcret@127.0.0.1:port/db", "postgres://u:sEc ret%zz@h/db",
		"host=127.0.0.1 port=1 password=sEcret", "host=127.0.0.1 port=x password='sEcret", "password = sEcret sslmode=never",
	} {
		_, err := open(context.Background(), target, dialect.Options{})
		if err == nil || strings.Contains(err.Error(), "sEc") {
			t.Errorf("%s: %v", target, err)
		}
	}
}

func TestHandles(t *testing.T) {
	for target, want := range map[string]bool{
		"postgres://h/d": true, "postgresql:///d": true, "host=/tmp dbname=d": true, "service=prod": true, "dbname = 'x'": true,
		"mysql://h/d": false, "sqlite:a=b": false, "./host=x": false, "": false,
	} {
		if got := (Dialect{}).Handles(target); got != want {
			t.Errorf("%q: %v", target, got)
		}
	}
}

// The number of queries does not grow with the schema, and what is read comes
// in the same order every time.
func TestInspect(t *testing.T) {
	ctx := context.Background()
	address := dialecttest.Postgres(t, 16)
	s := opened(t, address, dialect.Options{})
	if _, err := s.Inspect(ctx); err != nil {
		t.Fatal(err)
	}
	empty := s.Queries()
	run(t, address, everySite)
	var orders [2][]string
	for i := range orders {
		c, err := s.Inspect(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for o := range c.All() {
			orders[i] = append(orders[i], o.ID().String())
		}
	}
	if !slices.Equal(orders[0], orders[1]) {
		t.Error("the order differs from one time to the next")
	}
	if s.Queries() != 3*empty {
		t.Errorf("%d queries for an empty database, %d for twice a full one", empty, s.Queries()-empty)
	}
}

// What is not managed is named.
func TestUnmanaged(t *testing.T) {
	address := dialecttest.Postgres(t, 17)
	run(t, address, `CREATE FOREIGN DATA WRAPPER w; CREATE SERVER sv FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR postgres SERVER sv;
		CREATE FOREIGN TABLE ft (a integer) SERVER sv; CREATE TYPE shell; CREATE CONVERSION c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
		CREATE ACCESS METHOD am TYPE TABLE HANDLER heap_tableam_handler;
		CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE)`)
	t.Cleanup(func() { run(t, address, "DROP SUBSCRIPTION sub") })
	c, err := opened(t, address, dialect.Options{}).Inspect(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, id := range c.Unmanaged {
		got = append(got, id.String())
	}
	slices.Sort(got)
	want := []string{"access method am", "base type public.shell", "conversion public.c", "foreign data wrapper w", "foreign table public.ft",
		"server sv", "subscription sub", "user mapping postgres on sv"}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

func TestSplitList(t *testing.T) {
	for list, want := range map[string][]string{
		"":                              nil,
		"lower(a), (b + 1)":             {"lower(a)", "(b + 1)"},
		"f(a, ',(') || E'\\',', \"x,\"": {"f(a, ',(') || E'\\','", "\"x,\""},
		"ARRAY[1, 2], '''', 'a'":        {"ARRAY[1, 2]", "''''", "'a'"},
	} {
		if got := splitList(list); !slices.Equal(got, want) {
			t.Errorf("%s: %q", list, got)
		}
	}
}

func TestBare(t *testing.T) {
	for text, want := range map[string]string{
		"((a - 1))": "a - 1", "(a) + (b)": "(a) + (b)", "(f(')'))": "f(')')", "(E'\\'' || \"(\")": "E'\\'' || \"(\"", "a": "a", "": "",
	} {
		if got := bare(text); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}

func TestReadACL(t *testing.T) {
	for item, want := range map[string]grants{
		"bob=arw*/postgres": {"bob", []string{"INSERT", "SELECT", "UPDATE"}, []string{"UPDATE"}, []pg.GrantedBy{{Role: "postgres"}}},
		"=X/postgres":       {"", []string{"EXECUTE"}, nil, []pg.GrantedBy{{Role: "postgres"}}},
		`"a=b ""c"=U/"x y"`: {`a=b "c`, []string{"USAGE"}, nil, []pg.GrantedBy{{Role: "x y"}}},
	} {
		got := readACL([]string{item})
		if len(got) != 1 || got[0].grantee != want.grantee || !slices.Equal(got[0].names, want.names) || !slices.Equal(got[0].grantable, want.grantable) || len(got[0].by) != 1 || got[0].by[0].Role != want.by[0].Role {
			t.Errorf("%s: %+v", item, got[0])
		}
	}
}
