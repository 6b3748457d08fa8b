package report

import (
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// diffLine is a line of a diff: Class is "add", "del", "" or "gap".
type diffLine struct{ Class, Text string }

// mark is what stands before the line in a plain text.
func (l diffLine) mark() string {
	switch l.Class {
	case "add":
		return "+"
	case "del":
		return "-"
	}
	return " "
}

// diffLines lists the lines of a text, with what is only expected as removed
// and what is only there as added; of what is the same, only so many lines
// around these. Without any difference it lists them all.
func diffLines(expected, actual string, around int) []diffLine {
	expected, actual = line(expected), line(actual)
	u, err := udiff.ToUnifiedDiff("", "", expected, udiff.Lines(expected, actual), around)
	if err != nil || len(u.Hunks) == 0 {
		return plainLines(actual)
	}
	var out []diffLine
	for i, h := range u.Hunks {
		if i > 0 {
			out = append(out, diffLine{"gap", "⋯"})
		}
		for _, l := range h.Lines {
			class := map[udiff.OpKind]string{udiff.Delete: "del", udiff.Insert: "add"}[l.Kind]
			out = append(out, diffLine{class, strings.TrimRight(l.Content, "\r\n")})
		}
	}
	return out
}

func plainLines(s string) []diffLine {
	var out []diffLine
	for l := range strings.Lines(s) {
		out = append(out, diffLine{"", strings.TrimRight(l, "\r\n")})
	}
	return out
}
