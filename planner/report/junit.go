package report

import (
	"encoding/xml"
	"io"
	"strings"
)

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Time     string      `xml:"timestamp,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// JUnit gives one test case per object that differs, and a single passing one
// when nothing does.
func JUnit(w io.Writer, r *Report) error {
	s := junitSuite{Name: "trueup drift " + r.Actual, Time: r.Time.UTC().Format("2006-01-02T15:04:05"), Failures: len(r.Differences)}
	for _, d := range r.Differences {
		c := junitCase{Class: "schema." + d.Object.Kind, Name: d.Object.Path(),
			Failure: &junitFailure{Message: d.Object.String() + " is " + string(d.Change) + class(d), Type: string(d.Change), Text: printable(unified(d))}}
		if d.Origin != nil {
			c.File, c.Line = d.Origin.File, d.Origin.Line
		}
		s.Cases = append(s.Cases, c)
	}
	return s.write(w, junitCase{Class: "schema", Name: "in sync"})
}

// write writes the suite; passed is its only case if it has none.
func (s junitSuite) write(w io.Writer, passed junitCase) error {
	if len(s.Cases) == 0 {
		s.Cases = []junitCase{passed}
	}
	s.Tests = len(s.Cases)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(s); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// printable leaves out what XML 1.0 cannot hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
}
