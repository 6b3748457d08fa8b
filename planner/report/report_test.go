package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // has the official schema of SARIF in it
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/planner/report"
	"github.com/trueup-sql/trueup/schema"
)

// sample has everything in it that a report can hold.
func sample(n int) *report.Report {
	r := &report.Report{Version: report.Version, Tool: "v0", Dialect: "postgres", Actual: "postgres://prod/app", Expected: "schema.sql",
		Time: time.Date(2026, 11, 23, 1, 2, 3, 0, time.UTC), Revert: []string{"ALTER TABLE a ADD b int"},
		Settled:   []report.Object{{Kind: "view", Schema: "public", Name: "v"}},
		Unmanaged: []report.Object{{Kind: "cast", Name: "c"}}}
	changes := []report.Change{report.Missing, report.Unexpected, report.Changed}
	for i := range n {
		kind := []string{"table", "view", "function"}[i%3]
		o := report.Object{Kind: kind, Schema: "public", Name: fmt.Sprintf("object_%d", i)}
		d := report.Difference{Object: o, Change: changes[i/3%3], ExpectedSQL: fmt.Sprintf("CREATE TABLE object_%d (\n  a integer, -- <b> & 'c'\n  b text\n);\n", i),
			ActualSQL: fmt.Sprintf("CREATE TABLE object_%d (\n  a bigint, -- <b> & 'c'\n  b text\n);\n", i)}
		switch d.Change {
		case report.Missing:
			d.ActualSQL = ""
			r.Summary.Missing++
		case report.Unexpected:
			d.ExpectedSQL = ""
			r.Summary.Unexpected++
		default:
			r.Summary.Changed++
			d.Items = []report.Item{{Object: report.Object{Kind: "column", Schema: "public", Parent: o.Name, Name: "a"}, Change: report.Changed,
				Properties: []report.Property{{Name: "Type", Expected: "integer", Actual: "bigint"}}}}
		}
		if d.Change != report.Unexpected {
			d.Origin = &schema.Pos{File: "db/schema file.sql", Line: i + 1, Col: 1}
		}
		d.Class = []report.Class{"", report.ChangedInProduction, report.NotDeployedYet, report.Conflict}[i%4]
		r.Differences = append(r.Differences, d)
	}
	return r
}

func compile(t *testing.T, name, text string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(s *jsonschema.Schema, b []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		return err
	}
	return s.Validate(doc)
}

// TestJSON: what is written fits the published schema, and the schema refuses
// what it does not know.
func TestJSON(t *testing.T) {
	s := compile(t, "report.json", report.Schema)
	empty := sample(0)
	empty.Differences, empty.Settled, empty.Unmanaged = []report.Difference{}, nil, nil
	for _, r := range []*report.Report{sample(40), empty} {
		var b bytes.Buffer
		if err := report.JSON(&b, r); err != nil {
			t.Fatal(err)
		}
		if err := validate(s, b.Bytes()); err != nil {
			t.Errorf("%v\n%s", err, b.String())
		}
		for _, wrong := range [][2]string{{`"version": 1`, `"version": 2`}, {`"dialect": "postgres"`, `"dialect": "oracle"`}, {`"tool"`, `"tol"`}} {
			if err := validate(s, bytes.Replace(b.Bytes(), []byte(wrong[0]), []byte(wrong[1]), 1)); err == nil {
				t.Errorf("the schema accepts %s", wrong[1])
			}
		}
	}
	f := report.NewFleet("v0", time.Now().UTC())
	for target, r := range map[string]*report.Report{"a": sample(4), "b": sample(4), "c": sample(5), "d": empty} {
		if err := f.Add(target, r); err != nil {
			t.Fatal(err)
		}
	}
	f.Fail("e", errors.New("gone"))
	f.Sort()
	var b bytes.Buffer
	if err := f.JSON(&b); err != nil {
		t.Fatal(err)
	}
	if err := validate(s, b.Bytes()); err != nil {
		t.Errorf("%v\n%s", err, b.String())
	}
	if len(f.Groups) != 2 || len(f.Groups[0].Targets) != 2 {
		t.Errorf("groups: %+v", f.Groups)
	}
	for name, write := range report.FleetFormats {
		b.Reset()
		if err := write(f, &b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !strings.Contains(b.String(), "object_0") || name != "text" && !strings.Contains(b.String(), "gone") && name != "sarif" {
			t.Errorf("%s does not tell all:\n%s", name, b.String())
		}
		if name == "sarif" {
			if err := validate(compile(t, "sarif.json", sarifSchema(t)), b.Bytes()); err != nil {
				t.Error(err)
			}
		}
	}
	want := "1 target identical, 2 differ in table public.object_0, view public.object_1, function public.object_2, 1 more"
	if !strings.HasPrefix(f.Summary(), want) || !strings.HasSuffix(f.Summary(), ", 1 failed") {
		t.Errorf("summary: %s", f.Summary())
	}
}

// sarifSchema is OASIS' schema of SARIF 2.1.0 (errata 01), as the module
// go-sarif has it in its source.
func sarifSchema(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(out)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	ast.Inspect(file, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if s, err := strconv.Unquote(l.Value); err == nil && len(s) > len(text) {
				text = s
			}
		}
		return true
	})
	if !strings.Contains(text, "SARIF) Version 2.1.0") {
		t.Fatal("no schema in go-sarif")
	}
	return text
}

// TestSARIF: what is written fits SARIF 2.1.0's schema, and points at the file
// and line of the desired side.
func TestSARIF(t *testing.T) {
	s := compile(t, "sarif.json", sarifSchema(t))
	var b bytes.Buffer
	if err := report.SARIF(&b, sample(40)); err != nil {
		t.Fatal(err)
	}
	if err := validate(s, b.Bytes()); err != nil {
		t.Errorf("%v\n%s", err, b.String())
	}
	if err := validate(s, bytes.Replace(b.Bytes(), []byte(`"warning"`), []byte(`"loud"`), 1)); err == nil {
		t.Error("the schema accepts anything")
	}
	var log struct {
		Runs []struct {
			Results []struct {
				Locations []struct {
					PhysicalLocation *struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	for _, r := range log.Runs[0].Results { // GitHub refuses a file with one that has none
		if len(r.Locations) != 1 || r.Locations[0].PhysicalLocation == nil || r.Locations[0].PhysicalLocation.Region.StartLine < 1 {
			t.Errorf("a result without a place: %+v", r)
		}
	}
	first := log.Runs[0].Results[0].Locations[0].PhysicalLocation
	if first == nil || first.ArtifactLocation.URI != "db/schema%20file.sql" || first.Region.StartLine != 1 {
		t.Errorf("location of the first result: %+v", first)
	}
}

// TestMarkdown: 2,000 differences still fit a comment.
func TestMarkdown(t *testing.T) {
	var b bytes.Buffer
	if err := report.Markdown(&b, sample(2000)); err != nil {
		t.Fatal(err)
	}
	if n := len([]rune(b.String())); n >= 60000 || n < 20000 {
		t.Errorf("%d characters", n)
	}
	if !strings.Contains(b.String(), "more objects") {
		t.Error("the cut is not told")
	}
	b.Reset()
	if err := report.Markdown(&b, sample(300)); err != nil {
		t.Fatal(err)
	}
	if n := len([]rune(b.String())); n >= 60000 || strings.Count(b.String(), "- **") != 300 || !strings.Contains(b.String(), "for want of space") {
		t.Errorf("300 objects: %d characters, %d of them", n, strings.Count(b.String(), "- **"))
	}
}

// TestJUnit: one test case for each object, those that do not differ among them.
func TestJUnit(t *testing.T) {
	r := sample(5)
	r.Identical = []report.Object{{Kind: "function", Name: "same"}, {Kind: "table", Name: "zz"}}
	var b bytes.Buffer
	if err := report.JUnit(&b, r); err != nil {
		t.Fatal(err)
	}
	var suite struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Cases    []struct {
			Name    string  `xml:"name,attr"`
			Failure *string `xml:"failure"`
		} `xml:"testcase"`
	}
	if err := xml.Unmarshal(b.Bytes(), &suite); err != nil {
		t.Fatal(err)
	}
	passed := 0
	for _, c := range suite.Cases {
		if c.Failure == nil {
			passed++
		}
	}
	if suite.Tests != 7 || suite.Failures != 5 || len(suite.Cases) != 7 || passed != 2 {
		t.Errorf("%d tests, %d failures, %d cases, %d passed\n%s", suite.Tests, suite.Failures, len(suite.Cases), passed, b.String())
	}
}

// TestClassify: the parts decide who changed an object.
func TestClassify(t *testing.T) {
	column := func(name string) report.Object { return report.Object{Kind: "column", Parent: "t", Name: name} }
	changes := func(columns ...string) report.Changes {
		from, to := schema.NewCatalog(), schema.NewCatalog()
		from.Put(&object{id: schema.ID{Kind: "table", Name: "t"}})
		to.Put(&object{id: schema.ID{Kind: "table", Name: "t"}})
		d := &planner.Delta{Current: from, Desired: to}
		for _, name := range columns {
			o := &object{schema.ID{Kind: "column", Parent: "t", Name: name}, schema.ID{Kind: "table", Name: "t"}}
			to.Put(o)
			d.Changes = append(d.Changes, &planner.Change{Verb: planner.Create, New: o})
		}
		return report.NewChanges(&planner.Plan{Delta: d})
	}
	for _, c := range []struct {
		differ       []string
		live, wanted report.Changes
		class        report.Class
		settled      int
	}{
		{[]string{"a"}, changes("a"), changes(), report.ChangedInProduction, 0},
		{[]string{"a"}, changes(), changes("a"), report.NotDeployedYet, 0},
		{[]string{"a"}, changes("a"), changes("a"), report.Conflict, 0},
		{[]string{"a"}, changes("a", "b"), changes("b"), report.ChangedInProduction, 1},
		{[]string{"a", "b"}, changes("a"), changes("b"), report.Conflict, 0},
	} {
		r := &report.Report{Differences: []report.Difference{{Object: report.Object{Kind: "table", Name: "t"}, Change: report.Changed}}}
		for _, name := range c.differ {
			r.Differences[0].Items = append(r.Differences[0].Items, report.Item{Object: column(name), Change: report.Missing})
		}
		r.Classify(c.live, c.wanted)
		if r.Differences[0].Class != c.class || len(r.Settled) != c.settled {
			t.Errorf("%v: %q, settled %v; want %q", c.differ, r.Differences[0].Class, r.Settled, c.class)
		}
	}
}

type object struct{ id, owner schema.ID }

func (o *object) ID() schema.ID      { return o.id }
func (o *object) Owner() schema.ID   { return o.owner }
func (o *object) Refs() []schema.Ref { return nil }
