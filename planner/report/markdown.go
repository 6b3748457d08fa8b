package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// markdownLimit keeps a comment below GitHub's limit of 65,536 characters.
const markdownLimit = 60000

// Markdown fits a pull request comment: a list of all objects, and the details
// collapsed. What does not fit is cut fairly, and the cut says so.
func Markdown(w io.Writer, r *Report) error {
	var b strings.Builder
	if len(r.Differences) == 0 {
		_, err := fmt.Fprintf(w, "### ✅ Schema in sync\n\n`%s` is as `%s` says.\n", r.Actual, r.Expected)
		return err
	}
	fmt.Fprintf(&b, "### ⚠️ Schema drift: %s\n\n`%s` differs from `%s`.\n\n", r.Summary, r.Actual, r.Expected)
	markdownBody(&b, r, markdownLimit-b.Len())
	_, err := io.WriteString(w, b.String())
	return err
}

// markdownBody writes the differences into so much room. Every object gets its
// line before any gets its details, the small details come before the large
// ones, and the SQL gets what is left.
func markdownBody(b *strings.Builder, r *Report, room int) {
	const tail, most = 300, 4000
	room -= tail
	lines := make([]string, len(r.Differences))
	shown := 0
	for i, d := range r.Differences {
		lines[i] = fmt.Sprintf("- **%s** `%s`: %s%s\n", d.Object.Kind, strings.ReplaceAll(d.Object.Path(), "`", "'"), d.Change, class(d.Class))
		if shown == i && room >= len(lines[i]) {
			room -= len(lines[i])
			shown++
		}
	}
	details := make([]string, shown)
	order := make([]int, shown)
	for i, d := range r.Differences[:shown] {
		details[i] = fmt.Sprintf("  <details><summary>diff</summary>\n\n%s\n  </details>\n", fence("diff", cut(unified(d), most)))
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return len(details[i]) - len(details[j]) })
	without := 0
	for _, i := range order {
		if room < len(details[i]) {
			details[i] = ""
			without++
		}
		room -= len(details[i])
	}
	for i := range shown {
		b.WriteString(lines[i] + details[i])
	}
	const all = "the JSON or HTML report has all of them"
	switch {
	case shown < len(lines):
		fmt.Fprintf(b, "\n… and %d more objects; %s.\n", len(lines)-shown, all)
	case without > 0:
		fmt.Fprintf(b, "\n%d without their diffs, for want of space; %s.\n", without, all)
	}
	if r.Script == "" {
		return
	}
	head := fmt.Sprintf("\n<details><summary>SQL that would resolve it (%d statements)</summary>\n\n", len(r.Revert))
	if text := fence("sql", cut(r.Script, max(0, room-len(head)-50))); room > len(head)+200 {
		b.WriteString(head + text + "\n</details>\n")
	}
}

func class(c Class) string {
	if c == "" {
		return ""
	}
	return " (" + string(c) + ")"
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
