package myparse

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
)

var update = flag.Bool("update", false, "write what the cases give now as what they want")

// optionsOf reads options from the words of a case's comment: flavor=, version=,
// mode=, lower=, database=, zone=, implicit, relaxed.
func optionsOf(t *testing.T, comment string) Options {
	t.Helper()
	o := Options{Flavor: MySQL, Version: 80400, TimeZone: "+00:00"}
	for _, line := range strings.Split(comment, "\n") {
		rest, ok := strings.CutPrefix(line, "options:")
		if !ok {
			continue
		}
		for _, w := range strings.Fields(rest) {
			key, value, _ := strings.Cut(w, "=")
			n, _ := strconv.Atoi(value)
			switch key {
			case "flavor":
				o.Flavor, o.Version = value, 0
			case "version":
				o.Version = n
			case "mode":
				o.SQLMode = value
			case "lower":
				o.LowerCaseTableNames = n
			case "database":
				o.Database = value
			case "zone":
				o.TimeZone = value
			case "implicit":
				o.ImplicitTimestamp = true
			case "relaxed":
				o.Relaxed = true
			default:
				t.Fatalf("unknown option %q", w)
			}
		}
	}
	return o
}

func cases(t *testing.T, pattern string, f func(t *testing.T, a *txtar.Archive) *txtar.Archive) {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in %s: %v", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if now := f(t, a); *update && now != nil {
				if err := os.WriteFile(file, txtar.Format(now), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestParse: sources (*.sql) give the objects of "want", or the errors of "error".
func TestParse(t *testing.T) {
	cases(t, "testdata/parse/*.txtar", func(t *testing.T, a *txtar.Archive) *txtar.Archive {
		out := &txtar.Archive{Comment: a.Comment}
		var sources []parser.Source
		want := ""
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".sql") {
				sources = append(sources, parser.Source{Name: f.Name, Text: string(f.Data)})
				out.Files = append(out.Files, f)
				continue
			}
			want = "-- " + f.Name + " --\n" + string(f.Data)
		}
		c, err := Parse(sources, optionsOf(t, string(a.Comment)))
		got := txtar.File{Name: "want", Data: []byte(dump(c))}
		if err != nil {
			got = txtar.File{Name: "error", Data: []byte(strings.TrimRight(err.Error(), "\n") + "\n")}
			placed(t, err)
		}
		out.Files = append(out.Files, got)
		if s := "-- " + got.Name + " --\n" + string(got.Data); !*update && s != want {
			t.Errorf("got\n%s\nwant\n%s", s, want)
		}
		return out
	})
}

// placed fails unless every error has a place.
func placed(t *testing.T, err error) {
	t.Helper()
	list := []error{err}
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		list = j.Unwrap()
	}
	for _, e := range list {
		var p *parser.Error
		if !errors.As(e, &p) || p.Pos.IsZero() {
			t.Errorf("no place: %v", e)
		}
	}
}

// TestAlike: what the author wrote and what the server shows are the same.
// Files come in pairs: x.sql and x.shown.
func TestAlike(t *testing.T) {
	cases(t, "testdata/alike/*.txtar", func(t *testing.T, a *txtar.Archive) *txtar.Archive {
		o := optionsOf(t, string(a.Comment))
		shown := o
		shown.Relaxed = true
		for i := 0; i+1 < len(a.Files); i += 2 {
			x, y := a.Files[i], a.Files[i+1]
			t.Run(x.Name, func(t *testing.T) {
				if strings.TrimSuffix(x.Name, ".sql") != strings.TrimSuffix(y.Name, ".shown") {
					t.Fatalf("%s has no .shown behind it", x.Name)
				}
				want, err := Parse([]parser.Source{{Name: x.Name, Text: string(x.Data)}}, o)
				if err != nil {
					t.Fatal(err)
				}
				have, err := Parse([]parser.Source{{Name: y.Name, Text: string(y.Data)}}, shown)
				if err != nil {
					t.Fatal(err)
				}
				for _, d := range differences(have, want) {
					t.Error(d)
				}
			})
		}
		return nil
	})
}

func differences(have, want *schema.Catalog) []string {
	var out []string
	for o := range want.All() {
		h := have.Object(o.ID())
		if h == nil {
			out = append(out, o.ID().String()+" is not shown")
			continue
		}
		for _, f := range schema.Differing(h, o) {
			out = append(out, fmt.Sprintf("%s %s:\n  shown   %s\n  written %s", o.ID(), f,
				brief(reflect.ValueOf(h).Elem().FieldByName(f)), brief(reflect.ValueOf(o).Elem().FieldByName(f))))
		}
	}
	for o := range have.All() {
		if !want.Has(o.ID()) {
			out = append(out, o.ID().String()+" is only shown")
		}
	}
	return out
}

// dump writes a catalog down, one line for each object, without empty fields.
func dump(c *schema.Catalog) string {
	var b strings.Builder
	for o := range c.All() {
		fmt.Fprintf(&b, "%s %s\n", o.ID(), brief(reflect.ValueOf(o).Elem()))
		if from, ok := c.Renames[o.ID()]; ok {
			fmt.Fprintf(&b, "  renamed from %s\n", from)
		}
		for _, d := range c.Directives[o.ID()] {
			fmt.Fprintf(&b, "  @%s %s\n", d.Name, d.Arg)
		}
		if pos := c.Origin[o.ID()]; pos.IsZero() {
			fmt.Fprintf(&b, "  no origin\n")
		}
		for _, r := range o.Refs() {
			if r.To != o.Owner() {
				fmt.Fprintf(&b, "  -> %s\n", r.To)
			}
		}
	}
	for _, n := range c.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	return b.String()
}

// brief writes a value without its empty fields and without IDs' kinds.
func brief(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case schema.ID:
		return x.Path()
	case schema.Expr:
		return fmt.Sprintf("%q = %s", x.Text, x.Canon)
	case fmt.Stringer:
		if v.Kind() == reflect.Struct {
			return x.String()
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return "nil"
		}
		return brief(v.Elem())
	case reflect.Struct:
		if m, ok := v.Interface().(interface{ MarshalJSON() ([]byte, error) }); ok {
			s, _ := m.MarshalJSON()
			return string(s)
		}
		var parts []string
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() && !v.Field(i).IsZero() && f.Name != "Self" {
				parts = append(parts, f.Name+": "+brief(v.Field(i)))
			}
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case reflect.Slice:
		var parts []string
		for i := range v.Len() {
			parts = append(parts, brief(v.Index(i)))
		}
		return "[" + strings.Join(parts, "; ") + "]"
	case reflect.String:
		return strconv.Quote(v.String())
	}
	return fmt.Sprint(v.Interface())
}
