package pgparse

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
)

// TestNormalize runs the cases of testdata/normalize: two texts, a.sql and
// b.sql, that define the same.
func TestNormalize(t *testing.T) {
	files, err := filepath.Glob("testdata/normalize/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sides := map[string]*schema.Catalog{}
			for _, f := range a.Files {
				o := Options{Version: 150000, User: "tester"}
				c, err := Parse([]parser.Source{{Name: f.Name, Text: string(f.Data)}}, o)
				if err != nil {
					t.Fatal(err)
				}
				if err := Normalize(c, o); err != nil {
					t.Fatal(err)
				}
				sides[f.Name] = c
			}
			x, y := sides["a.sql"], sides["b.sql"]
			for o := range x.All() {
				switch p := y.Object(o.ID()); {
				case p == nil:
					t.Errorf("only in a.sql: %s", o.ID())
				case !schema.Equal(o, p):
					t.Errorf("%s: %v differ\n  a: %+v\n  b: %+v", o.ID(), schema.Differing(o, p), o, p)
				}
			}
			for o := range y.All() {
				if !x.Has(o.ID()) {
					t.Errorf("only in b.sql: %s", o.ID())
				}
			}
		})
	}
}
