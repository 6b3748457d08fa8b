package postgres

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// renames are those that will be carried out, with what the server renames along:
// the columns and constraints of children.
type renames struct {
	asked int                     // len of the desired catalog's renames when this was made
	was   map[schema.ID]schema.ID // by the new ID, as in current
	now   map[schema.ID]schema.ID // the inverse
}

// withParts are the kinds whose names are in the IDs of their parts.
var withParts = [...]schema.Kind{pg.KindTable, pg.KindView, pg.KindMaterializedView, pg.KindDomain}

// renames lists them anew when there are more than last time. A directive on a
// part names it by the new name of its whole.
func (r *reconciliation) renames() renames {
	if r.renamed.was != nil && r.renamed.asked == len(r.desired.Renames) {
		return r.renamed
	}
	n := renames{len(r.desired.Renames), map[schema.ID]schema.ID{}, map[schema.ID]schema.ID{}}
	put := func(to, from schema.ID) { n.was[to], n.now[from] = from, to }
	for to, from := range r.desired.Renames {
		if to.Parent == "" && r.current.Has(from) && !(r.current.Has(to) && r.desired.Has(from)) {
			put(to, from)
		}
	}
	var parts []schema.ID
	for to, from := range r.desired.Renames {
		if to.Parent == "" {
			continue
		}
		if !r.current.Has(from) {
			from = n.before(from)
		}
		if r.current.Has(from) && !(r.current.Has(n.before(to)) && r.desired.Has(n.after(from))) {
			put(to, from)
			parts = append(parts, to)
		}
	}
	for _, to := range parts {
		for _, f := range followers(r.current, n.was[to], to) {
			follower := n.after(f[0])
			follower.Name = to.Name
			put(follower, f[0])
			delete(r.desired.Renames, follower) // it comes by itself
		}
	}
	n.asked = len(r.desired.Renames)
	r.renamed = n
	return n
}

// before gives the ID of a part the name that its whole has in current.
func (n renames) before(id schema.ID) schema.ID { return n.moved(id, n.was) }

// after is the inverse of before.
func (n renames) after(id schema.ID) schema.ID { return n.moved(id, n.now) }

func (n renames) moved(id schema.ID, whole map[schema.ID]schema.ID) schema.ID {
	if id.Parent == "" || len(whole) == 0 {
		return id
	}
	for _, kind := range withParts {
		if other, ok := whole[schema.ID{Kind: kind, Schema: id.Schema, Name: id.Parent}]; ok {
			id.Schema, id.Parent = other.Schema, other.Name
			return id
		}
	}
	return id
}

// was is the ID that an object of the desired state has in the database.
func (r *reconciliation) was(id schema.ID) schema.ID {
	n := r.renames()
	if old, ok := n.was[id]; ok {
		return old
	}
	return n.before(id)
}

// forward is the inverse of was.
type forward struct{ renames }

func (r *reconciliation) forward() forward { return forward{r.renames()} }

func (f forward) id(id schema.ID) schema.ID {
	if to, ok := f.now[id]; ok {
		return to
	}
	return f.after(id)
}

// object is o with all IDs as they will be.
func (f forward) object(o schema.Object) schema.Object {
	if len(f.now) == 0 {
		return o
	}
	return schema.Rewrite(o, f.id)
}

// followers are what the server renames along with a column, or a check or NOT
// NULL: those of the tables that inherit them. Each comes with its new ID.
func followers(c *schema.Catalog, from, to schema.ID) [][2]schema.ID {
	switch o := c.Object(from).(type) {
	case *pg.Column:
	case *pg.Constraint:
		if o.Type != pg.Check && o.Type != pg.NotNull || o.NoInherit {
			return nil
		}
	default:
		return nil
	}
	children := map[schema.ID][]schema.ID{}
	for t := range schema.Each[*pg.Table](c) {
		for _, p := range ancestors(t) {
			children[p] = append(children[p], t.ID())
		}
	}
	var out [][2]schema.ID
	seen := map[schema.ID]bool{}
	var below func(table schema.ID)
	below = func(table schema.ID) {
		for _, child := range children[table] {
			if seen[child] {
				continue
			}
			seen[child] = true
			old, new := from, to
			old.Schema, old.Parent = child.Schema, child.Name
			new.Schema, new.Parent = child.Schema, child.Name
			out = append(out, [2]schema.ID{old, new})
			below(child)
		}
	}
	below(tableOf(from))
	return out
}
