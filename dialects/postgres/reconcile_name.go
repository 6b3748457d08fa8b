package postgres

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// names finds, for what the author left unnamed, the counterpart in the
// database by its definition. Where the counterpart's name is one that the
// server may have chosen for it, the author's object takes it over; where a
// person chose it, or it stems from a former name of the table, the object in
// the database is renamed to what a new database would call it.
func (r *reconciliation) names() {
	f := r.forward()
	open := r.unnamed()
	if len(open) == 0 {
		return
	}
	candidates := map[groupKey][]candidate{}
	for o := range r.current.All() {
		switch o.(type) {
		case *pg.Constraint, *pg.Index, *pg.Statistics, *pg.DomainConstraint:
		default:
			continue
		}
		now := f.object(o)
		if other := r.desired.Object(now.ID()); other != nil && (!isUnnamed(other) || sameDefinition(now, other)) {
			continue // it has its counterpart
		}
		if k := groupOf(now); open[k] != nil {
			candidates[k] = append(candidates[k], candidate{o.ID(), now})
		}
	}
	adopted := map[schema.ID]schema.ID{}
	for o := range r.desired.All() {
		if !isUnnamed(o) {
			continue
		}
		if same := r.current.Object(r.was(o.ID())); same != nil && sameDefinition(f.object(same), o) {
			continue
		}
		k := groupOf(o)
		i := pick(candidates[k], o)
		if i < 0 {
			continue
		}
		found := candidates[k][i]
		candidates[k] = append(candidates[k][:i:i], candidates[k][i+1:]...)
		if serverLike(found.id.Name, o.ID().Name) {
			adopted[o.ID()] = found.now.ID()
		} else {
			r.desired.Renames[o.ID()] = found.id
		}
	}
	r.adopt(adopted)
}

// groupKey is where names of one kind are looked for.
type groupKey struct {
	kind  schema.Kind
	owner schema.ID
}

func groupOf(o schema.Object) groupKey { return groupKey{o.ID().Kind, o.Owner()} }

// candidate is an object of the database, under its ID there and as it will be
// after the renames that the author asked for.
type candidate struct {
	id  schema.ID
	now schema.Object
}

// unnamed lists the groups in which the author left names to the server.
func (r *reconciliation) unnamed() map[groupKey][]schema.Object {
	out := map[groupKey][]schema.Object{}
	for o := range r.desired.All() {
		if isUnnamed(o) {
			out[groupOf(o)] = append(out[groupOf(o)], o)
		}
	}
	return out
}

func isUnnamed(o schema.Object) bool {
	switch o := o.(type) {
	case *pg.Constraint:
		return o.Unnamed
	case *pg.Index:
		return o.Unnamed
	case *pg.Statistics:
		return o.Unnamed
	case *pg.DomainConstraint:
		return o.Unnamed
	}
	return false
}

// named is a shallow copy of o with another name.
func named(o schema.Object, name string) schema.Object {
	switch o := o.(type) {
	case *pg.Constraint:
		c := *o
		c.Name = name
		return &c
	case *pg.Index:
		c := *o
		c.Name = name
		return &c
	case *pg.Statistics:
		c := *o
		c.Name = name
		return &c
	case *pg.DomainConstraint:
		c := *o
		c.Name = name
		return &c
	}
	return o
}

// sameDefinition tells whether two objects are equal but for their names, and
// for what is known of the rows.
func sameDefinition(a, b schema.Object) bool {
	a = named(a, b.ID().Name)
	switch b := b.(type) {
	case *pg.Constraint:
		if a, ok := a.(*pg.Constraint); ok {
			a.NotValid = b.NotValid
		}
	case *pg.DomainConstraint:
		if a, ok := a.(*pg.DomainConstraint); ok {
			a.NotValid = b.NotValid
		}
	}
	return schema.Equal(a, b)
}

// pick finds the candidate with the definition of o, best one with a name that
// the server may have chosen for it; -1 for none.
func pick(list []candidate, o schema.Object) int {
	found := -1
	for i, c := range list {
		if !sameDefinition(c.now, o) {
			continue
		}
		if serverLike(c.id.Name, o.ID().Name) {
			return i
		}
		if found < 0 {
			found = i
		}
	}
	return found
}

// adopt gives objects of the desired state other names, wherever they are
// mentioned.
func (r *reconciliation) adopt(names map[schema.ID]schema.ID) {
	if len(names) == 0 {
		return
	}
	f := func(id schema.ID) schema.ID {
		if to, ok := names[id]; ok {
			return to
		}
		return id
	}
	var changed []schema.Object
	for o := range r.desired.All() {
		if mentions(o, names) {
			changed = append(changed, o)
		}
	}
	for _, o := range changed {
		r.desired.Remove(o.ID())
	}
	for _, o := range changed {
		id := o.ID()
		if to, ok := names[id]; ok {
			o = named(o, to.Name)
			if at, ok := r.desired.Origin[id]; ok {
				r.desired.Origin[to] = at
			}
			if d, ok := r.desired.Directives[id]; ok {
				r.desired.Directives[to] = d
			}
		}
		r.desired.Put(schema.Rewrite(o, f))
	}
}

// mentions tells whether o is, or refers to, one of the IDs.
func mentions(o schema.Object, ids map[schema.ID]schema.ID) bool {
	if _, ok := ids[o.ID()]; ok {
		return true
	}
	for _, ref := range o.Refs() {
		if _, ok := ids[ref.To]; ok {
			return true
		}
	}
	return false
}
