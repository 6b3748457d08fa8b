package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// markdownLimit keeps a comment below GitHub's limit of 65,536 characters.
const markdownLimit = 60000

// Markdown fits a pull request comment: a table of all objects, and the
// details collapsed. What does not fit is cut fairly, and the cut says so.
func Markdown(w io.Writer, r *Report) error {
	var b strings.Builder
	if len(r.Differences) == 0 {
		_, err := fmt.Fprintf(w, "### ✅ Schema in sync\n\n`%s` is as `%s` says.\n", r.Actual, r.Expected)
		return err
	}
	fmt.Fprintf(&b, "### ⚠️ Schema drift: %s\n\n`%s` differs from `%s`.\n\n", r.Summary, r.Actual, r.Expected)
	if len(r.Revert) > 0 {
		sql := strings.Join(r.Revert, ";\n") + ";\n"
		fmt.Fprintf(&b, "<details><summary>SQL that would resolve it (%d statements)</summary>\n\n%s\n</details>\n\n", len(r.Revert), fence("sql", cut(sql, markdownLimit/4)))
	}
	// Every object gets its line before any gets its details.
	const tail = 300
	lines, details := make([]string, len(r.Differences)), make([]string, len(r.Differences))
	for i, d := range r.Differences {
		lines[i] = fmt.Sprintf("- **%s** `%s`: %s%s\n", d.Object.Kind, strings.ReplaceAll(d.Object.Path(), "`", "'"), d.Change, class(d))
		details[i] = fmt.Sprintf("  <details><summary>diff</summary>\n\n%s\n  </details>\n", fence("diff", cut(unified(d), 4000)))
	}
	room := markdownLimit - b.Len() - tail
	shown := 0
	for shown < len(lines) && room >= len(lines[shown]) {
		room -= len(lines[shown])
		shown++
	}
	for i := range shown {
		b.WriteString(lines[i])
		if room >= len(details[i]) {
			b.WriteString(details[i])
			room -= len(details[i])
		}
	}
	if shown < len(lines) {
		fmt.Fprintf(&b, "\n… and %d more objects; the JSON or HTML report has all of them.\n", len(lines)-shown)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func class(d Difference) string {
	if d.Class == "" {
		return ""
	}
	return " (" + string(d.Class) + ")"
}

// unified is the diff from what is expected to what is there.
func unified(d Difference) string {
	return udiff.Unified("expected", "actual", line(d.ExpectedSQL), line(d.ActualSQL))
}

func line(s string) string {
	if s == "" {
		return ""
	}
	return strings.TrimRight(s, "\n") + "\n"
}

// fence encloses text in a fence that does not occur in it.
func fence(language, text string) string {
	marks := "```"
	for strings.Contains(text, marks) {
		marks += "`"
	}
	return marks + language + "\n" + line(text) + marks + "\n"
}

func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	s = s[:most]
	if i := strings.LastIndexByte(s, '\n'); i > 0 {
		s = s[:i]
	}
	return s + "\n… cut\n"
}
