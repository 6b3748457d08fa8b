package mysql_test

import (
	"strings"
	"testing"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/mysql"
)

// TestDefaultsThatLookAlike: MariaDB shows a question mark for each character
// beyond U+FFFF of a default. A change from one such character to another is
// seen nevertheless, and an export has what the server keeps.
func TestDefaultsThatLookAlike(t *testing.T) {
	target := live(t, "CREATE TABLE t (a varchar(10) DEFAULT '😀', b varchar(10) NOT NULL DEFAULT '😀', c varchar(10) NOT NULL DEFAULT '?') CHARACTER SET utf8mb4;\n")
	s, err := mysql.Dialect{}.Open(t.Context(), target, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // the server goes, too
	for _, c := range []struct{ desired, plan string }{
		{"a varchar(10) DEFAULT '😀', b varchar(10) NOT NULL DEFAULT '😀', c varchar(10) NOT NULL DEFAULT '?'", ""},
		{"a varchar(10) DEFAULT '😁', b varchar(10) NOT NULL DEFAULT '😀', c varchar(10) NOT NULL DEFAULT '?'", "ALTER TABLE `t` MODIFY COLUMN `a` varchar(10) DEFAULT '😁'"},
		{"a varchar(10) DEFAULT '😀', b varchar(10) NOT NULL DEFAULT '😁', c varchar(10) NOT NULL DEFAULT '?'", "ALTER TABLE `t` MODIFY COLUMN `b` varchar(10) NOT NULL DEFAULT '😁'"},
		{"a varchar(10) DEFAULT '😀', b varchar(10) NOT NULL DEFAULT '😀', c varchar(10) NOT NULL DEFAULT '😀'", "ALTER TABLE `t` MODIFY COLUMN `c` varchar(10) NOT NULL DEFAULT '😀'"},
		{"a varchar(10) DEFAULT '?', b varchar(10) NOT NULL DEFAULT '?', c varchar(10) NOT NULL DEFAULT '?'", "ALTER TABLE `t` MODIFY COLUMN `a` varchar(10) DEFAULT '?'"},
	} {
		plan, err := dialect.Prepare(t.Context(), "mysql", s, sources("CREATE TABLE t ("+c.desired+") CHARACTER SET utf8mb4;\n"), dialect.Policy{})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, x := range plan.Statements {
			got += x.SQL
		}
		if got != c.plan {
			t.Errorf("%s\ngot  %s\nwant %s", c.desired, got, c.plan)
		}
	}
	catalog, err := s.Inspect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Normalize(catalog); err != nil {
		t.Fatal(err)
	}
	export, err := dialect.Export("mysql", s, catalog)
	if err != nil {
		t.Fatal(err)
	}
	if text := export.Statements[len(export.Statements)-1].SQL; !strings.Contains(text, "`a` varchar(10) DEFAULT '😀'") {
		t.Errorf("exported %s", text)
	}
}
