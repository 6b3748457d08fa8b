package sqlite

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/trueup-sql/trueup/schema"
)

var update = flag.Bool("update", false, "write the plans into the case files")

// TestCases runs testdata/*.txtar. The sections of a case:
//
//	current.sql  the database
//	rows.sql     data put into it
//	desired.sql  the files
//	plan.sql     the plan that is expected
//	error        instead: a part of the error that is expected, from plan or apply
//	check.sql    a query for the database afterwards, and
//	check.out    what it returns
//
// The text before the first section describes the case. Lines "allow: kinds" in
// it restrict what may be dropped ("none"), "one way" leaves out the way back,
// "values change" the comparison of all rows, and "texts differ" that of the
// texts which differ without a difference.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar"), func(t *testing.T) { playCase(t, f) })
	}
}

func playCase(t *testing.T, path string) {
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	section := map[string]string{}
	for _, f := range a.Files {
		section[f.Name] = string(f.Data)
	}
	allow, says := options(string(a.Comment))
	d := newDatabase(t, section["current.sql"], section["rows.sql"])
	rows, facts := d.rows(), d.facts()

	p, err := d.plan(section["desired.sql"], allow)
	if want, ok := section["error"]; ok {
		if err == nil {
			err = d.apply(section["desired.sql"], allow)
		}
		for line := range strings.Lines(strings.TrimSpace(want)) {
			if err == nil || !strings.Contains(err.Error(), strings.TrimSpace(line)) {
				t.Errorf("error:\n%v\nwant:\n%s", err, want)
			}
		}
		if d.facts() != facts || lost(rows, d.rows()) != nil {
			t.Error("the error left changes behind")
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := printed(p); got != section["plan.sql"] {
		if !*update {
			t.Errorf("plan:\n%s\nwant:\n%s", got, section["plan.sql"])
		} else {
			writePlan(t, path, a, got)
		}
	}
	checkApply(t, d, section["desired.sql"], allow, !says("texts differ"))
	if !says("values change") {
		if err := lost(rows, d.rows()); err != nil {
			t.Error(err)
		}
	}
	if q, ok := section["check.sql"]; ok {
		if got := strings.Join(d.query(q), "\n"); got != strings.TrimSpace(section["check.out"]) {
			t.Errorf("check: got\n%s\nwant\n%s", got, section["check.out"])
		}
	}
	if !says("one way") {
		checkApply(t, d, section["current.sql"], nil, !says("texts differ"))
	}
}

// checkApply applies, plans again, and compares with a database that SQLite
// made from the files, if all drops are allowed.
func checkApply(t *testing.T, d *database, desired string, allow func(schema.Object) bool, facts bool) {
	t.Helper()
	if err := d.apply(desired, allow); err != nil {
		t.Fatal(err)
	}
	again, err := d.plan(desired, allow)
	if err != nil {
		t.Fatal(err)
	}
	if !again.Empty() {
		t.Fatalf("second plan:\n%s", printed(again))
	}
	if r := d.query("PRAGMA integrity_check"); !slices.Equal(r, []string{"ok"}) {
		t.Fatalf("integrity_check: %v", r)
	}
	if allow != nil || !facts {
		return
	}
	fresh := newDatabase(t)
	if err := fresh.try(directive.ReplaceAllString(desired, "")); err != nil {
		return // the order of statements, which only trueup does not mind
	}
	if got, want := d.facts(), fresh.facts(); got != want {
		t.Errorf("facts:\n%s\nof a fresh database:\n%s", got, want)
	}
}

var directive = regexp.MustCompile(`\s*(/\*\s*@.*?\*/|--\s*@.*)`)

func options(comment string) (allow func(schema.Object) bool, says func(string) bool) {
	says = func(s string) bool { return slices.Contains(strings.Split(comment, "\n"), s) }
	for line := range strings.Lines(comment) {
		if kinds, ok := strings.CutPrefix(strings.TrimSpace(line), "allow: "); ok {
			list := strings.Split(kinds, ",")
			allow = func(o schema.Object) bool { return slices.Contains(list, string(o.ID().Kind)) }
		}
	}
	return allow, says
}

func writePlan(t *testing.T, path string, a *txtar.Archive, plan string) {
	t.Helper()
	i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == "plan.sql" })
	if i < 0 {
		i = slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == "desired.sql" }) + 1
		a.Files = slices.Insert(a.Files, i, txtar.File{Name: "plan.sql"})
	}
	a.Files[i].Data = []byte(plan)
	if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}
