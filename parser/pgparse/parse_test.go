package pgparse

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
)

var update = flag.Bool("update", false, "write what comes out into the case files")

// TestCases reads every archive in testdata: its *.sql files are the sources,
// "catalog" is what has to come out, or "errors". The archive's comment may
// hold options, a line each: version 180000, path a,b, user name.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runCase(t, file) })
	}
}

func runCase(t *testing.T, file string) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var sources []parser.Source
	want := map[string]string{}
	for _, f := range a.Files {
		if strings.HasSuffix(f.Name, ".sql") {
			sources = append(sources, parser.Source{Name: f.Name, Text: string(f.Data)})
		} else {
			want[f.Name] = string(f.Data)
		}
	}
	c, err := Parse(sources, caseOptions(t, string(a.Comment)))
	got := map[string]string{}
	if err != nil {
		got["errors"] = err.Error() + "\n"
	} else {
		got["catalog"] = dump(c)
	}
	if *update {
		writeCase(t, file, a, got)
		return
	}
	for _, name := range []string{"catalog", "errors"} {
		if got[name] != want[name] {
			t.Errorf("%s:\n%s", name, difference(want[name], got[name]))
		}
	}
}

func caseOptions(t *testing.T, comment string) Options {
	o := Options{Version: 150000, User: "tester"}
	for line := range strings.Lines(comment) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		var err error
		switch name {
		case "version":
			o.Version, err = strconv.Atoi(value)
		case "path":
			o.SearchPath = strings.Split(value, ",")
		case "user":
			o.User = value
		case "", "#":
		default:
			t.Fatalf("unknown option %q", name)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func writeCase(t *testing.T, file string, a *txtar.Archive, got map[string]string) {
	var files []txtar.File
	for _, f := range a.Files {
		if strings.HasSuffix(f.Name, ".sql") {
			files = append(files, f)
		}
	}
	for _, name := range []string{"catalog", "errors"} {
		if got[name] != "" {
			files = append(files, txtar.File{Name: name, Data: []byte(got[name])})
		}
	}
	a.Files = files
	if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}

// difference lists the lines that only one of two texts has.
func difference(want, got string) string {
	var b strings.Builder
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	in := func(list []string) map[string]bool {
		m := map[string]bool{}
		for _, l := range list {
			m[l] = true
		}
		return m
	}
	inW, inG := in(w), in(g)
	for _, l := range w {
		if !inG[l] {
			b.WriteString("-" + l + "\n")
		}
	}
	for _, l := range g {
		if !inW[l] {
			b.WriteString("+" + l + "\n")
		}
	}
	if b.Len() == 0 {
		return "same lines, another order"
	}
	return b.String()
}

// FuzzParse: whatever the text, there is a catalog or an error.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		if a, err := txtar.ParseFile(file); err == nil {
			for _, s := range a.Files {
				if strings.HasSuffix(s.Name, ".sql") {
					f.Add(string(s.Data))
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse([]parser.Source{{Name: "fuzz.sql", Text: text}}, Options{Version: 180000})
		if err == nil {
			for o := range c.All() {
				_ = o.Refs()
				_ = schema.Claims(o)
			}
		}
	})
}
