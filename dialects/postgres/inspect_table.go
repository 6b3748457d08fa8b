package postgres

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// partitionKey is a row of pg_partitioned_table.
type partitionKey struct {
	strategy   byte
	columns    []int // 0 for an expression
	classes    []int
	collations []string
	exprs      []string
}

var strategies = map[byte]string{'r': "range", 'l': "list", 'h': "hash"}

// finishTables makes what needs all relations to be known: columns, parents,
// partition keys.
func (in *inspection) finishTables() {
	for _, rel := range in.ordered {
		switch o := rel.object.(type) {
		case *pg.Table:
			in.finishTable(rel.oid, rel, o)
		case *pg.Composite:
			for _, a := range rel.columns {
				if a != nil {
					o.Attributes = append(o.Attributes, pg.Attribute{Name: a.name, Type: a.typ, Collation: a.collation})
				}
			}
		case *pg.View:
			o.Columns = viewColumns(rel)
			for _, a := range rel.columns {
				if a != nil && a.expr != "" {
					o.Defaults = append(o.Defaults, pg.ViewDefault{Column: a.name, Value: schema.Expr{Text: a.expr}})
				}
			}
		case *pg.MaterializedView:
			o.Columns = viewColumns(rel)
		}
	}
}

func viewColumns(rel *relation) []pg.ViewColumn {
	var out []pg.ViewColumn
	for _, a := range rel.columns {
		if a != nil {
			out = append(out, pg.ViewColumn{Name: a.name, Type: a.typ})
		}
	}
	return out
}

func (in *inspection) finishTable(id oid, rel *relation, t *pg.Table) {
	for _, p := range in.inherits[id] {
		if parent := in.relations[p]; parent != nil && rel.isPart {
			t.PartitionOf = parent.id
		} else if parent != nil {
			t.Inherits = append(t.Inherits, parent.id)
		}
	}
	if of := in.types[rel.ofType]; of != nil && rel.ofType != 0 {
		t.OfType = of.ref
	}
	if key := in.keys[id]; key != nil {
		t.PartitionBy = &pg.PartitionKey{Strategy: strategies[key.strategy], Keys: in.partitionKeys(id, key)}
	}
	for i, a := range rel.columns {
		if a != nil {
			in.finishColumn(id, rel, i+1, in.from(rel, a))
		}
	}
}

// named is the column of that name, in a list.
func (rel *relation) named(name string) []*attribute {
	for _, c := range rel.columns {
		if c != nil && c.name == name {
			return []*attribute{c}
		}
	}
	return nil
}

func (in *inspection) finishColumn(id oid, rel *relation, number int, from []*attribute) {
	a := rel.columns[number-1]
	var c *pg.Column
	if len(from) > 0 {
		c = a.inherit(rel.id, number, from)
	} else {
		c = a.own(rel.id, number)
	}
	if c != nil {
		if a.identity != 0 && len(from) == 0 {
			c.Identity = in.identity(id, number, a.identity)
		}
		in.add(c, rel.id)
	}
	inheritedDefault := ""
	for _, p := range in.sources(rel, a) {
		if p.generated == 0 && p.expr != "" {
			inheritedDefault = p.expr
		}
	}
	if a.generated != 0 || a.expr == inheritedDefault {
		return
	}
	value := a.expr
	if value == "" { // the child dropped the default that it inherited
		value = "NULL"
	}
	in.add(&pg.Default{Column: pg.ColumnID(rel.id, a.name), Value: schema.Expr{Text: value}}, rel.id)
}

// partitionKeys makes the keys of PARTITION BY.
func (in *inspection) partitionKeys(table oid, key *partitionKey) []pg.IndexKey {
	out := make([]pg.IndexKey, len(key.columns))
	expr := 0
	for i, number := range key.columns {
		k := &out[i]
		own := ""
		if number > 0 {
			k.Column = in.column(table, number)
			own = in.collationOf(table, number)
		} else if expr < len(key.exprs) {
			k.Expr = schema.Expr{Text: key.exprs[expr]}
			own = defaultCollation
			expr++
		}
		if c := key.collations[i]; c != "" && c != own {
			k.Collation = c
		}
		if o := in.opclasses[oid(key.classes[i])]; !o.isDefault {
			k.OpClass = o.name
		}
	}
	return out
}

// defaultCollation is how regcollation prints pg_catalog.default.
const defaultCollation = `"default"`

// collationOf is the collation of a column as regcollation prints it.
func (in *inspection) collationOf(table oid, number int) string {
	if rel := in.relations[table]; rel != nil && number <= len(rel.columns) && rel.columns[number-1] != nil {
		if a := rel.columns[number-1]; a.collation != "" {
			return a.collation
		}
	}
	return defaultCollation
}

// splitList splits what pg_get_expr prints for a list of expressions at the
// commas that are neither quoted nor in brackets.
func splitList(list string) []string {
	if list == "" {
		return nil
	}
	var out []string
	start, depth := 0, 0
	for i := 0; i < len(list); i++ {
		switch list[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case '"', '\'':
			i = skipQuoted(list, i)
		case ',':
			if depth == 0 {
				out = append(out, strings.TrimSpace(list[start:i]))
				start = i + 1
			}
		}
	}
	return append(out, strings.TrimSpace(list[start:]))
}

// skipQuoted is the place of the quote that ends what begins at start. A
// doubled quote looks like an end and a new beginning, which does no harm.
func skipQuoted(text string, start int) int {
	quote := text[start]
	escapes := quote == '\'' && start > 0 && (text[start-1] == 'E' || text[start-1] == 'e')
	for i := start + 1; i < len(text); i++ {
		switch {
		case text[i] == quote:
			return i
		case escapes && text[i] == '\\':
			i++
		}
	}
	return len(text)
}
