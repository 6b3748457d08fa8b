package pgparse

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// ownOfInherited leaves of the inherited columns of partitions, children and
// typed tables only what is the table's own.
func (n *normalizer) ownOfInherited() {
	done := map[schema.ID]map[string]*pg.Column{}
	for t := range schema.Each[*pg.Table](n.catalog) {
		if len(parents(t)) > 0 || !t.OfType.IsZero() {
			n.effective(t, done)
			n.reduce(t, done)
		}
	}
}

// effective are a table's columns by name, with what they have from parents.
func (n *normalizer) effective(t *pg.Table, done map[schema.ID]map[string]*pg.Column) map[string]*pg.Column {
	if t == nil {
		return nil
	}
	if m, ok := done[t.ID()]; ok {
		return m
	}
	m := map[string]*pg.Column{}
	done[t.ID()] = m
	for _, p := range parents(t) {
		for name, c := range n.effective(n.names.tables[p], done) {
			if old := m[name]; old != nil {
				merged := *old
				merged.NotNull = merged.NotNull || c.NotNull
				c = &merged
			}
			m[name] = c
		}
	}
	if of, ok := schema.Lookup[*pg.Composite](n.catalog, t.OfType); ok {
		for _, a := range of.Attributes {
			m[a.Name] = &pg.Column{Name: a.Name, Type: a.Type, Collation: a.Collation, Statistics: -1}
		}
	}
	for _, c := range n.names.columns[t.ID()] {
		p := m[c.Name]
		if !c.Inherited || p == nil || !c.Type.IsZero() {
			m[c.Name] = c
			continue
		}
		merged := *p
		merged.NotNull = p.NotNull || c.NotNull
		if c.Storage != "" {
			merged.Storage = c.Storage
		}
		if c.Compression != "" {
			merged.Compression = c.Compression
		}
		if c.Statistics != -1 {
			merged.Statistics = c.Statistics
		}
		if !c.Generated.IsZero() {
			merged.Generated = c.Generated
		}
		m[c.Name] = &merged
	}
	return m
}

// from is the column that a table's column of that name comes from.
func (n *normalizer) from(t *pg.Table, name string, done map[schema.ID]map[string]*pg.Column) *pg.Column {
	var found *pg.Column
	for _, p := range parents(t) {
		if c := done[p][name]; c != nil {
			if found == nil {
				found = c
			} else if c.NotNull && !found.NotNull {
				found = c
			}
		}
	}
	if of, ok := schema.Lookup[*pg.Composite](n.catalog, t.OfType); ok && found == nil {
		for _, a := range of.Attributes {
			if a.Name == name {
				return &pg.Column{Name: name, Type: a.Type, Collation: a.Collation, Statistics: -1}
			}
		}
	}
	return found
}

// reduce leaves of inherited columns only what is the table's own. A column
// that a child declares itself, besides inheriting it, stays whole.
func (n *normalizer) reduce(t *pg.Table, done map[schema.ID]map[string]*pg.Column) {
	for _, c := range n.names.columns[t.ID()] {
		if t.PartitionOf.IsZero() && t.OfType.IsZero() && !c.Inherited {
			continue
		}
		p := n.from(t, c.Name, done)
		if p == nil || c.Type.IsZero() || !n.catalog.Has(c.ID()) {
			continue // reduced or gone already
		}
		if own := OwnOfInherited(c, p); own != nil {
			n.catalog.Put(own)
		} else {
			n.catalog.Remove(c.ID())
		}
	}
}

// OwnOfInherited is what a column has of its own that comes from p besides; nil
// for nothing.
func OwnOfInherited(c, p *pg.Column) *pg.Column {
	own := &pg.Column{Table: c.Table, Name: c.Name, Statistics: -1, Inherited: true, Number: c.Number, Using: c.Using, Options: c.Options}
	own.NotNull = c.NotNull && !p.NotNull
	if c.Storage != p.Storage {
		own.Storage = c.Storage
	}
	if c.Compression != p.Compression {
		own.Compression = c.Compression
	}
	if c.Statistics != p.Statistics {
		own.Statistics = c.Statistics
	}
	if c.Generated.Canon != p.Generated.Canon {
		own.Generated, own.Virtual = c.Generated, c.Virtual
	}
	if own.NotNull || own.Storage != "" || own.Compression != "" || own.Statistics != -1 || len(own.Options) > 0 || !own.Generated.IsZero() {
		return own
	}
	return nil
}

// partitionConstraints takes out constraints of partitions that are, by now,
// the parent's: ATTACH PARTITION merges what is defined alike.
func (n *normalizer) partitionConstraints() {
	byTable := map[schema.ID][]*pg.Constraint{}
	for k := range schema.Each[*pg.Constraint](n.catalog) {
		byTable[k.Table] = append(byTable[k.Table], k)
	}
	// Parents are judged by what they had before any of it was taken out.
	var gone []schema.ID
	for t := range schema.Each[*pg.Table](n.catalog) {
		if t.PartitionOf.IsZero() {
			continue
		}
		taken := map[schema.ID]bool{}
		for p := n.names.tables[t.PartitionOf]; p != nil; p = n.names.tables[p.PartitionOf] {
			for _, k := range byTable[p.ID()] {
				for _, own := range byTable[t.ID()] {
					if taken[own.ID()] {
						continue
					}
					proven := provesParents(own, k)
					if proven {
						n.catalog.Put(&pg.Validation{Table: t.ID(), Of: k.ID()})
					}
					if proven || SameConstraint(own, k) {
						taken[own.ID()] = true
						gone = append(gone, own.ID())
						break
					}
				}
			}
		}
	}
	for _, id := range gone {
		n.catalog.Remove(id)
	}
}

// SameConstraint tells whether a partition's constraint is what its parent's
// would make it.
func SameConstraint(own, parent *pg.Constraint) bool {
	if own.Type != parent.Type || own.Type == pg.NotNull || own.Type == pg.Check && (own.Name != parent.Name || parent.NoInherit) {
		return false
	}
	as := schema.Clone(own)
	as.Table, as.Name = parent.Table, parent.Name
	as.Tablespace, as.Options = parent.Tablespace, parent.Options
	move := func(list []schema.ID) {
		for i, c := range list {
			list[i] = pg.ColumnID(parent.Table, c.Name)
		}
	}
	move(as.Columns)
	move(as.Include)
	move(as.SetColumns)
	for i := range as.Elements {
		if c := &as.Elements[i].Column; !c.IsZero() {
			*c = pg.ColumnID(parent.Table, c.Name)
		}
	}
	return schema.Equal(as, parent)
}
