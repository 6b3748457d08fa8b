package report

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lint"
)

// Findings is what lint says of one schema.
type Findings struct {
	Version  int       `json:"version"`
	Tool     string    `json:"tool"`
	Dialect  string    `json:"dialect"`
	Schema   string    `json:"schema"` // what was looked at
	Errors   int       `json:"errors"`
	Warnings int       `json:"warnings"`
	Notes    int       `json:"notes"`
	List     []Finding `json:"findings"`
}

// Finding is one of them.
type Finding struct {
	Rule     string        `json:"rule"`
	Severity lint.Severity `json:"severity"`
	Object   *Object       `json:"object,omitempty"`
	Origin   *schema.Pos   `json:"origin,omitempty"`
	Message  string        `json:"message"`
	Hint     string        `json:"hint,omitempty"`
}

// NewFindings makes the report.
func NewFindings(tool, dialect, name string, found []lint.Finding) *Findings {
	r := &Findings{Version: Version, Tool: tool, Dialect: dialect, Schema: name, List: []Finding{}}
	for _, f := range found {
		x := Finding{Rule: f.Rule, Severity: f.Severity, Message: f.Message, Hint: f.Hint}
		if !f.Object.IsZero() {
			o := object(f.Object)
			x.Object = &o
		}
		if !f.Pos.IsZero() {
			x.Origin = &f.Pos
		}
		switch f.Severity {
		case lint.Error:
			r.Errors++
		case lint.Warning:
			r.Warnings++
		default:
			r.Notes++
		}
		r.List = append(r.List, x)
	}
	return r
}

// Summary is "1 error, 2 warnings, 3 notes".
func (r *Findings) Summary() string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{r.Errors, "error"}, {r.Warnings, "warning"}, {r.Notes, "note"}} {
		switch {
		case p.n == 1:
			parts = append(parts, "1 "+p.what)
		case p.n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", p.n, p.what))
		}
	}
	if len(parts) == 0 {
		return "nothing found"
	}
	return strings.Join(parts, ", ")
}

// Where is file:line:col, or the schema's name.
func (f Finding) Where(r *Findings) string {
	if f.Origin == nil {
		return r.Schema
	}
	return f.Origin.String()
}

// FindingsFormats by the names that --format takes.
var FindingsFormats = map[string]func(io.Writer, *Findings) error{
	"text": findingsText, "json": findingsJSON, "markdown": findingsMarkdown, "html": findingsHTML, "sarif": findingsSARIF, "junit": findingsJUnit,
}

// findingsText is as compilers write: file:line:col: severity: message [rule].
func findingsText(w io.Writer, r *Findings) error {
	b := bufio.NewWriter(w)
	for _, f := range r.List {
		fmt.Fprintf(b, "%s: %s: %s [%s]\n", f.Where(r), f.Severity, f.Message, f.Rule)
		if f.Hint != "" {
			fmt.Fprintf(b, "  hint: %s\n", f.Hint)
		}
	}
	return b.Flush()
}

func findingsJSON(w io.Writer, r *Findings) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

var markdownCell = strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;")

func findingsMarkdown(w io.Writer, r *Findings) error {
	var b strings.Builder
	if len(r.List) == 0 {
		_, err := fmt.Fprintf(w, "### ✅ Schema lint\n\nNothing found in `%s`.\n", r.Schema)
		return err
	}
	fmt.Fprintf(&b, "### ⚠️ Schema lint: %s\n\n| where | severity | rule | finding |\n|---|---|---|---|\n", r.Summary())
	for i, f := range r.List {
		row := fmt.Sprintf("| `%s` | %s | %s | %s |\n", f.Where(r), f.Severity, f.Rule, markdownCell.Replace(f.Message))
		if b.Len()+len(row) > markdownLimit {
			fmt.Fprintf(&b, "\n… and %d more; the JSON or HTML report has all of them.\n", len(r.List)-i)
			break
		}
		b.WriteString(row)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

var findingsPage = template.Must(template.New("findings").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="trueup {{.Tool}}">
<title>Schema lint: {{.Schema}}</title>
<style>
:root { color-scheme: light dark; --bg: light-dark(#f6f7f9, #0f1216); --card: light-dark(#fff, #171b21); --ink: light-dark(#1b2027, #e4e8ee);
  --soft: light-dark(#5d6673, #98a2b0); --line: light-dark(#dfe3e8, #2a313a); --error: light-dark(#b42318, #ff8a7d); --warning: light-dark(#8a5300, #f2b45c) }
body { margin: 0; background: var(--bg); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main { max-width: 1100px; margin: 0 auto; padding: 40px 24px }
h1 { font-size: 26px; margin: 0 }
p, .note, small { color: var(--soft) }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line) }
td, th { text-align: left; vertical-align: top; padding: 8px 12px; border-bottom: 1px solid var(--line) }
code { font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere }
.error { color: var(--error) } .warning { color: var(--warning) } small { display: block }
</style>
</head>
<body><main>
<h1>Schema lint</h1>
<p><code>{{.Schema}}</code> ({{.Dialect}}): {{.Summary}}</p>
{{- if .List}}
<table><thead><tr><th>where</th><th>severity</th><th>rule</th><th>finding</th></tr></thead><tbody>
{{- range .List}}
<tr><td><code>{{.Where $}}</code></td><td class="{{.Severity}}">{{.Severity}}</td><td><code>{{.Rule}}</code></td><td>{{.Message}}{{if .Hint}}<small>{{.Hint}}</small>{{end}}</td></tr>
{{- end}}
</tbody></table>
{{- end}}
</main></body>
</html>
`))

func findingsHTML(w io.Writer, r *Findings) error { return findingsPage.Execute(w, r) }

func findingsSARIF(w io.Writer, r *Findings) error {
	rules := []sarifRule{{lint.Syntax, sarifText{"The text cannot be read."}}, {lint.Stale, sarifText{"A @nolint directive suppresses nothing."}}}
	for _, l := range lint.Rules {
		rules = append(rules, sarifRule{l.Name, sarifText{l.Title}})
	}
	slices.SortFunc(rules, func(a, b sarifRule) int { return cmp.Compare(a.ID, b.ID) })
	run := sarifRun{Tool: sarifTool{sarifDriver{"trueup", r.Tool, "https://github.com/trueup-sql/trueup", rules}}, Results: []sarifResult{}}
	for _, f := range r.List {
		x := sarifResult{RuleID: f.Rule, Level: string(f.Severity), Message: sarifText{f.Message}, PartialFingerprints: map[string]string{"finding/v1": f.Rule + " " + f.Message}}
		l := sarifLocation{Physical: sarifPlace(r.Schema, f.Origin)}
		if f.Object != nil {
			l.Logical = []sarifLogical{{f.Object.Path(), f.Object.Kind}}
		}
		x.Locations = []sarifLocation{l}
		run.Results = append(run.Results, x)
	}
	return writeSARIF(w, run)
}

// findingsJUnit has one test case for each finding; notes pass.
func findingsJUnit(w io.Writer, r *Findings) error {
	s := junitSuite{Name: "trueup lint " + r.Schema, Failures: r.Errors + r.Warnings}
	for _, f := range r.List {
		c := junitCase{Class: "lint." + f.Rule, Name: printable(f.Message)}
		if f.Origin != nil {
			c.File, c.Line = f.Origin.File, f.Origin.Line
		}
		if f.Severity.AtLeast(lint.Warning) {
			c.Failure = &junitFailure{Message: printable(f.Message), Type: string(f.Severity), Text: printable(f.Where(r) + "\n" + f.Hint)}
		}
		s.Cases = append(s.Cases, c)
	}
	return writeXML(w, s.closed(time.Time{}, junitCase{Class: "lint", Name: "nothing found"}))
}
