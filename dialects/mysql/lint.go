package mysql

import (
	"fmt"
	"math"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lint"
	"github.com/trueup-sql/trueup/schema/my"
)

var _ dialect.Linter = (*bound)(nil)

// Facts tells package lint what a catalog holds.
func (b *bound) Facts(c *schema.Catalog) *lint.Facts {
	f := &lint.Facts{Dialect: map[string]string{"mariadb": "MariaDB", "tidb": "TiDB"}[b.target.Flavor]}
	if f.Dialect == "" {
		f.Dialect = "MySQL"
	}
	tables := map[schema.ID]*lint.Table{}
	for t := range schema.Each[*my.Table](c) {
		x := &lint.Table{ID: t.Self, Name: t.Self.Name, Storage: badEngines[t.Engine], Charset: badCharsets[t.Charset]}
		tables[x.ID] = x
		f.Tables = append(f.Tables, x)
	}
	for o := range c.All() {
		switch o := o.(type) {
		case *my.Column:
			if t := tables[o.Table()]; t != nil {
				t.Columns = append(t.Columns, lintColumn(o, t))
			}
		case *my.Index:
			if t := tables[o.Table()]; t != nil {
				t.Indexes = append(t.Indexes, lintIndex(o))
			}
		case *my.ForeignKey:
			if t := tables[o.Table()]; t != nil {
				t.ForeignKeys = append(t.ForeignKeys, &lint.ForeignKey{ID: o.Self, Columns: o.Columns, RefTable: o.RefTable, RefColumns: o.RefColumns})
			}
		}
		f.Names = append(f.Names, b.lintNames(o)...)
	}
	return f
}

var badEngines = map[string]lint.Advice{
	"MyISAM": {Severity: lint.Warning, Reason: "MyISAM has no transactions and no foreign keys, and a crash damages it", Instead: "ENGINE=InnoDB"},
	"Aria":   {Severity: lint.Warning, Reason: "Aria has no transactions and no foreign keys", Instead: "ENGINE=InnoDB"},
	"MEMORY": {Severity: lint.Note, Reason: "a MEMORY table is empty after a restart"},
}

var badCharsets = map[string]lint.Advice{
	"utf8mb3": {Severity: lint.Warning, Reason: "utf8mb3 holds no characters of four bytes, and is deprecated", Instead: "utf8mb4"},
	"ucs2":    {Severity: lint.Warning, Reason: "ucs2 holds no characters beyond the basic plane, and is deprecated", Instead: "utf8mb4"},
}

func lintColumn(o *my.Column, t *lint.Table) *lint.Column {
	c := &lint.Column{ID: o.Self, Name: o.Self.Name, Type: o.Type.String(), Concern: badType(o.Type), Charset: badCharsets[o.Charset]}
	if c.Charset == t.Charset { // was said of the table
		c.Charset = lint.Advice{}
	}
	c.Match = o.Type.Name
	switch {
	case o.Type.IsInteger(): // whose width is nothing but its display's
		c.Type = my.Type{Name: o.Type.Name, Unsigned: o.Type.Unsigned}.String()
		if o.Type.Unsigned {
			c.Match += " unsigned"
		}
	case o.Type.HasCharset():
		c.Match = "characters " + o.Charset + " " + o.Collation // the lengths may differ
	}
	if o.AutoIncrement {
		c.Counter = largest(o.Type)
	}
	return c
}

// largest is the largest number of an integer type.
func largest(t my.Type) uint64 {
	bits := map[string]int{"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64}[t.Name]
	switch {
	case bits == 0:
		return 0
	case !t.Unsigned:
		bits--
	case bits == 64:
		return math.MaxUint64
	}
	return 1<<bits - 1
}

func badType(t my.Type) lint.Advice {
	switch t.Name {
	case "float", "double":
		if len(t.Args) == 2 || t.Unsigned {
			return lint.Advice{Severity: lint.Warning, Reason: "digits and UNSIGNED of floating-point types are deprecated since MySQL 8.0.17", Instead: "decimal, or " + t.Name + " with a CHECK"}
		}
	case "decimal":
		if t.Unsigned {
			return lint.Advice{Severity: lint.Note, Reason: "UNSIGNED of decimal is deprecated since MySQL 8.0.17", Instead: "a CHECK"}
		}
	case "timestamp":
		return lint.Advice{Severity: lint.Note, Reason: "it ends in January 2038 (MariaDB 11.5 on 64 bits: 2106)", Instead: "datetime, in UTC"}
	case "set":
		return lint.Advice{Severity: lint.Note, Reason: "a list in a column can neither be indexed nor joined", Instead: "a table of its own"}
	}
	if t.Zerofill {
		return lint.Advice{Severity: lint.Warning, Reason: "ZEROFILL is deprecated since MySQL 8.0.17", Instead: "LPAD() where it is shown"}
	}
	return lint.Advice{}
}

func lintIndex(o *my.Index) *lint.Index {
	x := &lint.Index{ID: o.Self, Name: o.Self.Name, Primary: o.Type == my.Primary, Unique: o.IsUnique(), Constraint: o.Type == my.Primary,
		Implied: !o.ForForeignKey.IsZero(), Ordered: o.IsUnique() || o.Type == my.Plain, Method: string(o.Type)}
	if x.Ordered {
		x.Method = "BTREE"
		if o.Using == "HASH" {
			x.Method, x.Ordered = "HASH", false
		}
	}
	for _, p := range o.Parts {
		k := lint.Key{Column: p.Column, Text: p.Column.Name}
		if p.Column.IsZero() {
			k.Text = "(" + p.Expr.Canon + p.Expr.Text + ")"
		}
		if p.Length > 0 {
			k.Column, k.Text = schema.ID{}, fmt.Sprintf("%s(%d)", k.Text, p.Length)
		}
		if p.Desc {
			k.Text += " desc"
		}
		x.Keys = append(x.Keys, k)
	}
	return x
}

// lintNames are the names that an author chose for an object.
func (b *bound) lintNames(o schema.Object) []lint.Name {
	id := o.ID()
	sort := string(id.Kind)
	switch o := o.(type) {
	case *my.Index:
		if o.Unnamed.Is() || o.Type == my.Primary || !o.ForForeignKey.IsZero() {
			return nil
		}
		if o.Type == my.Unique {
			sort = "unique index"
		}
	case *my.ForeignKey:
		if o.Unnamed.Is() {
			return nil
		}
	case *my.Check:
		if o.Unnamed.Is() {
			return nil
		}
	case *my.Table, *my.Column, *my.View, *my.Trigger, *my.Routine, *my.Event, *my.Sequence:
	default:
		return nil
	}
	return []lint.Name{{ID: id, Text: id.Name, Sort: sort, Reserved: b.parserOptions().Reserved(id.Name)}}
}
