package sqlite

import (
	"strings"
	"testing"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/schema"
)

// TestMistakes: what is no definition, and what is wrong, with its place.
func TestMistakes(t *testing.T) {
	b, err := Dialect{}.Offline(dialect.Target{}, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"CREATE TABLE a (x);\n\n  INSERT INTO a VALUES (1);": "schema.sql:3:3: INSERT is a data statement",
		"SELECT 1":                                                "schema.sql:1:1: SELECT is a data statement",
		"ATTACH 'x' AS y;":                                        "schema.sql:1:1: ATTACH defines nothing",
		"CREATE TABLE a AS SELECT 1":                              "schema.sql:1:1: CREATE TABLE .. AS SELECT",
		"CREATE TEMP TABLE a (x)":                                 "schema.sql:1:1: temporary objects",
		"CREATE TABLE other.a (x)":                                "schema.sql:1:1: schema other is not managed",
		"PRAGMA user_version = 3;":                                "schema.sql:1:1: PRAGMA user_version is no definition",
		".headers on\nCREATE TABLE a (x);":                        "schema.sql:1:1: commands of the sqlite3 shell",
		"CREATE TABLE a (\n  x INT,\n  y INT,,\n  z INT\n);":      "schema.sql:3:9: near \",\": syntax error",
		"CREATE TABLE a (\n  x INT,\n  CHEK (x)\n WITHOUT);":      "schema.sql:",
		"CREATE TABLE a (x);\nCREATE INDEX i ON b (x);":           "schema.sql:2:1: no such table: main.b",
		"CREATE TABLE a (x);\ncreate table A (y);":                "schema.sql:2:1: table a is defined twice (first at schema.sql:1:1)",
		"CREATE TABLE a (x);\ncreate table if not exists A (y);":  "schema.sql:2:1: table a is defined twice",
		"CREATE TABLE a (x); CREATE VIEW a AS SELECT 1;":          "schema.sql:1:21: table a already exists",
		"CREATE TABLE a (x COLLATE nope); CREATE INDEX i ON a(x)": "no such collation sequence: nope\n  hint: ",
		"CREATE TABLE a (x CHECK (nope(x)));":                     "no such function: nope",
		"CREATE TABLE sqlite_x (x);":                              "",
		"-- @renamed from=x\n":                                    "schema.sql:1:1: directive @renamed concerns nothing",
		"CREATE TABLE a (x -- @renamed to=y\n);":                  "directive @renamed: cannot read",
		"DROP TABLE nope;":                                        "schema.sql:1:1: no such table: nope",
		"CREATE TABLE a (x":                                       "schema.sql:1:1: incomplete input",
		"VACUUM; CREATE TABLE a (x); DELETE FROM a; bla":          "unknown statement bla",
		"CREATE TABLE a (x TEXT DEFAULT 'open);":                  "schema.sql:1:1: unrecognized token",
	} {
		_, err := b.Parse(sources(text))
		if want == "" && err == nil {
			continue
		}
		if err == nil || want == "" || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\nerror: %v\nwant:  %s", text, err, want)
		}
	}
}

// TestAccepted: what dumps and scripts hold besides definitions, and statements
// in an order in which they do not run.
func TestAccepted(t *testing.T) {
	b, err := Dialect{}.Offline(dialect.Target{}, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE a (x INT, y);\nCREATE TABLE sqlite_sequence(name,seq);\nCOMMIT;",
		"CREATE TRIGGER t AFTER INSERT ON v BEGIN SELECT 1; END; CREATE TABLE a (x INT, y)",
		"CREATE TABLE IF NOT EXISTS a (x INT, y); create table if not exists main.a(x INT,y);",
		"DROP TABLE IF EXISTS a; CREATE TABLE a (x INT); ALTER TABLE a ADD COLUMN y",
		"ALTER TABLE b RENAME TO a; CREATE TABLE b (x INT, y); CREATE TABLE c (x); DROP TABLE c",
		"CREATE TABLE a (z INT, y); ALTER TABLE a RENAME COLUMN z TO x;",
		"; ;\n/* nothing */ CREATE TABLE a (x INT, y) -- the end",
	} {
		text = strings.Replace(text, "ON v", "ON a", 1)
		c, err := b.Parse(sources(text))
		if err != nil {
			t.Errorf("%s\n%v", text, err)
			continue
		}
		if n := c.Len(); n != 3 && !strings.Contains(text, "TRIGGER") {
			t.Errorf("%s\n%d objects", text, n)
		}
	}
}

// TestNotes: SQLite accepts views and foreign keys that cannot be used.
func TestNotes(t *testing.T) {
	b, err := Dialect{}.Offline(dialect.Target{}, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := b.Parse(sources("CREATE VIEW v AS\nSELECT x FROM nowhere;\nCREATE TABLE p (x); CREATE TABLE c (x REFERENCES p (x));"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := dialect.Compare("sqlite", b, schema.NewCatalog(), c, dialect.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(p.Notes, "\n"); !strings.Contains(notes, "schema.sql:1:1: view v cannot be used as it is: no such table: main.nowhere") ||
		!strings.Contains(notes, "foreign key mismatch") {
		t.Error(notes)
	}
}
