package postgres

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// inheritance makes the columns comparable of tables that become a partition or
// child of others, or cease to be one. What a table has from its parents is no
// object of a catalog, but it is the table's own before ATTACH or INHERIT and
// after DETACH or NO INHERIT: no column is added or dropped by those. So the
// side on which the columns are inherited gets objects for them.
func (r *reconciliation) inheritance() {
	f := r.forward()
	var tables []*pg.Table
	for t := range schema.Each[*pg.Table](r.desired) {
		tables = append(tables, t)
	}
	for _, t := range tables {
		old, ok := schema.Lookup[*pg.Table](r.current, t.ID())
		if !ok {
			continue
		}
		was, now := ancestors(old), ancestors(t)
		same := 0 // parents that it keeps; see alterInherits
		for same < min(len(was), len(now)) && f.id(was[same]) == now[same] {
			same++
		}
		if same < max(len(was), len(now)) {
			r.leave(old, same, f)
			r.join(t, same, f)
		}
	}
}

// ancestors are the tables that a table's columns come from.
func ancestors(t *pg.Table) []schema.ID {
	if !t.PartitionOf.IsZero() {
		return []schema.ID{t.PartitionOf}
	}
	return slices.Clone(t.Inherits)
}

// surface puts into a catalog the columns, with their defaults, that a table
// has from its parents there, but for what it has from the first ones. It
// returns their IDs.
func surface(c *schema.Catalog, t *pg.Table, first int) []schema.ID {
	var out []schema.ID
	kept := map[string]bool{}
	for i, p := range ancestors(t) {
		for _, column := range effective(c, p) {
			if kept[column.Name] = kept[column.Name] || i < first; kept[column.Name] {
				continue
			}
			id := pg.ColumnID(t.ID(), column.Name)
			own, ok := schema.Lookup[*pg.Column](c, id)
			if ok && !own.Type.IsZero() {
				continue
			}
			full := schema.Clone(column)
			full.Table, full.Inherited, full.Identity = t.ID(), true, nil
			full.Statistics, full.Options = -1, nil
			if ok { // it says what is the table's own
				full.NotNull = full.NotNull || own.NotNull
				full.Statistics, full.Options = own.Statistics, own.Options
				full.Storage, full.Compression = orDefault(own.Storage, full.Storage), orDefault(own.Compression, full.Compression)
			}
			c.Put(full)
			out = append(out, id)
			surfaceDefault(c, column, full)
		}
	}
	return out
}

// surfaceDefault gives a column the default that it has from its parent's.
func surfaceDefault(c *schema.Catalog, from, to *pg.Column) {
	id := (&pg.Default{Column: to.ID()}).ID()
	if own, ok := schema.Lookup[*pg.Default](c, id); ok {
		if own.Value.Canon == "NULL" { // none, against the parent's
			c.Remove(id)
		}
		return
	}
	if d, ok := schema.Lookup[*pg.Default](c, (&pg.Default{Column: from.ID()}).ID()); ok && d.Value.Canon != "NULL" {
		c.Put(&pg.Default{Column: to.ID(), Value: d.Value})
	}
}

// effective are the full columns of a table, wherever they come from. Each
// keeps the table that defines it.
func effective(c *schema.Catalog, table schema.ID) []*pg.Column {
	t, ok := schema.Lookup[*pg.Table](c, table)
	if !ok {
		return nil
	}
	var out []*pg.Column
	seen := map[string]bool{}
	for column := range schema.Each[*pg.Column](c) {
		if column.Table == table && !column.Type.IsZero() {
			seen[column.Name] = true
			out = append(out, column)
		}
	}
	for _, p := range ancestors(t) {
		for _, column := range effective(c, p) {
			if !seen[column.Name] {
				seen[column.Name] = true
				out = append(out, column)
			}
		}
	}
	return out
}

// namedNotNulls is the version since which a NOT NULL has a name.
const namedNotNulls = 180000

// renamedNotNulls puts into current the NOT NULLs that a rename leaves with the
// name that the server chose by the old names, so that they get the one of a new
// database.
func (r *reconciliation) renamedNotNulls() {
	if r.target.Version < namedNotNulls {
		return
	}
	named := map[schema.ID]bool{}
	for k := range schema.Each[*pg.Constraint](r.current) {
		if k.Type == pg.NotNull {
			named[k.Columns[0]] = true
		}
	}
	for c := range schema.Each[*pg.Column](r.desired) {
		was := r.was(c.ID())
		old, ok := schema.Lookup[*pg.Column](r.current, was)
		if !ok || was == c.ID() || !old.NotNull || named[was] || old.Inherited {
			continue
		}
		k := &pg.Constraint{Table: old.Table, Name: chosenName(was.Parent, was.Name, "not_null"), Type: pg.NotNull, Columns: []schema.ID{was}}
		if k.Name != chosenName(c.Table.Name, c.Name, "not_null") && otherwiseNamed(r.current, old.Table, old.Name, k.Name).IsZero() {
			r.current.Put(k)
		}
	}
}

// yieldNotNulls has a column of a partition lose a NOT NULL of its own before its
// parent's gets one, if it is to have no other: so that it is the parent's (18).
func (r *reconciliation) yieldNotNulls() {
	if r.target.Version < namedNotNulls {
		return
	}
	own := map[schema.ID]bool{}
	for k := range schema.Each[*pg.Constraint](r.desired) {
		if k.Type == pg.NotNull {
			own[k.Columns[0]] = true
		}
	}
	for c := range schema.Each[*pg.Column](r.current) {
		t, ok := schema.Lookup[*pg.Table](r.current, c.Table)
		if !ok || !c.Inherited || !c.NotNull || r.desired.Has(c.ID()) {
			continue
		}
		for _, p := range ancestors(t) {
			parent := pg.ColumnID(p, c.Name)
			now, ok := schema.Lookup[*pg.Column](r.current, parent)
			then, will := schema.Lookup[*pg.Column](r.desired, parent)
			if ok && will && !now.NotNull && then.NotNull && !own[c.ID()] {
				c.From = parent
			}
		}
	}
}

// notNulls lets a NOT NULL that the author did not name keep the name that the
// server chose, also where the table or column was called otherwise then.
func (r *reconciliation) notNulls() {
	f := r.forward()
	var gone []schema.ID
	named := map[schema.ID]bool{}
	for c := range schema.Each[*pg.Constraint](r.desired) {
		if c.Type == pg.NotNull {
			named[c.Columns[0]] = true
		}
	}
	for c := range schema.Each[*pg.Constraint](r.current) {
		if c.Type != pg.NotNull || c.NotValid || c.NoInherit || r.leaving[c.Table] || !strings.Contains(c.Name, "_not_null") {
			continue
		}
		column, ok := schema.Lookup[*pg.Column](r.desired, f.id(c.Columns[0]))
		if ok && column.NotNull && !named[column.ID()] {
			gone = append(gone, c.ID())
		}
	}
	for _, id := range gone {
		r.current.Remove(id)
	}
}
