package parser

import (
	"regexp"
	"strings"
)

// Directive is a comment that speaks to trueup: "-- @renamed from=x" or
// "/* @renamed from=x */". It concerns the object that is defined on the same
// line, or, if it stands on a line of its own, the one that follows.
type Directive struct {
	Name   string // renamed, ignore, allow, concurrently, using, nolint
	Arg    string // what follows, trimmed; for renamed: the old name, unquoted
	Offset int    // of the comment in the source
	End    int    // just behind the comment
	// OwnLine: nothing but space precedes it on its line.
	OwnLine bool
}

var directive = regexp.MustCompile(`^\s*@([A-Za-z_-]+)(?:\s+(.*?))?\s*$`)

// Directives are the names that are known, with what their argument must look
// like.
var directives = map[string]*regexp.Regexp{
	"renamed":      regexp.MustCompile(`^from\s*=\s*(\S.*)$`),
	"ignore":       regexp.MustCompile(`^$`),
	"allow":        regexp.MustCompile(`^(drop)$`),
	"concurrently": regexp.MustCompile(`^$`),
	"using":        regexp.MustCompile(`^(\S.*)$`),
	"nolint":       regexp.MustCompile(`^(.*)$`),
}

// ParseDirective reads one comment; text is what stands between the comment's
// marks, offset and end are the comment's place with its marks. It returns
// nil for a comment that is no directive, and an error for what must have been
// meant as one: a name that is nearly that of a directive, or any name with
// from= behind it. Other tags (@since, @link, @TODO) are documentation.
func (s Source) ParseDirective(text string, offset, end int) (*Directive, error) {
	m := directive.FindStringSubmatch(text)
	if m == nil {
		return nil, nil
	}
	name := strings.ToLower(m[1])
	form, known := directives[name]
	if !known && !intended(name, m[2]) {
		return nil, nil
	}
	if !known {
		return nil, s.Errorf(offset, "known are @renamed from=OLD, @ignore, @allow drop, @concurrently, @using EXPRESSION, and @nolint RULE", "unknown directive @%s", m[1])
	}
	a := form.FindStringSubmatch(m[2])
	if a == nil {
		return nil, s.Errorf(offset, "for example: -- @renamed from=old_name", "directive @%s: cannot read %q", name, m[2])
	}
	d := &Directive{Name: name, Offset: offset, End: end}
	if len(a) > 1 {
		d.Arg = strings.TrimSpace(a[1])
	}
	if name == "renamed" {
		d.Arg = unquote(d.Arg)
	}
	lineStart := strings.LastIndexByte(s.Text[:offset], '\n') + 1
	d.OwnLine = strings.TrimSpace(s.Text[lineStart:offset]) == ""
	return d, nil
}

// intended tells whether an unknown name must have been meant as a directive.
func intended(name, arg string) bool {
	if strings.HasPrefix(strings.ReplaceAll(arg, " ", ""), "from=") {
		return true
	}
	for known := range directives {
		if Distance(name, known) <= 2 {
			return true
		}
	}
	return false
}

// Distance is the number of bytes to insert, remove or replace (Levenshtein).
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

func unquote(name string) string {
	for _, q := range []string{`""`, "``", "[]"} {
		if len(name) >= 2 && name[0] == q[0] && name[len(name)-1] == q[1] {
			return name[1 : len(name)-1]
		}
	}
	return name
}
