package pgparse

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// implied makes explicit what the server does unasked: the columns of a
// primary key and identity columns are NOT NULL.
func implied(c *schema.Catalog) {
	notNull := func(id schema.ID) {
		if col, ok := schema.Lookup[*pg.Column](c, id); ok {
			col.NotNull = true
		}
	}
	for o := range c.All() {
		switch o := o.(type) {
		case *pg.Constraint:
			if o.Type == pg.PrimaryKey {
				for _, id := range o.Columns {
					notNull(id)
				}
			}
		case *pg.Column:
			if o.Identity != nil {
				o.NotNull = true
			}
		}
	}
}
