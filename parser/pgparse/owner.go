package pgparse

import (
	"slices"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// alterOwner reads ALTER .. OWNER TO of everything but relations, whose is a
// form of ALTER TABLE.
func (r *reader) alterOwner(s *pg_query.AlterOwnerStmt) error {
	id, err := r.object(s.ObjectType, s.Object)
	if err != nil {
		return r.leave(err, "the owner of")
	}
	return r.setOwner(id, s.Newowner)
}

// setOwner makes a role the owner of an object. It is kept even if it is the
// session's own: the files name it. The former owner's privileges become the
// new one's, as on the server.
func (r *reader) setOwner(id schema.ID, role *pg_query.RoleSpec) error {
	name, _, err := r.role(role)
	if err != nil {
		return err
	}
	old := r.ownerOf(id)
	o := &pg.Ownership{Target: id, Role: name}
	r.catalog.Put(o)
	r.catalog.Origin[o.ID()] = r.pos(r.offset)
	if old == name {
		return nil
	}
	r.inherit(id, old, name)
	return nil
}

// inherit merges what the former owner may do into what the new one may do.
func (r *reader) inherit(id schema.ID, from, to string) {
	if from == to {
		return
	}
	p, had := schema.Lookup[*pg.Privilege](r.catalog, (&pg.Privilege{Target: id, Grantee: from}).ID())
	q, has := schema.Lookup[*pg.Privilege](r.catalog, (&pg.Privilege{Target: id, Grantee: to}).ID())
	if !had && !has {
		return
	}
	names := pg.BuiltinPrivileges(id, false, true, r.Version)
	if had {
		names = p.Names
		r.remove(p.ID())
	}
	if !has {
		q = &pg.Privilege{Target: id, Relation: r.standsFor(id), Grantee: to}
	}
	q.Names = union(names, q.Names)
	if had {
		q.Grantable = union(p.Grantable, q.Grantable)
	}
	r.catalog.Put(q)
}

// ownerOf is the role that owns an object as far as the text says, or else the
// one that works on the target.
func (r *reader) ownerOf(id schema.ID) string {
	if s, ok := schema.Lookup[*pg.SequenceOwner](r.catalog, schema.ID{Kind: pg.KindSequenceOwner, Schema: id.Schema, Name: id.Name}); ok && id.Kind == pg.KindSequence {
		id = schema.ID{Kind: pg.KindTable, Schema: s.Column.Schema, Name: s.Column.Parent}
	}
	if o, ok := schema.Lookup[*pg.Ownership](r.catalog, (&pg.Ownership{Target: id}).ID()); ok {
		return o.Role
	}
	if id == pg.SchemaID("public") && r.Version >= 150000 && !r.catalog.Has(id) {
		return "pg_database_owner"
	}
	return r.User
}

// settleOwners: a sequence that a column owns belongs to whom the table
// belongs to, and takes no owner of its own.
func (r *reader) settleOwners() {
	for s := range schema.Each[*pg.SequenceOwner](r.catalog) {
		own := &pg.Ownership{Target: s.Sequence}
		r.remove(own.ID())
		r.inherit(s.Sequence, r.User, r.ownerOf(s.Sequence))
	}
}

// union joins two sorted lists into one.
func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// without is what is in a and not in b.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}
