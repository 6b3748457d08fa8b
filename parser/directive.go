package parser

import (
	"maps"
	"path"
	"regexp"
	"slices"
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

// A tag is a word with @ before it at the start of a comment. What goes on behind
// the word without a space (@example.com, @TODO:) is no tag.
var tag = regexp.MustCompile(`(?s)^\s*@([A-Za-z][A-Za-z_-]*)(?:\s+(.*?))?\s*$`)

// directives are the names that are known, with what their argument must look
// like.
var directives = map[string]*regexp.Regexp{
	"renamed":      regexp.MustCompile(`^from\s*=\s*(\S.*)$`),
	"ignore":       regexp.MustCompile(`^$`),
	"allow":        regexp.MustCompile(`^(drop)$`),
	"concurrently": regexp.MustCompile(`^$`),
	"using":        regexp.MustCompile(`^(?s:(\S.*))$`),
	"nolint":       regexp.MustCompile(`^(.*)$`),
}

// sayings show how each is written.
var sayings = map[string]string{
	"renamed": "-- @renamed from=old_name", "ignore": "-- @ignore, with nothing behind it", "allow": "-- @allow drop",
	"concurrently": "-- @concurrently, with nothing behind it", "using": "-- @using EXPRESSION", "nolint": "-- @nolint RULE",
}

// synonyms are names that other tools have for the same.
var synonyms = map[string]string{"rename": "renamed"} // sqldef 2

// documentation are the tags of Javadoc, JSDoc, phpDocumentor and Doxygen, and
// what else people begin comments with: they are text, unless they look like a
// directive.
var documentation = set(`abstract access api arg argument author authors brief bug category changelog class code column
	constant constraint copyright created created_by data date default deprecated desc description detail details doc domain
	end endcode enum event example examples exception extends field file filename fixme formatter function generated global
	group hack history implements info inheritdoc internal invariant issue key keywords language license link local maintainer
	method mixin modified module name namespace note notes object off on optional order org overview owner package page
	param parameter parameters params pattern post pre primary private procedure project property protected public purpose
	readonly reason ref reference references remark remarks require requires result return returns review reviewed reviewer
	schema section security see seealso since source spec static subpackage summary table tag tags team template test throw
	throws ticket title todo trigger tutorial type typedef unit updated url usage uses value values var version view warning
	why wip xxx yield yields`)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// ParseDirective reads one comment; text is what stands between the comment's
// marks, offset and end are the comment's place with its marks. It returns nil
// for a comment that begins with no tag, or with one of documentation (@param,
// @since) or of the source's own [Source.Tags]. Any other tag is an error: it
// may have been meant as a directive, which nobody may pass over silently.
func (s Source) ParseDirective(text string, offset, end int) (*Directive, error) {
	m := tag.FindStringSubmatch(text)
	if m == nil {
		return nil, nil
	}
	name := strings.ToLower(m[1])
	if known, ok := synonyms[name]; ok && directives[known].MatchString(m[2]) {
		name = known
	}
	form, known := directives[name]
	if !known {
		return nil, s.unknown(name, m[1], m[2], offset)
	}
	a := form.FindStringSubmatch(m[2])
	if a == nil {
		return nil, s.Errorf(offset, sayings[name], "directive @%s: cannot read %q", name, m[2])
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

// unknown is the error for a tag that is no directive, or nil if it is text: a
// tag of documentation, or one that the user lets be, and nothing that is nearly
// a directive.
func (s Source) unknown(name, written, arg string, offset int) error {
	near := ""
	for _, known := range slices.Sorted(maps.Keys(directives)) {
		if Distance(name, known) <= 2 {
			near = known
		}
	}
	from := strings.HasPrefix(strings.ReplaceAll(arg, " ", ""), "from=")
	switch {
	case s.lets(name):
		return nil
	case from:
		return s.Errorf(offset, sayings["renamed"], "unknown directive @%s", written)
	case documentation[name]:
		return nil
	case near != "":
		return s.Errorf(offset, sayings[near], "unknown directive @%s", written)
	}
	return s.Errorf(offset, "known are @renamed from=OLD, @ignore, @allow drop, @concurrently, @using EXPRESSION, @nolint RULE; "+
		"a tag of your own is let be by --comment-tags="+name+", or comment_tags in trueup.yaml; a plain comment has a word before the @", "unknown directive @%s", written)
}

// lets tells whether the user lets a tag be that is none of ours.
func (s Source) lets(name string) bool {
	return slices.ContainsFunc(s.Tags, func(t string) bool {
		ok, err := path.Match(strings.TrimPrefix(strings.ToLower(t), "@"), name)
		return ok && err == nil
	})
}

// Tagged gives all sources the tags that are let be.
func Tagged(sources []Source, tags []string) []Source {
	out := slices.Clone(sources)
	for i := range out {
		out[i].Tags = tags
	}
	return out
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
