package planner_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// A toy dialect with the shapes that real ones have: wholes with parts, parts
// that refer to other wholes (foreign keys, in circles too), views on columns
// and on views, views that let go of what they were made of, functions that
// name things only late, comments on anything.

type table struct{ Name string }

func (t *table) ID() schema.ID      { return schema.ID{Kind: "table", Name: t.Name} }
func (t *table) Owner() schema.ID   { return schema.ID{} }
func (t *table) Refs() []schema.Ref { return nil }
func (t *table) Claims() []string   { return []string{t.Name} }

type column struct {
	Table schema.ID
	Name  string
	Type  int // 0..2; 0 and 1 are of one family
}

func (c *column) ID() schema.ID {
	return schema.ID{Kind: "column", Parent: c.Table.Name, Name: c.Name}
}
func (c *column) Owner() schema.ID   { return c.Table }
func (c *column) Refs() []schema.Ref { return schema.Refer(nil, schema.Exist, c.Table) }

type foreignKey struct {
	Table  schema.ID
	Name   string
	Column schema.ID
	To     schema.ID // column
	Target schema.ID
}

func (f *foreignKey) ID() schema.ID {
	return schema.ID{Kind: "fk", Parent: f.Table.Name, Name: f.Name}
}
func (f *foreignKey) Owner() schema.ID { return f.Table }
func (f *foreignKey) Refs() []schema.Ref {
	return schema.Refer(schema.Refer(nil, schema.Exist, f.Table, f.Target), schema.Steady, f.Column, f.To)
}

type view struct {
	Name    string
	Columns []schema.ID
	Views   []schema.ID
	Options int
}

func (v *view) ID() schema.ID    { return schema.ID{Kind: "view", Name: v.Name} }
func (v *view) Owner() schema.ID { return schema.ID{} }
func (v *view) Refs() []schema.Ref {
	return schema.Refer(schema.Refer(nil, schema.Fixed, v.Columns...), schema.Exist, v.Views...)
}
func (v *view) Claims() []string { return []string{v.Name} }

type function struct {
	Name string
	Uses []schema.ID
}

func (f *function) ID() schema.ID      { return schema.ID{Kind: "function", Name: f.Name} }
func (f *function) Owner() schema.ID   { return schema.ID{} }
func (f *function) Refs() []schema.Ref { return schema.Refer(nil, schema.Late, f.Uses...) }

// loose is a view in the manner of MySQL's.
type loose struct {
	Name string
	From []schema.ID
}

func (l *loose) ID() schema.ID      { return schema.ID{Kind: "loose", Name: l.Name} }
func (l *loose) Owner() schema.ID   { return schema.ID{} }
func (l *loose) Refs() []schema.Ref { return schema.Refer(nil, schema.Once, l.From...) }

type comment struct {
	On   schema.ID
	Text string
}

func (c *comment) ID() schema.ID {
	return schema.ID{Kind: "comment", Parent: c.On.Parent, Name: c.On.Name, Args: string(c.On.Kind)}
}
func (c *comment) Owner() schema.ID   { return c.On }
func (c *comment) Refs() []schema.Ref { return schema.Refer(nil, schema.Exist, c.On) }

type toy struct{}

func (toy) Compare(old, new schema.Object) (planner.Verdict, error) {
	switch o := old.(type) {
	case *column:
		if n := new.(*column); max(o.Type, n.Type) == 2 {
			return planner.Verdict{Disturbs: schema.Steady}, nil
		}
		return planner.Verdict{Disturbs: schema.Fixed}, nil
	case *view:
		n := new.(*view)
		same := slices.Equal(o.Columns, n.Columns) && slices.Equal(o.Views, n.Views)
		return planner.Verdict{Replace: !same}, nil
	case *foreignKey:
		return planner.Verdict{Replace: true}, nil
	}
	return planner.Verdict{}, nil
}

func (toy) Renamed(o schema.Object, from, to schema.ID) schema.Object {
	o = schema.Clone(o)
	switch x := o.(type) {
	case *table:
		if x.ID() == from {
			x.Name = to.Name
		}
	case *column:
		if x.ID() == from {
			x.Name = to.Name
		}
	case *view:
		if x.ID() == from {
			x.Name = to.Name
		}
	}
	return schema.Rewrite(o, func(id schema.ID) schema.ID {
		switch {
		case id == from:
			return to
		case from.Parent == "" && id.Parent == from.Name && id.Parent != "":
			id.Parent = to.Name
		}
		return id
	})
}

func (toy) Weight(o schema.Object) planner.Weight {
	switch o.(type) {
	case *table, *column:
		return planner.Data
	case *comment:
		return planner.Attribute
	}
	return planner.Definition
}

func (toy) Whole(o schema.Object) schema.ID {
	switch x := o.(type) {
	case *table:
		return x.ID()
	case *column:
		return x.Table
	case *foreignKey:
		return x.Table
	}
	return schema.ID{}
}

// randomCatalog draws a catalog in which every reference has its target.
func randomCatalog(t *rapid.T, label string) *schema.Catalog {
	c := schema.NewCatalog()
	n := func(name string, most int) int { return rapid.IntRange(0, most).Draw(t, label+name) }
	var columns, wholes []schema.ID
	for i := range 4 {
		if n("table", 3) == 0 {
			continue
		}
		tb := &table{fmt.Sprint("r", i)}
		c.Put(tb)
		wholes = append(wholes, tb.ID())
		for j := range 3 {
			if n("column", 3) > 0 {
				col := &column{tb.ID(), fmt.Sprint("c", j), n("type", 2)}
				c.Put(col)
				columns = append(columns, col.ID())
			}
		}
	}
	pick := func(from []schema.ID, most int) (out []schema.ID) {
		for _, id := range from {
			if len(out) < most && n("pick", 2) == 0 {
				out = append(out, id)
			}
		}
		return out
	}
	for i := range n("fks", 5) {
		if p := pick(columns, 2); len(p) == 2 {
			if n("direction", 1) == 1 {
				p[0], p[1] = p[1], p[0]
			}
			from := schema.ID{Kind: "table", Name: p[0].Parent}
			c.Put(&foreignKey{from, fmt.Sprint("f", i%3), p[0], p[1], schema.ID{Kind: "table", Name: p[1].Parent}})
		}
	}
	var views []schema.ID
	for i := range 5 { // names shared with tables
		v := &view{Name: fmt.Sprint("r", 3+(i+n("shift", 4))%5), Columns: pick(columns, 3), Views: pick(views, 2), Options: n("options", 1)}
		if n("view", 1) == 0 || c.Has(v.ID()) || c.Has(schema.ID{Kind: "table", Name: v.Name}) {
			continue
		}
		c.Put(v)
		views = append(views, v.ID())
	}
	for i := range n("functions", 3) {
		c.Put(&function{fmt.Sprint("f", i), pick(append(append([]schema.ID{{Kind: "function", Name: "f0"}}, wholes...), views...), 3)})
	}
	for i := range n("loose", 3) {
		c.Put(&loose{fmt.Sprint("l", i), pick(append(append(append([]schema.ID{}, wholes...), views...), columns...), 3)})
	}
	for _, id := range pick(append(append(wholes, views...), columns...), 5) {
		c.Put(&comment{id, fmt.Sprint(n("text", 2))})
	}
	return c
}
