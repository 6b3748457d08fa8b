package postgres

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// partitions takes those partitions out of current that are data: those of a
// parent for which the files declare no partition at all. Where they declare
// some, they mean to declare all, and any other is a difference.
func (r *reconciliation) partitions() {
	switch r.options.Partitions {
	case "manage":
		return
	case "ignore":
		r.withoutPartitions()
		return
	}
	declared := map[schema.ID]bool{}
	for t := range schema.Each[*pg.Table](r.desired) {
		if !t.PartitionOf.IsZero() {
			declared[t.PartitionOf] = true
		}
	}
	f := r.forward()
	alien := map[schema.ID]bool{}
	var tables []*pg.Table
	for t := range schema.Each[*pg.Table](r.current) {
		if !t.PartitionOf.IsZero() {
			tables = append(tables, t)
		}
	}
	for more := true; more; { // until partitions of partitions are found, too
		more = false
		for _, t := range tables {
			if alien[t.ID()] || r.desired.Has(f.id(t.ID())) {
				continue
			}
			parent := f.id(t.PartitionOf)
			p, ok := schema.Lookup[*pg.Table](r.desired, parent)
			if alien[t.PartitionOf] || ok && p.PartitionBy != nil && !declared[parent] {
				alien[t.ID()], more = true, true
			}
		}
	}
	if len(alien) == 0 {
		return
	}
	var gone []schema.ID
	for o := range r.current.All() {
		if alien[root(r.current, o)] {
			gone = append(gone, o.ID())
			r.retain(o)
		}
	}
	for _, id := range gone {
		r.current.Remove(id)
	}
}

// withoutPartitions takes all partitions out of both sides.
func (r *reconciliation) withoutPartitions() {
	for _, c := range []*schema.Catalog{r.current, r.desired} {
		var gone []schema.Object
		for o := range c.All() {
			if t, ok := c.Object(root(c, o)).(*pg.Table); ok && !t.PartitionOf.IsZero() {
				gone = append(gone, o)
			}
		}
		for _, o := range gone {
			c.Remove(o.ID())
			if c == r.current {
				r.retain(o)
			}
		}
	}
}

// retain keeps what an object that is not planned for needs: its schema, a type.
func (r *reconciliation) retain(o schema.Object) {
	for _, ref := range o.Refs() {
		used := r.current.Object(ref.To)
		if used == nil || ref.Bind == schema.Late || !used.Owner().IsZero() || used.ID().Kind == pg.KindTable || r.desired.Has(ref.To) {
			continue
		}
		r.desired.Put(used)
		r.retain(used)
	}
}

// root is the object that o is, at last, a part of.
func root(c *schema.Catalog, o schema.Object) schema.ID {
	for {
		owner := o.Owner()
		if owner.IsZero() {
			return o.ID()
		}
		next := c.Object(owner)
		if next == nil {
			if owner.Parent != "" { // a column that is its parent's
				return schema.ID{Kind: pg.KindTable, Schema: owner.Schema, Name: owner.Parent}
			}
			return owner
		}
		o = next
	}
}

// attachments settles which indexes of partitions the files have to name. An
// index of a parent brings one for every partition; a file may give that one a
// name (pg_dump always does), but need not.
func (r *reconciliation) attachments() {
	f := r.forward()
	type place struct{ parent, table schema.ID }
	live := map[place]*pg.Index{}
	for x := range schema.Each[*pg.Index](r.current) {
		if !x.AttachedTo.IsZero() {
			live[place{f.id(x.AttachedTo), f.id(x.Table)}] = x
		}
	}
	for x := range schema.Each[*pg.Index](r.desired) {
		if x.AttachedTo.IsZero() {
			continue
		}
		at := place{x.AttachedTo, x.Table}
		y := live[at]
		delete(live, at)
		switch {
		case y == nil && r.current.Has(r.was(x.AttachedTo)) && r.current.Has(r.was(x.Table)) && !r.current.Has(r.was(x.ID())):
			r.desired.Remove(x.ID()) // it is there, under the name that the server chose
		case y != nil && y.ID() != x.ID() && !r.desired.Has(y.ID()):
			r.desired.Renames[x.ID()] = y.ID()
		}
	}
	for at, y := range live {
		if r.desired.Has(at.parent) && !r.desired.Has(y.ID()) {
			r.current.Remove(y.ID())
		}
	}
}

// shed has a partition that is made come after its parent has lost the indexes
// and constraints that it is to lose: the server would give them to the partition.
func (r *reconciliation) shed() {
	fresh := map[schema.ID][]*pg.Table{} // by parent
	for t := range schema.Each[*pg.Table](r.desired) {
		if old, ok := schema.Lookup[*pg.Table](r.current, r.was(t.ID())); !t.PartitionOf.IsZero() && (!ok || old.PartitionOf.IsZero() || slices.Contains(schema.Differing(old, t), "PartitionBy")) {
			fresh[t.PartitionOf] = append(fresh[t.PartitionOf], t)
		}
	}
	if len(fresh) == 0 {
		return
	}
	f := r.forward()
	for o := range r.current.All() {
		var parent schema.ID
		switch o := o.(type) {
		case *pg.Index:
			parent = o.Table
		case *pg.Constraint:
			parent = o.Table
		default:
			continue
		}
		if id := f.id(o.ID()); !r.desired.Has(id) {
			for _, t := range fresh[f.id(parent)] {
				t.Bound.Refs = schema.Refer(t.Bound.Refs, schema.Late, id)
			}
		}
	}
}

// makeWay has a partition take its bounds after those that go have given up
// theirs, and a new one after those that leave or change theirs. For the rest see
// [emitter.vacate].
func (r *reconciliation) makeWay() {
	f := r.forward()
	going, moving := map[schema.ID][]schema.ID{}, map[schema.ID][]schema.ID{} // by parent
	was := map[schema.ID]*pg.Table{}
	for t := range schema.Each[*pg.Table](r.current) {
		if t.PartitionOf.IsZero() {
			continue
		}
		id, parent := f.id(t.ID()), f.id(t.PartitionOf)
		was[id] = t
		switch now, ok := schema.Lookup[*pg.Table](r.desired, id); {
		case !ok:
			going[parent] = append(going[parent], id)
		case now.PartitionOf != parent || !now.Bound.Equal(t.Bound):
			moving[parent] = append(moving[parent], id)
		}
	}
	if len(going)+len(moving) == 0 {
		return
	}
	for t := range schema.Each[*pg.Table](r.desired) {
		old := was[t.ID()]
		stays := old != nil && f.id(old.PartitionOf) == t.PartitionOf
		if t.PartitionOf.IsZero() || stays && old.Bound.Equal(t.Bound) {
			continue
		}
		t.Bound.Refs = schema.Refer(t.Bound.Refs, schema.Late, going[t.PartitionOf]...)
		if old == nil {
			t.Bound.Refs = schema.Refer(t.Bound.Refs, schema.Late, moving[t.PartitionOf]...)
		}
	}
}

// unburden has a new index of a partitioned table come after the partitions
// that go: it is of no use to them, and as long as one has no part of it, the
// server holds it for invalid.
func (r *reconciliation) unburden() {
	f := r.forward()
	leaving := map[schema.ID][]schema.ID{} // by parent
	for t := range schema.Each[*pg.Table](r.current) {
		if t.PartitionOf.IsZero() {
			continue
		}
		id, parent := f.id(t.ID()), f.id(t.PartitionOf)
		if now, ok := schema.Lookup[*pg.Table](r.desired, id); !ok || now.PartitionOf != parent {
			leaving[parent] = append(leaving[parent], id)
		}
	}
	if len(leaving) == 0 {
		return
	}
	for i := range schema.Each[*pg.Index](r.desired) {
		if !r.current.Has(r.was(i.ID())) {
			i.Predicate.Refs = schema.Refer(i.Predicate.Refs, schema.Late, leaving[i.Table]...)
		}
	}
}
