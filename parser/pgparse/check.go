package pgparse

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// check completes, once all names are known, what the text left to the server,
// and reports what refers to a column or key that is not there.
func (r *reader) check() {
	c := &checker{reader: r, indexes: map[schema.ID][]*pg.Index{}, keys: map[schema.ID][]*pg.Constraint{}}
	for o := range r.catalog.All() {
		switch o := o.(type) {
		case *pg.Constraint:
			c.keys[o.Table] = append(c.keys[o.Table], o)
		case *pg.Index:
			c.indexes[o.Table] = append(c.indexes[o.Table], o)
		}
	}
	for _, o := range slices.Collect(r.catalog.All()) {
		switch o := o.(type) {
		case *pg.Table:
			c.table(o)
		case *pg.Column:
			c.column(o)
		case *pg.Default:
			c.columns(o.ID(), o.Column)
		case *pg.Constraint:
			c.constraint(o)
		case *pg.Index:
			c.keyColumns(o.ID(), o.Table, o.Keys)
			c.columns(o.ID(), o.Include...)
		case *pg.Statistics:
			c.columns(o.ID(), o.Columns...)
		case *pg.Trigger:
			c.columns(o.ID(), o.UpdateOf...)
		case *pg.SequenceOwner:
			c.columns(o.ID(), o.Column)
			if o.Sequence.Schema != o.Column.Schema {
				at := o.ID()
				if c.catalog.Origin[at].IsZero() { // the sequence was moved
					at = o.Sequence
				}
				c.errorf(at, "create it in the schema "+pg.Quote(o.Column.Schema), "%s is not in the schema of the table whose column owns it", o.Sequence)
			}
		}
	}
}

type checker struct {
	*reader
	indexes map[schema.ID][]*pg.Index
	keys    map[schema.ID][]*pg.Constraint
}

func (c *checker) errorf(id schema.ID, hint, format string, args ...any) {
	e := parser.Source{}.Errorf(0, hint, format, args...)
	e.Pos = c.catalog.Origin[id]
	c.errs = append(c.errs, e)
}

// columns reports those that do not exist. What columns a view has is not
// known here, nor those of a table that the text only amends.
func (c *checker) columns(user schema.ID, columns ...schema.ID) {
	for _, id := range columns {
		table := schema.ID{Kind: pg.KindTable, Schema: id.Schema, Name: id.Parent}
		if !c.catalog.Has(table) || c.catalog.Origin[table].IsZero() || c.hasColumn(table, id.Name) || systemColumn(id.Name) {
			continue
		}
		c.errorf(user, c.suggestColumn(table, id.Name), "%s: column %s does not exist in %s", user, pg.Quote(id.Name), table)
	}
}

func systemColumn(name string) bool {
	return slices.Contains([]string{"tableoid", "ctid", "xmin", "xmax", "cmin", "cmax"}, name)
}

func (c *checker) suggestColumn(table schema.ID, name string) string {
	for _, col := range c.allColumns(table) {
		if strings.EqualFold(col.Name, name) || distance(col.Name, name) <= 2 && len(name) > 3 {
			return "did you mean " + pg.Quote(col.Name) + "?"
		}
	}
	return ""
}

func (c *checker) keyColumns(user, table schema.ID, keys []pg.IndexKey) {
	for _, k := range keys {
		if !k.Column.IsZero() {
			c.columns(user, k.Column)
		}
	}
}

func (c *checker) table(t *pg.Table) {
	if t.PartitionBy != nil {
		c.keyColumns(t.ID(), t.ID(), t.PartitionBy.Keys)
	}
}

// column drops a storage that is the type's own anyway.
func (c *checker) column(o *pg.Column) {
	if o.Storage != "" && o.Storage == c.typeStorage(o.Type) {
		o.Storage = ""
	}
}

// typeStorage is pg_type.typstorage in words, or "" if it is not known.
func (c *checker) typeStorage(t pg.Type) string {
	if t.Array {
		return "extended"
	}
	switch o := c.catalog.Object(t.Ref).(type) {
	case *pg.Domain:
		return c.typeStorage(o.Type)
	case *pg.Enum:
		return "plain"
	case *pg.Composite, *pg.Table, *pg.Range:
		return "extended"
	}
	name, _, _ := strings.Cut(t.Name, "(")
	switch strings.TrimSpace(name) {
	case "numeric", "inet", "cidr":
		return "main"
	case "text", "character varying", "character", "bpchar", "bytea", "json", "jsonb", "xml", "bit", "bit varying", "tsvector",
		"path", "polygon", "refcursor", "jsonpath", "int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange",
		"int4multirange", "int8multirange", "nummultirange", "datemultirange", "tsmultirange", "tstzmultirange":
		return "extended"
	case "smallint", "integer", "bigint", "real", "double precision", "boolean", "date", "time", "timestamp", "interval", "uuid", "oid",
		"time without time zone", "time with time zone", "timestamp without time zone", "timestamp with time zone",
		"money", "point", "line", "lseg", "box", "circle", "macaddr", "macaddr8", "tsquery", "pg_lsn", "name", `"char"`:
		return "plain"
	}
	return ""
}

// nullConstant tells whether a text is NULL, perhaps cast to a type without
// modifiers.
func nullConstant(text string) bool {
	s := scanner{text: text}
	if t := s.next(); !t.is(text, "null") {
		return false
	}
	for t := s.next(); t.kind != tokenEnd; t = s.next() {
		switch {
		case t.kind == tokenWord, t.kind == tokenQuoted, t.is(text, "."), t.is(text, ":"), t.is(text, "["), t.is(text, "]"):
		default:
			return false
		}
	}
	return true
}

func (c *checker) constraint(o *pg.Constraint) {
	c.columns(o.ID(), o.Columns...)
	c.columns(o.ID(), o.Include...)
	c.columns(o.ID(), o.SetColumns...)
	for _, e := range o.Elements {
		c.keyColumns(o.ID(), o.Table, []pg.IndexKey{e.IndexKey})
	}
	if o.Type == pg.ForeignKey {
		c.foreignKey(o)
	}
}

// foreignKey completes what it refers to: the primary key if no columns are
// given, and the key that it relies on.
func (c *checker) foreignKey(o *pg.Constraint) {
	for i := range o.RefColumns { // the name of the table may have been open
		o.RefColumns[i].Schema, o.RefColumns[i].Parent = o.RefTable.Schema, o.RefTable.Name
	}
	table, ok := schema.Lookup[*pg.Table](c.catalog, o.RefTable)
	if !ok {
		if o.RefTable.Kind != pg.KindTable {
			c.errorf(o.ID(), "", "%s: %s is not a table", o.ID(), o.RefTable)
		}
		return
	}
	given := len(o.RefColumns) > 0
	c.columns(o.ID(), o.RefColumns...)
	if !given {
		key := c.primaryKey(table)
		if key == nil {
			c.errorf(o.ID(), "name the columns, or give that table a primary key", "%s: there is no primary key for referenced %s", o.ID(), o.RefTable)
			return
		}
		for _, k := range key.Columns {
			o.RefColumns = append(o.RefColumns, pg.ColumnID(o.RefTable, k.Name))
		}
	}
	if len(o.RefColumns) != len(o.Columns) {
		c.errorf(o.ID(), "", "%s: number of referencing and referenced columns for foreign key disagree", o.ID())
		return
	}
	if o.RefKey = c.uniqueKey(table, o.RefColumns); o.RefKey.IsZero() {
		var names []string
		for _, k := range o.RefColumns {
			names = append(names, pg.Quote(k.Name))
		}
		c.errorf(o.ID(), "add a primary key or unique constraint on those columns",
			"%s: there is no unique constraint matching given keys for referenced %s (%s)", o.ID(), o.RefTable, strings.Join(names, ", "))
	}
}

// primaryKey is a table's, or the one that it has as a partition.
func (c *checker) primaryKey(t *pg.Table) *pg.Constraint {
	for _, k := range c.keys[t.ID()] {
		if k.Type == pg.PrimaryKey {
			return k
		}
	}
	if p, ok := schema.Lookup[*pg.Table](c.catalog, t.PartitionOf); ok {
		return c.primaryKey(p)
	}
	return nil
}

// uniqueKey is the constraint or index that makes these columns unique, in any
// order; as for a partition, its parent's.
func (c *checker) uniqueKey(t *pg.Table, columns []schema.ID) schema.ID {
	want := bareNames(columns)
	slices.Sort(want)
	for _, k := range c.keys[t.ID()] {
		if k.Type != pg.PrimaryKey && k.Type != pg.Unique {
			continue
		}
		have := bareNames(k.Columns)
		if slices.Sort(have); slices.Equal(have, want) {
			return k.ID()
		}
	}
	for _, i := range c.indexes[t.ID()] {
		if !i.Unique || !i.Predicate.IsZero() || len(i.Keys) != len(want) {
			continue
		}
		var have []string
		for _, k := range i.Keys {
			have = append(have, k.Column.Name)
		}
		if slices.Sort(have); slices.Equal(have, want) {
			return i.ID()
		}
	}
	if p, ok := schema.Lookup[*pg.Table](c.catalog, t.PartitionOf); ok {
		return c.uniqueKey(p, columns)
	}
	return schema.ID{}
}

// bareNames are the names of IDs.
func bareNames(ids []schema.ID) []string {
	var out []string
	for _, id := range ids {
		out = append(out, id.Name)
	}
	return out
}
