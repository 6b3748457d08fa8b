package report

import (
	_ "embed"
	"html/template"
	"io"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

//go:embed report.html
var page string

var htmlTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"label": label, "lines": diffLines, "join": strings.Join, "kinds": kinds, "lower": strings.ToLower,
	"itself": func(d Difference, i Item) bool { return d.Object == i.Object },
}).Parse(page))

// HTML writes one self-contained file: no network, no second file.
func HTML(w io.Writer, r *Report) error { return htmlTemplate.Execute(w, r) }

// diffLine is a line of a diff: Class is "add", "del", "" or "gap".
type diffLine struct{ Class, Sign, Text string }

// diffLines lists the lines of an object's definition, with what is only
// expected as removed and what is only there as added.
func diffLines(d Difference) []diffLine {
	expected, actual := line(d.ExpectedSQL), line(d.ActualSQL)
	u, err := udiff.ToUnifiedDiff("", "", expected, udiff.Lines(expected, actual), 1000)
	if err != nil || len(u.Hunks) == 0 { // what differs is not in the definition
		return plainLines(actual)
	}
	var out []diffLine
	for i, h := range u.Hunks {
		if i > 0 {
			out = append(out, diffLine{"gap", "", "⋯"})
		}
		for _, l := range h.Lines {
			text := strings.TrimSuffix(l.Content, "\n")
			switch l.Kind {
			case udiff.Delete:
				out = append(out, diffLine{"del", "−", text})
			case udiff.Insert:
				out = append(out, diffLine{"add", "+", text})
			default:
				out = append(out, diffLine{"", "", text})
			}
		}
	}
	return out
}

func plainLines(s string) []diffLine {
	var out []diffLine
	for l := range strings.Lines(s) {
		out = append(out, diffLine{"", "", strings.TrimSuffix(l, "\n")})
	}
	return out
}

// kindCount is how many differences there are of a kind.
type kindCount struct {
	Kind  string
	Count int
}

// kinds counts by kind, in the order of the report.
func kinds(r *Report) []kindCount {
	var out []kindCount
	at := map[string]int{}
	for _, d := range r.Differences {
		i, ok := at[d.Object.Kind]
		if !ok {
			i = len(out)
			at[d.Object.Kind] = i
			out = append(out, kindCount{Kind: d.Object.Kind})
		}
		out[i].Count++
	}
	return out
}
