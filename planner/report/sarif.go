package report

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
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
	// PartialFingerprints let a viewer follow a result from run to run.
	PartialFingerprints map[string]string `json:"partialFingerprints"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
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

// SARIF writes SARIF 2.1.0, which points at the file and line of the desired side.
func SARIF(w io.Writer, r *Report) error {
	run := sarifRun{Tool: sarifTool{sarifDriver{"trueup", r.Tool, "https://github.com/trueup-sql/trueup", sarifRules}}, Results: []sarifResult{}}
	for _, d := range r.Differences {
		l := sarifLocation{Logical: []sarifLogical{{d.Object.Path(), d.Object.Kind}}}
		if d.Origin != nil {
			l.Physical = &sarifPhysical{}
			l.Physical.Artifact.URI = (&url.URL{Path: filepath.ToSlash(d.Origin.File)}).String()
			l.Physical.Region.StartLine, l.Physical.Region.StartColumn = d.Origin.Line, d.Origin.Col
		}
		run.Results = append(run.Results, sarifResult{RuleID: string(d.Change), Level: "warning",
			Message:             sarifText{d.Object.String() + " is " + string(d.Change) + class(d) + " in " + r.Actual},
			Locations:           []sarifLocation{l},
			PartialFingerprints: map[string]string{"object/v1": d.Object.String()}})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}
