package myparse

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// complete resolves what could only be resolved when everything had been read:
// tables and columns that objects name get the spelling of their definition.
func (b *builder) complete() {
	for _, f := range b.later {
		f()
	}
	for _, it := range b.items {
		if it.table != nil {
			b.completeTable(it.table)
		}
	}
	b.orderTriggers()
}

func (b *builder) errorAt(o any, hint, format string, args ...any) {
	e := parser.Source{}.Errorf(0, hint, format, args...)
	e.Pos = b.places[o]
	b.errs = append(b.errs, e)
}

func (b *builder) completeTable(t *table) {
	column := func(id schema.ID) schema.ID {
		if c := t.column(id.Name); c != nil {
			return c.Self
		}
		return id
	}
	for _, c := range t.columns {
		for _, e := range []*schema.Expr{&c.Default, &c.Generated, &c.Check} {
			b.resolveExpr(t, e, c)
		}
	}
	for _, x := range t.indexes {
		for i := range x.Parts {
			t.wholeColumn(&x.Parts[i])
			b.resolveExpr(t, &x.Parts[i].Expr, x)
		}
	}
	for _, k := range t.checks {
		b.resolveExpr(t, &k.Expr, k)
	}
	for _, p := range []*my.Period{t.SystemTime, t.ApplicationTime} {
		if p != nil {
			p.Start, p.End = column(p.Start), column(p.End)
		}
	}
	b.resolveExpr(t, &t.TTL, t.Table)
	for i, u := range t.Union {
		if x := b.table(u); x != nil {
			t.Union[i] = x.Self
		}
	}
	b.counted(t)
	if t.parts != nil {
		b.resolveExpr(t, &t.parts.Expr, t.parts)
		if t.parts.Sub != nil {
			b.resolveExpr(t, &t.parts.Sub.Expr, t.parts)
		}
	}
	for _, k := range t.keys {
		b.completeForeignKey(t, k)
	}
	slices.SortStableFunc(t.Options, func(a, b my.Option) int { return strings.Compare(a.Name, b.Name) })
}

// counted: a table has one AUTO_INCREMENT column, and a key on it (error 1075 of
// all servers; TiDB needs no key).
func (b *builder) counted(t *table) {
	var first *my.Column
	for _, c := range t.columns {
		keyed := slices.ContainsFunc(t.indexes, func(x *my.Index) bool {
			return slices.ContainsFunc(x.Parts, func(p my.IndexPart) bool { return p.Column == c.Self })
		})
		switch {
		case !c.AutoIncrement || b.opts.Relaxed:
			continue
		case first != nil:
			b.errorAt(c, "", "table %s has two AUTO_INCREMENT columns, %s and %s", t.Self.Name, first.Self.Name, c.Self.Name)
		case !keyed && !b.opts.tidb():
			b.errorAt(c, "PRIMARY KEY ("+c.Self.Name+")", "column %s of table %s is AUTO_INCREMENT and in no key", c.Self.Name, t.Self.Name)
		}
		first = c
	}
}

// wholeColumn: a prefix that is as long as the column is none.
func (t *table) wholeColumn(p *my.IndexPart) {
	c := t.column(p.Column.Name)
	if c == nil || p.Length == 0 || len(c.Type.Args) != 1 || p.Length != c.Type.Args[0] {
		return
	}
	switch c.Type.Name {
	case "char", "varchar", "binary", "varbinary":
		p.Length = 0
	}
}

// resolveExpr resolves the columns that an expression names.
func (b *builder) resolveExpr(t *table, e *schema.Expr, by any) {
	for i, r := range e.Refs {
		if r.To.Kind != my.KindColumn {
			continue
		}
		c := t.column(r.To.Name)
		switch {
		case c != nil:
			e.Refs[i].To = c.Self
		case !b.opts.Relaxed:
			b.errorAt(by, t.meantColumn(r.To.Name), "table %s has no column %s, which %s names", t.Self.Name, r.To.Name, short(e.Text))
		}
	}
}

// completeForeignKey resolves the table and the columns that a foreign key
// refers to; without any, they are those of the primary key.
func (b *builder) completeForeignKey(t *table, k *my.ForeignKey) {
	ref := b.table(k.RefTable)
	if ref == nil {
		if k.RefTable.Schema == "" && !b.opts.Relaxed {
			b.errorAt(k, b.meantTable(k.RefTable.Name), "there is no table %s, which foreign key %s refers to", k.RefTable.Name, k.Self.Name)
		}
		return
	}
	k.RefTable = ref.Self
	if len(k.RefColumns) == 0 {
		if x := ref.index(my.PrimaryName); x != nil {
			for _, p := range x.Parts {
				k.RefColumns = append(k.RefColumns, p.Column)
			}
		}
	}
	if len(k.RefColumns) != len(k.Columns) {
		b.errorAt(k, "", "foreign key %s has %d columns, but refers to %d", k.Self.Name, len(k.Columns), len(k.RefColumns))
	}
	for i, id := range k.RefColumns {
		c := ref.column(id.Name)
		if c == nil {
			b.errorAt(k, ref.meantColumn(id.Name), "table %s has no column %s, which foreign key %s refers to", ref.Self.Name, id.Name, k.Self.Name)
			continue
		}
		k.RefColumns[i] = c.Self
	}
}

// orderTriggers numbers the triggers of the same table, timing and event.
func (b *builder) orderTriggers() {
	type group struct {
		table         schema.ID
		timing, event string
	}
	n := map[group]int{}
	for _, it := range b.items {
		if g, ok := it.object.(*my.Trigger); ok {
			k := group{g.Table, g.Timing, g.Event}
			n[k]++
			g.Ordinal = my.Nth(n[k])
		}
	}
}

// completeViews does so for the queries of views, when everything is in the
// catalog.
func (b *builder) completeViews(c *schema.Catalog) {
	o := b.opts
	o.Database = b.home
	v := newViews(c, o)
	v.modes = b.modes
	for w := range schema.Each[*my.View](c) {
		v.complete(w)
		if v.opaque[w] && !b.opts.Relaxed {
			c.Notes = append(c.Notes, "view "+w.Self.Name+": its query has a construct that is compared word by word, so that a form of the server's own counts as a difference")
		}
		for _, name := range v.unknown[w] {
			if !b.opts.Relaxed && len(v.missing[w]) == 0 {
				b.errorAt(w, "", "no table of its query has the column %s, which view %s selects", name, w.Self.Name)
			}
		}
		for _, id := range v.missing[w] {
			if !b.opts.Relaxed {
				b.errorAt(w, b.meantTable(id.Name), "there is no table or view %s, which view %s selects from", id.Name, w.Self.Name)
			}
		}
	}
}
