package pgparse

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// validFromStart: a table that is created as a partition or child satisfies the
// checks that its parents have by then, those that are NOT VALID too.
func (t *tableReader) validFromStart() {
	seen := map[string]bool{}
	for _, k := range t.r.inheritedChecks(t.table) {
		if k.NotValid && !seen[k.Name] {
			seen[k.Name] = true
			t.add(&pg.Validation{Table: t.id, Of: k.ID()}, -1)
		}
	}
}

// inheritedChecks are the checks of the tables above one, the nearest first.
func (r *reader) inheritedChecks(t *pg.Table) []*pg.Constraint {
	var out []*pg.Constraint
	for _, id := range parents(t) {
		p, ok := schema.Lookup[*pg.Table](r.catalog, id)
		if !ok {
			continue
		}
		for _, name := range r.parts(id).constraints {
			k, ok := schema.Lookup[*pg.Constraint](r.catalog, pg.Part(pg.KindConstraint, id, name))
			if ok && k.Type == pg.Check && !k.NoInherit {
				out = append(out, k)
			}
		}
		out = append(out, r.inheritedChecks(p)...)
	}
	return out
}

// validate reads VALIDATE CONSTRAINT, of the table's own constraint or of a check
// that it has from a parent. The tables below it are validated, too.
func (t *tableReader) validate(id schema.ID) error {
	r := t.r
	k, own := schema.Lookup[*pg.Constraint](r.catalog, id)
	found := own
	for _, above := range r.inheritedChecks(t.table) {
		if above.Name == id.Name && !found {
			found = true
			r.proveBelow(t.table, above)
		}
	}
	if !found {
		return r.missing(-1, "%s does not exist", id)
	}
	if own {
		k.NotValid = false
		if k.Type == pg.Check && !k.NoInherit {
			for c := range schema.Each[*pg.Table](r.catalog) {
				if c.ID() != t.id && r.descends(c.ID(), t.id) {
					r.proveOwn(c, k.Name)
				}
			}
		}
	}
	return nil
}

// proveBelow notes that a table and those below it satisfy a check from above.
func (r *reader) proveBelow(t *pg.Table, k *pg.Constraint) {
	for c := range schema.Each[*pg.Table](r.catalog) {
		if !r.descends(c.ID(), t.ID()) {
			continue
		}
		if v := (&pg.Validation{Table: c.ID(), Of: k.ID()}); !r.proveOwn(c, k.Name) && !r.catalog.Has(v.ID()) {
			r.put(v, -1)
		}
	}
}

// proveOwn validates the check of that name that a table has itself.
func (r *reader) proveOwn(t *pg.Table, name string) bool {
	k, ok := schema.Lookup[*pg.Constraint](r.catalog, pg.Part(pg.KindConstraint, t.ID(), name))
	if ok && k.Type == pg.Check {
		k.NotValid = false
	}
	return ok
}

// provesParents tells whether a partition's check is its parent's but for being
// valid, which stays so when it is merged with that.
func provesParents(own, parent *pg.Constraint) bool {
	if own.Type != pg.Check || own.NotValid || !parent.NotValid {
		return false
	}
	as := schema.Clone(own)
	as.NotValid = true
	return SameConstraint(as, parent)
}

// validations takes out those of constraints that are valid themselves, and tells
// each NOT VALID check which tables have none.
func (n *normalizer) validations() {
	unproven := map[string][]*pg.Constraint{} // by name
	for k := range schema.Each[*pg.Constraint](n.catalog) {
		if k.Type == pg.Check && k.NotValid && !k.NoInherit {
			k.Unproven = nil
			unproven[k.Name] = append(unproven[k.Name], k)
		}
	}
	var gone []schema.ID
	for v := range schema.Each[*pg.Validation](n.catalog) {
		if k, ok := schema.Lookup[*pg.Constraint](n.catalog, v.Of); !ok || k.Type != pg.Check || !k.NotValid || k.NoInherit || n.catalog.Has(pg.Part(pg.KindConstraint, v.Table, v.Of.Name)) {
			gone = append(gone, v.ID())
		}
	}
	for _, id := range gone {
		n.catalog.Remove(id)
	}
	if len(unproven) == 0 {
		return
	}
	for t := range schema.Each[*pg.Table](n.catalog) {
		above := n.above(t)
		for name, list := range unproven {
			if own := pg.Part(pg.KindConstraint, t.ID(), name); n.catalog.Has(own) || n.catalog.Has(pg.Part(pg.KindValidation, t.ID(), name)) {
				continue
			}
			for _, k := range list {
				if above[k.Table] {
					k.Unproven = append(k.Unproven, t.ID())
				}
			}
		}
	}
}

// above are all tables that a table inherits from.
func (n *normalizer) above(t *pg.Table) map[schema.ID]bool {
	out := map[schema.ID]bool{}
	var visit func(t *pg.Table)
	visit = func(t *pg.Table) {
		if t == nil {
			return
		}
		for _, p := range parents(t) {
			if !out[p] {
				out[p] = true
				visit(n.names.tables[p])
			}
		}
	}
	visit(t)
	return out
}
