package postgres

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Reconcile does what needs both sides: see [dialect.Bound].
func (b *bound) Reconcile(current, desired *schema.Catalog) error {
	r := &reconciliation{bound: b, current: current, desired: desired}
	r.narrow()
	if err := r.columnOrder(); err != nil {
		return err
	}
	r.standing()
	r.schemas()
	r.extensions()
	r.partitions()
	r.inheritance()
	r.notNulls()
	r.renamedNotNulls()
	r.yieldNotNulls()
	r.attachments()
	r.names()
	r.covers()
	r.absorbed()
	r.shed()
	r.unburden()
	r.sequences()
	r.owners()
	r.privileges()
	r.comments()
	r.lostColumns()
	pg.LinkSequences(current)
	pg.LinkSequences(desired)
	return nil
}

type reconciliation struct {
	*bound
	current, desired *schema.Catalog
	given            map[schema.ID]schema.ID // see givenFor
	leaving          map[schema.ID]bool      // tables whose NOT NULLs have a parent's names
}

// narrow takes out of desired what is in schemas that are not managed; current
// was read without it.
func (r *reconciliation) narrow() {
	if len(r.options.Schemas) == 0 {
		return
	}
	in := func(name string) bool { return slices.Contains(r.options.Schemas, name) }
	for o := range r.desired.All() {
		id := o.ID()
		switch o := o.(type) {
		case *pg.Namespace:
			if in(o.Name) {
				continue
			}
		case *pg.Extension:
			continue
		case *pg.Comment:
			if o.Target.Kind == pg.KindSchema && in(o.Target.Name) {
				continue
			}
		case *pg.Ownership:
			if o.Target.Kind == pg.KindSchema && in(o.Target.Name) {
				continue
			}
		case *pg.Privilege:
			if o.Target.Kind == pg.KindSchema && in(o.Target.Name) {
				continue
			}
		}
		if !in(id.Schema) {
			r.desired.Remove(id)
		}
	}
	for e := range schema.Each[*pg.Extension](r.current) { // it may serve other schemas
		if !r.desired.Has(e.ID()) {
			r.desired.Put(e)
		}
	}
}

// standing takes out of desired what every new database has, and current
// therefore does not list.
func (r *reconciliation) standing() {
	public := pg.SchemaID(publicSchema)
	if r.target.Settings[settingPublic] != "" {
		r.desired.Remove(public)
		r.current.Remove(public)
	} else if !r.desired.Has(public) && uses(r.desired, publicSchema) {
		r.desired.Put(&pg.Namespace{Name: publicSchema})
	}
	for c := range schema.Each[*pg.Comment](r.desired) {
		if c.Target == public && c.Text == standardPublicComment {
			r.desired.Remove(c.ID())
		}
	}
	plpgsql := &pg.Extension{Name: "plpgsql"}
	if r.target.Settings[settingPlpgsql] != "" {
		for o := range r.desired.All() {
			if c, ok := o.(*pg.Comment); ok && c.Target == plpgsql.ID() {
				r.desired.Remove(c.ID())
			}
		}
		r.desired.Remove(plpgsql.ID())
	}
}

// uses tells whether a catalog has objects in a schema.
func uses(c *schema.Catalog, name string) bool {
	for o := range c.All() {
		if o.ID().Schema == name {
			return true
		}
	}
	return false
}

// schemas keeps a schema in which the files have objects, but which they do not
// declare: they rely on it. So they do on the one in which they create what they
// name without a schema.
func (r *reconciliation) schemas() {
	var undeclared []*pg.Namespace
	for n := range schema.Each[*pg.Namespace](r.current) {
		if !r.desired.Has(n.ID()) {
			undeclared = append(undeclared, n)
		}
	}
	for _, n := range undeclared {
		if path := searchPath(r.target); uses(r.desired, n.Name) || len(path) > 0 && path[0] == n.Name {
			r.desired.Put(n)
			continue
		}
		for e := range schema.Each[*pg.Extension](r.desired) {
			if e.Schema == n.Name {
				r.desired.Put(n)
			}
		}
	}
}

// extensions fills in what the author does not say. Extensions that a desired
// one needs are there for it.
func (r *reconciliation) extensions() {
	var needed func(e *pg.Extension)
	needed = func(e *pg.Extension) {
		for _, id := range e.Requires {
			if live, ok := schema.Lookup[*pg.Extension](r.current, id); ok && !r.desired.Has(id) {
				r.desired.Put(live)
				needed(live)
			}
		}
	}
	for e := range schema.Each[*pg.Extension](r.desired) {
		live, ok := schema.Lookup[*pg.Extension](r.current, e.ID())
		if !ok {
			continue
		}
		if e.Schema == "" {
			e.Schema = live.Schema
		}
		if e.Version == "" {
			e.Version = live.Version
		}
		e.Requires = live.Requires
	}
	for _, e := range slices.Collect(schema.Each[*pg.Extension](r.desired)) {
		needed(e)
	}
}

// was is the ID that an object of the desired state has in the database, as far
// as its own rename or that of its table tells.
func (r *reconciliation) was(id schema.ID) schema.ID {
	if old, ok := r.desired.Renames[id]; ok {
		return old
	}
	if id.Parent != "" {
		if old, ok := r.desired.Renames[schema.ID{Kind: pg.KindTable, Schema: id.Schema, Name: id.Parent}]; ok {
			id.Schema, id.Parent = old.Schema, old.Name
		}
	}
	return id
}

// now is the inverse of was for objects that are not renamed themselves.
type forward struct{ ids map[schema.ID]schema.ID }

func (r *reconciliation) forward() forward {
	f := forward{map[schema.ID]schema.ID{}}
	for to, from := range r.desired.Renames {
		if r.current.Has(from) {
			f.ids[from] = to
		}
	}
	return f
}

func (f forward) id(id schema.ID) schema.ID {
	if len(f.ids) == 0 {
		return id
	}
	if to, ok := f.ids[id]; ok {
		return to
	}
	if id.Parent != "" {
		for _, kind := range [...]schema.Kind{pg.KindTable, pg.KindView, pg.KindMaterializedView} {
			if to, ok := f.ids[schema.ID{Kind: kind, Schema: id.Schema, Name: id.Parent}]; ok {
				id.Schema, id.Parent = to.Schema, to.Name
				// A column may have been renamed besides, by its new table's name.
				if to, ok := f.ids[id]; ok {
					return to
				}
				return id
			}
		}
	}
	return id
}

// object is o with all IDs as they will be.
func (f forward) object(o schema.Object) schema.Object {
	if len(f.ids) == 0 {
		return o
	}
	return schema.Rewrite(o, f.id)
}
