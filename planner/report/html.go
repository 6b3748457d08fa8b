package report

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"
)

//go:embed report.html
var page string

var htmlTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"label": label, "lower": strings.ToLower, "plain": plainLines,
	"lines": func(d Difference) []diffLine { return diffLines(d.ExpectedSQL, d.ActualSQL, 1000) },
	"pair":  func(d Difference, i Item) htmlItem { return htmlItem{d, i} },
	"mark": func(c Class) string {
		if c == Conflict {
			return "conflict"
		}
		return "class"
	},
	"shown": func(s string) string {
		if s == "" {
			return "not set"
		}
		return s
	},
}).Parse(page))

// htmlPage is what the template shows: one report, or those of a fleet.
type htmlPage struct {
	Title, Actual, Expected, Dialect, Tool string
	Time                                   time.Time
	Summary                                Summary
	Groups                                 []htmlGroup
	Fleet                                  bool
	Targets                                int
	Same                                   []string
	Failed                                 []Failure
}

type htmlGroup struct {
	Targets []string
	*Report
}

type htmlItem struct {
	D Difference
	I Item
}

// htmlKind are the differences of one kind.
type htmlKind struct {
	Name string
	List []Difference
}

// HTML writes one self-contained file: no network, no second file.
func HTML(w io.Writer, r *Report) error {
	title := "Schema drift"
	if len(r.Differences) == 0 {
		title = "Schema in sync"
	}
	return htmlTemplate.Execute(w, htmlPage{Title: title, Actual: r.Actual, Expected: r.Expected, Dialect: r.Dialect, Tool: r.Tool, Time: r.Time,
		Summary: r.Summary, Groups: []htmlGroup{{nil, r}}})
}

// HTML writes the reports of all groups into one file.
func (f *Fleet) HTML(w io.Writer) error {
	p := htmlPage{Title: "Schema drift", Actual: f.Summary(), Tool: f.Tool, Time: f.Time, Fleet: true, Targets: f.Targets, Same: f.Identical, Failed: f.Failed}
	for _, g := range f.Groups {
		s := g.Report.Summary
		p.Summary.Missing += s.Missing
		p.Summary.Unexpected += s.Unexpected
		p.Summary.Changed += s.Changed
		p.Expected, p.Dialect = g.Report.Expected, g.Report.Dialect
		p.Groups = append(p.Groups, htmlGroup{g.Targets, g.Report})
	}
	if len(f.Groups) == 0 && len(f.Failed) == 0 {
		p.Title = "Schemas in sync"
	}
	return htmlTemplate.Execute(w, p)
}

// Kinds are the differences by kind, in the order of the report.
func (g htmlGroup) Kinds() []htmlKind { return byKind(g.Differences) }

// Kinds are those of all groups.
func (p htmlPage) Kinds() []htmlKind {
	var all []Difference
	for _, g := range p.Groups {
		all = append(all, g.Differences...)
	}
	return byKind(all)
}

// Classes are those that occur.
func (p htmlPage) Classes() []Class {
	var out []Class
	for _, g := range p.Groups {
		for _, d := range g.Differences {
			if d.Class != "" && !slices.Contains(out, d.Class) {
				out = append(out, d.Class)
			}
		}
	}
	slices.Sort(out)
	return out
}

func byKind(all []Difference) []htmlKind {
	var out []htmlKind
	at := map[string]int{}
	for _, d := range all {
		i, ok := at[d.Object.Kind]
		if !ok {
			i = len(out)
			at[d.Object.Kind] = i
			out = append(out, htmlKind{Name: d.Object.Kind})
		}
		out[i].List = append(out[i].List, d)
	}
	return out
}
