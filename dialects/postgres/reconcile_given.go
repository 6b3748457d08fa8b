package postgres

import (
	"slices"

	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// leave puts into current what a table will have of its own once it has left
// its parents: columns, checks, and the constraints and indexes that the server
// made on a partition for its parent's. Until then it cannot do without them. The
// first parents stay.
func (r *reconciliation) leave(t *pg.Table, first int, f forward) {
	tied := surface(r.current, t, first)
	for _, id := range tied {
		if c, ok := schema.Lookup[*pg.Column](r.current, id); ok && !r.desired.Has(f.id(id)) {
			c.Inherited = false // it goes once it is the table's own
		}
	}
	put := func(o schema.Object) {
		if !r.current.Has(o.ID()) {
			r.current.Put(o)
			tied = append(tied, o.ID())
		}
	}
	for _, k := range inheritedChecks(r.current, t, first) {
		own := transplant(k, t, k.Name).(*pg.Constraint)
		takeAlong(r.current, own)
		put(own)
	}
	for _, g := range t.Given {
		if g.For.Kind == pg.KindColumn {
			if g.Name == chosenName(t.Name, g.For.Name, "not_null") {
				continue
			}
			if r.leaving == nil {
				r.leaving = map[schema.ID]bool{}
			}
			r.leaving[t.ID()] = true
			put(&pg.Constraint{Table: t.ID(), Name: g.Name, Type: pg.NotNull, Columns: []schema.ID{g.For}})
		} else if parent := r.givenFor(g.For); parent != nil && !r.fades(parent) {
			put(transplant(parent, t, g.Name))
		}
	}
	for k := range schema.Each[*pg.Constraint](r.current) {
		if k.Type == pg.NotNull && k.Table == t.ID() {
			tied = append(tied, k.ID())
		}
	}
	for x := range schema.Each[*pg.Index](r.current) {
		if x.Table == t.ID() && !x.AttachedTo.IsZero() {
			own := *x
			own.AttachedTo = schema.ID{}
			r.current.Put(&own)
			tied = append(tied, x.ID())
		}
	}
	t.Tied = tied
}

// fades tells whether DETACH PARTITION drops what a partition has for its
// parent's: before 15, a foreign key to a partitioned table.
func (r *reconciliation) fades(parent schema.Object) bool {
	k, ok := parent.(*pg.Constraint)
	if !ok || k.Type != pg.ForeignKey || r.target.Version >= 150000 {
		return false
	}
	to, ok := schema.Lookup[*pg.Table](r.current, k.RefTable)
	return ok && to.PartitionBy != nil
}

// join puts into desired what a table has to have of its own, or may keep, when
// it comes to its parents, but for the first ones, which it has: they take it over.
func (r *reconciliation) join(t *pg.Table, first int, f forward) {
	there := map[schema.ID]bool{}
	for c := range schema.Each[*pg.Column](r.current) {
		there[f.id(c.ID())] = true
	}
	for _, id := range surface(r.desired, t, first) {
		if c, ok := schema.Lookup[*pg.Column](r.desired, id); ok && !there[id] {
			c.Inherited = false // it is added to the table itself, and then merged
		}
	}
	for _, k := range inheritedChecks(r.desired, t, first) {
		own := transplant(k, t, k.Name).(*pg.Constraint)
		takeAlong(r.desired, own)
		if !r.desired.Has(own.ID()) {
			r.desired.Put(own)
		}
	}
	if t.PartitionOf.IsZero() {
		return
	}
	r.nameAsParents(t)
	taken := map[schema.ID]bool{}
	for o := range r.current.All() {
		if own := f.object(o); own.Owner() == t.ID() && !r.desired.Has(own.ID()) {
			if parent := r.takenUp(own, t, taken); !parent.IsZero() {
				taken[parent] = true
				r.desired.Put(own)
			}
		}
	}
}

// covers tells the indexes of parents which names the indexes of partitions
// have that go with them. A table that leaves, or goes, takes its own along.
func (r *reconciliation) covers() {
	f := r.forward()
	for t := range schema.Each[*pg.Table](r.current) {
		then, ok := schema.Lookup[*pg.Table](r.desired, f.id(t.ID()))
		if !ok || len(t.Given) == 0 || f.id(t.PartitionOf) != then.PartitionOf {
			continue
		}
		for _, g := range t.Given {
			parent := r.givenFor(g.For)
			if parent == nil || g.For.Kind == pg.KindColumn {
				continue
			}
			claim := pg.RelationClaim(t.Schema, g.Name)
			cover(parent, claim)
			if o := r.desired.Object(f.id(parent.ID())); o != nil {
				cover(o, claim)
			}
		}
	}
}

func cover(o schema.Object, claim string) {
	switch o := o.(type) {
	case *pg.Index:
		o.Covers = append(o.Covers, claim)
	case *pg.Constraint:
		if !o.Only && !slices.Contains(o.Covers, claim) {
			o.Covers = append(o.Covers, claim)
		}
	}
}

// absorbed takes out of current what a partition has of its own and a new index
// or constraint of its parent will take up, since they are alike.
func (r *reconciliation) absorbed() {
	f := r.forward()
	fresh := map[schema.ID][]schema.Object{} // by table
	attached := map[schema.ID]bool{}
	for o := range r.desired.All() {
		switch o := o.(type) {
		case *pg.Index:
			attached[o.AttachedTo] = true
			if o.Only {
				continue
			}
		case *pg.Constraint:
			if o.Type == pg.Check || o.Type == pg.NotNull {
				continue
			}
		default:
			continue
		}
		if t, ok := schema.Lookup[*pg.Table](r.desired, o.Owner()); ok && t.PartitionBy != nil && !r.current.Has(r.was(o.ID())) {
			fresh[t.ID()] = append(fresh[t.ID()], o)
		}
	}
	if len(fresh) == 0 {
		return
	}
	taken := map[[2]schema.ID]bool{}
	var gone []schema.ID
	for o := range r.current.All() {
		own := f.object(o)
		t, ok := schema.Lookup[*pg.Table](r.desired, own.Owner())
		if !ok || t.PartitionOf.IsZero() || r.desired.Has(own.ID()) {
			continue
		}
		for p, ok := r.parentOf(t); ok; p, ok = r.parentOf(p) {
			for _, parent := range fresh[p.ID()] {
				if k := [2]schema.ID{parent.ID(), t.ID()}; !taken[k] && !attached[parent.ID()] && takesUp(own, parent) {
					taken[k] = true
					gone = append(gone, o.ID())
				}
			}
		}
	}
	for _, id := range gone {
		r.current.Remove(id)
	}
}

// nameAsParents gives the NOT NULLs of a partition that comes the names of those
// of its parent, as one has that is created as a partition (18).
func (r *reconciliation) nameAsParents(t *pg.Table) {
	if r.target.Version < namedNotNulls {
		return
	}
	named, owns := map[schema.ID]string{}, map[schema.ID]bool{}
	for k := range schema.Each[*pg.Constraint](r.desired) {
		if k.Type == pg.NotNull {
			named[k.Columns[0]], owns[k.Columns[0]] = k.Name, true
		}
	}
	for _, c := range effective(r.desired, t.PartitionOf) {
		own := pg.ColumnID(t.ID(), c.Name)
		if !c.NotNull || owns[own] {
			continue
		}
		name := orDefault(named[c.ID()], chosenName(c.Table.Name, c.Name, "not_null"))
		r.desired.Put(&pg.Constraint{Table: t.ID(), Name: name, Type: pg.NotNull, Columns: []schema.ID{own}})
	}
}

// takesUp tells whether a partition's index or constraint becomes that of its
// parent's.
func takesUp(own, parent schema.Object) bool {
	switch parent := parent.(type) {
	case *pg.Constraint:
		k, ok := own.(*pg.Constraint)
		return ok && parent.Type != pg.Check && pgparse.SameConstraint(k, parent)
	case *pg.Index:
		x, ok := own.(*pg.Index)
		return ok && !parent.Only && pgparse.SameIndex(x, parent)
	}
	return false
}

// takenUp is the desired index or constraint of an ancestor that takes up one of
// a partition, since they are alike; zero if there is none.
func (r *reconciliation) takenUp(own schema.Object, t *pg.Table, taken map[schema.ID]bool) schema.ID {
	for p, ok := r.parentOf(t); ok; p, ok = r.parentOf(p) {
		for o := range r.desired.All() {
			if o.Owner() != p.ID() || taken[o.ID()] {
				continue
			}
			if takesUp(own, o) {
				return o.ID()
			}
		}
	}
	return schema.ID{}
}

func (r *reconciliation) parentOf(t *pg.Table) (*pg.Table, bool) {
	return schema.Lookup[*pg.Table](r.desired, t.PartitionOf)
}

// givenFor is the object of current that a partition was given something for.
// What a partition of a partition has is there for its parent's in turn.
func (r *reconciliation) givenFor(id schema.ID) schema.Object {
	if r.given == nil {
		r.given = map[schema.ID]schema.ID{}
		for t := range schema.Each[*pg.Table](r.current) {
			for _, g := range t.Given {
				own := pg.Part(pg.KindConstraint, t.ID(), g.Name)
				if g.For.Kind == pg.KindIndex {
					own = schema.ID{Kind: pg.KindIndex, Schema: t.Schema, Name: g.Name}
				}
				r.given[own] = g.For
			}
		}
	}
	for range len(r.given) + 1 {
		if o := r.current.Object(id); o != nil {
			return o
		}
		id = r.given[id]
	}
	return nil
}

// inheritedChecks are the checks of a table's ancestors that it has, too, but
// for those of its first parents.
func inheritedChecks(c *schema.Catalog, t *pg.Table, first int) []*pg.Constraint {
	var out []*pg.Constraint
	for i, id := range ancestors(t) {
		if i < first {
			continue
		}
		p, ok := schema.Lookup[*pg.Table](c, id)
		if !ok {
			continue
		}
		for k := range schema.Each[*pg.Constraint](c) {
			if k.Table == id && k.Type == pg.Check && !k.NoInherit {
				out = append(out, k)
			}
		}
		out = append(out, inheritedChecks(c, p, 0)...)
	}
	return out
}

// transplant is an index or a constraint of a parent as a partition has it.
func transplant(o schema.Object, t *pg.Table, name string) schema.Object {
	parent := o.Owner()
	move := func(id schema.ID) schema.ID {
		switch {
		case id == parent:
			return t.ID()
		case id.Kind == pg.KindColumn && id.Schema == parent.Schema && id.Parent == parent.Name:
			return pg.ColumnID(t.ID(), id.Name)
		}
		return id
	}
	switch o := o.(type) {
	case *pg.Index:
		x := schema.Rewrite(o, move)
		x.Schema, x.Name = t.Schema, name
		x.AttachedTo, x.Only, x.Invalid, x.Unnamed, x.Statistics = schema.ID{}, false, false, false, nil
		return x
	case *pg.Constraint:
		k := schema.Rewrite(o, move)
		k.Name, k.Unnamed, k.Unproven = name, false, nil
		if o.Type == pg.ForeignKey { // it refers to what the parent's refers to
			k.RefTable, k.RefColumns, k.RefKey = o.RefTable, slices.Clone(o.RefColumns), o.RefKey
		}
		return k
	}
	return o
}
