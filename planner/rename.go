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
	r := renamer{c, d, current.Clone(), map[schema.ID]schema.ID{}}
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
	// along are the IDs that objects have by now which a rename took along.
	along map[schema.ID]schema.ID
}

// all carries out renames of one level: first those that take others along, which
// are then found under the names that they have by it.
func (r renamer) all(todo []schema.ID) error {
	for len(todo) > 0 {
		var now, later []schema.ID
		taken := r.taken(todo)
		for _, to := range todo {
			old := r.follow(r.delta.Desired.Renames[to])
			if by, ok := taken[old]; ok && by != to || len(taken) > 0 && !r.catalog.Has(old) {
				later = append(later, to)
			} else {
				now = append(now, to)
			}
		}
		if len(now) == 0 {
			now, later = todo, nil
		}
		if err := r.some(now); err != nil {
			return err
		}
		todo = later
	}
	return nil
}

// taken tells what a rename takes along, and which one.
func (r renamer) taken(todo []schema.ID) map[schema.ID]schema.ID {
	f, ok := r.Comparer.(Follower)
	if !ok || len(todo) < 2 {
		return nil
	}
	by := map[schema.ID]schema.ID{}
	for _, to := range todo {
		if old := r.follow(r.delta.Desired.Renames[to]); r.catalog.Has(old) {
			for _, pair := range f.Followers(r.catalog, old, to) {
				by[pair[0]] = to
			}
		}
	}
	return by
}

// some carries out renames of which none takes another one's object along.
func (r renamer) some(todo []schema.ID) error {
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

// follow gives an old ID the name that it has by now by another rename, such as
// that of its parent.
func (r renamer) follow(id schema.ID) schema.ID {
	if now, ok := r.along[id]; ok {
		return r.follow(now)
	}
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
	for _, pair := range renameIn(r.catalog, r.Comparer, from, to)[1:] {
		if pair[0] != pair[1] {
			r.along[pair[0]] = pair[1]
			delete(r.along, pair[1])
		}
	}
	r.delta.Changes = append(r.delta.Changes, &Change{Verb: Rename, Old: old, New: r.catalog.Object(to)})
}

// Renamed is a copy of a catalog in which an object has another name. All keep
// their places in the sources.
func Renamed(catalog *schema.Catalog, c Comparer, from, to schema.ID) *schema.Catalog {
	out := catalog.Clone()
	pairs := renameIn(out, c, from, to)
	out.Origin = map[schema.ID]schema.Pos{}
	find := concerning(catalog, pairs)
	for o := range catalog.All() {
		pos, ok := catalog.Origin[o.ID()]
		if !ok {
			continue
		}
		for _, i := range find(o) {
			o = c.Renamed(o, pairs[i][0], pairs[i][1])
		}
		out.Origin[o.ID()] = pos
	}
	return out
}

// renameIn carries a rename through a whole catalog, and what it takes along; it
// lists these, after the rename itself. A whole may name its parts without
// referring to them (a table its partition key).
func renameIn(catalog *schema.Catalog, c Comparer, from, to schema.ID) [][2]schema.ID {
	next := schema.NewCatalog()
	pairs := [][2]schema.ID{{from, to}}
	if f, ok := c.(Follower); ok {
		pairs = append(pairs, f.Followers(catalog, from, to)...)
	}
	find := concerning(catalog, pairs)
	for o := range catalog.All() {
		for _, i := range find(o) {
			o = c.Renamed(o, pairs[i][0], pairs[i][1])
		}
		next.Put(o)
	}
	next.Renames, next.Origin, next.Directives = catalog.Renames, catalog.Origin, catalog.Directives
	next.Unmanaged, next.Notes = catalog.Unmanaged, catalog.Notes
	*catalog = *next
	return pairs
}

// concerning finds the renames that an object has to be told of, in their order:
// of itself, of its parts, of what it is a part of, and of what it mentions.
func concerning(catalog *schema.Catalog, pairs [][2]schema.ID) func(schema.Object) []int {
	type place struct{ namespace, name string }
	of, within := map[schema.ID][]int{}, map[schema.ID][]int{}
	wholes := map[place][]int{}
	for i, p := range pairs {
		of[p[0]] = append(of[p[0]], i)
		if p[0].Parent == "" {
			at := place{p[0].Schema, p[0].Name}
			wholes[at] = append(wholes[at], i)
		}
		if part := catalog.Object(p[0]); part != nil && !part.Owner().IsZero() {
			within[part.Owner()] = append(within[part.Owner()], i)
		}
	}
	return func(o schema.Object) []int {
		out := slices.Clone(within[o.ID()])
		add := func(id schema.ID) {
			out = append(out, of[id]...)
			if id.Parent != "" {
				out = append(out, wholes[place{id.Schema, id.Parent}]...)
			}
		}
		add(o.ID())
		add(o.Owner())
		for _, r := range o.Refs() {
			add(r.To)
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
}
