package lint

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/trueup-sql/trueup/schema"
)

// Severity says how serious a finding is.
type Severity string

// Severities, from none to the most serious.
const (
	Off     Severity = "off"
	Note    Severity = "note"
	Warning Severity = "warning"
	Error   Severity = "error"
)

// rank orders severities; an unknown one is -1.
func (s Severity) rank() int { return slices.Index([]Severity{Off, Note, Warning, Error}, s) }

// AtLeast tells whether s is as serious as o, or more so.
func (s Severity) AtLeast(o Severity) bool { return s.rank() >= o.rank() }

// Syntax is the name under which mistakes in the text itself are reported; it
// is no rule, and cannot be switched off.
const Syntax = "syntax"

// Stale is the name under which a directive is reported that suppresses nothing.
const Stale = "stale-nolint"

// Finding is one objection to an object.
type Finding struct {
	Rule     string
	Severity Severity
	Object   schema.ID // zero for a mistake in the text
	// Near are columns whose directives count for it, too.
	Near    []schema.ID
	Pos     schema.Pos
	Message string
	Hint    string
}

// Rule looks at a schema.
type Rule struct {
	Name  string
	Title string // one sentence
	// Severity is the one of its findings, unless a finding has its own.
	Severity Severity
	Check    func(*Facts, Config) []Finding
}

// Rules are all rules, by name.
var Rules = []Rule{
	avoidType, brokenReference, characterSet, duplicateIndex, foreignKeyIndex, foreignKeyType, keyOverflow, naming,
	nullableKey, primaryKey, quotedName, redundantIndex, reservedWord, tableStorage,
}

// Known tells whether there is a rule of that name.
func Known(name string) bool {
	return name == Syntax || slices.ContainsFunc(Rules, func(r Rule) bool { return r.Name == name })
}

// Run applies the rules to a catalog of which the facts are told. Findings are
// in the order of the text.
func Run(c *schema.Catalog, f *Facts, config Config) []Finding {
	var out []Finding
	for _, r := range Rules {
		severity := config.severity(r)
		if severity == Off {
			continue
		}
		for _, found := range r.Check(f, config) {
			found.Rule = r.Name
			if _, set := config.Severity[r.Name]; set || found.Severity == "" {
				found.Severity = severity
			}
			found.Pos = origin(c, found)
			out = append(out, found)
		}
	}
	out = append(suppress(c, config, out), badDirectives(c)...)
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col),
			a.Object.Compare(b.Object), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	return out
}

// origin is where the object is defined, or the column or whole that it belongs to.
func origin(c *schema.Catalog, f Finding) schema.Pos {
	for _, id := range append([]schema.ID{f.Object}, f.Near...) {
		if p := c.Origin[id]; !p.IsZero() {
			return p
		}
	}
	for _, id := range wholes(c, f.Object) {
		if p := c.Origin[id]; !p.IsZero() {
			return p
		}
	}
	return schema.Pos{}
}

// wholes are an object and what it belongs to.
func wholes(c *schema.Catalog, id schema.ID) []schema.ID {
	var out []schema.ID
	for range 10 { // owners are not nested any deeper
		out = append(out, id)
		o := c.Object(id)
		if o == nil || o.Owner().IsZero() {
			break
		}
		id = o.Owner()
	}
	return out
}

// path names an object in the middle of a sentence.
func path(id schema.ID) string { return fmt.Sprintf("%s %s", id.Kind, id.Path()) }
