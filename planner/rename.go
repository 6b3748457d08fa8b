package planner

import (
	"fmt"
	"slices"

	"github.com/trueup-sql/trueup/schema"
)

// rename gives the current objects the names that they will have, and notes
// the renames as changes, in an order in which every name is free when it is
// taken.
func (d *Delta) rename(current *schema.Catalog, c Comparer) error {
	d.Current = current
	if len(d.Desired.Renames) == 0 {
		return nil
	}
	r := renamer{c, d, current.Clone()}
	d.Current = r.catalog
	todo := make([]schema.ID, 0, len(d.Desired.Renames))
	for to := range d.Desired.Renames {
		todo = append(todo, to)
	}
	slices.SortFunc(todo, schema.ID.Compare)
	// Wholes before their parts, whose IDs change with them.
	var wholes, parts []schema.ID
	for _, to := range todo {
		if to.Parent == "" {
			wholes = append(wholes, to)
		} else {
			parts = append(parts, to)
		}
	}
	if err := r.all(wholes); err != nil {
		return err
	}
	return r.all(parts)
}

type renamer struct {
	Comparer
	delta   *Delta
	catalog *schema.Catalog
}

// all carries out renames of one level.
func (r renamer) all(todo []schema.ID) error {
	from := map[schema.ID]schema.ID{}
	for _, to := range todo {
		old := r.follow(r.delta.Desired.Renames[to])
		if to == old {
			continue
		}
		switch {
		case r.catalog.Has(old) && r.catalog.Has(to) && r.delta.Desired.Has(old):
			// It was done; or the two are to be swapped, which could not be told
			// from a swap that was done.
			r.note("%s: both it and %s exist and are wanted, so it counts as renamed already (a swap takes two steps, through a third name)", to, old.Name)
		case r.catalog.Has(old):
			from[to] = old
		case r.catalog.Has(to):
			r.note("%s: the rename from %s has been done; its directive can be removed", to, old.Name)
		default:
			r.note("%s: there is no %s that could be renamed; it is created", to, old)
		}
	}
	for len(from) > 0 { // each round carries out those whose new name is free
		var stuck schema.ID
		progress := false
		for _, to := range todo {
			old, ok := from[to]
			switch {
			case !ok:
			case r.catalog.Has(to):
				stuck = to
			default:
				r.apply(old, to)
				delete(from, to)
				progress = true
			}
		}
		if !progress {
			return &UnsupportedError{ID: stuck, Reason: fmt.Sprintf("it is to be renamed from %s, but both exist", from[stuck].Name),
				Hint: "drop one of the two by hand, or remove the directive", Pos: r.delta.Desired.Origin[stuck]}
		}
	}
	return nil
}

func (r renamer) note(format string, args ...any) {
	r.delta.Notes = append(r.delta.Notes, fmt.Sprintf(format, args...))
}

// follow gives an old ID the name that its parent has by now.
func (r renamer) follow(id schema.ID) schema.ID {
	if r.catalog.Has(id) {
		return id
	}
	for _, ch := range r.delta.Changes {
		old, now := ch.Old.ID(), ch.New.ID()
		if old.Parent == "" && id.Parent == old.Name && id.Schema == old.Schema {
			id.Parent, id.Schema = now.Name, now.Schema
		}
	}
	return id
}

// apply renames one object in the catalog.
func (r renamer) apply(from, to schema.ID) {
	old := r.catalog.Object(from)
	renameIn(r.catalog, r.Comparer, from, to)
	r.delta.Changes = append(r.delta.Changes, &Change{Verb: Rename, Old: old, New: r.catalog.Object(to)})
}

// Renamed is a copy of a catalog in which an object has another name. All keep
// their places in the sources.
func Renamed(catalog *schema.Catalog, c Comparer, from, to schema.ID) *schema.Catalog {
	out := catalog.Clone()
	renameIn(out, c, from, to)
	out.Origin = map[schema.ID]schema.Pos{}
	for o := range catalog.All() {
		id := o.ID()
		if pos, ok := catalog.Origin[id]; ok {
			if concerns(o, from) {
				id = c.Renamed(o, from, to).ID()
			}
			out.Origin[id] = pos
		}
	}
	return out
}

// renameIn carries a rename through a whole catalog. A whole may name its parts
// without referring to them (a table its partition key).
func renameIn(catalog *schema.Catalog, c Comparer, from, to schema.ID) {
	next := schema.NewCatalog()
	pairs := [][2]schema.ID{{from, to}}
	if f, ok := c.(Follower); ok {
		pairs = append(pairs, f.Followers(catalog, from, to)...)
	}
	owners := make([]schema.ID, len(pairs))
	for i, p := range pairs {
		if part := catalog.Object(p[0]); part != nil {
			owners[i] = part.Owner()
		}
	}
	for o := range catalog.All() {
		for i, p := range pairs {
			if o.ID() == owners[i] || concerns(o, p[0]) {
				o = c.Renamed(o, p[0], p[1])
			}
		}
		next.Put(o)
	}
	next.Renames, next.Origin, next.Directives = catalog.Renames, catalog.Origin, catalog.Directives
	next.Unmanaged, next.Notes = catalog.Unmanaged, catalog.Notes
	*catalog = *next
}

// concerns tells whether o is, is a part of, or mentions id.
func concerns(o schema.Object, id schema.ID) bool {
	within := func(x schema.ID) bool {
		return x == id || x.Parent == id.Name && x.Schema == id.Schema && id.Parent == ""
	}
	if within(o.ID()) || within(o.Owner()) {
		return true
	}
	return slices.ContainsFunc(o.Refs(), func(r schema.Ref) bool { return within(r.To) })
}
