package report

import (
	"encoding/xml"
	"io"
	"strings"
	"time"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

func (all *junitSuites) add(s junitSuite) {
	all.Tests += s.Tests
	all.Failures += s.Failures
	all.Errors += s.Errors
	all.Suites = append(all.Suites, s)
}

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Time     string      `xml:"timestamp,attr,omitempty"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure"`
	Error   *junitFailure `xml:"error"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

var junitInSync = junitCase{Class: "schema", Name: "in sync"}

// JUnit gives one test case per object: those that differ fail.
func JUnit(w io.Writer, r *Report) error { return writeXML(w, junitOf(r)) }

func junitOf(r *Report) junitSuite {
	s := junitSuite{Name: "trueup drift " + printable(r.Actual), Failures: len(r.Differences)}
	same := r.Identical
	pass := func(before func(Object) bool) {
		for len(same) > 0 && before(same[0]) {
			s.Cases = append(s.Cases, junitCase{Class: "schema." + same[0].Kind, Name: printable(same[0].Path())})
			same = same[1:]
		}
	}
	for _, d := range r.Differences {
		pass(func(o Object) bool { return o.id().Compare(d.Object.id()) < 0 })
		text := unified(d)
		for _, i := range d.Items {
			text = i.line(d) + "\n" + text
		}
		c := junitCase{Class: "schema." + d.Object.Kind, Name: printable(d.Object.Path()),
			Failure: &junitFailure{Message: printable(d.Object.String() + " is " + string(d.Change) + class(d.Class)), Type: string(d.Change), Text: printable(text)}}
		if d.Origin != nil {
			c.File, c.Line = d.Origin.File, d.Origin.Line
		}
		s.Cases = append(s.Cases, c)
	}
	pass(func(Object) bool { return true })
	return s.closed(r.Time, junitInSync)
}

// closed counts the cases; passed is the only one of a suite that has none.
func (s junitSuite) closed(at time.Time, passed junitCase) junitSuite {
	if len(s.Cases) == 0 {
		s.Cases = []junitCase{passed}
	}
	s.Tests = len(s.Cases)
	if !at.IsZero() {
		s.Time = at.UTC().Format("2006-01-02T15:04:05")
	}
	return s
}

func writeXML(w io.Writer, v any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(v); err != nil {
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
