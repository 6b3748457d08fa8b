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
		writeClass(b, d.Class)
		if d.Origin != nil {
			fmt.Fprintf(b, "  (%s)", d.Origin)
		}
		b.WriteByte('\n')
		for _, i := range d.Items {
			textItem(b, d, i)
		}
	}
	return b.Flush()
}

func writeClass(b *bufio.Writer, c Class) {
	if c != "" {
		fmt.Fprintf(b, " [%s]", c)
	}
}

func textItem(b *bufio.Writer, d Difference, i Item) {
	name := i.name(d)
	if i.Change != Changed {
		fmt.Fprintf(b, "  %s is %s", name, i.Change)
		if i.Class != d.Class {
			writeClass(b, i.Class)
		}
		b.WriteByte('\n')
	}
	for _, p := range i.Properties {
		if p.Long() {
			fmt.Fprintf(b, "  %s: %s differs", name, label(p.Name))
		} else {
			fmt.Fprintf(b, "  %s: %s is %s, expected %s", name, label(p.Name), quoted(p.Actual), quoted(p.Expected))
		}
		if i.Class != d.Class {
			writeClass(b, i.Class)
		}
		b.WriteByte('\n')
		if p.Long() {
			textDiff(b, p)
		}
	}
}

// name is what an item is called beside its object.
func (i Item) name(d Difference) string {
	switch {
	case i.Object == d.Object:
		return "itself"
	case i.Object.Parent != "":
		return i.Object.Kind + " " + i.Object.Name
	}
	return i.Object.String()
}

// Long tells whether a property takes more than a line to show.
func (p Property) Long() bool {
	const width = 60
	return p.Actual != "" && p.Expected != "" && (strings.Contains(strings.TrimSpace(p.Actual), "\n") || strings.Contains(strings.TrimSpace(p.Expected), "\n") ||
		len(p.Actual) > width && len(p.Expected) > width)
}

// textDiff shows the lines in which a text differs, with one of what stands
// around them.
func textDiff(b *bufio.Writer, p Property) {
	const around, most = 1, 40
	lines := diffLines(p.Expected, p.Actual, around)
	for n, l := range lines {
		if n == most {
			fmt.Fprintf(b, "      .. and %d lines more\n", len(lines)-n)
			return
		}
		fmt.Fprintf(b, "      %s\n", strings.TrimRight(l.mark()+" "+l.Text, " "))
	}
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
