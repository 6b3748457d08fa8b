package postgres

import (
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

var _ dialect.Founder = (*bound)(nil)

// Found writes out what ruleutils.c leaves out, and settles indexes of partitions.
func (b *bound) Found(c *schema.Catalog) {
	for o := range c.All() {
		c.Put(pgparse.Reloadable(o))
	}
	adoptIndexes(c)
}

// adoptIndexes has the index of a partition that is attached to the parent's by name
// come first, so that the parent's takes it up by itself. With ON ONLY and ATTACH
// PARTITION, every partition would have to be there first, and have its index made
// by name: one that comes later gets an index at once, and there is no place for
// another.
func adoptIndexes(c *schema.Catalog) {
	alike := map[schema.ID]int{} // indexes of the same table that may be taken up
	type attached struct{ own, parent *pg.Index }
	var pairs []attached
	byTable := map[schema.ID][]*pg.Index{}
	for x := range schema.Each[*pg.Index](c) {
		byTable[x.Table] = append(byTable[x.Table], x)
		if p, ok := schema.Lookup[*pg.Index](c, x.AttachedTo); ok && !x.Adopted && !p.Only && pgparse.SameIndex(x, p) {
			pairs = append(pairs, attached{x, p})
		}
	}
	for _, a := range pairs {
		for _, y := range byTable[a.own.Table] {
			if pgparse.SameIndex(y, a.parent) {
				alike[a.own.ID()]++
			}
		}
	}
	for _, a := range pairs {
		if alike[a.own.ID()] > 1 {
			continue
		}
		own := schema.Clone(c.Object(a.own.ID()).(*pg.Index)) // it may be a parent's, too
		own.Adopted = true
		c.Put(own)
		parent := schema.Clone(c.Object(a.parent.ID()).(*pg.Index))
		parent.Predicate.Refs = schema.Refer(parent.Predicate.Refs, schema.Late, own.ID())
		c.Put(parent)
	}
}
