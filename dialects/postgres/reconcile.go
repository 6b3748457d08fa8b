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
	r.local()
	r.ownNotNulls()
	r.notNulls()
	r.renamedNotNulls()
	r.yieldNotNulls()
	r.attachments()
	r.names()
	r.validations()
	r.covers()
	r.absorbed()
	r.shed()
	r.backings()
	r.makeWay()
	r.populated()
	r.rely()
	r.unburden()
	r.identities()
	r.sequences()
	if err := r.stranded(); err != nil {
		return err
	}
	r.owners()
	r.ownedAfter()
	r.privileges()
	r.comments()
	r.lostColumns()
	r.heirlooms()
	r.usings()
	pg.LinkSequences(current)
	pg.LinkSequences(desired)
	return nil
}

type reconciliation struct {
	*bound
	current, desired *schema.Catalog
	renamed          renames                 // see renames
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
