package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// Directive is the name of the directive that suppresses rules:
// "-- @nolint", or "-- @nolint rule, rule". It holds for the object that it
// stands beside, with all that belongs to it.
const Directive = "nolint"

// Config is what a project wants of its schemas.
type Config struct {
	// Severity overrides that of rules; [Off] switches a rule off.
	Severity map[string]Severity
	// Naming holds patterns for names, by [Name.Sort].
	Naming map[string]Pattern
	// Ignored tells whether findings of a rule on an object are to be left out.
	Ignored func(rule string, id schema.ID) bool
}

func (c Config) severity(r Rule) Severity {
	if s, ok := c.Severity[r.Name]; ok {
		return s
	}
	return r.Severity
}

// words are the rules that a directive names; none means all.
func words(d schema.Directive) []string {
	return strings.FieldsFunc(d.Arg, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' })
}

// badDirectives reports directives that name no rule.
func badDirectives(c *schema.Catalog) []Finding {
	var out []Finding
	for o := range c.All() {
		for _, d := range c.Directives[o.ID()] {
			if d.Name != Directive {
				continue
			}
			for _, w := range words(d) {
				if !Known(w) {
					out = append(out, Finding{Rule: Syntax, Severity: Error, Pos: d.Pos, Message: fmt.Sprintf("@nolint: there is no rule %q", w), Hint: "trueup lint --rules lists them"})
				}
			}
		}
	}
	return out
}

// suppress leaves out what directives and the configuration leave out, and adds
// a note for each directive that is of no use.
func suppress(c *schema.Catalog, config Config, found []Finding) []Finding {
	used := map[schema.Pos]bool{}
	silenced := func(f Finding) bool {
		quiet := false
		for _, id := range append(wholes(c, f.Object), f.Near...) {
			for _, d := range c.Directives[id] {
				if list := words(d); d.Name == Directive && (len(list) == 0 || slices.Contains(list, f.Rule)) {
					used[d.Pos], quiet = true, true
				}
			}
			if config.Ignored != nil && config.Ignored(f.Rule, id) {
				quiet = true
			}
		}
		return quiet
	}
	found = slices.DeleteFunc(found, silenced)
	for o := range c.All() {
		for _, d := range c.Directives[o.ID()] {
			if d.Name == Directive && !used[d.Pos] {
				found = append(found, Finding{Rule: Stale, Severity: Note, Object: o.ID(), Pos: d.Pos, Message: "@nolint suppresses nothing here", Hint: "remove it"})
			}
		}
	}
	return found
}
