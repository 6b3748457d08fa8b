package myparse

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// TestQueriesAreTheirOwnForm: the canonical form of a query is one that the
// parser takes, is its own canonical form, and refers to the same objects; and
// none of these queries is only compared word by word.
func TestQueriesAreTheirOwnForm(t *testing.T) {
	const file = "../../dialects/mysql/testdata/queries.txtar"
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Flavor: MariaDB, Version: 101100, Database: "d"}
	for _, f := range a.Files {
		if !strings.HasSuffix(f.Name, "ed.sql") && f.Name != "current.sql" {
			continue
		}
		c, err := Parse([]parser.Source{{Name: f.Name, Text: string(f.Data)}}, o)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Notes) > 0 {
			t.Error(c.Notes)
		}
		before := map[schema.ID]schema.Expr{}
		for v := range schema.Each[*my.View](c) {
			before[v.Self] = v.Query
			v.Query.Text, v.Columns = v.Query.Canon, nil
		}
		CompleteViews(c, o)
		for v := range schema.Each[*my.View](c) {
			was := before[v.Self]
			if v.Query.Canon != was.Canon {
				t.Errorf("%s: %s\nits form: %s", v.Self, was.Canon, v.Query.Canon)
			}
			if len(v.Query.Refs) != len(was.Refs) {
				t.Errorf("%s: refers to %v, and in its canonical form to %v", v.Self, was.Refs, v.Query.Refs)
			}
		}
	}
}
