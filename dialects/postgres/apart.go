package postgres

import (
	"slices"

	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// A table that is created as a partition gets an index for each one that its
// parent has by then, and only after that its own keys. For a key to be that
// index, the table is created alone, with its key, and attached: ATTACH PARTITION
// takes up what is there.

// comesApart tells whether a new partition has a key whose index is a part of one
// that its parent has already.
func (e *emitter) comesApart(t *pg.Table, constraints []*pg.Constraint) bool {
	return !t.PartitionOf.IsZero() && slices.ContainsFunc(constraints, func(k *pg.Constraint) bool {
		return !k.Backs.IsZero() && e.delta.Desired.Has(k.Backs) && !e.awaited(k.Backs)
	})
}

// likeParent takes along all that a partition has from its parent in any case.
func likeParent(t *pg.Table) string {
	return "LIKE " + path(t.PartitionOf) + " INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE INCLUDING COMPRESSION"
}

// partsApart leaves out what a table that is attached has by other means: the
// NOT NULLs of its primary key, and those that are its parent's, too.
func (e *emitter) partsApart(columns []*pg.Column, constraints []*pg.Constraint) ([]*pg.Column, []*pg.Constraint) {
	keyed := map[schema.ID]bool{}
	for _, k := range constraints {
		if k.Type == pg.PrimaryKey {
			for _, id := range k.Columns {
				keyed[id] = true
			}
		}
	}
	var own []*pg.Column
	for _, c := range columns {
		if keyed[c.ID()] {
			c = schema.Clone(c)
			c.NotNull = false
		}
		own = append(own, c)
	}
	return own, slices.DeleteFunc(slices.Clone(constraints), func(k *pg.Constraint) bool {
		return k.Type == pg.NotNull && !pgparse.NotNullAbove(e.delta.Desired, k.Table, k.Columns[0].Name).IsZero()
	})
}

// backings has the keys of partitions that are a part of their parent's index go
// before that, as the server takes them along.
func (r *reconciliation) backings() {
	for k := range schema.Each[*pg.Constraint](r.current) {
		if !k.Backs.IsZero() && r.current.Has(k.Backs) {
			k.Predicate.Refs = schema.Refer(k.Predicate.Refs, schema.Exist, k.Backs)
		}
	}
}

// dropBacking drops a key that is a part of its parent's index, which the server
// does not do: it goes with that one, or while its table is no partition.
func (e *emitter) dropBacking(k *pg.Constraint) bool {
	if e.goes(k.Backs) {
		return true // see [emitter.backed]
	}
	old, _ := e.delta.Current.Object(k.Table).(*pg.Table)
	now, ok := e.delta.Desired.Object(k.Table).(*pg.Table)
	if !ok || old.PartitionOf != now.PartitionOf || !old.Bound.Equal(now.Bound) {
		return false // it is detached in any case
	}
	e.emit(sql("ALTER TABLE", path(now.PartitionOf), "DETACH PARTITION", path(k.Table)), lock(now.PartitionOf, planner.LockAll))
	e.emit(sql("ALTER TABLE", path(k.Table), "DROP CONSTRAINT", ident(k.Name)))
	e.attach(now)
	return true
}

// backed tells whether keys of partitions that stay are a part of an index. They
// go with it, and come back after.
func (e *emitter) backed(i *pg.Index) bool {
	for k := range schema.Each[*pg.Constraint](e.delta.Current) {
		if k.Backs == i.ID() && !e.goes(k.Table) {
			return true
		}
	}
	return false
}
