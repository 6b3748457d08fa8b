package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Text is what a person on call wants to read; nothing at all when in sync.
func Text(w io.Writer, r *Report) error {
	b := bufio.NewWriter(w)
	if len(r.Differences) == 0 {
		return nil
	}
	fmt.Fprintf(b, "%s differs from %s: %s\n", r.Actual, r.Expected, r.Summary)
	for _, o := range r.Settled {
		fmt.Fprintf(b, "%s was changed on both sides, in the same way\n", o)
	}
	for _, d := range r.Differences {
		fmt.Fprintf(b, "\n%s", d.Object)
		if d.Change != Changed {
			fmt.Fprintf(b, " is %s", d.Change)
		}
		if d.Class != "" {
			fmt.Fprintf(b, " [%s]", d.Class)
		}
		if d.Origin != nil {
			fmt.Fprintf(b, "  (%s)", d.Origin)
		}
		b.WriteByte('\n')
		for _, i := range d.Items {
			name := i.Object.String()
			if i.Object == d.Object {
				name = "itself"
			} else if i.Object.Parent != "" {
				name = i.Object.Kind + " " + i.Object.Name
			}
			if i.Change != Changed {
				fmt.Fprintf(b, "  %s is %s\n", name, i.Change)
			}
			for _, p := range i.Properties {
				fmt.Fprintf(b, "  %s: %s is %s, expected %s\n", name, label(p.Name), quoted(p.Actual), quoted(p.Expected))
			}
		}
	}
	return b.Flush()
}

// String is "2 missing, 1 unexpected, 3 changed".
func (s Summary) String() string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{s.Missing, "missing"}, {s.Unexpected, "unexpected"}, {s.Changed, "changed"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	if len(parts) == 0 {
		return "no differences"
	}
	return strings.Join(parts, ", ")
}

// label turns a field's name into words: NotNull becomes "not null".
func label(field string) string {
	var b strings.Builder
	for i, c := range field {
		if i > 0 && c >= 'A' && c <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return strings.ToLower(b.String())
}

func quoted(s string) string {
	if s == "" {
		return "not set"
	}
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 80 {
		s = string(r[:77]) + "..."
	}
	return s
}
