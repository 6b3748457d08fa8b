package myparse

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// renameClause carries out RENAME COLUMN, INDEX or the table itself, in ALTER TABLE.
func (r *reader) renameClause(t *table) {
	switch {
	case r.accept("COLUMN"):
		r.ifExists()
		c := r.existing(t, r.peek())
		r.take()
		r.expect("TO")
		at := r.peek()
		to := my.ColumnID(t.Self, r.name("a name"))
		if o := t.column(to.Name); o != nil && o != c {
			r.fail(at.off, "", "table %s has two columns %s", t.Self.Name, to.Name)
		}
		from := c.Self
		c.Self = to
		r.renameColumn(t, from, to)
	case r.peek().any("INDEX", "KEY") && r.ahead(2).is("TO"):
		r.take()
		r.ifExists()
		at := r.peek()
		x := t.index(r.name("the name of an index"))
		if x == nil {
			r.fail(at.off, t.meantIndex(at.val), "table %s has no index %s", t.Self.Name, at.val)
		}
		r.expect("TO")
		x.Self.Name = r.name("a name")
	default:
		if r.one("TO", "AS") == "" {
			r.accept("=")
		}
		r.renameTo(t)
	}
}

// renameTo reads a table's new name.
func (r *reader) renameTo(t *table) {
	id, at := r.own(my.KindTable)
	if r.relation(id) != nil && r.relation(id) != any(t) {
		r.fail(at.off, "", "%s is defined twice", id)
	}
	r.renameTable(t, id)
}

// rename reads RENAME TABLE.
func (r *reader) rename() {
	first := r.take()
	if r.one("TABLE", "TABLES") == "" {
		r.fail(first.off, notManaged, "only tables can be renamed")
	}
	r.ifExists()
	for {
		at := r.peek()
		id, _ := r.own(my.KindTable)
		t, isTable := r.relation(id).(*table)
		if !isTable {
			r.fail(at.off, r.meantTable(id.Name), "there is no table %s up to here", id.Name)
		}
		r.expect("TO")
		r.renameTo(t)
		if !r.accept(",") {
			break
		}
	}
	r.atEnd()
}

// renameTable gives a table a new name, everywhere. InnoDB renames the foreign
// keys that it has named, too.
func (b *builder) renameTable(t *table, to schema.ID) {
	from := t.Self
	delete(b.tables, b.opts.fold(from.Name))
	move := func(id schema.ID) schema.ID {
		switch {
		case id.Schema != from.Schema:
		case id.Kind == my.KindTable && id.Name == from.Name:
			id.Name = to.Name
		case id.Parent == from.Name:
			id.Parent = to.Name
			if rest, ok := strings.CutPrefix(id.Name, from.Name+"_ibfk_"); ok && id.Kind == my.KindForeignKey {
				id.Name = to.Name + "_ibfk_" + rest
			}
		}
		return id
	}
	for i := range b.items {
		if o := b.items[i].object; o != nil {
			b.items[i].object = replaced(b, o, schema.Rewrite(o, move))
		}
		if x := b.items[i].table; x != nil {
			b.rewriteTable(x, move)
		}
	}
	b.tables[b.opts.fold(to.Name)] = t
}

// rewriteTable passes all IDs of a table through f.
func (b *builder) rewriteTable(t *table, f func(schema.ID) schema.ID) {
	t.Table = replaced(b, t.Table, schema.Rewrite(t.Table, f))
	for i, o := range t.columns {
		t.columns[i] = replaced(b, o, schema.Rewrite(o, f))
	}
	for i, o := range t.indexes {
		t.indexes[i] = replaced(b, o, schema.Rewrite(o, f))
	}
	for i, o := range t.keys {
		t.keys[i] = replaced(b, o, schema.Rewrite(o, f))
	}
	for i, o := range t.checks {
		t.checks[i] = replaced(b, o, schema.Rewrite(o, f))
	}
	if t.parts != nil {
		t.parts = replaced(b, t.parts, schema.Rewrite(t.parts, f))
	}
}

// replaced lets what is known of an object's place follow to its new copy.
func replaced[T any](b *builder, old, now T) T {
	if p, ok := b.places[old]; ok {
		delete(b.places, old)
		b.places[now] = p
	}
	for i := range b.defined {
		if b.defined[i].object == any(old) {
			b.defined[i].object = now
		}
	}
	return now
}

// renameColumn gives a column that has its new name already the same name in
// whatever refers to it, in this table and others.
func (b *builder) renameColumn(t *table, from, to schema.ID) {
	move := func(id schema.ID) schema.ID {
		if id.Kind == my.KindColumn && id.Schema == from.Schema && id.Parent == from.Parent && strings.EqualFold(id.Name, from.Name) {
			return to
		}
		return id
	}
	renamed := map[string]string{strings.ToLower(from.Name): to.Name}
	b.rewriteTable(t, move)
	for _, c := range t.columns {
		for _, e := range []*schema.Expr{&c.Default, &c.Generated, &c.Check} {
			b.renameIn(e, renamed)
		}
	}
	for _, x := range t.indexes {
		for i := range x.Parts {
			b.renameIn(&x.Parts[i].Expr, renamed)
		}
	}
	for _, k := range t.checks {
		b.renameIn(&k.Expr, renamed)
	}
	if t.parts != nil {
		b.renameIn(&t.parts.Expr, renamed)
		if t.parts.Sub != nil {
			b.renameIn(&t.parts.Sub.Expr, renamed)
		}
	}
	for _, it := range b.items {
		if it.table == nil || it.table == t {
			continue
		}
		for i, k := range it.table.keys {
			if slices.ContainsFunc(k.RefColumns, func(id schema.ID) bool { return move(id) != id }) {
				it.table.keys[i] = replaced(b, k, schema.Rewrite(k, move))
			}
		}
	}
}

// renameIn renames columns in an expression's text.
func (b *builder) renameIn(e *schema.Expr, renamed map[string]string) {
	if !e.IsZero() {
		e.Text = b.opts.RenameColumns(e.Text, renamed)
		e.Canon = b.opts.RenameColumns(e.Canon, lowered(renamed))
	}
}

func lowered(m map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		out[k] = strings.ToLower(v)
	}
	return out
}

// RenameColumns renames columns in the text of an expression over one table:
// every name that stands alone or behind a dot and is no function. The keys are
// old names in lower case.
func (o Options) RenameColumns(text string, renamed map[string]string) string {
	return o.renameNames(text, func(name string, before, after token) (string, bool) {
		if after.is("(") || after.is(".") || after.kind == str || before.is("@") {
			return "", false
		}
		to, ok := renamed[strings.ToLower(name)]
		return to, ok
	})
}

// RenameTables renames tables in the text of a query: every name in the place
// of a table, or of a qualifier of a column. The keys are folded by the caller.
func (o Options) RenameTables(text string, renamed func(name string) (string, bool)) string {
	return o.renameNames(text, func(name string, before, after token) (string, bool) {
		if after.is("(") || !after.is(".") && before.kind != punct && !before.any("FROM", "JOIN", "STRAIGHT_JOIN", "TABLE", "INTO", "UPDATE") {
			return "", false
		}
		return renamed(name)
	})
}

// renameNames passes every name of a text through f, with the tokens around it.
func (o Options) renameNames(text string, f func(name string, before, after token) (string, bool)) string {
	l := newLexer(sourceOf(text), o)
	var toks []token
	for t := l.next(); t.kind != eof && l.err == nil; t = l.next() {
		toks = append(toks, t)
	}
	if l.err != nil {
		return text
	}
	var b strings.Builder
	at := 0
	for i, t := range toks {
		if !t.isName() {
			continue
		}
		var before, after token
		if i > 0 {
			before = toks[i-1]
		}
		if i+1 < len(toks) {
			after = toks[i+1]
		}
		if to, ok := f(t.val, before, after); ok {
			b.WriteString(text[at:t.off])
			b.WriteString(quoteName(to))
			at = t.end
		}
	}
	return b.String() + text[at:]
}
