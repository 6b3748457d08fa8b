package liteparse

import (
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	script := `-- first; not a statement
CREATE TABLE a (x TEXT DEFAULT ';' /* ; */, "y;" INT); -- behind a
CREATE TRIGGER t AFTER INSERT ON a BEGIN
  SELECT CASE WHEN 1 THEN ';' END; -- END;
  UPDATE a SET x = (SELECT CASE x WHEN 1 THEN 2 END);
END;
;;
CREATE VIEW [v;] AS SELECT ` + "`x;`" + `, 'it''s;' FROM a
-- last`
	var got []string
	for _, s := range Split(script) {
		if s.Text != script[s.At:s.At+len(s.Text)] {
			t.Errorf("%q is not at %d", s.Text, s.At)
		}
		first, _, _ := strings.Cut(s.Text, "(")
		first, _, _ = strings.Cut(first, " AFTER")
		first, _, _ = strings.Cut(first, " AS")
		got = append(got, strings.TrimSpace(first))
		if first == "CREATE TABLE a " && len(s.Comments) != 3 {
			t.Errorf("comments of a: %v", s.Comments)
		}
	}
	if want := "CREATE TABLE a|CREATE TRIGGER t|CREATE VIEW [v;]"; strings.Join(got, "|") != want {
		t.Errorf("got %v", got)
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("CREATE TABLE a (x); CREATE TRIGGER t BEGIN SELECT 1; END; /* x")
	f.Add("create view v as select \"a\" from [b;] where x = 'y")
	f.Fuzz(func(t *testing.T, script string) {
		last := 0
		for _, s := range Split(script) {
			if s.At < last || s.At+len(s.Text) > len(script) {
				t.Fatalf("%q at %d", s.Text, s.At)
			}
			last = s.At + len(s.Text)
			// whatever it is, taking it apart must not panic
			if x, err := Table(s.Text); err == nil && !x.AsQuery {
				x.Renamed("other")
			}
			if x, err := Index(s.Text); err == nil {
				x.Resolve(Scope{}, nil)
			}
			if x, err := View(s.Text); err == nil {
				x.Canonical(func(string) bool { return true })
				x.Names()
			}
			if x, err := Trigger(s.Text); err == nil {
				x.Canonical(func(string) bool { return false })
				x.Names()
			}
			VirtualTable(s.Text)
			Trim(s.Text)
			RenameColumn(s.Text, "a", "b")
		}
	})
}
