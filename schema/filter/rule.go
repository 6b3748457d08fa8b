package filter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// Rule is a permission for the objects that match; nil leaves it to what holds
// otherwise.
type Rule struct {
	Match Pattern
	// Drop: the object and its parts may be dropped. DropColumn: its columns, if
	// that is another matter.
	Drop, DropColumn *bool
	// Alter: the object and its parts may be changed once they exist.
	Alter *bool
}

// ParseRule reads PATTERN=WORD,.. with the words drop, drop-column, alter, and
// no- before each of them.
func ParseRule(text string) (Rule, error) {
	var r Rule
	i := strings.LastIndexByte(text, '=')
	if i < 0 {
		return r, fmt.Errorf("rule %q: want PATTERN=WORD,.. such as table:logs_*=drop,no-alter", text)
	}
	var err error
	if r.Match, err = Parse(text[:i]); err != nil {
		return r, err
	}
	for _, word := range strings.Split(text[i+1:], ",") {
		name, no := strings.CutPrefix(strings.TrimSpace(word), "no-")
		yes := !no
		switch name {
		case "drop":
			r.Drop = &yes
		case "drop-column":
			r.DropColumn = &yes
		case "alter":
			r.Alter = &yes
		default:
			return r, fmt.Errorf("rule %q: %q is none of drop, drop-column, alter", text, word)
		}
	}
	return r, nil
}

// Rules are looked through in order: of those that match an object, or what it
// is a part of, the first that says something on a matter holds.
type Rules []Rule

// Drops tells whether o may be dropped; otherwise is the answer where no rule
// says anything.
func (l Rules) Drops(o schema.Object, otherwise bool) bool {
	column := strings.HasSuffix(string(o.ID().Kind), "column")
	for _, r := range l {
		switch {
		case r.Match.Match(o.ID()) && r.Drop != nil:
			return *r.Drop
		case !r.Match.Match(o.Owner()):
		case column && r.DropColumn != nil:
			return *r.DropColumn
		case r.Drop != nil:
			return *r.Drop
		}
	}
	return otherwise
}

// Hold makes desired like current where objects exist and may not be altered,
// and returns those of them that would have been.
func (l Rules) Hold(current, desired *schema.Catalog) []schema.ID {
	if !slices.ContainsFunc(l, func(r Rule) bool { return r.Alter != nil }) {
		return nil
	}
	held := map[schema.ID]bool{}
	var order []schema.ID
	hold := func(c *schema.Catalog, o schema.Object, differs bool) bool {
		whole, ok := l.fixed(c, o)
		if !ok || !current.Has(whole) || !desired.Has(whole) {
			return false
		}
		if differs && !held[whole] {
			held[whole] = true
			order = append(order, whole)
		}
		return differs
	}
	for o := range current.Clone().All() {
		want := desired.Object(o.ID())
		if hold(current, o, want == nil || !schema.Equal(o, want)) {
			desired.Put(o)
		}
	}
	for o := range desired.Clone().All() {
		if !current.Has(o.ID()) && hold(desired, o, true) {
			desired.Remove(o.ID())
		}
	}
	return order
}

// fixed is the object that may not be altered of which o is a part, or o.
func (l Rules) fixed(c *schema.Catalog, o schema.Object) (schema.ID, bool) {
	for _, id := range chain(c, o) {
		for _, r := range l {
			if r.Alter != nil && r.Match.Match(id) {
				return id, !*r.Alter
			}
		}
	}
	return schema.ID{}, false
}
