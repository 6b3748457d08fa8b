package postgres_test

import (
	"strings"
	"testing"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/postgres"
	"github.com/trueup-sql/trueup/parser"
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
			b, err := postgres.Dialect{}.Offline(dialect.Target{Flavor: "postgres", Version: 180000}, dialect.Options{})
			if err != nil {
				t.Fatal(err)
			}
			read := func(text string) *schema.Catalog {
				c, err := dialect.Read("test", b, []parser.Source{{Name: "test.sql", Text: parent + text}})
				if err != nil {
					t.Fatal(err)
				}
				return c
			}
			p, err := dialect.Compare("test", b, read(current), read(desired), dialect.Policy{})
			if err != nil {
				t.Errorf("%s to %s: %v", from, to, err)
				continue
			}
			if !p.Empty() {
				t.Errorf("%s to %s: %v", from, to, p.Statements)
			}
			if noted := strings.Contains(strings.Join(p.Notes, "\n"), "not called a_there"); noted != (to == "named" && from != "named") {
				t.Errorf("%s to %s: notes: %q", from, to, p.Notes)
			}
		}
	}
}
