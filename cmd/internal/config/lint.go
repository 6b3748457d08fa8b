package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/filter"
	"github.com/trueup-sql/trueup/schema/lint"
)

// Lint is the section on trueup lint.
type Lint struct {
	Dialect string            `yaml:"dialect"` // as --dialect
	Sources []string          `yaml:"sources"` // as -f
	FailOn  string            `yaml:"fail_on"` // error, warning, note, never
	Rules   map[string]string `yaml:"rules"`   // severity by rule: off, note, warning, error
	// Naming are patterns for names by the sort of thing: table, column, index,
	// primary_key, ..; {table} stands for the table's name.
	Naming map[string]string `yaml:"naming"`
	Ignore []LintIgnore      `yaml:"ignore"`
}

// LintIgnore leaves out findings on objects that match.
type LintIgnore struct {
	Object string   `yaml:"object"` // a pattern, see package filter
	Rules  []string `yaml:"rules"`  // none: all
	Reason string   `yaml:"reason"`
}

// Config turns the section into what package lint takes.
func (l Lint) Config() (lint.Config, error) {
	c := lint.Config{Severity: map[string]lint.Severity{}, Naming: map[string]lint.Pattern{}}
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf("lint: "+format, args...)) }
	for name, severity := range l.Rules {
		if !lint.Known(name) || name == lint.Syntax {
			fail("rules: there is no rule %q\n  hint: trueup lint --rules lists them", name)
		}
		if !slices.Contains([]string{"off", "note", "warning", "error"}, severity) {
			fail("rules: %s: want off, note, warning or error, not %q", name, severity)
		}
		c.Severity[name] = lint.Severity(severity)
	}
	for sort, text := range l.Naming {
		words := strings.ReplaceAll(sort, "_", " ")
		if !slices.Contains(lint.Sorts, words) {
			fail("naming: %q is no sort of name\n  hint: there are %s", sort, strings.ReplaceAll(strings.ReplaceAll(strings.Join(lint.Sorts, ","), " ", "_"), ",", ", "))
		}
		p, err := lint.ParsePattern(text)
		if err != nil {
			fail("naming: %s: %w", sort, err)
		}
		c.Naming[words] = p
	}
	type ignored struct {
		filter.Pattern
		rules []string
	}
	var list []ignored
	for i, e := range l.Ignore {
		p, err := Pattern(e.Object)
		if err != nil {
			fail("ignore: entry %d: %w", i+1, err)
		}
		for _, r := range e.Rules {
			if !lint.Known(r) {
				fail("ignore: entry %d: there is no rule %q", i+1, r)
			}
		}
		if e.Reason == "" {
			fail("ignore: entry %d: a reason is missing", i+1)
		}
		list = append(list, ignored{p, e.Rules})
	}
	c.Ignored = func(rule string, id schema.ID) bool {
		return slices.ContainsFunc(list, func(e ignored) bool {
			return (len(e.rules) == 0 || slices.Contains(e.rules, rule)) && e.Match(id)
		})
	}
	if !slices.Contains([]string{"", "error", "warning", "note", "never"}, l.FailOn) {
		fail("fail_on: want error, warning, note or never, not %q", l.FailOn)
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return c, errors.Join(errs...)
}
