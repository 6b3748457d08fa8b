package postgres_test

import (
	"strings"
	"testing"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/postgres"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// TestOwnNotNulls: no command changes what a NOT NULL of a partition that is its
// parent's, too, is called, nor whether it is the partition's own.
func TestOwnNotNulls(t *testing.T) {
	const parent = "CREATE TABLE m (a int NOT NULL) PARTITION BY LIST (a);\n"
	forms := map[string]string{
		"inherited": "CREATE TABLE m_1 PARTITION OF m FOR VALUES IN (1);",
		"own":       "CREATE TABLE m_1 PARTITION OF m (a NOT NULL) FOR VALUES IN (1);",
		"altered":   "CREATE TABLE m_1 PARTITION OF m FOR VALUES IN (1); ALTER TABLE m_1 ALTER a SET NOT NULL;",
		"named":     "CREATE TABLE m_1 PARTITION OF m (a CONSTRAINT a_there NOT NULL) FOR VALUES IN (1);",
		"attached":  "CREATE TABLE m_1 (a int CONSTRAINT a_there NOT NULL); ALTER TABLE m ATTACH PARTITION m_1 FOR VALUES IN (1);",
	}
	for from, current := range forms {
		for to, desired := range forms {
			p := offlinePlan(t, parent+current, parent+desired)
			if !p.Empty() {
				t.Errorf("%s to %s: %v", from, to, p.Statements)
			}
			if noted := strings.Contains(strings.Join(p.Notes, "\n"), "not called a_there"); noted != (to == "named" && from != "named") {
				t.Errorf("%s to %s: notes: %q", from, to, p.Notes)
			}
		}
	}
}

// TestValidNotNull: a NOT NULL that is valid satisfies one that is NOT VALID.
func TestValidNotNull(t *testing.T) {
	const table = "CREATE TABLE t (a int); "
	for _, name := range []string{"", "CONSTRAINT a_there "} {
		valid := "CREATE TABLE t (a int " + name + "NOT NULL);"
		open := table + "ALTER TABLE t ADD " + name + "NOT NULL a NOT VALID;"
		if p := offlinePlan(t, valid, open); !p.Empty() {
			t.Errorf("%s to %s: %v", valid, open, p.Statements)
		}
		if p := offlinePlan(t, open, valid); len(p.Statements) != 1 || !strings.Contains(p.Statements[0].SQL, "VALIDATE CONSTRAINT") {
			t.Errorf("%s to %s: %v", open, valid, p.Statements)
		}
	}
}

// offlinePlan is the plan from one text to another for PostgreSQL 18.
func offlinePlan(t *testing.T, current, desired string) *planner.Plan {
	t.Helper()
	b, err := postgres.Dialect{}.Offline(dialect.Target{Flavor: "postgres", Version: 180000}, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	read := func(text string) *schema.Catalog {
		c, err := dialect.Read("test", b, []parser.Source{{Name: "test.sql", Text: text}})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	p, err := dialect.Compare("test", b, read(current), read(desired), dialect.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}
