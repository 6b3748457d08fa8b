package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/parser/liteparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

// place is where an object is defined.
type place struct {
	id     schema.ID
	at     int  // offset in the source
	inline bool // a constraint behind a column
}

// places lists what a statement defines, in the order of the text.
func (s *statement) places() []place {
	if s.verb != create {
		return nil
	}
	at := s.At
	for _, t := range liteparse.WithoutComments(s.Tokens) {
		if t.IsName() && lite.Fold(t.Name()) == s.name {
			at = t.At
			break
		}
	}
	out := []place{{id: schema.ID{Kind: s.kind, Name: s.name}, at: at}}
	if s.kind != lite.KindTable {
		return out
	}
	t, err := liteparse.Table(s.Text)
	if err != nil {
		return out // the engine has an opinion of its own
	}
	for i, c := range t.Columns {
		out = append(out, place{id: c.Self, at: s.At + t.ColumnAt[i]})
	}
	seen := schema.NewCatalog()
	for i, c := range t.Constraints {
		c.Self = freeLabel(seen, t.Table.Self, liteparse.Label(c))
		seen.Put(c)
		out = append(out, place{c.Self, s.At + t.ConstraintAt[i], c.Column != ""})
	}
	slices.SortStableFunc(out[1:], func(a, b place) int { return a.at - b.at })
	return out
}

// locate notes where the objects are defined.
func (d *desired) locate(c *schema.Catalog) {
	for _, s := range d.statements {
		for i, p := range s.places() {
			if c.Has(p.id) {
				at := p.at
				if i == 0 {
					at = s.At
				}
				c.Origin[p.id] = s.source.Pos(at)
			}
		}
	}
}

// direct reads the directives in comments, and notes them for the objects that
// they concern.
func (d *desired) direct(c *schema.Catalog) {
	for _, s := range d.statements {
		for _, comment := range s.Comments {
			dir, err := s.source.ParseDirective(liteparse.Inner(comment), comment.At, comment.End())
			if err != nil {
				d.errs = append(d.errs, err)
			}
			if dir == nil || err != nil {
				continue
			}
			p, ok := concerned(s, dir)
			if !ok || !c.Has(p.id) {
				d.errs = append(d.errs, s.source.Errorf(dir.Offset, "put it on the line of the definition, or on the line before",
					"directive @%s concerns nothing that is defined here", dir.Name))
				continue
			}
			if dir.Name != "renamed" {
				c.Directives[p.id] = append(c.Directives[p.id], schema.Directive{Name: dir.Name, Arg: dir.Arg, Pos: s.source.Pos(dir.Offset)})
				continue
			}
			from := p.id
			from.Name = lite.Fold(dir.Arg)
			c.Renames[p.id] = from
		}
	}
}

// concerned finds what a directive is about: behind the semicolon, the statement;
// on a line of its own, what is
// defined next; otherwise what is defined before it on the same line, or else
// behind it on the same line, or before it at all.
func concerned(s *statement, dir *parser.Directive) (place, bool) {
	var before, after *place
	all := s.places()
	for i := range all {
		if all[i].inline { // what stands behind a column is the column's affair
			continue
		}
		if all[i].at < dir.Offset {
			before = &all[i]
		} else if after == nil {
			after = &all[i]
		}
	}
	sameLine := func(p *place) bool {
		if p == nil {
			return false
		}
		from, to := min(p.at, dir.Offset), max(p.at, dir.Offset)
		return !strings.Contains(s.source.Text[from:to], "\n")
	}
	switch {
	case dir.Offset >= s.At+len(s.Text) && len(all) > 0:
		return all[0], true
	case dir.OwnLine && after != nil:
		return *after, true
	case sameLine(before):
		return *before, true
	case sameLine(after):
		return *after, true
	case before != nil:
		return *before, true
	}
	return place{}, false
}

// probe tries what SQLite does not look at before it is used: the queries of
// views, and foreign keys. What fails is only remarked, as SQLite accepts it.
func (d *desired) probe(ctx context.Context, c *schema.Catalog) error {
	for o := range c.All() {
		switch o := o.(type) {
		case *lite.View:
			if err := d.rows(ctx, "SELECT 1 FROM "+liteparse.Quote(o.Name)+" LIMIT 0", func(*sql.Rows) error { return nil }); err != nil {
				c.Broken[o.Self] = err.Error()
			}
		case *lite.Constraint:
			if o.Type != lite.ForeignKey {
				continue
			}
			if _, ok := c.Object(o.References).(*lite.Table); !ok {
				continue // the parent may come later, or never
			}
			err := d.rows(ctx, "SELECT 1 FROM pragma_foreign_key_check(?)", func(*sql.Rows) error { return nil }, o.Self.Parent)
			if err != nil {
				c.Broken[o.Self] = err.Error()
			}
		}
	}
	return nil
}

// isDirective tells whether a comment is one that [parser.Source] knows.
func isDirective(inner string) bool {
	d, err := (parser.Source{Text: inner}).ParseDirective(inner, 0, len(inner))
	return d != nil && err == nil
}
