package postgres

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// keep puts an attribute of current that the files do not speak of into
// desired, if what it is about stays: so it stays too, and comes back should
// its object have to be recreated.
func (r *reconciliation) keep(o schema.Object, f forward) {
	o = f.object(o)
	if r.desired.Has(o.ID()) || !r.stays(o) {
		return
	}
	r.desired.Put(o)
}

// stays tells whether the object that an attribute is about is in the desired
// state, or none of the catalog's objects at all.
func (r *reconciliation) stays(o schema.Object) bool {
	target := o.Owner()
	for _, ref := range o.Refs() {
		if ref.Bind > schema.Late && !r.desired.Has(ref.To) && r.current.Has(ref.To) {
			return false
		}
	}
	if target.Kind == pg.KindSchema && target.Name == publicSchema {
		return true
	}
	return target.IsZero() || r.desired.Has(target)
}

// owners: an owner that the files do not name stays, unless the files are the
// whole truth; naming the one that owns it anyway (the session's user; for the
// schema public, whoever a new database gives it to) is no difference.
func (r *reconciliation) owners() {
	user := r.target.Settings[settingUser]
	for o := range schema.Each[*pg.Ownership](r.desired) {
		was := *o
		was.Target = r.was(o.Target)
		standing := user
		if o.Target == pg.SchemaID(publicSchema) {
			standing = r.target.Settings[settingPublicOwner]
		}
		if !r.current.Has(was.ID()) && o.Role == standing {
			r.desired.Remove(o.ID())
		}
	}
	if r.options.Manages("owners") {
		return
	}
	f := r.forward()
	for o := range schema.Each[*pg.Ownership](r.current) {
		r.keep(o, f)
	}
}

// ownedAfter: a table that is made anew gets its owner before it takes over a
// sequence that stays.
func (r *reconciliation) ownedAfter() {
	for o := range schema.Each[*pg.SequenceOwner](r.desired) {
		owner := (&pg.Ownership{Target: schema.ID{Kind: pg.KindTable, Schema: o.Column.Schema, Name: o.Column.Parent}}).ID()
		if r.current.Has(r.was(o.Sequence)) && r.desired.Has(owner) {
			o.After = owner
		}
	}
}

// owner is the role that an object belongs to in the end.
func (r *reconciliation) owner(target schema.ID) string {
	owned := schema.ID{Kind: pg.KindSequenceOwner, Schema: target.Schema, Name: target.Name}
	if s, ok := schema.Lookup[*pg.SequenceOwner](r.desired, owned); ok && target.Kind == pg.KindSequence {
		target = schema.ID{Kind: pg.KindTable, Schema: s.Column.Schema, Name: s.Column.Parent}
	}
	probe := pg.Ownership{Target: target}
	if o, ok := schema.Lookup[*pg.Ownership](r.desired, probe.ID()); ok {
		return o.Role
	}
	probe.Target = r.was(target)
	if o, ok := schema.Lookup[*pg.Ownership](r.current, probe.ID()); ok {
		return o.Role
	}
	if target == pg.SchemaID(publicSchema) {
		if owner := r.target.Settings[settingPublicOwner]; owner != "" {
			return owner
		}
	}
	return r.target.Settings[settingUser]
}

// grantee is a role, or PUBLIC.
type grantee struct {
	name   string
	public bool
}

// privileges: what the files grant anyway is no difference; a privilege that is
// there and that they do not name stays, unless they name both its object and
// its grantee, or are the whole truth.
func (r *reconciliation) privileges() {
	objects, grantees := map[schema.ID]bool{}, map[grantee]bool{}
	for p := range schema.Each[*pg.Privilege](r.desired) {
		objects[p.Target], grantees[grantee{p.Grantee, p.Public}] = true, true
		was := *p
		was.Target, was.Relation = r.was(p.Target), r.was(p.Relation)
		if !r.current.Has(was.ID()) && p.Builtin(r.owner(p.Target), r.target.Version) {
			r.desired.Remove(p.ID())
		}
	}
	type scope struct{ role, schema, on string }
	scopes, defaultGrantees := map[scope]bool{}, map[grantee]bool{}
	for p := range schema.Each[*pg.DefaultPrivilege](r.desired) {
		scopes[scope{p.Role, p.Schema, p.On}], defaultGrantees[grantee{p.Grantee, p.Public}] = true, true
		if !r.current.Has(p.ID()) && p.Builtin(r.target.Version) {
			r.desired.Remove(p.ID())
		}
	}
	if r.options.Manages("privileges") {
		return
	}
	f := r.forward()
	for p := range schema.Each[*pg.Privilege](r.current) {
		if !objects[f.id(p.Target)] || !grantees[grantee{p.Grantee, p.Public}] {
			r.keep(p, f)
		}
	}
	for p := range schema.Each[*pg.DefaultPrivilege](r.current) {
		if !scopes[scope{p.Role, p.Schema, p.On}] || !defaultGrantees[grantee{p.Grantee, p.Public}] {
			r.keep(p, f)
		}
	}
}

// comments: an extension brings its own.
func (r *reconciliation) comments() {
	for c := range schema.Each[*pg.Comment](r.current) {
		if c.Target.Kind == pg.KindExtension {
			r.keep(c, forward{})
		}
	}
}
