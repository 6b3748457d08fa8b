package mysql

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// rowIDName is the column of a generated invisible primary key: the server adds
// it, in front of all others, to tables that are created without a primary key
// while sql_generate_invisible_primary_key is on (MySQL 8.0.30).
const rowIDName = "my_row_id"

// isRowID tells whether a column is one that the server could have added.
func isRowID(c *my.Column) bool {
	return c.Self.Name == rowIDName && c.Type.Name == "bigint" && c.Type.Unsigned && c.AutoIncrement && c.Invisible && c.NotNull && c.Comment == ""
}

// keepRowIDs gives a desired table without a primary key the generated one that
// it has. An author who leaves the key to the server does not ask for its removal.
func (b *bound) keepRowIDs(current, desired *schema.Catalog) {
	if !b.rowIDs {
		return
	}
	for t := range schema.Each[*my.Table](desired) {
		old := oldTable(current, desired, t.Self)
		c, ok := schema.Lookup[*my.Column](current, my.ColumnID(old, rowIDName))
		if !ok || !isRowID(c) {
			continue
		}
		primary := my.Part(old, my.KindIndex, my.PrimaryName)
		x, ok := schema.Lookup[*my.Index](current, primary)
		if !ok || len(x.Parts) != 1 || x.Parts[0].Column != c.Self {
			continue
		}
		if desired.Has(my.ColumnID(t.Self, rowIDName)) || desired.Has(my.Part(t.Self, my.KindIndex, my.PrimaryName)) {
			continue
		}
		move := func(id schema.ID) schema.ID {
			if id == old {
				return t.Self
			}
			if id.Parent == old.Name && id.Schema == old.Schema {
				id.Parent = t.Self.Name
			}
			return id
		}
		id := schema.Rewrite(schema.Clone(c), move)
		id.Ordinal = my.Ordinal{} // before the first
		desired.Put(id)
		desired.Put(schema.Rewrite(schema.Clone(x), move))
	}
}
