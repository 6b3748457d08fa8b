package planner_test

import (
	"strings"
	"testing"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// enum is a type of columns; its change to another number recreates it.
type enum struct {
	Name   string
	Labels int
}

func (e *enum) ID() schema.ID      { return schema.ID{Kind: "enum", Name: e.Name} }
func (e *enum) Owner() schema.ID   { return schema.ID{} }
func (e *enum) Refs() []schema.Ref { return nil }

// typed is a column of an enum.
type typed struct {
	column
	Of schema.ID
}

func (c *typed) Refs() []schema.Ref { return schema.Refer(c.column.Refs(), schema.Steady, c.Of) }

// preset is a column's default.
type preset struct {
	Column schema.ID
	Value  int
}

func (p *preset) ID() schema.ID {
	return schema.ID{Kind: "default", Parent: p.Column.Parent, Name: p.Column.Name}
}
func (p *preset) Owner() schema.ID   { return p.Column }
func (p *preset) Refs() []schema.Ref { return schema.Refer(nil, schema.Steady, p.Column) }

type enumToy struct{ toy }

func (enumToy) Compare(old, new schema.Object) (planner.Verdict, error) {
	if _, ok := old.(*enum); ok {
		return planner.Verdict{Disturbs: schema.Steady}, nil
	}
	return toy{}.Compare(old, new)
}

func (enumToy) Weight(o schema.Object) planner.Weight {
	switch o.(type) {
	case *typed:
		return planner.Data
	case *preset:
		return planner.Attribute
	}
	return toy{}.Weight(o)
}

func (enumToy) Whole(o schema.Object) schema.ID {
	switch x := o.(type) {
	case *typed:
		return x.Table
	case *preset:
		return schema.ID{Kind: "table", Name: x.Column.Parent}
	}
	return toy{}.Whole(o)
}

// TestCarried: a column goes along with its type, and what does not survive
// that steps aside; a dropped column's parts go in the same step.
func TestCarried(t *testing.T) {
	a := &table{"a"}
	old, now := &enum{"e", 1}, &enum{"e", 2}
	x := &typed{column{a.ID(), "x", 0}, old.ID()}
	d := &preset{x.ID(), 1}
	v := &view{Name: "v", Columns: []schema.ID{x.ID()}}
	for _, c := range []struct {
		name          string
		current, want *schema.Catalog
		plan          string
	}{
		{"type made anew", catalog(old, a, x, d, v), catalog(now, a, x, d, v), `
view v: drop view v;
enum e: alter enum e;
table a: drop default a.x; alter column a.x; create default a.x;
view v: create view v;`},
		{"column dropped", catalog(old, a, x, d), catalog(old, a), `
table a: drop default a.x; drop column a.x;`},
	} {
		t.Run(c.name, func(t *testing.T) {
			delta, err := planner.Diff(c.current, c.want, enumToy{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			steps, err := planner.Order(delta, enumToy{})
			if err != nil {
				t.Fatal(err)
			}
			if err := planner.Simulate(c.current, delta, steps, enumToy{}); err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(outline(steps)); got != strings.TrimSpace(c.plan) {
				t.Errorf("got\n%s\nwant%s", got, c.plan)
			}
		})
	}
}
