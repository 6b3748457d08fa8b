package pgparse

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// What a partition or child table has from its parents is no object of the
// catalog. Yet it may be written out: a table that is attached as a partition
// was complete before. So whatever equals the parent's goes.

// inheritance takes out columns and defaults that are the parent's, and marks
// the other columns of partitions as inherited ones.
func (n *normalizer) inheritance() {
	f := &folder{normalizer: n, own: map[schema.ID][]*pg.Column{}, folded: map[schema.ID]bool{}}
	var children []*pg.Table
	for t := range schema.Each[*pg.Table](n.catalog) {
		if len(t.Inherits) > 0 || !t.PartitionOf.IsZero() {
			children = append(children, t)
		}
	}
	if len(children) == 0 {
		return
	}
	for c := range schema.Each[*pg.Column](n.catalog) {
		f.own[c.Table] = append(f.own[c.Table], c)
	}
	for _, t := range children {
		f.table(t)
	}
}

type folder struct {
	*normalizer
	own    map[schema.ID][]*pg.Column // as they were before anything was taken out
	folded map[schema.ID]bool
}

// parents are a table's, a partition's one included.
func parents(t *pg.Table) []schema.ID {
	if !t.PartitionOf.IsZero() {
		return []schema.ID{t.PartitionOf}
	}
	return t.Inherits
}

// table folds a table after its parents.
func (f *folder) table(t *pg.Table) {
	if f.folded[t.ID()] {
		return
	}
	f.folded[t.ID()] = true
	above := map[string]*pg.Column{}
	var order []string
	for _, id := range parents(t) {
		p, ok := schema.Lookup[*pg.Table](f.catalog, id)
		if !ok {
			continue
		}
		f.table(p)
		for _, c := range f.all(p) {
			if above[c.Name] == nil {
				above[c.Name] = c
				order = append(order, c.Name)
			}
		}
	}
	attached := map[string]bool{} // columns that the table had before it was a partition
	for _, c := range f.own[t.ID()] {
		p := above[c.Name]
		if p == nil {
			continue
		}
		if !t.PartitionOf.IsZero() {
			attached[c.Name] = !c.Inherited
			c.Inherited = true
		}
		if c.Inherited && sameColumn(c, p) {
			f.catalog.Remove(c.ID())
		}
	}
	for _, name := range order {
		f.foldDefault(t, above[name], attached[name])
	}
}

// all are the columns of a table, wherever they come from.
func (f *folder) all(t *pg.Table) []*pg.Column {
	var out []*pg.Column
	seen := map[string]bool{}
	for _, c := range f.own[t.ID()] {
		seen[c.Name] = true
		out = append(out, c)
	}
	for _, id := range parents(t) {
		if p, ok := schema.Lookup[*pg.Table](f.catalog, id); ok {
			for _, c := range f.all(p) {
				if !seen[c.Name] {
					seen[c.Name] = true
					out = append(out, c)
				}
			}
		}
	}
	return out
}

// sameColumn tells whether a child's column says nothing that its parent's does
// not. Statistics targets and options are not inherited: those that are not
// set say nothing.
func sameColumn(c, p *pg.Column) bool {
	a := *c
	a.Table, a.Number, a.Inherited, a.Identity = p.Table, p.Number, p.Inherited, p.Identity
	if a.Statistics == -1 {
		a.Statistics = p.Statistics
	}
	if len(a.Options) == 0 {
		a.Options = p.Options
	}
	return schema.Equal(&a, p)
}

// foldDefault takes out a default that is the parent's. A table that had none
// when it was attached still has none, which is DEFAULT NULL against the
// parent's.
func (f *folder) foldDefault(t *pg.Table, above *pg.Column, attached bool) {
	id := (&pg.Default{Column: pg.ColumnID(t.ID(), above.Name)}).ID()
	own, _ := schema.Lookup[*pg.Default](f.catalog, id)
	theirs := f.inheritedDefault(above.Table, above.Name)
	switch {
	case own != nil && theirs != nil && own.Value.Equal(theirs.Value):
		f.catalog.Remove(id)
	case own != nil && theirs == nil && nullConstant(own.Value.Text):
		f.catalog.Remove(id)
	case own != nil && nullConstant(own.Value.Text):
		own.Value.Canon = "NULL"
	case own == nil && theirs != nil && attached:
		f.catalog.Put(&pg.Default{Column: pg.ColumnID(t.ID(), above.Name), Value: schema.Expr{Text: "NULL", Canon: "NULL"}})
	}
}

// inheritedDefault is the default that a table's column has, its own or its
// parents'; nil for none.
func (f *folder) inheritedDefault(table schema.ID, name string) *pg.Default {
	id := (&pg.Default{Column: pg.ColumnID(table, name)}).ID()
	if d, ok := schema.Lookup[*pg.Default](f.catalog, id); ok {
		if nullConstant(d.Value.Text) {
			return nil
		}
		return d
	}
	t, ok := schema.Lookup[*pg.Table](f.catalog, table)
	if !ok {
		return nil
	}
	for _, p := range parents(t) {
		if d := f.inheritedDefault(p, name); d != nil {
			return d
		}
	}
	return nil
}

// attachments tells which indexes ON ONLY a partitioned table are complete:
// when every partition has an index that is attached to it, it is as if it had
// been made without ONLY.
func (n *normalizer) attachments() {
	partitions := map[schema.ID][]schema.ID{}
	for t := range schema.Each[*pg.Table](n.catalog) {
		if !t.PartitionOf.IsZero() {
			partitions[t.PartitionOf] = append(partitions[t.PartitionOf], t.ID())
		}
	}
	attached := map[schema.ID]map[schema.ID]*pg.Index{} // by the parent's index and the partition
	for x := range schema.Each[*pg.Index](n.catalog) {
		if !x.AttachedTo.IsZero() {
			if attached[x.AttachedTo] == nil {
				attached[x.AttachedTo] = map[schema.ID]*pg.Index{}
			}
			attached[x.AttachedTo][x.Table] = x
		}
	}
	backed := map[[2]schema.ID]bool{} // by keys of partitions
	for k := range schema.Each[*pg.Constraint](n.catalog) {
		backed[[2]schema.ID{k.Backs, k.Table}] = true
	}
	var complete func(x *pg.Index) bool
	complete = func(x *pg.Index) bool {
		for _, p := range partitions[x.Table] {
			a := attached[x.ID()][p]
			if backed[[2]schema.ID{x.ID(), p}] {
				continue
			}
			if x.Only && (a == nil || !complete(a)) {
				return false
			}
		}
		return true
	}
	for x := range schema.Each[*pg.Index](n.catalog) {
		if x.Only {
			ok := complete(x)
			x.Only, x.Invalid = !ok, !ok
		}
	}
	for k := range schema.Each[*pg.Constraint](n.catalog) {
		if !k.Only || n.catalog.Origin[k.ID()].IsZero() { // a server says itself whether it is complete
			continue
		}
		k.Only = slices.ContainsFunc(partitions[k.Table], func(p schema.ID) bool { return !slices.Contains(k.Attached, p) })
	}
}
