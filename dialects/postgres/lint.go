package postgres

import (
	"math"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lint"
	"github.com/trueup-sql/trueup/schema/pg"
)

var _ dialect.Linter = (*bound)(nil)

// Facts tells package lint what a catalog holds.
func (b *bound) Facts(c *schema.Catalog) *lint.Facts {
	f := &lint.Facts{Dialect: "PostgreSQL"}
	tables := map[schema.ID]*lint.Table{}
	for t := range schema.Each[*pg.Table](c) {
		x := &lint.Table{ID: t.ID(), Name: t.Name}
		switch {
		case !t.PartitionOf.IsZero():
			x.Keyless = "a partition has its parent's"
		case len(t.Inherits) > 0:
			x.Keyless = "what it inherits is not known here"
		}
		if t.Unlogged {
			x.Storage = lint.Advice{Severity: lint.Note, Reason: "an unlogged table is empty after a crash, and on every standby"}
		}
		tables[x.ID] = x
		f.Tables = append(f.Tables, x)
	}
	numbered := map[schema.ID]bool{}
	for o := range schema.Each[*pg.SequenceOwner](c) {
		numbered[o.Column] = true
	}
	for o := range c.All() {
		switch o := o.(type) {
		case *pg.Column:
			if t := tables[o.Table]; t != nil {
				t.Columns = append(t.Columns, lintColumn(o, numbered[o.ID()]))
			}
		case *pg.Index:
			if t := tables[o.Table]; t != nil {
				t.Indexes = append(t.Indexes, lintIndex(o))
			}
		case *pg.Constraint:
			if t := tables[o.Table]; t != nil {
				lintConstraint(t, o)
			}
		}
		f.Names = append(f.Names, lintNames(o)...)
	}
	return f
}

// badTypes are what the manual itself, or its community's list of things not to
// do, advises against.
var badTypes = map[string]lint.Advice{
	"money":                       {Severity: lint.Warning, Reason: "its value depends on the setting lc_monetary", Instead: "numeric"},
	"character":                   {Severity: lint.Warning, Reason: "it pads values with spaces, which comparisons then ignore", Instead: "text, or character varying with a limit"},
	"time with time zone":         {Severity: lint.Warning, Reason: "an offset without a date has no meaning", Instead: "timestamp with time zone, or time"},
	"timestamp without time zone": {Severity: lint.Note, Reason: "it is no point in time: what it means depends on who reads it", Instead: "timestamp with time zone"},
	"json":                        {Severity: lint.Note, Reason: "it has no equality and no index, and keeps duplicate keys", Instead: "jsonb"},
	`"char"`:                      {Severity: lint.Warning, Reason: "it is one byte, for the system's own tables", Instead: "text"},
	"name":                        {Severity: lint.Warning, Reason: "it is cut at 63 bytes, for the system's own tables", Instead: "text"},
	"xid":                         {Severity: lint.Warning, Reason: "it wraps around", Instead: "xid8 or bigint"},
	"oid":                         {Severity: lint.Note, Reason: "it has four bytes, for the system's own tables", Instead: "bigint"},
}

func lintColumn(o *pg.Column, numbered bool) *lint.Column {
	base, _ := baseType(o.Type.Name)
	c := &lint.Column{ID: o.ID(), Name: o.Name, Type: o.Type.Name, Match: base}
	switch {
	case !o.Type.Ref.IsZero():
		c.Type, c.Match = o.Type.Ref.Name, o.Type.Ref.Path()
	case base == "character varying": // needs no conversion to text
		c.Match = "text"
	}
	if o.Type.Array {
		c.Type += "[]"
		c.Match += "[]"
	} else if o.Type.Ref.IsZero() {
		c.Concern = badTypes[base]
	}
	if numbered || o.Identity != nil {
		switch base {
		case "smallint":
			c.Counter = math.MaxInt16
		case "integer":
			c.Counter = math.MaxInt32
		case "bigint":
			c.Counter = math.MaxInt64
		}
	}
	return c
}

func lintIndex(o *pg.Index) *lint.Index {
	x := &lint.Index{ID: o.ID(), Unique: o.Unique, Ordered: o.Method == "btree", Method: o.Method, Include: o.Include, Where: key(o.Predicate)}
	if !o.Unnamed {
		x.Name = o.Name
	}
	if o.NullsNotDistinct {
		x.Method += " nulls not distinct"
	}
	for _, k := range o.Keys {
		x.Keys = append(x.Keys, lintKey(k))
	}
	return x
}

// key is what an expression is compared by.
func key(e schema.Expr) string {
	if e.Canon != "" {
		return e.Canon
	}
	return e.Text
}

func lintKey(k pg.IndexKey) lint.Key {
	text := k.Column.Name
	if k.Column.IsZero() {
		text = "(" + key(k.Expr) + ")"
	}
	for _, more := range []string{k.Collation, k.OpClass} {
		text += "/" + more
	}
	for _, o := range k.OpClassOptions {
		text += "/" + o.Name + "=" + o.Value
	}
	if k.Desc {
		text += " desc"
	}
	if k.NullsFirst != k.Desc {
		text += " nulls"
	}
	return lint.Key{Column: k.Column, Text: text}
}

func lintConstraint(t *lint.Table, o *pg.Constraint) {
	name := o.Name
	if o.Unnamed {
		name = ""
	}
	switch o.Type {
	case pg.PrimaryKey, pg.Unique:
		x := &lint.Index{ID: o.ID(), Name: name, Primary: o.Type == pg.PrimaryKey, Unique: true, Constraint: true, Ordered: true, Method: "btree", Include: o.Include}
		if o.NullsNotDistinct {
			x.Method += " nulls not distinct"
		}
		if o.WithoutOverlaps {
			x.Method, x.Ordered = "gist", false
		}
		for _, id := range o.Columns {
			x.Keys = append(x.Keys, lintKey(pg.IndexKey{Column: id}))
		}
		t.Indexes = append(t.Indexes, x)
	case pg.ForeignKey:
		t.ForeignKeys = append(t.ForeignKeys, &lint.ForeignKey{ID: o.ID(), Name: name, Columns: o.Columns, RefTable: o.RefTable, RefColumns: o.RefColumns})
	}
}

// lintNames are the names that an author chose for an object.
func lintNames(o schema.Object) []lint.Name {
	id := o.ID()
	sort := string(id.Kind)
	switch o := o.(type) {
	case *pg.Constraint:
		if o.Unnamed || o.Type == pg.NotNull {
			return nil
		}
		sort = string(o.Type)
	case *pg.Index:
		if o.Unnamed {
			return nil
		}
		if o.Unique {
			sort = "unique index"
		}
	case *pg.Enum, *pg.Composite, *pg.Range:
		sort = "type"
	case *pg.Column:
		if o.Inherited {
			return nil
		}
	case *pg.Table, *pg.View, *pg.MaterializedView, *pg.Sequence, *pg.Domain, *pg.Function, *pg.Aggregate, *pg.Trigger, *pg.Policy, *pg.Namespace:
	default:
		return nil
	}
	return []lint.Name{{ID: id, Text: id.Name, Sort: sort, Reserved: keywords[id.Name], Quoted: pg.Quote(id.Name) != id.Name}}
}
