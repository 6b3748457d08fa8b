package sqlite

import (
	"slices"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

// Reconcile gives desired constraints the labels of their counterparts, and
// finds the tables whose columns stand in another order.
func (b *bound) Reconcile(current, desired *schema.Catalog) error {
	parts, had := desired.Parts(), current.Parts()
	var tables []*lite.Table
	for t := range schema.Each[*lite.Table](desired) {
		tables = append(tables, t)
	}
	for _, t := range tables {
		p := pair{bound: b, new: t}
		p.findOld(current, desired)
		if p.old == nil {
			continue
		}
		p.renames(current, desired, parts[t.Self])
		p.label(desired, constraints(had[p.old.Self]), constraints(parts[t.Self]))
		p.order(current, desired)
	}
	usings(current, desired)
	return nil
}

// usings notes the directives @using of columns that have the type already.
func usings(current, desired *schema.Catalog) {
	for c := range schema.Each[*lite.Column](desired) {
		old, ok := schema.Lookup[*lite.Column](current, c.Self)
		using := slices.ContainsFunc(desired.Directives[c.Self], func(d schema.Directive) bool { return d.Name == "using" })
		if ok && using && old.Type == c.Type {
			desired.Notes = append(desired.Notes, dialect.UsingDone(c.Self))
		}
	}
}

// pair is a table on both sides, maybe under different names.
type pair struct {
	*bound
	old, new *lite.Table
	// from and to are the renames that take the old one to the new one, in order.
	from, to []schema.ID
}

func (p *pair) findOld(current, desired *schema.Catalog) {
	if id, ok := desired.Renames[p.new.Self]; ok {
		if old, ok := schema.Lookup[*lite.Table](current, id); ok {
			p.old, p.from, p.to = old, []schema.ID{id}, []schema.ID{p.new.Self}
			return
		}
	}
	p.old, _ = schema.Lookup[*lite.Table](current, p.new.Self)
}

func (p *pair) renames(current, desired *schema.Catalog, parts []schema.Object) {
	for _, o := range parts {
		from, ok := desired.Renames[o.ID()]
		if !ok {
			continue
		}
		before := from
		before.Parent = p.old.Self.Name
		if current.Has(before) {
			p.from, p.to = append(p.from, from), append(p.to, o.ID())
		}
	}
}

// label matches the constraints of both sides: those that are alike under the
// names after all renames, whatever their labels, then those of the same type
// that are left over, in order. A matched one gets the label that it has in the
// database.
func (p *pair) label(desired *schema.Catalog, old, new []*lite.Constraint) {
	after := make([]*lite.Constraint, len(old))
	for i, c := range old {
		after[i] = c
		for j := range p.from {
			after[i] = p.Renamed(after[i], p.from[j], p.to[j]).(*lite.Constraint)
		}
	}
	taken := make([]bool, len(old))
	match := make([]int, len(new))
	pass := func(fits func(o, n *lite.Constraint) bool) {
		for i, n := range new {
			for j, o := range after {
				if match[i] == 0 && !taken[j] && o.Type == n.Type && fits(o, n) {
					match[i], taken[j] = j+1, true
				}
			}
		}
	}
	pass(func(o, n *lite.Constraint) bool { return o.Self == n.Self && sameConstraint(o, n) })
	pass(sameConstraint)
	pass(func(o, n *lite.Constraint) bool { return o.Self == n.Self })
	pass(func(o, n *lite.Constraint) bool { return o.Name == "" && n.Name == "" && slices.Equal(o.Key, n.Key) })
	pass(func(o, n *lite.Constraint) bool { return o.Name == "" && n.Name == "" })
	p.relabel(desired, after, new, match)
}

// relabel puts the desired constraints back under their new labels; those
// without a counterpart give way.
func (p *pair) relabel(desired *schema.Catalog, after, new []*lite.Constraint, match []int) {
	reserved := map[schema.ID]bool{}
	for _, o := range after {
		reserved[o.Self] = true
	}
	for _, n := range new {
		desired.Remove(n.Self)
	}
	for i, n := range new {
		was := n.Self
		if match[i] > 0 {
			n.Self = after[match[i]-1].Self
		} else if reserved[n.Self] {
			n.Self = schema.ID{}
			for label := was.Name; ; label += "'" {
				if id := freeLabel(desired, p.new.Self, label); !reserved[id] {
					n.Self = id
					break
				}
			}
		}
		if n.Self != was {
			desired.Origin[n.Self] = desired.Origin[was]
		}
		desired.Put(n)
	}
}

// sameConstraint compares definitions, whatever the labels.
func sameConstraint(a, b *lite.Constraint) bool {
	x := *a
	x.Self = b.Self
	return schema.Equal(&x, b)
}

func constraints(parts []schema.Object) []*lite.Constraint {
	var out []*lite.Constraint
	for _, o := range parts {
		if c, ok := o.(*lite.Constraint); ok {
			out = append(out, c)
		}
	}
	return out
}

// order notes the order of the columns where it differs: the columns that stay
// must keep their order, and new ones must come behind them. SELECT * and
// INSERT without names of columns depend on it.
func (p *pair) order(current, desired *schema.Catalog) {
	p.old.Order, p.new.Order = nil, nil
	renamed := map[string]string{} // old to new
	for j := range p.from {
		if p.from[j].Parent != "" {
			renamed[p.from[j].Name] = p.to[j].Name
		}
	}
	var old []string // those that stay, by their new names
	for _, name := range p.old.Columns {
		if to, ok := renamed[name]; ok {
			name = to
		}
		if slices.Contains(p.new.Columns, name) {
			old = append(old, name)
		}
	}
	if len(old) <= len(p.new.Columns) && slices.Equal(old, p.new.Columns[:len(old)]) {
		return
	}
	p.new.Order = slices.Clone(p.new.Columns)
	p.old.Order = slices.Clone(p.old.Columns)
}
