package mysql_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/dialecttest"
	"github.com/trueup-sql/trueup/dialects/executor"
	"github.com/trueup-sql/trueup/dialects/mysql"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
)

// three tables, so that three ALTERs are needed.
const (
	faultsCurrent = "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY);\nCREATE TABLE c (id int PRIMARY KEY);\n"
	faultsDesired = "CREATE TABLE a (id int PRIMARY KEY, x int);\nCREATE TABLE b (id int PRIMARY KEY, x int);\nCREATE TABLE c (id int PRIMARY KEY, x int);\n"
)

func sources(text string) []parser.Source {
	return []parser.Source{{Name: "desired.sql", Text: text}}
}

func live(t *testing.T, current string) (target string) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a server")
	}
	target = dialecttest.MariaDB(t)
	if err := client(context.Background(), target, current); err != nil {
		t.Fatal(err)
	}
	return target
}

// killer kills the applying session when its first statement has finished.
type killer struct {
	executor.NopObserver
	kill func()
}

func (k killer) Finished(n, _ int, _ planner.Statement, _ time.Duration, _ error) {
	if n == 1 {
		k.kill()
	}
}

// TestKilledBetweenAlters: the report says what is in force and what is not,
// and running again goes on from there.
func TestKilledBetweenAlters(t *testing.T) {
	target := live(t, faultsCurrent)
	ctx := context.Background()
	db := open(t, target)
	s, err := mysql.Dialect{}.Open(ctx, target, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	name := target[strings.LastIndexByte(target, '/')+1:]
	kill := func() {
		// The holder of the appliers' lock is the session that runs the plan.
		for _, id := range column(t, db, "SELECT IS_USED_LOCK('trueup."+name+"')", 0) {
			if _, err := db.Exec("KILL " + id); err != nil {
				t.Error(err)
			}
		}
	}
	_, err = dialect.Apply(ctx, "mysql", s, sources(faultsDesired), dialect.ApplyOptions{Observer: killer{kill: kill}})
	var failed *executor.Error
	if !errors.As(err, &failed) {
		t.Fatalf("err = %v, want an *executor.Error", err)
	}
	if len(failed.Done) != 1 || len(failed.Rest) != 1 || !strings.Contains(failed.Statement.SQL, "`b`") || !strings.Contains(failed.Rest[0].SQL, "`c`") {
		t.Errorf("done %d, failed %q, rest %d; want that of a, that of b, that of c", len(failed.Done), failed.Statement.SQL, len(failed.Rest))
	}
	if text := column(t, db, "SHOW CREATE TABLE a", 1)[0]; !strings.Contains(text, "`x` int") {
		t.Errorf("what is reported as done is not:\n%s", text)
	}
	if text := column(t, db, "SHOW CREATE TABLE b", 1)[0]; strings.Contains(text, "`x` int") {
		t.Errorf("what is reported as not done is:\n%s", text)
	}
	if err := applyText(ctx, target, faultsDesired); err != nil {
		t.Fatalf("running again: %v", err)
	}
	for _, table := range []string{"a", "b", "c"} {
		if text := column(t, db, "SHOW CREATE TABLE "+table, 1)[0]; !strings.Contains(text, "`x` int") {
			t.Errorf("%s has no x:\n%s", table, text)
		}
	}
}

// TestAppliersWait: one of two appliers waits, and gives up after its time.
func TestAppliersWait(t *testing.T) {
	target := live(t, faultsCurrent)
	ctx := context.Background()
	s, err := mysql.Dialect{}.Open(ctx, target, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	session, err := s.Session(ctx)
	if err != nil {
		t.Fatal(err)
	}
	unlock, err := session.Lock(ctx, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	_, err = dialect.Apply(ctx, "mysql", s, sources(faultsDesired), dialect.ApplyOptions{LockWait: time.Second})
	var locked *mysql.LockError
	if !errors.As(err, &locked) || !strings.Contains(err.Error(), "nothing was changed") {
		t.Fatalf("err = %v, want a *LockError and that nothing was changed", err)
	}
	if err := errors.Join(unlock(ctx), session.Close()); err != nil {
		t.Fatal(err)
	}
	if err := applyText(ctx, target, faultsDesired); err != nil {
		t.Errorf("after the other one has ended: %v", err)
	}
}

// TestTableLocked: --lock-timeout ends the wait for a table that is in use.
func TestTableLocked(t *testing.T) {
	target := live(t, faultsCurrent)
	ctx := context.Background()
	conn, err := open(t, target).Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, q := range []string{"START TRANSACTION", "SELECT * FROM b"} {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	s, err := mysql.Dialect{}.Open(ctx, target, dialect.Options{LockTimeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, err = dialect.Apply(ctx, "mysql", s, sources(faultsDesired), dialect.ApplyOptions{})
	if err == nil || !strings.Contains(err.Error(), "Lock wait timeout") || !strings.Contains(err.Error(), "hint:") || !strings.Contains(err.Error(), "in force: the first 1 of ") {
		t.Fatalf("err = %v, want the timeout, a hint, and what is in force", err)
	}
	if _, err := conn.ExecContext(ctx, "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := applyText(ctx, target, faultsDesired); err != nil {
		t.Errorf("running again: %v", err)
	}
}

// TestMissingRights: a refused statement names the privilege; without the right
// to temporary tables, expressions are compared as text, and the plan says so;
// views that cannot be read are left alone.
func TestMissingRights(t *testing.T) {
	target := live(t, "CREATE TABLE a (id int PRIMARY KEY, n int DEFAULT 1, CHECK (n > 0));\nCREATE VIEW v AS SELECT id FROM a;\n")
	ctx := context.Background()
	db := open(t, target)
	name := target[strings.LastIndexByte(target, '/')+1:]
	user := "u" + name
	for _, q := range []string{"CREATE USER " + user + "@'%' IDENTIFIED BY 's3cret'", "GRANT SELECT ON " + name + ".* TO " + user + "@'%'"} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { open(t, target).Exec("DROP USER " + user + "@'%'") }) //nolint:errcheck // the server goes with the test
	target = strings.Replace(target, "root@", user+":s3cret@", 1)
	desired := "CREATE TABLE a (id int PRIMARY KEY, n int DEFAULT 2, CHECK (n > 0));\nCREATE VIEW v AS SELECT id FROM a;\n"
	s, err := mysql.Dialect{}.Open(ctx, target, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p, err := dialect.Prepare(ctx, "mysql", s, sources(desired), dialect.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(p.Notes, "\n"); !strings.Contains(notes, "CREATE TEMPORARY TABLES") {
		t.Errorf("notes = %q, want the missing privilege", notes)
	}
	if len(p.Statements) != 1 {
		t.Errorf("plan = %v, want the table's only", p.Statements)
	}
	_, err = dialect.Apply(ctx, "mysql", s, sources(desired), dialect.ApplyOptions{})
	if err == nil || !strings.Contains(err.Error(), "the user lacks a privilege") || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("err = %v, want the privilege, and no password", err)
	}
}

// TestTargets: what is wrong with a target is said without its password.
func TestTargets(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	for _, c := range []struct{ target, want string }{
		{"mysql://u:s3cret@host", "names no database"},
		{"mysql://u:s3cret@host/a/b", "names no database"},
		{"mysql://u:s3cret@ho st/db", "no URL"},
		{"mysql://u:s3cret@host:port/db", "no URL"},
		{"mysql://u:s3cret@host/db?sslmode=odd", "unknown ssl-mode"},
		{"mysql://u:s3cret@host/db?ssl-ca=/does/not/exist", "ssl-ca"},
		{"mysql://u:s3cret@host/db?ssl-cert=x", "go together"},
		{"mysql://u:s3cret@host/db?colour=red", "unknown parameter"},
		{"mysql://u:s3cret@127.0.0.1:1/db", "connecting to 127.0.0.1:1"},
		{"mariadb://u:s3cret@/db?socket=/does/not/exist", "connecting to /does/not/exist"},
	} {
		_, err := mysql.Dialect{}.Open(context.Background(), c.target, dialect.Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: err = %v, want %q and no password", c.target, err, c.want)
		}
	}
}

// TestBadInput: mistakes have a place, and nothing is changed.
func TestBadInput(t *testing.T) {
	b, err := mysql.Dialect{}.Offline(mariadb, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"CREATE TABLE t (a int,);", "CREATE TABLE t (a int); CREATE TABLE t (b int);", "CREATE VIEW v AS SELECT 1; CREATE VIEW v AS SELECT 2;",
		"CREATE TABLE t (a int, KEY k (a), KEY k (a));", "CREATE TRIGGER g BEFORE INSERT ON missing FOR EACH ROW SET @a = 1;", "CREATE TABLE t (a int, CHECK (b > 1));",
		"CREATE TABLE t (a int) PARTITION BY HASH (b);", "CREATE USER u;", "ALTER TABLE missing ADD x int;", "CREATE TABLE t (a wrongtype);", "CREATE TABLE t (a int, a int);", "CREATE TABLE t (a int, KEY k (b));",
		"INSERT INTO t VALUES (1);", "GRANT SELECT ON t TO u;", "CREATE TABLE t (a int", "CREATE VIEW v AS SELECT * FROM missing;",
		"CREATE TABLE t (a varchar(10) DEFAULT 'x);", "garbage;", "CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES missing (id));",
	} {
		_, err := b.Parse(sources(text))
		var e *parser.Error
		if !errors.As(err, &e) || e.Pos.Line != 1 || e.Pos.File != "desired.sql" {
			t.Errorf("%q: err = %v, want a *parser.Error with its place", text, fmt.Sprint(err))
		}
	}
}
