package postgres

import (
	"fmt"

	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// ownNotNulls makes no difference of whether a partition's column has a NOT NULL
// of its own beside its parent's, and of what that is called (18): both are
// decided when the partition is created, as an inherited NOT NULL cannot be
// renamed, nor cease to be the partition's own as well. A name that the author
// wrote, and that it does not have, is worth a note.
func (r *reconciliation) ownNotNulls() {
	if r.target.Version < namedNotNulls {
		return
	}
	f := r.forward()
	stays := map[schema.ID]bool{}   // partitions that stay with their parent, as they will be
	names := map[schema.ID]string{} // of what is there, by column as it will be
	for t := range schema.Each[*pg.Table](r.desired) {
		old, ok := schema.Lookup[*pg.Table](r.current, r.was(t.ID()))
		if ok && !t.PartitionOf.IsZero() && f.id(old.PartitionOf) == t.PartitionOf {
			stays[t.ID()] = true
			for _, g := range old.Given {
				names[f.id(g.For)] = g.Name
			}
		}
	}
	var live, asked []*pg.Constraint
	for k := range schema.Each[*pg.Constraint](r.current) {
		if k.Type == pg.NotNull && stays[f.id(k.Table)] {
			live = append(live, k)
		}
	}
	for k := range schema.Each[*pg.Constraint](r.desired) {
		if k.Type == pg.NotNull && stays[k.Table] {
			asked = append(asked, k)
		}
	}
	for _, k := range live {
		column := f.id(k.Columns[0])
		above := pgparse.NotNullAbove(r.current, k.Table, k.Columns[0].Name)
		names[column] = k.Name
		if above.IsZero() {
			continue
		}
		own, ok := schema.Lookup[*pg.Column](r.desired, column)
		remains := k.Unnamed && ok && own.NotNull // the parent's goes
		if remains || !r.aboveDesired(column).IsZero() {
			r.current.Remove(k.ID())
		} else {
			sooner(r.current, above, k.ID()) // it can go only then
		}
	}
	for _, k := range asked {
		column := k.Columns[0]
		above := r.aboveDesired(column)
		if above.IsZero() {
			continue
		}
		if was := r.was(column); pgparse.NotNullAbove(r.current, r.was(k.Table), was.Name).IsZero() {
			sooner(r.desired, above, k.ID()) // the parent's would take its place
			continue
		}
		r.desired.Remove(k.ID())
		if !k.Unnamed && names[column] != k.Name {
			r.desired.Notes = append(r.desired.Notes, fmt.Sprintf("the NOT NULL of %s is not called %s: it is its parent's, too, and the server cannot rename such a one", column.Path(), k.Name))
		}
	}
}

// aboveDesired: see [pgparse.NotNullAbove].
func (r *reconciliation) aboveDesired(column schema.ID) schema.ID {
	return pgparse.NotNullAbove(r.desired, tableOf(column), column.Name)
}

// sooner has a partition's NOT NULL made before its parent's, or go after it.
func sooner(c *schema.Catalog, parent, constraint schema.ID) {
	if o, ok := schema.Lookup[*pg.Column](c, parent); ok {
		o.Generated.Refs = schema.Refer(o.Generated.Refs, schema.Exist, constraint)
	}
}
