package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// namedNotNulls is the version since which a NOT NULL is a constraint with a name.
const namedNotNulls = 180000

// notNull makes a constraint of a NOT NULL that has more to say than the
// column's flag: since 18, a name of its own, NO INHERIT, or NOT VALID; and of
// a partition's, which its parent's does not say.
func (t *tableReader) notNull(column string, k *pg_query.Constraint, end int) {
	r := t.r
	noInherit := k.IsNoInherit || r.newer.within(k.Location, end, markNoInherit)
	notValid := t.altered && (k.SkipValidation && !k.InitiallyValid || r.newer.within(k.Location, end, markNotValid))
	special := noInherit || notValid
	if r.Version < namedNotNulls || k.Conname == "" && !special && !t.ofPartition() {
		return
	}
	usual := t.chooseConstraint(t.id.Schema, t.id.Name, column, "not_null")
	c := &pg.Constraint{Table: t.id, Name: k.Conname, Type: pg.NotNull, Columns: []schema.ID{pg.ColumnID(t.id, column)},
		NoInherit: noInherit, NotValid: notValid}
	if c.Name == "" {
		c.Name, c.Unnamed = usual, true
	}
	if c.Name == usual && !special {
		t.partitionNotNull(column, k.Location)
		return
	}
	t.add(c, k.Location)
}

// ofPartition tells whether the table has NOT NULLs of its own beside its parent's.
func (t *tableReader) ofPartition() bool {
	return t.r.Version >= namedNotNulls && !t.table.PartitionOf.IsZero()
}

// partitionNotNull makes a constraint of a partition's own NOT NULL, unless
// there is one. [normalizer.partitionNotNulls] takes out those of columns that
// cannot be null for no other reason.
func (t *tableReader) partitionNotNull(column string, location int32) {
	id := pg.ColumnID(t.id, column)
	same := func(o schema.Object) bool {
		k, ok := o.(*pg.Constraint)
		return ok && k.Type == pg.NotNull && k.Columns[0] == id
	}
	if !t.ofPartition() {
		return
	}
	for _, d := range t.list {
		if same(d.object) {
			return
		}
	}
	for _, name := range t.r.parts(t.id).constraints {
		if o := t.r.catalog.Object(pg.Part(pg.KindConstraint, t.id, name)); o != nil && same(o) {
			return
		}
	}
	name := t.chooseConstraint(t.id.Schema, t.id.Name, column, "not_null")
	t.add(&pg.Constraint{Table: t.id, Name: name, Unnamed: true, Type: pg.NotNull, Columns: []schema.ID{id}}, location)
}

// setNotNull reads SET NOT NULL and DROP NOT NULL.
func (t *tableReader) setNotNull(name string, on bool) error {
	c, err := t.changed(name)
	if err != nil {
		return err
	}
	c.NotNull = on
	if on {
		t.partitionNotNull(name, -1)
		return nil
	}
	for _, k := range t.r.notNullsOf(t.id) {
		if k.Columns[0] == c.ID() {
			t.r.remove(k.ID())
		}
	}
	return nil
}

// notNullsOf are the NOT NULLs of a table that are objects.
func (r *reader) notNullsOf(table schema.ID) []*pg.Constraint {
	var out []*pg.Constraint
	for _, name := range r.parts(table).constraints {
		k, ok := schema.Lookup[*pg.Constraint](r.catalog, pg.Part(pg.KindConstraint, table, name))
		if ok && k.Type == pg.NotNull {
			out = append(out, k)
		}
	}
	return out
}

// mergeNotNulls: a NOT NULL of a table that becomes a partition is its parent's
// from then on, whatever it is called, if that has one (18).
func (r *reader) mergeNotNulls(partition, parent schema.ID) {
	if r.Version < namedNotNulls {
		return
	}
	above := map[string]bool{}
	for _, c := range r.allColumns(parent) {
		above[c.Name] = c.NotNull
	}
	for _, k := range r.notNullsOf(partition) {
		if above[k.Columns[0].Name] {
			r.remove(k.ID())
		}
	}
}

// partitionNotNulls takes out the NOT NULLs of partitions that the column's flag
// says: those under a name of the server's choice of a column that could be null
// by its parent's.
func (n *normalizer) partitionNotNulls() {
	var gone []schema.ID
	for k := range schema.Each[*pg.Constraint](n.catalog) {
		t := n.names.tables[k.Table]
		if k.Type != pg.NotNull || !k.Unnamed || k.NoInherit || k.NotValid || t == nil || t.PartitionOf.IsZero() {
			continue
		}
		if NotNullAbove(n.catalog, k.Table, k.Columns[0].Name).IsZero() {
			gone = append(gone, k.ID())
		}
	}
	for _, id := range gone {
		n.catalog.Remove(id)
	}
}

// NotNullAbove is the column by which a partition's cannot be null: that of the
// nearest table above it that is NOT NULL; zero if there is none. Parents by
// INHERITS do not count.
func NotNullAbove(c *schema.Catalog, table schema.ID, column string) schema.ID {
	t, ok := schema.Lookup[*pg.Table](c, table)
	for ok && !t.PartitionOf.IsZero() {
		id := pg.ColumnID(t.PartitionOf, column)
		if own, ok := schema.Lookup[*pg.Column](c, id); ok && own.NotNull {
			return id
		}
		t, ok = schema.Lookup[*pg.Table](c, t.PartitionOf)
	}
	return schema.ID{}
}
