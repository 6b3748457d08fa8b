package pgparse

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// TestCanon runs the cases of testdata/canon: what an author writes, followed
// by what servers print for it,
//
//	check: a IN (1, 2)
//		14 15 = (a = ANY (ARRAY[1, 2]))
//		! (a = 1) OR (a = 2)
//		refs = column public.t.a steady
//
// The canonical forms of all must be equal, but for the texts behind "!", which
// mean something else. Every canonical form must be its own canonical form.
func TestCanon(t *testing.T) {
	files, err := filepath.Glob("testdata/canon/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar"), func(t *testing.T) { runCanon(t, f) })
	}
}

type canonCase struct {
	kind, author string
	line         int
	equal        []string // texts that servers print
	different    []string
	refs         string
}

func readCanonCases(t *testing.T, text string) []canonCase {
	var out []canonCase
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] != '\t':
			kind, author, ok := strings.Cut(line, ": ")
			if !ok {
				t.Fatalf("line %d: no kind", n)
			}
			out = append(out, canonCase{kind: kind, author: author, line: n})
		default:
			c := &out[len(out)-1]
			what, text, _ := strings.Cut(line[1:], " ")
			for what != "!" && !strings.HasPrefix(text, "= ") && text != "=" { // versions
				_, text, _ = strings.Cut(text, " ")
			}
			text = strings.TrimPrefix(text, "= ")
			switch what {
			case "!":
				c.different = append(c.different, text)
			case "refs":
				c.refs = text
			default:
				c.equal = append(c.equal, text)
			}
		}
	}
	return out
}

func runCanon(t *testing.T, file string) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var setup string
	var cases []canonCase
	for _, f := range a.Files {
		switch f.Name {
		case "setup.sql":
			setup = string(f.Data)
		case "cases":
			cases = readCanonCases(t, string(f.Data))
		}
	}
	texts := map[string]string{} // by name
	kinds := map[string]string{}
	for i, c := range cases {
		add := func(variant int, text string) {
			name := fmt.Sprintf("x%d_%d", i, variant)
			texts[name], kinds[name] = text, c.kind
		}
		add(0, c.author)
		for k, s := range c.equal {
			add(k+1, s)
		}
		for k, s := range c.different {
			add(100+k, s)
		}
	}
	first := canonOf(t, setup, texts, kinds)
	canons := map[string]string{}
	for name, e := range first {
		canons[name] = e.Canon
	}
	again := canonOf(t, setup, canons, kinds)
	for name, c := range canons {
		if again[name].Canon != c {
			t.Errorf("not its own canonical form: %s\n  canon: %s\n  again: %s", texts[name], c, again[name].Canon)
		}
	}
	for i, c := range cases {
		name := func(variant int) string { return fmt.Sprintf("x%d_%d", i, variant) }
		author := first[name(0)]
		for k, s := range c.equal {
			if got := first[name(k+1)].Canon; got != author.Canon {
				t.Errorf("line %d: should be equal\n  author: %s\n  server: %s\n  canon of author: %s\n  canon of server: %s", c.line, c.author, s, author.Canon, got)
			}
		}
		for k, s := range c.different {
			if first[name(100+k)].Canon == author.Canon {
				t.Errorf("line %d: should differ\n  %s\n  %s\n  canon: %s", c.line, c.author, s, author.Canon)
			}
		}
		if got := refsText(author.Refs); c.refs != "" && got != c.refs {
			t.Errorf("line %d: %s\n  refs: %s\n  want: %s", c.line, c.author, got, c.refs)
		}
	}
}

func refsText(refs []schema.Ref) string {
	words := [...]string{schema.Late: "late", schema.Exist: "exist", schema.Steady: "steady", schema.Fixed: "fixed"}
	var out []string
	for _, r := range refs {
		out = append(out, r.To.String()+" "+words[r.Bind])
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// canonOf normalizes texts inside objects of the given kinds: of the table
// public.t, or standing alone.
func canonOf(t *testing.T, setup string, texts, kinds map[string]string) map[string]schema.Expr {
	o := Options{Version: 170000, User: "tester", TimeZone: "UTC"}
	c, err := Parse([]parser.Source{{Name: "setup.sql", Text: setup}}, o)
	if err != nil {
		t.Fatal(err)
	}
	table := schema.ID{Kind: pg.KindTable, Schema: "public", Name: "t"}
	types := newTypes(c, o, newNames(c, o))
	where := map[string]func() schema.Expr{}
	for name, text := range texts {
		e := schema.Expr{Text: text}
		kind, typ, _ := strings.Cut(kinds[name], " ")
		switch kind {
		case "check":
			k := &pg.Constraint{Table: table, Name: name, Type: pg.Check, Check: e}
			c.Put(k)
			where[name] = func() schema.Expr { return k.Check }
		case "default":
			col := &pg.Column{Table: schema.ID{Kind: pg.KindTable, Schema: "public", Name: "d"}, Name: name, Type: types.model(types.parse(typ))}
			d := &pg.Default{Column: col.ID(), Value: e}
			c.Put(col)
			c.Put(d)
			where[name] = func() schema.Expr { return d.Value }
		case "index":
			x := &pg.Index{Schema: "public", Name: name, Table: table, Keys: []pg.IndexKey{{Expr: e}}}
			c.Put(x)
			where[name] = func() schema.Expr { return x.Keys[0].Expr }
		case "policy":
			p := &pg.Policy{Table: table, Name: name, Using: e}
			c.Put(p)
			where[name] = func() schema.Expr { return p.Using }
		case "when":
			p := &pg.Trigger{Relation: table, Name: name, When: e}
			c.Put(p)
			where[name] = func() schema.Expr { return p.When }
		case "rule":
			p := &pg.Rule{Relation: table, Name: name, Action: e}
			c.Put(p)
			where[name] = func() schema.Expr { return p.Action }
		case "where":
			p := &pg.Rule{Relation: table, Name: name, Event: "insert", Where: e}
			c.Put(p)
			where[name] = func() schema.Expr { return p.Where }
		case "domain":
			p := &pg.DomainConstraint{Domain: schema.ID{Kind: pg.KindDomain, Schema: "public", Name: typ}, Name: name, Check: e}
			c.Put(p)
			where[name] = func() schema.Expr { return p.Check }
		case "bound":
			p := &pg.Table{Schema: "public", Name: name, PartitionOf: schema.ID{Kind: pg.KindTable, Schema: "public", Name: typ}, Bound: e}
			c.Put(p)
			where[name] = func() schema.Expr { return p.Bound }
		case "view":
			v := &pg.View{Schema: "public", Name: name, Query: e}
			c.Put(v)
			where[name] = func() schema.Expr { return v.Query }
		default:
			t.Fatalf("unknown kind %q", kind)
		}
	}
	if err := Normalize(c, o); err != nil {
		t.Fatal(err)
	}
	out := map[string]schema.Expr{}
	for name, f := range where {
		out[name] = f()
	}
	return out
}

func FuzzCanon(f *testing.F) {
	files, _ := filepath.Glob("testdata/canon/*.txtar")
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, s := range a.Files {
			for line := range strings.Lines(string(s.Data)) {
				if kind, text, ok := strings.Cut(line, ": "); ok && s.Name == "cases" && (kind == "check" || kind == "view") {
					f.Add(kind == "view", strings.TrimSpace(text))
				}
			}
		}
	}
	setup, err := os.ReadFile("testdata/canon/fuzz.sql")
	if err != nil {
		f.Fatal(err)
	}
	canon := func(view bool, text string) (string, bool) {
		o := Options{Version: 170000, TimeZone: "UTC"}
		c, err := Parse([]parser.Source{{Text: string(setup)}}, o)
		if err != nil {
			f.Fatal(err)
		}
		if view {
			v := &pg.View{Schema: "public", Name: "x", Query: schema.Expr{Text: text}}
			c.Put(v)
			err := Normalize(c, o)
			return v.Query.Canon, err == nil && v.Query.Canon != ""
		}
		k := &pg.Constraint{Table: schema.ID{Kind: pg.KindTable, Schema: "public", Name: "t"}, Name: "x", Type: pg.Check, Check: schema.Expr{Text: text}}
		c.Put(k)
		err = Normalize(c, o)
		return k.Check.Canon, err == nil && k.Check.Canon != ""
	}
	f.Fuzz(func(t *testing.T, view bool, text string) {
		first, ok := canon(view, text)
		if !ok || strings.TrimSpace(text) == "" {
			return
		}
		if again, ok := canon(view, first); !ok || again != first {
			t.Errorf("%s\n  canon: %s\n  again: %s", text, first, again)
		}
	})
}
