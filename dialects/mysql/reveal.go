package mysql

import (
	"context"
	"fmt"
	"slices"

	"github.com/trueup-sql/trueup/parser/myparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// untold are the attributes of an object that information_schema leaves out, as
// pointers to its fields.
func untold(o schema.Object) []*string {
	switch o := o.(type) {
	case *my.Table:
		return []*string{&o.DataDirectory, &o.IndexDirectory, &o.Tablespace, &o.EngineAttribute, &o.SecondaryEngineAttribute}
	case *my.Column:
		return []*string{&o.Format, &o.Storage, &o.EngineAttribute, &o.SecondaryEngineAttribute}
	case *my.Index:
		return []*string{&o.KeyBlockSize, &o.EngineAttribute, &o.SecondaryEngineAttribute}
	case *my.Partitioning:
		var out []*string
		for i := range o.Partitions {
			p := &o.Partitions[i]
			out = append(out, &p.DataDirectory, &p.IndexDirectory, &p.Tablespace, &p.MinRows, &p.MaxRows)
		}
		return out
	}
	return nil
}

// reveal asks SHOW CREATE TABLE for the tables of which the author says
// something that information_schema does not tell, and completes the current
// catalog. What nobody asks for stays unknown.
func (c *connection) reveal(ctx context.Context, q querier, current, desired *schema.Catalog) error {
	for _, table := range c.veiled(current, desired) {
		text := ""
		if err := each(ctx, q, "SHOW CREATE TABLE "+quote(table.Name), func(f row) { text = f[1].String }); err != nil {
			return err
		}
		if err := c.unveil(text, current); err != nil {
			return fmt.Errorf("table %s: %w", table.Name, err)
		}
	}
	return nil
}

// veiled are the current tables to ask about.
func (b *bound) veiled(current, desired *schema.Catalog) []schema.ID {
	var out []schema.ID
	for o := range desired.All() {
		want := untold(o)
		if want == nil {
			continue
		}
		is := current.Object(counterpart(current, desired, o.ID()))
		if is == nil {
			continue
		}
		table := is.ID()
		if table.Kind != my.KindTable {
			table = is.Owner()
		}
		have := untold(is)
		for i, w := range want {
			if *w != "" && (len(have) != len(want) || *have[i] != *w) && !slices.Contains(out, table) {
				out = append(out, table)
			}
		}
	}
	return out
}

// unveil takes what SHOW CREATE TABLE printed into the catalog.
func (b *bound) unveil(text string, current *schema.Catalog) error {
	o := b.parserOptions()
	o.Relaxed = true
	objects, err := myparse.ShowCreateTable(text, o)
	if err != nil {
		return err
	}
	shown := schema.NewCatalog()
	for _, x := range objects {
		shown.Put(x)
	}
	if err := b.Normalize(shown); err != nil {
		return err
	}
	for x := range shown.All() {
		if p, ok := x.(*my.Partitioning); ok {
			current.Put(p) // HASH partitions are listed only if something is said of one
			continue
		}
		is := current.Object(x.ID())
		if is == nil {
			continue
		}
		to := untold(is)
		for i, from := range untold(x) {
			*to[i] = *from
		}
		if c, ok := is.(*my.Column); ok {
			c.Options = x.(*my.Column).Options
		}
	}
	return nil
}
