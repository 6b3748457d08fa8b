package mysql

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// Facts stand in for servers that cannot be started here: each is a text that
// such a server has shown, with the DDL that a person would have written for it.
// The files of testdata/mysql8 hold, for each fact NAME:
//
//	NAME          "server: FLAVOR VERSION [setting=value]..", and "source:", where the
//	              text was recorded, or "after:", by which rule it was written down;
//	              "added:", if the text has what the author left to the server
//	NAME/shown    SHOW CREATE TABLE, VIEW, .., each ended by ";"
//	NAME/written  the author's DDL, to which nothing may differ
//	NAME/changed  another desired state (also changed2, ..)
//	NAME/plan     what is run to get there (plan2, ..), or
//	NAME/error    a part of the error (error2, ..)
type fact struct {
	name, source   string
	recorded       bool // a server's own output, not one written down after its rules
	added          string
	target         dialect.Target
	shown, written string
	changes        []factChange
}

type factChange struct{ key, changed, plan, err string }

func TestFacts(t *testing.T) {
	files, err := filepath.Glob("testdata/mysql8/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no facts", err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			for _, f := range factsOf(t, a) {
				t.Run(f.name, func(t *testing.T) { f.check(t, a) })
			}
			if os.Getenv("UPDATE_FACTS") != "" {
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// factsOf reads an archive; whatever has no meaning in it is an error.
func factsOf(t *testing.T, a *txtar.Archive) []*fact {
	t.Helper()
	var out []*fact
	for _, file := range a.Files {
		name, part, isPart := strings.Cut(file.Name, "/")
		text := string(file.Data)
		if !isPart {
			out = append(out, newFact(t, name, text))
			continue
		}
		if len(out) == 0 || out[len(out)-1].name != name {
			t.Fatalf("%s stands before %s", file.Name, name)
		}
		f := out[len(out)-1]
		word := strings.TrimRight(part, "0123456789")
		number := part[len(word):]
		switch word {
		case "shown":
			f.shown = text
		case "written":
			f.written = text
		case "changed":
			f.changes = append(f.changes, factChange{key: number, changed: text})
		case "plan", "error":
			if len(f.changes) == 0 || f.changes[len(f.changes)-1].key != number {
				t.Fatalf("%s has no changed%s before it", file.Name, number)
			}
			c := &f.changes[len(f.changes)-1]
			if word == "plan" {
				c.plan = text
			} else {
				c.err = strings.TrimSpace(text)
			}
		default:
			t.Fatalf("unknown part %s", file.Name)
		}
	}
	return out
}

func newFact(t *testing.T, name, text string) *fact {
	t.Helper()
	f := &fact{name: name}
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "server":
			words := strings.Fields(value)
			version := words[1]
			if words[0] != flavorMySQL {
				version = map[string]string{flavorMariaDB: version + "-MariaDB", flavorTiDB: "8.0.11-TiDB-v" + version}[words[0]]
			}
			var err error
			if f.target.Flavor, f.target.Version, err = parseVersion(version); err != nil || f.target.Flavor != words[0] {
				t.Fatalf("%s: %q: %v", name, line, err)
			}
			f.target.Settings = map[string]string{settingDatabase: "test"}
			for _, w := range words[2:] {
				k, v, _ := strings.Cut(w, "=")
				f.target.Settings[k] = v
			}
		case "source", "after":
			f.source, f.recorded = value, key == "source"
		case "added":
			f.added = value
		default:
			t.Fatalf("%s: %q", name, line)
		}
	}
	if f.source == "" || f.target.Flavor == "" {
		t.Fatalf("%s: no source, or no server", name)
	}
	return f
}

func (f *fact) check(t *testing.T, a *txtar.Archive) {
	if f.shown == "" || f.written == "" {
		t.Fatal("shown or written is missing")
	}
	b, err := newBound(f.target, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	live := func() *schema.Catalog { return f.live(t, b) }
	read := func(name, text string) *schema.Catalog {
		c, err := dialect.Read("mysql", b, []parser.Source{{Name: name, Text: text}})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	same := func(what string, current, desired *schema.Catalog) {
		t.Helper()
		p, err := dialect.Compare("mysql", b, current, desired, dialect.Policy{})
		if err != nil {
			t.Errorf("%s: %v", what, err)
		} else if !p.Empty() {
			t.Errorf("%s: the plan is not empty:\n%s%s", what, statements(p), changes(p))
		}
	}
	same("shown -> written", live(), read("written", f.written))
	same("shown, as a file -> written", read("shown", f.shown), read("written", f.written))
	if f.added == "" {
		same("written -> shown, as a file", read("written", f.written), read("shown", f.shown))
	}
	if p, err := dialect.Export("mysql", b, read("written", f.written)); err != nil {
		t.Error(err)
	} else if f.added != "other names" { // which an export writes out
		same("shown -> export of written\n"+statements(p), live(), read("export", statements(p)))
	}
	for _, c := range f.changes {
		f.checkChange(t, b, c, a, read)
	}
}

// checkChange plans from what the server showed, and sees that the plan, read as
// a script that follows it, gives the desired state.
func (f *fact) checkChange(t *testing.T, b *bound, c factChange, a *txtar.Archive, read func(name, text string) *schema.Catalog) {
	desired, err := dialect.Read("mysql", b, []parser.Source{{Name: "changed" + c.key, Text: c.changed}})
	var p *planner.Plan
	if err == nil {
		p, err = dialect.Compare("mysql", b, f.live(t, b), desired, dialect.Policy{})
	}
	if c.err != "" {
		if err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("changed%s: error %v\nwant %s", c.key, err, c.err)
		}
		return
	}
	if err != nil {
		t.Errorf("changed%s: %v", c.key, err)
		return
	}
	got := statements(p)
	if os.Getenv("UPDATE_FACTS") != "" {
		f.update(a, c.key, got)
	} else if c.plan != got || got == "" {
		t.Errorf("changed%s: plan\n%s\nwant\n%s%s", c.key, got, c.plan, changes(p))
	}
	again, err := dialect.Compare("mysql", b, read("shown, and the plan", f.shown+"\n"+got), read("changed", c.changed), dialect.Policy{})
	if err != nil {
		t.Errorf("changed%s: after the plan: %v", c.key, err)
	} else if !again.Empty() {
		t.Errorf("changed%s: after the plan this is left:\n%s%s", c.key, statements(again), changes(again))
	}
}

func (f *fact) update(a *txtar.Archive, key, plan string) {
	for i, x := range a.Files {
		switch x.Name {
		case f.name + "/plan" + key:
			a.Files[i].Data = []byte(plan)
			return
		}
	}
	for i, x := range a.Files {
		if x.Name == f.name+"/changed"+key {
			rest := append([]txtar.File{{Name: f.name + "/plan" + key, Data: []byte(plan)}}, a.Files[i+1:]...)
			a.Files = append(a.Files[:i+1:i+1], rest...)
			return
		}
	}
}

// live is what an inspection makes of the answers of SHOW CREATE.
func (f *fact) live(t *testing.T, b *bound) *schema.Catalog {
	t.Helper()
	r := &inspection{bound: b, byName: map[string]*relation{}}
	r.self.Charset, r.self.Collation = b.setting(settingCharset), b.setting(settingCollation)
	for text := range strings.SplitSeq(f.shown, ";\n") {
		text = strings.TrimSpace(text)
		m := shownName.FindStringSubmatch(text)
		switch {
		case text == "":
		case m != nil:
			r.relations = append(r.relations, &relation{name: m[1], shown: text})
		default:
			r.views = append(r.views, "SET collation_connection = DEFAULT", text)
		}
	}
	c, err := b.assemble(r)
	if err == nil {
		err = b.Normalize(c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var shownName = regexp.MustCompile("^CREATE TABLE `([^`]*)`")

func statements(p *planner.Plan) string {
	var b strings.Builder
	for _, s := range p.Statements {
		b.WriteString(s.SQL + ";\n")
	}
	return b.String()
}

func changes(p *planner.Plan) string {
	var b strings.Builder
	for _, c := range p.Delta.Changes {
		fmt.Fprintf(&b, "%v %s %v\n", c.Verb, c.ID(), c.Fields)
		if c.Old != nil && c.New != nil {
			for _, n := range schema.Differing(c.Old, c.New) {
				old, new := reflect.ValueOf(c.Old).Elem().FieldByName(n), reflect.ValueOf(c.New).Elem().FieldByName(n)
				fmt.Fprintf(&b, "  %s: %+v\n   -> %+v\n", n, old, new)
			}
		}
	}
	return b.String()
}

// TestFactsAreTold: every fact says where it was recorded, no name is used
// twice, and there are enough of them.
func TestFactsAreTold(t *testing.T) {
	files, err := filepath.Glob("testdata/mysql8/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	count, recorded, changed := map[string]int{}, map[string]int{}, map[string]int{}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, f := range factsOf(t, a) {
			if seen[f.name] {
				t.Errorf("%s: %s is there twice", file, f.name)
			}
			seen[f.name] = true
			texts := strings.Count(f.shown, "CREATE ")
			count[f.target.Flavor] += texts
			if f.recorded {
				recorded[f.target.Flavor] += texts
			}
			changed[f.target.Flavor] += len(f.changes)
		}
	}
	t.Logf("texts %v, of them recorded %v; changes %v", count, recorded, changed)
	if recorded[flavorMySQL] < 60 || changed[flavorMySQL] < 30 {
		t.Errorf("too few for MySQL: %d recorded texts, %d changes", recorded[flavorMySQL], changed[flavorMySQL])
	}
}
