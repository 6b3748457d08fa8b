package mysql

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// linkForeignKeys finds the index on which each foreign key relies in the table
// that it refers to.
func linkForeignKeys(c *schema.Catalog) {
	indexes := map[schema.ID][]*my.Index{}
	for k := range schema.Each[*my.ForeignKey](c) {
		indexes[k.RefTable] = nil
	}
	if len(indexes) == 0 {
		return
	}
	for x := range schema.Each[*my.Index](c) {
		if all, ok := indexes[x.Table()]; ok {
			indexes[x.Table()] = append(all, x)
		}
	}
	for k := range schema.Each[*my.ForeignKey](c) {
		k.RefIndex = schema.ID{}
		if x := firstServing(indexes[k.RefTable], k.RefColumns, nil); x != nil {
			k.RefIndex = x.Self
		}
	}
}

// firstServing is the first index that serves a foreign key on these columns,
// one that is preferred if there is any.
func firstServing(all []*my.Index, columns []schema.ID, preferred func(*my.Index) bool) *my.Index {
	var found *my.Index
	for _, x := range all {
		if !serves(x, columns) {
			continue
		}
		if preferred == nil || preferred(x) {
			return x
		}
		if found == nil {
			found = x
		}
	}
	return found
}

// serves tells whether an index begins with the whole of these columns.
func serves(x *my.Index, columns []schema.ID) bool {
	if x.Type == my.Fulltext || x.Type == my.Spatial || x.Type == my.Vector || len(x.Parts) < len(columns) {
		return false
	}
	for i, c := range columns {
		if x.Parts[i].Column != c || x.Parts[i].Length > 0 {
			return false
		}
	}
	return true
}

// relink lets unchanged foreign keys rely on indexes that stay as they are. One
// whose index is replaced under the same name relies on none: the server takes
// that if it happens in one statement.
func relink(current, desired *schema.Catalog) {
	before, after := indexesOf(current), indexesOf(desired)
	stays := func(other *schema.Catalog) func(*my.Index) bool {
		return func(x *my.Index) bool {
			o := other.Object(x.Self)
			return o != nil && schema.Equal(o, x)
		}
	}
	for k := range schema.Each[*my.ForeignKey](desired) {
		if x := firstServing(after[k.RefTable], k.RefColumns, stays(current)); x != nil {
			k.RefIndex = x.Self
		}
	}
	for k := range schema.Each[*my.ForeignKey](current) {
		x := firstServing(before[k.RefTable], k.RefColumns, stays(desired))
		if x == nil {
			continue
		}
		k.RefIndex = x.Self
		if next, ok := schema.Lookup[*my.Index](desired, x.Self); ok && !schema.Equal(next, x) && serves(next, k.RefColumns) {
			k.RefIndex = schema.ID{}
		}
	}
}

func indexesOf(c *schema.Catalog) map[schema.ID][]*my.Index {
	m := map[schema.ID][]*my.Index{}
	for x := range schema.Each[*my.Index](c) {
		m[x.Table()] = append(m[x.Table()], x)
	}
	return m
}

// columnsOf are the columns of each table, in their order.
func columnsOf(c *schema.Catalog) map[schema.ID][]*my.Column {
	m := map[schema.ID][]*my.Column{}
	for x := range schema.Each[*my.Column](c) {
		m[x.Table()] = append(m[x.Table()], x)
	}
	for _, list := range m {
		slices.SortStableFunc(list, func(a, b *my.Column) int { return a.Ordinal.Int() - b.Ordinal.Int() })
	}
	return m
}
