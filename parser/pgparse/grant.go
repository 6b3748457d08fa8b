package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Privileges in the desired state: one [pg.Privilege] for every pair of an
// object and a grantee that a GRANT or REVOKE names, with what the grantee may
// do in the end. It is there even if it says no more than what holds anyway
// ([pg.Privilege.Builtin]): PUBLIC's EXECUTE on a function, or no names at all
// on a table. The files named the pair, so it is managed; where the database
// agrees, Reconcile takes it out.
//
// An object without any starts from the built-in default (acldefault), so that
// REVOKE .. FROM PUBLIC on a function leaves an empty one for PUBLIC, and
// REVOKE INSERT .. FROM owner leaves the owner all others. Who granted is not kept, so
// CASCADE and RESTRICT mean nothing.
//
// A catalog that is read from a server holds only what differs from the
// built-in default; see [pg.Privilege].

// A target is something that can be granted on. relation is as Privilege's.
type target struct{ id, relation schema.ID }

// access is what a GRANT or REVOKE does, apart from its targets.
type access struct {
	revoke bool
	option bool // WITH GRANT OPTION, GRANT OPTION FOR
}

// grant reads GRANT and REVOKE on objects.
func (r *reader) grant(s *pg_query.GrantStmt) error {
	targets, err := r.grantTargets(s)
	if err != nil {
		return r.leave(err, "privileges on")
	}
	for _, n := range s.Grantees {
		grantee, public, err := r.role(n.GetRoleSpec())
		if err != nil {
			return err
		}
		for _, t := range targets {
			if err := r.grantOn(s, t, grantee, public); err != nil {
				return err
			}
		}
	}
	return nil
}

// grantOn applies a statement to one pair of target and grantee.
func (r *reader) grantOn(s *pg_query.GrantStmt, t target, grantee string, public bool) error {
	a := access{revoke: !s.IsGrant, option: s.GrantOption}
	if len(s.Privileges) == 0 {
		r.access(a, t, grantee, public, pg.AllPrivileges(t.id.Kind, r.Version))
		return nil
	}
	for _, n := range s.Privileges {
		p := n.GetAccessPriv()
		on := []target{t}
		if len(p.Cols) > 0 {
			on = on[:0]
			for _, c := range strs(p.Cols) {
				on = append(on, target{pg.ColumnID(t.id, c), t.id})
			}
		}
		for _, t := range on {
			all := pg.AllPrivileges(t.id.Kind, r.Version)
			name := strings.ToUpper(p.PrivName)
			if name != "" && !slices.Contains(all, name) {
				return r.errorf(-1, "they are "+strings.Join(all, ", "), "%s is no privilege of a %s", name, t.id.Kind)
			}
			if name != "" {
				all = []string{name}
			}
			r.access(a, t, grantee, public, all)
		}
	}
	return nil
}

// access changes what one grantee may do with one target. Revoking on a table
// revokes on its columns, too.
func (r *reader) access(a access, t target, grantee string, public bool, names []string) {
	p := &pg.Privilege{Target: t.id, Relation: t.relation, Grantee: grantee, Public: public}
	owns := !public && grantee == r.ownerOf(t.id)
	if old, ok := schema.Lookup[*pg.Privilege](r.catalog, p.ID()); ok {
		p.Names, p.Grantable = old.Names, old.Grantable
	} else {
		p.Names = pg.BuiltinPrivileges(t.id, public, owns, r.Version)
	}
	p.Names, p.Grantable = a.apply(p.Names, p.Grantable, names, public)
	r.catalog.Put(p)
	r.catalog.Origin[p.ID()] = r.pos(r.offset)
	if t.id.Kind == pg.KindColumn && !slices.Contains(r.columnAccess[t.relation], p.ID()) {
		r.columnAccess[t.relation] = append(r.columnAccess[t.relation], p.ID())
	}
	if !a.revoke || t.id.Kind == pg.KindColumn {
		return
	}
	for _, id := range r.columnAccess[t.id] {
		if q, ok := schema.Lookup[*pg.Privilege](r.catalog, id); ok && q.Grantee == grantee && q.Public == public {
			q.Names, q.Grantable = a.apply(q.Names, q.Grantable, names, public)
		}
	}
}

// apply computes what a grantee may do afterwards. public: PUBLIC cannot have
// grant options.
func (a access) apply(names, grantable, given []string, public bool) (after, option []string) {
	switch {
	case a.revoke && a.option:
		return names, without(grantable, given)
	case a.revoke:
		return without(names, given), without(grantable, given)
	case a.option && !public:
		grantable = union(grantable, given)
	}
	return union(names, given), grantable
}

// grantTargets lists what a GRANT or REVOKE is on.
func (r *reader) grantTargets(s *pg_query.GrantStmt) ([]target, error) {
	if s.Targtype == pg_query.GrantTargetType_ACL_TARGET_ALL_IN_SCHEMA {
		return r.allInSchema(s)
	}
	var out []target
	for _, n := range s.Objects {
		id, err := r.grantTarget(s.Objtype, n)
		if err != nil {
			return nil, err
		}
		out = append(out, target{id, r.standsFor(id)})
	}
	return out, nil
}

func (r *reader) grantTarget(t pg_query.ObjectType, n *pg_query.Node) (schema.ID, error) {
	if n.GetRangeVar() == nil {
		return r.object(t, n)
	}
	return r.orForeign(t, n, (*reader).relationGranted)
}

func (r *reader) relationGranted(n *pg_query.Node) (schema.ID, error) {
	v := n.GetRangeVar()
	id, err := r.existing(v)
	if err != nil {
		if sequence, _, ok := r.identitySequence(v.Schemaname, v.Relname); ok {
			return sequence, nil
		}
	}
	return id, err
}

// allInSchema are the objects of some kind that the text has defined so far in
// some schemas.
func (r *reader) allInSchema(s *pg_query.GrantStmt) ([]target, error) {
	var schemas []string
	for _, n := range s.Objects {
		id, err := r.schemaAddress(n)
		if err != nil {
			return nil, err
		}
		schemas = append(schemas, id.Name)
	}
	var kinds []schema.Kind
	switch s.Objtype {
	case pg_query.ObjectType_OBJECT_TABLE:
		kinds = []schema.Kind{pg.KindTable, pg.KindView, pg.KindMaterializedView}
	case pg_query.ObjectType_OBJECT_SEQUENCE:
		kinds = []schema.Kind{pg.KindSequence}
	case pg_query.ObjectType_OBJECT_FUNCTION:
		kinds = []schema.Kind{pg.KindFunction, pg.KindAggregate}
	case pg_query.ObjectType_OBJECT_PROCEDURE:
		kinds = []schema.Kind{pg.KindProcedure}
	default:
		kinds = routineKinds
	}
	var out []target
	for o := range r.catalog.All() {
		id := o.ID()
		if c, ok := o.(*pg.Column); ok && c.Identity != nil && s.Objtype == pg_query.ObjectType_OBJECT_SEQUENCE {
			id = schema.ID{Kind: pg.KindSequence, Schema: c.Table.Schema, Name: identityName(c)}
		}
		if slices.Contains(kinds, id.Kind) && slices.Contains(schemas, id.Schema) {
			out = append(out, target{id, r.standsFor(id)})
		}
	}
	return out, nil
}
