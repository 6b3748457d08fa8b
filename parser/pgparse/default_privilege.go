package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// defaultsOn are the words of [pg.DefaultPrivilege.On].
var defaultsOn = map[pg_query.ObjectType]string{
	pg_query.ObjectType_OBJECT_TABLE: "tables", pg_query.ObjectType_OBJECT_SEQUENCE: "sequences",
	pg_query.ObjectType_OBJECT_FUNCTION: "functions", pg_query.ObjectType_OBJECT_ROUTINE: "functions",
	pg_query.ObjectType_OBJECT_TYPE: "types", pg_query.ObjectType_OBJECT_SCHEMA: "schemas",
}

// defaultsFor are the kinds of objects that each of those is about.
var defaultsFor = map[schema.Kind]string{
	pg.KindTable: "tables", pg.KindView: "tables", pg.KindMaterializedView: "tables", pg.KindSequence: "sequences",
	pg.KindFunction: "functions", pg.KindProcedure: "functions", pg.KindAggregate: "functions",
	pg.KindEnum: "types", pg.KindComposite: "types", pg.KindDomain: "types", pg.KindRange: "types", pg.KindSchema: "schemas",
}

// alterDefaultPrivileges reads ALTER DEFAULT PRIVILEGES. Like those of objects,
// every pair that it names is in the catalog.
func (r *reader) alterDefaultPrivileges(s *pg_query.AlterDefaultPrivilegesStmt) error {
	roles, schemas := []string{r.User}, []string{""}
	for _, d := range elements(s.Options) {
		list := d.Arg.GetList().GetItems()
		if d.Defname == "schemas" {
			schemas = strs(list)
			continue
		}
		roles = nil
		for _, n := range list {
			name, _, err := r.role(n.GetRoleSpec())
			if err != nil {
				return err
			}
			roles = append(roles, name)
		}
	}
	for _, role := range roles {
		for _, namespace := range schemas {
			if err := r.defaultPrivilege(role, namespace, s.Action); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reader) defaultPrivilege(role, namespace string, s *pg_query.GrantStmt) error {
	on, ok := defaultsOn[s.Objtype]
	if !ok {
		return r.notManaged(-1, "default privileges on "+objectWords(s.Objtype))
	}
	names := pg.AllDefaultPrivileges(on, r.Version)
	if len(s.Privileges) > 0 {
		var given []string
		for _, n := range s.Privileges {
			name := strings.ToUpper(n.GetAccessPriv().GetPrivName())
			if !slices.Contains(names, name) {
				return r.errorf(-1, "they are "+strings.Join(names, ", "), "%s is no privilege on %s", name, on)
			}
			given = union(given, []string{name})
		}
		names = given
	}
	a := access{revoke: !s.IsGrant, option: s.GrantOption}
	for _, n := range s.Grantees {
		grantee, public, err := r.role(n.GetRoleSpec())
		if err != nil {
			return err
		}
		p := &pg.DefaultPrivilege{Role: role, Schema: namespace, On: on, Grantee: grantee, Public: public}
		if old, ok := schema.Lookup[*pg.DefaultPrivilege](r.catalog, p.ID()); ok {
			p.Names, p.Grantable = old.Names, old.Grantable
		} else {
			p.Names = p.BuiltinNames(r.Version)
		}
		p.Names, p.Grantable = a.apply(p.Names, p.Grantable, names, public)
		r.catalog.Put(p)
		r.catalog.Origin[p.ID()] = r.pos(r.offset)
		if !slices.Contains(r.defaults, p.ID()) {
			r.defaults = append(r.defaults, p.ID())
		}
	}
	return nil
}

// applyDefaults gives a new object the privileges that the server would give
// it by the ALTER DEFAULT PRIVILEGES that came before: those for the role that
// works on the target, since it creates the object. Global ones are instead of
// the built-in default, those of the object's schema are added.
func (r *reader) applyDefaults(o schema.Object) {
	id := o.ID()
	on := defaultsFor[id.Kind]
	if len(r.defaults) == 0 || on == "" {
		return
	}
	var granted []*pg.Privilege
	for _, namespace := range []string{"", id.Schema} {
		for _, given := range r.defaults {
			d, ok := schema.Lookup[*pg.DefaultPrivilege](r.catalog, given)
			if !ok || d.Role != r.User || d.On != on || d.Schema != namespace {
				continue
			}
			p := &pg.Privilege{Target: id, Grantee: d.Grantee, Public: d.Public, Names: d.Names, Grantable: d.Grantable}
			if i := slices.IndexFunc(granted, func(q *pg.Privilege) bool { return q.ID() == p.ID() }); i >= 0 {
				granted[i].Names, granted[i].Grantable = union(granted[i].Names, p.Names), union(granted[i].Grantable, p.Grantable)
				continue
			}
			if namespace != "" {
				p.Names = union(p.Names, pg.BuiltinPrivileges(id, d.Public, d.Grantee == r.User && !d.Public, r.Version))
			}
			granted = append(granted, p)
		}
		if id.Schema == "" {
			break
		}
	}
	for _, p := range granted {
		if !p.Builtin(r.User, r.Version) {
			r.catalog.Put(p)
			r.catalog.Origin[p.ID()] = r.catalog.Origin[id]
		}
	}
}
