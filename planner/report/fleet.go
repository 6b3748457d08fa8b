package report

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Schema is the JSON Schema of what [JSON] and [Fleet.JSON] write.
//
//go:embed schema.json
var Schema string

// Fleet is what is found in several databases of one schema, grouped by equal
// differences.
type Fleet struct {
	Version   int       `json:"version"`
	Tool      string    `json:"tool"`
	Time      time.Time `json:"time"`
	Targets   int       `json:"targets"`
	Identical []string  `json:"identical"`
	Groups    []Group   `json:"groups"` // the largest first
	Failed    []Failure `json:"failed,omitempty"`
}

// Group are targets that differ in the same way.
type Group struct {
	Targets []string `json:"targets"`
	Report  *Report  `json:"report"` // of the first one
	key     string
}

// Failure is a target that could not be looked at.
type Failure struct {
	Target string `json:"target"`
	Error  string `json:"error"`
}

// NewFleet has no targets yet.
func NewFleet(tool string, at time.Time) *Fleet {
	return &Fleet{Version: Version, Tool: tool, Time: at, Identical: []string{}, Groups: []Group{}}
}

// Add puts a target's report to those that are like it.
func (f *Fleet) Add(target string, r *Report) error {
	f.Targets++
	if r.Summary.Total() == 0 {
		f.Identical = append(f.Identical, target)
		return nil
	}
	b, err := json.Marshal(struct {
		Differences []Difference
		Revert      []string
	}{r.Differences, r.Revert})
	if err != nil {
		return err
	}
	for i := range f.Groups {
		if f.Groups[i].key == string(b) {
			f.Groups[i].Targets = append(f.Groups[i].Targets, target)
			return nil
		}
	}
	f.Groups = append(f.Groups, Group{[]string{target}, r, string(b)})
	return nil
}

// Fail notes a target that could not be looked at.
func (f *Fleet) Fail(target string, err error) {
	f.Targets++
	f.Failed = append(f.Failed, Failure{target, err.Error()})
}

// Sort puts the largest group first, and is to be called once all is added.
func (f *Fleet) Sort() {
	slices.SortStableFunc(f.Groups, func(a, b Group) int { return len(b.Targets) - len(a.Targets) })
}

// FleetFormats by the names that --format takes.
var FleetFormats = map[string]func(*Fleet, io.Writer) error{"text": (*Fleet).Text, "json": (*Fleet).JSON, "markdown": (*Fleet).Markdown,
	"html": (*Fleet).HTML, "sarif": (*Fleet).SARIF, "junit": (*Fleet).JUnit}

// Summary is one line: "37 targets identical, 2 differ in index users_email_idx".
func (f *Fleet) Summary() string {
	var parts []string
	if n := len(f.Identical); n > 0 {
		parts = append(parts, targets(n)+" identical")
	}
	for _, g := range f.Groups {
		names := g.Report.names()
		if more := len(names) - 3; more > 0 {
			names = append(names[:3], fmt.Sprintf("%d more", more))
		}
		verb := " differ in "
		if len(g.Targets) == 1 {
			verb = " differs in "
		}
		count := fmt.Sprint(len(g.Targets))
		if len(parts) == 0 {
			count = targets(len(g.Targets))
		}
		parts = append(parts, count+verb+strings.Join(names, ", "))
	}
	if n := len(f.Failed); n > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", n))
	}
	return strings.Join(parts, ", ")
}

// names are those of what differs: of the parts, where only these do.
func (r *Report) names() []string {
	var out []string
	for _, d := range r.Differences {
		if len(d.Items) == 0 {
			out = append(out, d.Object.String())
		}
		for _, i := range d.Items {
			out = append(out, i.Object.String())
		}
	}
	return out
}

func targets(n int) string {
	if n == 1 {
		return "1 target"
	}
	return fmt.Sprintf("%d targets", n)
}

// JSON writes the documented format: see schema.json.
func (f *Fleet) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(f)
}

// Text writes each group's targets, and what differs in them.
func (f *Fleet) Text(w io.Writer) error {
	for i, g := range f.Groups {
		if i > 0 {
			fmt.Fprintln(w)
		}
		with := ", with the same differences"
		if len(g.Targets) == 1 {
			with = ""
		}
		fmt.Fprintf(w, "-- %s%s:\n", targets(len(g.Targets)), with)
		for _, t := range g.Targets {
			fmt.Fprintf(w, "--   %s\n", t)
		}
		if err := Text(w, g.Report); err != nil {
			return err
		}
	}
	return nil
}

// SARIF writes the results of all groups as one run.
func (f *Fleet) SARIF(w io.Writer) error {
	run := sarifOf(&Report{Tool: f.Tool})
	for _, g := range f.Groups {
		r := *g.Report
		r.Actual = strings.Join(g.Targets, ", ")
		for _, x := range sarifOf(&r).Results {
			x.PartialFingerprints["targets/v1"] = r.Actual
			run.Results = append(run.Results, x)
		}
	}
	return writeSARIF(w, run)
}

// JUnit gives one suite for each target.
func (f *Fleet) JUnit(w io.Writer) error {
	var all junitSuites
	for _, t := range f.Identical {
		all.add(junitSuite{Name: "trueup drift " + t}.closed(f.Time, junitInSync))
	}
	for _, g := range f.Groups {
		for _, t := range g.Targets {
			r := *g.Report
			r.Actual = t
			all.add(junitOf(&r))
		}
	}
	for _, x := range f.Failed {
		s := junitSuite{Name: "trueup drift " + x.Target, Errors: 1}
		s.Cases = []junitCase{{Class: "schema", Name: "the comparison", Error: &junitFailure{Message: printable(x.Error), Type: "error"}}}
		all.add(s.closed(f.Time, junitInSync))
	}
	return writeXML(w, all)
}

// Markdown has a part for each group.
func (f *Fleet) Markdown(w io.Writer) error {
	var b strings.Builder
	if len(f.Groups) == 0 && len(f.Failed) == 0 {
		_, err := fmt.Fprintf(w, "### ✅ Schemas in sync\n\n%s.\n", f.Summary())
		return err
	}
	fmt.Fprintf(&b, "### ⚠️ Schema drift: %s\n", f.Summary())
	for _, x := range f.Failed {
		fmt.Fprintf(&b, "\n`%s` could not be looked at: %s\n", x.Target, markdownCell.Replace(x.Error))
	}
	for i, g := range f.Groups {
		list := cut(strings.Join(g.Targets, "`, `"), 2000)
		fmt.Fprintf(&b, "\n#### %s: `%s`\n\n", targets(len(g.Targets)), list)
		markdownBody(&b, g.Report, (markdownLimit-b.Len())/(len(f.Groups)-i))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
