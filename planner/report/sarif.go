package report

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool    sarifTool     `json:"tool"`
	Results []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        string      `json:"version,omitempty"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID    string    `json:"id"`
	Short sarifText `json:"shortDescription"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
	Related   []sarifLocation `json:"relatedLocations,omitempty"`
	// PartialFingerprints let a viewer follow a result from run to run.
	PartialFingerprints map[string]string `json:"partialFingerprints"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	Message  *sarifText     `json:"message,omitempty"`
}

// sarifPlace is a place in a file; without a position, its first line.
func sarifPlace(file string, pos *schema.Pos) *sarifPhysical {
	p := &sarifPhysical{}
	p.Region.StartLine = 1
	if pos != nil {
		file, p.Region.StartLine, p.Region.StartColumn = pos.File, pos.Line, pos.Col
	}
	p.Artifact.URI = (&url.URL{Path: filepath.ToSlash(file)}).String()
	if i := strings.Index(file, "://"); i > 0 { // a database
		if u, err := url.Parse(file); err == nil {
			p.Artifact.URI = u.String()
		}
	}
	return p
}

type sarifPhysical struct {
	Artifact struct {
		URI string `json:"uri"`
	} `json:"artifactLocation"`
	Region struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	} `json:"region"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

var sarifRules = []sarifRule{
	{string(Missing), sarifText{"The object is expected, but not in the database."}},
	{string(Unexpected), sarifText{"The object is in the database, but not expected."}},
	{string(Changed), sarifText{"The object differs from what is expected."}},
}

// SARIF writes SARIF 2.1.0, which points at the file and line of the desired
// side. Code scanning services refuse a result that points at no file, so that
// what has no place there gets the first line of a file.
func SARIF(w io.Writer, r *Report) error { return writeSARIF(w, sarifOf(r)) }

func writeSARIF(w io.Writer, runs ...sarifRun) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", runs})
}

func sarifOf(r *Report) sarifRun {
	run := sarifRun{Tool: sarifTool{sarifDriver{"trueup", r.Tool, "https://github.com/trueup-sql/trueup", sarifRules}}, Results: []sarifResult{}}
	place := r.Place
	if place == "" {
		place = r.Expected
	}
	for _, d := range r.Differences {
		x := sarifResult{RuleID: string(d.Change), Level: "warning",
			Message:             sarifText{d.Object.String() + " is " + string(d.Change) + class(d.Class) + " in " + r.Actual},
			Locations:           []sarifLocation{{Physical: sarifPlace(place, d.Origin), Logical: []sarifLogical{{d.Object.Path(), d.Object.Kind}}}},
			PartialFingerprints: map[string]string{"object/v1": d.Object.String()}}
		for _, i := range d.Items {
			x.Message.Text += "\n" + i.line(d)
			if i.Origin != nil {
				x.Related = append(x.Related, sarifLocation{Physical: sarifPlace("", i.Origin), Message: &sarifText{i.line(d)}})
			}
		}
		run.Results = append(run.Results, x)
	}
	return run
}

// line says in a line in what an item differs.
func (i Item) line(d Difference) string {
	if i.Change != Changed {
		return i.name(d) + " is " + string(i.Change)
	}
	var parts []string
	for _, p := range i.Properties {
		if p.Long() {
			parts = append(parts, label(p.Name)+" differs")
		} else {
			parts = append(parts, fmt.Sprintf("%s is %s, expected %s", label(p.Name), quoted(p.Actual), quoted(p.Expected)))
		}
	}
	return i.name(d) + ": " + strings.Join(parts, "; ")
}
