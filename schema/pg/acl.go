package pg

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
)

// Versions of the server (server_version_num) at which privileges changed.
const (
	publicSchemaGuarded = 150000 // PUBLIC may not create in schema public any more
	maintainPrivilege   = 170000 // MAINTAIN on tables and views
)

// AllPrivileges is what GRANT ALL gives on an object of this kind, sorted; nil
// for a kind that has no privileges.
func AllPrivileges(kind schema.Kind, version int) []string {
	switch kind {
	case KindTable, KindView, KindMaterializedView:
		all := []string{"DELETE", "INSERT", "MAINTAIN", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"}
		if version < maintainPrivilege {
			all = slices.Delete(all, 2, 3)
		}
		return all
	case KindColumn:
		return []string{"INSERT", "REFERENCES", "SELECT", "UPDATE"}
	case KindSequence:
		return []string{"SELECT", "UPDATE", "USAGE"}
	case KindSchema:
		return []string{"CREATE", "USAGE"}
	case KindFunction, KindProcedure, KindAggregate:
		return []string{"EXECUTE"}
	case KindEnum, KindComposite, KindDomain, KindRange, KindLanguage:
		return []string{"USAGE"}
	}
	return nil
}

// BuiltinPrivileges is what PUBLIC (public) or an object's owner (owner) may
// do while nobody granted or revoked anything: acldefault(), and for the schema
// public what initdb grants.
func BuiltinPrivileges(target schema.ID, public, owner bool, version int) []string {
	switch {
	case owner && target.Kind != KindColumn:
		return AllPrivileges(target.Kind, version)
	case !public:
		return nil
	case target == SchemaID("public") && version < publicSchemaGuarded:
		return []string{"CREATE", "USAGE"}
	case target == SchemaID("public"):
		return []string{"USAGE"}
	}
	switch target.Kind {
	case KindFunction, KindProcedure, KindAggregate, KindEnum, KindComposite, KindDomain, KindRange, KindLanguage:
		return AllPrivileges(target.Kind, version)
	}
	return nil
}

// Builtin tells whether p says only what holds anyway on an object of this
// owner. An owner may grant on without a grant option; one that he was given
// nevertheless is kept by the server, and by the next owner.
func (p *Privilege) Builtin(owner string, version int) bool {
	owns := !p.Public && p.Grantee == owner
	return slices.Equal(p.Names, BuiltinPrivileges(p.Target, p.Public, owns, version)) && len(p.Grantable) == 0
}

// Builtin tells whether p says only what holds without any ALTER DEFAULT
// PRIVILEGES. Those of one schema add to the global ones, and are relative to
// nothing.
func (p *DefaultPrivilege) Builtin(version int) bool {
	return slices.Equal(p.Names, p.BuiltinNames(version)) && len(p.Grantable) == 0
}

// BuiltinNames is what p's grantee may do without any ALTER DEFAULT PRIVILEGES.
func (p *DefaultPrivilege) BuiltinNames(version int) []string {
	if p.Schema != "" {
		return nil
	}
	return BuiltinPrivileges(schema.ID{Kind: defaultTargets[p.On]}, p.Public, !p.Public && p.Grantee == p.Role, version)
}

// AllDefaultPrivileges is what ALTER DEFAULT PRIVILEGES GRANT ALL ON gives.
func AllDefaultPrivileges(on string, version int) []string {
	return AllPrivileges(defaultTargets[on], version)
}

// defaultTargets maps ALTER DEFAULT PRIVILEGES .. ON to a kind with the same
// privileges.
var defaultTargets = map[string]schema.Kind{
	"tables": KindTable, "sequences": KindSequence, "functions": KindFunction, "types": KindDomain, "schemas": KindSchema,
}
