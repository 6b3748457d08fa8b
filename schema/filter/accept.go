package filter

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/trueup-sql/trueup/schema"
)

// Accepted is a difference that someone decided to live with: it is no
// difference, for a reason, and perhaps until some day.
type Accepted struct {
	Object Pattern
	// Kinds are those that it is about; empty means all.
	Kinds []string
	// Properties are the names of the fields that may differ, in any letter case
	// and with or without spaces; empty means the object with its parts.
	Properties []string
	Reason     string
	Expires    time.Time // the first moment at which it holds no more; zero: never
	// Used is set by [Accept] if the entry made a difference go away.
	Used bool
}

// Expired tells whether the entry holds no more.
func (a *Accepted) Expired(now time.Time) bool { return !a.Expires.IsZero() && !now.Before(a.Expires) }

// Accept makes desired like current wherever an entry that has not expired
// accepts the difference.
func Accept(current, desired *schema.Catalog, entries []*Accepted, now time.Time) {
	for _, e := range entries {
		if e.Expired(now) {
			continue
		}
		for o := range current.Clone().All() {
			if e.matches(current, o) {
				e.accept(o, desired)
			}
		}
		for o := range desired.Clone().All() {
			if !current.Has(o.ID()) && len(e.Properties) == 0 && e.matches(desired, o) {
				desired.Remove(o.ID())
				e.Used = true
			}
		}
	}
}

// matches: the object itself, or, for whole objects, one that it is a part of.
func (a *Accepted) matches(c *schema.Catalog, o schema.Object) bool {
	for range 10 {
		if a.Object.Match(o.ID()) && (len(a.Kinds) == 0 || slices.Contains(a.Kinds, string(o.ID().Kind))) {
			return true
		}
		if len(a.Properties) > 0 {
			return false
		}
		up := c.Object(o.Owner())
		if up == nil {
			return false
		}
		o = up
	}
	return false
}

func (a *Accepted) accept(live schema.Object, desired *schema.Catalog) {
	want := desired.Object(live.ID())
	switch {
	case want == nil && len(a.Properties) > 0:
	case want == nil:
		desired.Put(live)
		a.Used = true
	case schema.Equal(live, want):
	case len(a.Properties) == 0:
		desired.Put(live)
		a.Used = true
	default:
		copied := schema.Clone(want)
		from, to := reflect.ValueOf(live).Elem(), reflect.ValueOf(copied).Elem()
		for _, f := range schema.Differing(live, want) {
			if slices.ContainsFunc(a.Properties, func(p string) bool { return strings.EqualFold(strings.ReplaceAll(p, " ", ""), f) }) {
				to.FieldByName(f).Set(from.FieldByName(f))
				a.Used = true
			}
		}
		desired.Put(copied)
	}
}
