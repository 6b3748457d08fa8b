package filter

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
)

// Ignore takes out of both catalogs what its author said is not managed
// (-- @ignore), with its parts.
func Ignore(current, desired *schema.Catalog) error {
	ignored := map[schema.ID]bool{}
	for id := range desired.Directives {
		if said(desired, id, "ignore") {
			ignored[id] = true
		}
	}
	if len(ignored) == 0 {
		return nil
	}
	return leave(current, desired, func(c *schema.Catalog, o schema.Object) bool {
		return !slices.ContainsFunc(chain(c, o), func(id schema.ID) bool { return ignored[id] })
	})
}

// Allowed tells whether the author allows to drop parts of an object, and
// whatever else loses data of it (-- @allow drop): on the object itself, or on
// one that it is a part of.
func Allowed(desired *schema.Catalog, o schema.Object) bool {
	return said(desired, o.ID(), "allow") || slices.ContainsFunc(chain(desired, o), func(id schema.ID) bool { return said(desired, id, "allow") })
}

func said(c *schema.Catalog, id schema.ID, name string) bool {
	return slices.ContainsFunc(c.Directives[id], func(d schema.Directive) bool { return d.Name == name })
}

// chain is the object, and what it is a part of.
func chain(c *schema.Catalog, o schema.Object) []schema.ID {
	out := []schema.ID{o.ID()}
	for range 10 {
		up := c.Object(o.Owner())
		if up == nil {
			break
		}
		o = up
		out = append(out, o.ID())
	}
	return out
}
