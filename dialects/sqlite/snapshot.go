package sqlite

import (
	"fmt"
	"slices"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser/liteparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

var _ dialect.Builder = (*bound)(nil)

// New makes an empty object of a kind, for reading snapshots.
func (b *bound) New(kind schema.Kind) schema.Object { return lite.New(kind) }

// bare tells whether an object has an expression without its canonical form.
func bare(o schema.Object) bool {
	lacks := func(list ...schema.Expr) bool {
		return slices.ContainsFunc(list, func(e schema.Expr) bool { return e.Text != "" && e.Canon == "" })
	}
	switch o := o.(type) {
	case *lite.Column:
		return lacks(o.Default, o.Generated)
	case *lite.Constraint:
		return lacks(o.Expression)
	case *lite.Index:
		return lacks(o.Where) || lacks(o.Terms...)
	case *lite.View:
		return lacks(o.Query)
	case *lite.Trigger:
		return lacks(o.Definition)
	case *lite.VirtualTable:
		return lacks(o.Definition)
	}
	return false
}

// reread takes the texts that a snapshot's objects hold apart again, as those in
// sqlite_schema are.
func reread(c *schema.Catalog) error {
	r := &reading{kind: map[string]string{}, relations: map[string]schema.ID{}, tables: map[string]*liteparse.TableText{}, catalog: schema.NewCatalog()}
	for o := range c.All() {
		x := entry{table: o.ID().Name}
		switch o := o.(type) {
		case *lite.Table:
			x.typ, x.name, x.text = "table", o.Name, o.SQL
			r.kind[o.Self.Name] = "table"
			t, err := liteparse.Table(o.SQL)
			if err != nil {
				return fmt.Errorf("%s: %w: %s", o.Self, err, o.SQL)
			}
			r.tables[o.Self.Name] = t
		case *lite.VirtualTable:
			x.typ, x.name, x.text = "table", o.Name, o.SQL
			r.kind[o.Self.Name] = "virtual"
		case *lite.View:
			x.typ, x.name, x.text = "view", o.Name, o.SQL
			r.kind[o.Self.Name] = "view"
		case *lite.Index:
			x.typ, x.name, x.table, x.text = "index", o.Name, o.Table.Name, o.SQL
		case *lite.Trigger:
			x.typ, x.name, x.table, x.text = "trigger", o.Name, o.On.Name, o.SQL
		default:
			continue
		}
		r.entries = append(r.entries, x)
	}
	if err := r.assemble(); err != nil {
		return err
	}
	for o := range r.catalog.All() {
		c.Put(o)
	}
	return nil
}
