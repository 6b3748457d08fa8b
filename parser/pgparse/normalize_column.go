package pgparse

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// inheritedNotNull: a child's own column of a name that a parent has, too,
// cannot be null if the parent's cannot; and an inherited one gets something of
// its own if a primary key of the child makes it NOT NULL.
func (n *normalizer) inheritedNotNull() {
	for k := range schema.Each[*pg.Constraint](n.catalog) {
		if k.Type != pg.PrimaryKey || n.names.tables[k.Table] == nil || len(parents(n.names.tables[k.Table])) == 0 {
			continue
		}
		for _, id := range k.Columns {
			for _, p := range n.names.tableColumns(k.Table) {
				if p.Name == id.Name && !p.NotNull && !n.catalog.Has(id) {
					n.catalog.Put(&pg.Column{Table: k.Table, Name: id.Name, Statistics: -1, Inherited: true, NotNull: true, Number: p.Number})
				}
			}
		}
	}
	done := map[schema.ID]bool{}
	var visit func(t *pg.Table)
	visit = func(t *pg.Table) {
		if t == nil || done[t.ID()] {
			return
		}
		done[t.ID()] = true
		for _, p := range parents(t) {
			visit(n.names.tables[p])
			for _, pc := range n.names.tableColumns(p) {
				if c, ok := schema.Lookup[*pg.Column](n.catalog, pg.ColumnID(t.ID(), pc.Name)); ok && pc.NotNull && !c.Inherited {
					c.NotNull = true
				}
			}
		}
	}
	for t := range schema.Each[*pg.Table](n.catalog) {
		visit(t)
	}
}

// parentDefault is the default that a table's column would have from its
// parents; nil for none.
func (n *normalizer) parentDefault(t *pg.Table, column string) *pg.Default {
	for _, p := range parents(t) {
		id := (&pg.Default{Column: pg.ColumnID(p, column)}).ID()
		if d, ok := schema.Lookup[*pg.Default](n.catalog, id); ok {
			return d
		}
		if parent := n.names.tables[p]; parent != nil {
			if d := n.parentDefault(parent, column); d != nil {
				return d
			}
		}
	}
	return nil
}

// emptyDefaults takes out DEFAULT NULL where the server does not keep it: of a
// column whose type has no modifier and is no domain, unless the NULL is of
// another type and has to be converted. A child says with it that
// it does not have its parent's default.
func (n *normalizer) emptyDefaults() {
	var gone []schema.ID
	for d := range schema.Each[*pg.Default](n.catalog) {
		if !strings.HasPrefix(d.Value.Canon, "NULL::") {
			continue
		}
		table := schema.ID{Kind: pg.KindTable, Schema: d.Column.Schema, Name: d.Column.Parent}
		if t := n.names.tables[table]; t != nil && n.parentDefault(t, d.Column.Name) != nil {
			d.Value.Canon = "NULL"
			continue
		}
		if t := n.columnType(d.Column); t.Type != nil && t.mod == "" && t.Kind != 'd' {
			if plain := (&node{op: opConstant, typ: t.Type, null: true}); d.Value.Canon == plain.String() {
				gone = append(gone, d.ID())
			}
		}
	}
	for _, id := range gone {
		n.catalog.Remove(id)
	}
}

// columnType is the type of a table's column, its own or inherited.
func (n *normalizer) columnType(id schema.ID) typed {
	table := schema.ID{Kind: pg.KindTable, Schema: id.Schema, Name: id.Parent}
	for _, c := range n.names.tableColumns(table) {
		if c.Name == id.Name {
			return n.of(c.Type)
		}
	}
	return typed{}
}
