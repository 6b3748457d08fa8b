package mysql_test

import (
	"context"
	"testing"
)

// TestServersOwnModes: on a server whose clients write names in double quotes
// and no backslash escapes, files mean what they mean to those clients, and what
// the server prints is read all the same.
func TestServersOwnModes(t *testing.T) {
	const (
		current = `CREATE TABLE t ("A" int, v varchar(20) DEFAULT 'C:\x', "g h" int AS ("A" + 1), FULLTEXT (v));
CREATE VIEW w AS SELECT "A", "g h" FROM t WHERE v <> '\';
CREATE PROCEDURE p () SELECT "A", 'x\' FROM t;
CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01' COMMENT 'a\b' DO DELETE FROM t WHERE v = '\';
`
		desired = `CREATE TABLE t ("A" int, v varchar(20) DEFAULT 'C:\y', "g h" int AS ("A" + 2), FULLTEXT (v));
CREATE VIEW w AS SELECT "A", "g h", v FROM t WHERE v <> '\\';
CREATE PROCEDURE p () SELECT "A", 'xx\' FROM t;
CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01' COMMENT 'a\c' DO DELETE FROM t WHERE v = '\\';
`
	)
	target := live(t, "")
	db := open(t, target)
	was := column(t, db, "SELECT @@GLOBAL.sql_mode", 0)[0]
	if _, err := db.Exec("SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_TRANS_TABLES'"); err != nil {
		t.Fatal(err)
	}
	defer db.Exec("SET GLOBAL sql_mode = '" + was + "'") //nolint:errcheck // the server is the tests' own
	ctx := context.Background()
	if err := client(ctx, target, current); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{current, desired, current} {
		if err := applyText(ctx, target, text); err != nil {
			t.Fatal(err)
		}
	}
	if got := column(t, db, "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'w' ORDER BY ORDINAL_POSITION", 0); got[0] != "A" {
		t.Errorf("the view's columns are %v, want A first", got)
	}
	if got := column(t, db, "SELECT EVENT_COMMENT FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()", 0); got[0] != `a\b` {
		t.Errorf("the event's comment is %q", got)
	}
}

// TestNullsStayWithoutStrictMode: a server without a strict mode would turn NULL
// into 0 where a column becomes NOT NULL; under trueup it refuses.
func TestNullsStayWithoutStrictMode(t *testing.T) {
	target := live(t, "")
	db := open(t, target)
	was := column(t, db, "SELECT @@GLOBAL.sql_mode", 0)[0]
	if _, err := db.Exec("SET GLOBAL sql_mode = 'NO_ZERO_DATE'"); err != nil {
		t.Fatal(err)
	}
	defer db.Exec("SET GLOBAL sql_mode = '" + was + "'") //nolint:errcheck // the server is the tests' own
	ctx := context.Background()
	if err := client(ctx, target, "CREATE TABLE t (a int, d date NOT NULL); INSERT INTO t VALUES (NULL, '0000-00-00');"); err != nil {
		t.Fatal(err)
	}
	const desired = "CREATE TABLE t (a int NOT NULL, d date NOT NULL)"
	if err := applyText(ctx, target, desired); err == nil {
		t.Error("a column with NULL became NOT NULL")
	}
	if got := column(t, db, "SELECT coalesce(a, 'NULL') FROM t", 0)[0]; got != "NULL" {
		t.Errorf("NULL became %s", got)
	}
	if _, err := db.Exec("UPDATE t SET a = 1"); err != nil {
		t.Fatal(err)
	}
	if err := applyText(ctx, target, desired); err != nil {
		t.Error(err)
	}
}
