package postgres

import (
	"cmp"
	"slices"

	"github.com/trueup-sql/trueup/parser/pgparse"
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
	put := n.put
	r.renamedWholes(n)
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

func (n renames) put(to, from schema.ID) {
	if was, ok := n.now[from]; ok { // along with a whole, until it moves by itself
		delete(n.was, was)
	}
	n.was[to], n.now[from] = from, to
}

// renamedWholes lists the renames of what is no part, those first that take others
// along. A directive names what goes along by its old name, or by the one that it
// has then.
func (r *reconciliation) renamedWholes(n renames) {
	var wholes []schema.ID
	for to := range r.desired.Renames {
		if to.Parent == "" {
			wholes = append(wholes, to)
		}
	}
	slices.SortFunc(wholes, func(a, b schema.ID) int {
		return cmp.Or(cmp.Compare(takesAlong(a.Kind), takesAlong(b.Kind)), a.Compare(b))
	})
	signed := false
	for _, to := range wholes {
		if !signed && takesAlong(to.Kind) == 2 {
			r.signatures(n)
			signed = true
		}
		from := r.desired.Renames[to]
		if was, ok := n.was[from]; ok && !r.current.Has(from) {
			from = was
		}
		if !r.current.Has(from) || r.current.Has(to) && n.now[to].IsZero() && r.desired.Has(from) {
			continue
		}
		n.put(to, from)
		for _, f := range followers(r.current, from, to) {
			n.put(f[1], f[0])
		}
	}
	if !signed {
		r.signatures(n)
	}
}

// signatures lists what is told apart by types that have other names.
func (r *reconciliation) signatures(n renames) {
	if len(n.now) == 0 {
		return
	}
	f := forward{n}
	for o := range r.current.All() {
		if id := o.ID(); signed(o) {
			whole := f.id(id)
			whole.Args = f.object(o).ID().Args
			if whole != id {
				n.put(whole, id)
			}
		}
	}
}

// takesAlong ranks the kinds by what their renames may take along.
func takesAlong(k schema.Kind) int {
	switch k {
	case pg.KindSchema:
		return 0
	case pg.KindTable, pg.KindView, pg.KindMaterializedView, pg.KindEnum, pg.KindComposite, pg.KindDomain, pg.KindRange:
		return 1
	}
	return 2
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
	return pgparse.Rewritten(o, f.id)
}
