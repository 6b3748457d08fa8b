package planner

import (
	"fmt"
	"slices"

	"github.com/trueup-sql/trueup/schema"
)

// rename gives the current objects the names that they will have, and notes
// the renames as changes, in an order in which every name is free when it is
// taken; names that are swapped go through a temporary one.
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
		if r.catalog.Has(old) {
			from[to] = old
		} else if r.catalog.Has(to) {
			r.note("%s: the rename from %s has been done; its directive can be removed", to, old.Name)
		} else {
			r.note("%s: there is no %s that could be renamed; it is created", to, old)
		}
	}
	leaving := map[schema.ID]bool{}
	for _, old := range from {
		leaving[old] = true
	}
	for len(from) > 0 {
		progress := false
		for _, to := range todo {
			old, ok := from[to]
			if !ok || r.catalog.Has(to) {
				continue
			}
			r.apply(old, to)
			delete(from, to)
			delete(leaving, old)
			progress = true
		}
		if progress {
			continue
		}
		// Every name that is left is taken: by a swap, or by a stranger.
		for _, to := range todo {
			old, ok := from[to]
			if !ok {
				continue
			}
			if !leaving[to] {
				return &UnsupportedError{ID: to, Reason: fmt.Sprintf("it is to be renamed from %s, but both exist", old.Name),
					Hint: "drop one of the two by hand, or remove the directive", Pos: r.delta.Desired.Origin[to]}
			}
			aside := old
			aside.Name += "__trueup_swap"
			r.apply(old, aside)
			from[to] = aside
			delete(leaving, old)
			leaving[aside] = true
			break
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

// renameIn carries a rename through a whole catalog.
func renameIn(catalog *schema.Catalog, c Comparer, from, to schema.ID) {
	next := schema.NewCatalog()
	for o := range catalog.All() {
		if concerns(o, from) {
			o = c.Renamed(o, from, to)
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
