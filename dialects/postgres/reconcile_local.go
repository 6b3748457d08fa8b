package postgres

import (
	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// local makes no difference of whether a column or check that a child has from
// its parents is its own besides (attislocal, conislocal): that is decided when
// the child is created, or when it comes to its parents, and no command changes
// it. Where only one side has it so, it counts as inherited.
func (r *reconciliation) local() {
	f := r.forward()
	for t := range schema.Each[*pg.Table](r.desired) {
		old, ok := schema.Lookup[*pg.Table](r.current, r.was(t.ID()))
		if !ok || len(t.Inherits) == 0 || len(old.Inherits) == 0 {
			continue
		}
		was, now := side{r.current, old, above(r.current, old)}, side{r.desired, t, above(r.desired, t)}
		was.inheritColumns(func(c *pg.Column) bool {
			id := f.id(c.ID())
			return now.above[id.Name] != nil && !isWhole(r.desired, id)
		})
		now.inheritColumns(func(c *pg.Column) bool {
			id := r.was(c.ID())
			return was.above[id.Name] != nil && !isWhole(r.current, id)
		})
		was.inheritChecks(now, f.id)
		now.inheritChecks(was, r.was)
	}
}

// side is a child in one of the catalogs, and the columns of its parents.
type side struct {
	catalog *schema.Catalog
	table   *pg.Table
	above   map[string]*pg.Column
}

func above(c *schema.Catalog, t *pg.Table) map[string]*pg.Column {
	out := map[string]*pg.Column{}
	for _, p := range ancestors(t) {
		for _, column := range effective(c, p) {
			if out[column.Name] == nil {
				out[column.Name] = column
			}
		}
	}
	return out
}

// isWhole tells whether a catalog has a column with all that belongs to one, and
// not only what an inherited one has of its own.
func isWhole(c *schema.Catalog, id schema.ID) bool {
	column, ok := schema.Lookup[*pg.Column](c, id)
	return ok && !column.Type.IsZero()
}

// inheritColumns leaves of the columns that are the table's own besides being
// inherited what differs from the parents', where the other side has them so.
func (s side) inheritColumns(elsewhere func(*pg.Column) bool) {
	var own []*pg.Column
	for c := range schema.Each[*pg.Column](s.catalog) {
		if c.Table == s.table.ID() && !c.Inherited && s.above[c.Name] != nil && elsewhere(c) {
			own = append(own, c)
		}
	}
	for _, c := range own {
		if rest := pgparse.OwnOfInherited(c, s.above[c.Name]); rest != nil {
			s.catalog.Put(rest)
		} else {
			s.catalog.Remove(c.ID())
		}
	}
}

// inheritChecks takes out checks that are the table's own besides being
// inherited, where the other side has them only from the parents.
func (s side) inheritChecks(other side, there func(schema.ID) schema.ID) {
	inherited := func(s side, name string) *pg.Constraint {
		for _, k := range inheritedChecks(s.catalog, s.table, 0) {
			if k.Name == name {
				return k
			}
		}
		return nil
	}
	var gone []*pg.Constraint
	for k := range schema.Each[*pg.Constraint](s.catalog) {
		if k.Table != s.table.ID() || k.Type != pg.Check || k.NoInherit || inherited(s, k.Name) == nil {
			continue
		}
		if id := there(k.ID()); !other.catalog.Has(id) && inherited(other, id.Name) != nil {
			gone = append(gone, k)
		}
	}
	for _, k := range gone {
		s.catalog.Remove(k.ID())
		if p := inherited(s, k.Name); p.NotValid && !k.NotValid {
			s.catalog.Put(&pg.Validation{Table: k.Table, Of: p.ID()})
		}
	}
}
