package pgparse

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// matchingIndexes: an index on a partitioned table takes up, on each partition,
// an index that is there already and is defined alike, that of a key included.
// Only a text tells which of the two came first; what was read from a server
// says itself what is attached.
func (n *normalizer) matchingIndexes() {
	m := &matching{normalizer: n, partitions: map[schema.ID][]schema.ID{}, free: map[schema.ID][]*pg.Index{}, keys: map[schema.ID][]*pg.Constraint{}}
	for t := range schema.Each[*pg.Table](n.catalog) {
		if !t.PartitionOf.IsZero() {
			m.partitions[t.PartitionOf] = append(m.partitions[t.PartitionOf], t.ID())
		}
	}
	if len(m.partitions) == 0 {
		return
	}
	for o := range n.catalog.All() {
		if n.catalog.Origin[o.ID()].IsZero() {
			continue
		}
		switch o := o.(type) {
		case *pg.Constraint:
			if isKey(o) {
				m.keys[o.Table] = append(m.keys[o.Table], o)
			}
		case *pg.Index:
			for _, p := range m.partitions[o.Table] {
				m.adopt(o, p, m.free[p], m.keys[p])
			}
			m.free[o.Table] = append(m.free[o.Table], o)
		}
	}
	m.attached()
	for k := range schema.Each[*pg.Constraint](n.catalog) {
		if x, ok := schema.Lookup[*pg.Index](n.catalog, k.Backs); ok {
			x.Predicate.Refs = schema.Refer(x.Predicate.Refs, schema.Late, k.ID())
		}
	}
}

// matching is what a text has so far.
type matching struct {
	*normalizer
	partitions map[schema.ID][]schema.ID // by parent
	free       map[schema.ID][]*pg.Index // by table
	keys       map[schema.ID][]*pg.Constraint
}

// attached: a table that becomes a partition brings along indexes that were there
// before.
func (m *matching) attached() {
	for x := range schema.Each[*pg.Index](m.catalog) {
		for _, p := range m.partitions[x.Table] {
			brought := m.names.tables[p].Brought
			if len(brought) == 0 {
				continue
			}
			indexes := slices.DeleteFunc(slices.Clone(m.free[p]), func(y *pg.Index) bool {
				return y.AttachedTo != x.ID() && !slices.Contains(brought, y.ID())
			})
			keys := slices.DeleteFunc(slices.Clone(m.keys[p]), func(k *pg.Constraint) bool { return !slices.Contains(brought, k.ID()) })
			m.adopt(x, p, indexes, keys)
		}
	}
}

// adopt finds what a parent's index takes up of a partition.
func (m *matching) adopt(x *pg.Index, partition schema.ID, indexes []*pg.Index, keys []*pg.Constraint) {
	if x.Only || slices.ContainsFunc(indexes, func(y *pg.Index) bool { return y.AttachedTo == x.ID() }) ||
		slices.ContainsFunc(m.keys[partition], func(k *pg.Constraint) bool { return k.Backs == x.ID() }) {
		return
	}
	for _, y := range indexes {
		if y.AttachedTo.IsZero() && SameIndex(y, x) {
			y.AttachedTo, y.Adopted = x.ID(), true
			x.Predicate.Refs = schema.Refer(x.Predicate.Refs, schema.Late, y.ID())
			return
		}
	}
	for _, k := range keys {
		if k.Backs.IsZero() && SameIndex(keyIndex(k, x), x) {
			k.Backs = x.ID()
			return
		}
	}
}

// isKey tells whether a constraint is a primary key or a unique one.
func isKey(k *pg.Constraint) bool { return k.Type == pg.PrimaryKey || k.Type == pg.Unique }

// keyIndex is the index of a key as the author of another index would have
// written it.
func keyIndex(k *pg.Constraint, like *pg.Index) *pg.Index {
	x := &pg.Index{Table: k.Table, Name: k.Name, Unique: true, NullsNotDistinct: k.NullsNotDistinct, Include: slices.Clone(k.Include)}
	if like.Method == "" || like.Method == "btree" {
		x.Method = like.Method
	}
	for _, c := range k.Columns {
		x.Keys = append(x.Keys, pg.IndexKey{Column: c})
	}
	return x
}

// SameIndex tells whether a partition's index is what its parent's would make it.
func SameIndex(own, parent *pg.Index) bool {
	as := schema.Clone(own)
	as.Schema, as.Name, as.Table, as.Tablespace, as.Options = parent.Schema, parent.Name, parent.Table, parent.Tablespace, parent.Options
	as.Statistics, as.AttachedTo, as.Only, as.Invalid = parent.Statistics, parent.AttachedTo, parent.Only, parent.Invalid
	for i := range as.Keys {
		if c := &as.Keys[i].Column; !c.IsZero() {
			*c = pg.ColumnID(parent.Table, c.Name)
		}
	}
	for i, c := range as.Include {
		as.Include[i] = pg.ColumnID(parent.Table, c.Name)
	}
	return schema.Equal(as, parent)
}
