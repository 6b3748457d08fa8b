package postgres

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// validations keeps what is known to be valid below a constraint that is and
// stays NOT VALID: nobody asks to forget it.
func (r *reconciliation) validations() {
	f := r.forward()
	r.validNotNulls(f)
	for k := range schema.Each[*pg.Constraint](r.current) {
		k.Unproven = nil // it is there
	}
	for v := range schema.Each[*pg.Validation](r.current) {
		now := f.object(v).(*pg.Validation)
		k, ok := schema.Lookup[*pg.Constraint](r.desired, now.Of)
		if ok && k.NotValid && sameDefinition(f.object(r.current.Object(v.Of)), k) && r.desired.Has(now.Table) && !r.desired.Has(now.ID()) {
			r.desired.Put(now)
		}
	}
}

// validNotNulls lets a NOT NULL that is valid satisfy one that is NOT VALID in the
// files (18): it is the column's flag, and cannot be made weaker in place.
func (r *reconciliation) validNotNulls(f forward) {
	open := map[schema.ID]bool{} // columns of which it is not known, as they will be
	for k := range schema.Each[*pg.Constraint](r.current) {
		if k.Type == pg.NotNull && k.NotValid {
			open[f.id(k.Columns[0])] = true
		}
	}
	var gone []schema.ID
	for k := range schema.Each[*pg.Constraint](r.desired) {
		if k.Type != pg.NotNull || !k.NotValid || open[k.Columns[0]] {
			continue
		}
		old, ok := schema.Lookup[*pg.Column](r.current, r.was(k.Columns[0]))
		if !ok || !old.NotNull {
			continue
		}
		if k.NotValid = false; k.Unnamed && !k.NoInherit {
			gone = append(gone, k.ID())
		}
	}
	for _, id := range gone {
		r.desired.Remove(id)
	}
}

// takeAlong turns the validations of a table that comes to its parents, or leaves
// them, into what they say of the check that it has itself before, or after.
func takeAlong(c *schema.Catalog, own *pg.Constraint) {
	v := pg.Part(pg.KindValidation, own.Table, own.Name)
	if c.Has(v) {
		own.NotValid = false
		c.Remove(v)
	}
}
