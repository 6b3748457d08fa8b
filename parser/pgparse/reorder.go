package pgparse

import (
	"errors"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Reorder brings up to date what depends on the order of columns in a
// normalized catalog, after [pg.Column].Number has changed: the queries of
// views with a *, the actions of rules, the bodies of functions.
func Reorder(c *schema.Catalog, o Options) error {
	n := newNormalizer(c, o)
	var errs []error
	for o := range c.All() {
		forget(o)
	}
	for o := range c.All() {
		for _, s := range n.sites(o) {
			var err error
			switch {
			case s.form == query && n.views[o.ID()] != nil:
				err = n.views[o.ID()].err
			case s.form == query && wholesale(s.expr.Text):
				err = n.view(o.ID()).err
			case s.form == action || s.form == body:
				err = n.canonicalize(s)
			}
			if err != nil {
				errs = append(errs, n.located(err, o.ID()))
			}
		}
	}
	return errors.Join(errs...)
}

// wholesale tells whether a query may take all columns of something, as with *
// or TABLE t.
func wholesale(text string) bool {
	s := scanner{text: text}
	for t := s.next(); t.kind != tokenEnd; t = s.next() {
		if text[t.start:t.end] == "*" || t.is(text, "table") {
			return true
		}
	}
	return false
}

// forget makes the output columns of a view unknown, if they may depend on the
// order of others, but for those that its author named.
func forget(o schema.Object) {
	switch o := o.(type) {
	case *pg.View:
		if wholesale(o.Query.Text) {
			o.Columns = named(o.Aliases)
		}
	case *pg.MaterializedView:
		if wholesale(o.Query.Text) {
			o.Columns = named(o.Aliases)
		}
	}
}
