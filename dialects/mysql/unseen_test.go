package mysql_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/mysql"
	"github.com/trueup-sql/trueup/parser"
)

const (
	unseenTables  = "CREATE TABLE p (id int PRIMARY KEY);\nCREATE TABLE t (id int PRIMARY KEY, v int, CONSTRAINT fk FOREIGN KEY (v) REFERENCES p (id));\n"
	unseenTrigger = "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.v = 1;\n"
	unseenEvent   = "CREATE EVENT ev ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO DO 0;\n"
	unseenRoutine = "CREATE PROCEDURE pr() SELECT 1;\n"
	unseenView    = "CREATE VIEW v AS SELECT id FROM t;\n"
	unseenAll     = unseenTables + unseenTrigger + unseenEvent + unseenRoutine + unseenView
)

// TestUnseen: information_schema hides what a user has no privileges on. A plan
// never takes that for absent: it says what cannot be seen, and fails where it
// would create such a thing.
func TestUnseen(t *testing.T) {
	target := live(t, unseenAll)
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	database := strings.TrimPrefix(u.Path, "/")
	for _, c := range []struct {
		name, grants string // with D for the database
		role         bool   // the grants are those of an active role
		desired      string
		err          string // a part of the error; "" for none
		notes        []string
	}{
		{name: "select", grants: "SELECT ON D.*", desired: unseenAll, err: "desired.sql:2:55: foreign key t.fk: whether it is there already cannot be seen"},
		{name: "show_view", grants: "SELECT, SHOW VIEW, EXECUTE, EVENT ON D.*", desired: unseenAll, err: "desired.sql:3:16: trigger tr: whether it is there already cannot be seen: the user U lacks TRIGGER on `D`.`t`"},
		{name: "trigger", grants: "SELECT, SHOW VIEW, TRIGGER, EXECUTE ON D.*", desired: unseenAll, err: "desired.sql:4:14: event ev: whether it is there already cannot be seen: the user U lacks EVENT on `D`.*"},
		{name: "event", grants: "SELECT, SHOW VIEW, TRIGGER, EVENT ON D.*", desired: unseenAll, err: "procedure pr: whether it is there already cannot be seen: the user U lacks EXECUTE or CREATE ROUTINE on `D`.*"},
		{name: "only_pattern", grants: "ALL ON `%`.*", desired: unseenAll},
		{name: "columns", grants: "SELECT (id) ON D.t", desired: "CREATE TABLE t (id int PRIMARY KEY, v int);\n", err: "column t.v: whether it is there already cannot be seen: the user U lacks SELECT on `D`.`t`",
			notes: nil},
		{name: "one_table", grants: "SELECT, TRIGGER, REFERENCES ON D.t", desired: unseenTables, err: "desired.sql:1:14: table p: whether it is there already cannot be seen: the user U lacks any privilege on `D`.*"},
		{name: "of_a_role", grants: "ALL ON D.*", role: true, desired: unseenAll},
		{name: "nothing_to_create", grants: "SELECT, REFERENCES, EXECUTE ON D.*", desired: unseenTables + unseenView + unseenRoutine,
			notes: []string{"view v: its definition cannot be read", "procedure pr: its definition cannot be read", "triggers cannot be seen: the user U lacks TRIGGER on database `D`", "events cannot be seen"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := "u" + database[max(0, len(database)-12):] + c.name
			name = name[:min(len(name), 30)]
			fill := strings.NewReplacer("D", database, "U ", name+"@localhost ").Replace
			script := "CREATE USER " + name + "@localhost; GRANT " + fill(c.grants) + " TO " + name + "@localhost;"
			if c.role {
				script = "CREATE ROLE " + name + "r; GRANT " + fill(c.grants) + " TO " + name + "r; CREATE USER " + name + "@localhost; GRANT " + name + "r TO " + name + "@localhost; SET DEFAULT ROLE " + name + "r FOR " + name + "@localhost;"
			}
			if err := client(t.Context(), target, script); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				client(context.Background(), target, "DROP ROLE IF EXISTS "+name+"r; DROP USER "+name+"@localhost")
			}) //nolint:errcheck // the server goes, too
			own := *u
			own.User = url.User(name)
			s, err := mysql.Dialect{}.Open(t.Context(), own.String(), dialect.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close() //nolint:errcheck // as above
			plan, err := dialect.Prepare(t.Context(), "mysql", s, sources(c.desired), dialect.Policy{})
			if c.err != "" {
				var placed *parser.Error
				if err == nil || !strings.Contains(err.Error(), fill(c.err)) || !errors.As(err, &placed) {
					t.Fatalf("got %v, want %s", err, fill(c.err))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(plan.Statements) > 0 {
				t.Errorf("plans %s", plan.Statements[0].SQL)
			}
			for _, n := range c.notes {
				if !strings.Contains(strings.Join(plan.Notes, "\n"), fill(n)) {
					t.Errorf("no note %q in %q", fill(n), plan.Notes)
				}
			}
			if len(c.notes) == 0 && strings.Contains(strings.Join(plan.Notes, "\n"), "cannot be seen") {
				t.Errorf("notes %q", plan.Notes)
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
			for _, n := range c.notes {
				if !strings.Contains(strings.Join(export.Notes, "\n"), fill(n)) {
					t.Errorf("export: no note %q in %q", fill(n), export.Notes)
				}
			}
		})
	}
}
