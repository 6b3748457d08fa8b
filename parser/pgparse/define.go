package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema/pg"
)

// define reads the CREATE commands that share one node of the tree.
func (r *reader) define(s *pg_query.DefineStmt) error {
	switch s.Kind {
	case pg_query.ObjectType_OBJECT_AGGREGATE:
		return r.createAggregate(s)
	case pg_query.ObjectType_OBJECT_OPERATOR:
		return r.createOperator(s)
	case pg_query.ObjectType_OBJECT_COLLATION:
		return r.createCollation(s)
	case pg_query.ObjectType_OBJECT_TSDICTIONARY:
		return r.createTextSearch(pg.KindTSDictionary, s)
	case pg_query.ObjectType_OBJECT_TSCONFIGURATION:
		return r.createTextSearch(pg.KindTSConfiguration, s)
	case pg_query.ObjectType_OBJECT_TSTEMPLATE:
		return r.createTextSearch(pg.KindTSTemplate, s)
	case pg_query.ObjectType_OBJECT_TSPARSER:
		return r.createTextSearch(pg.KindTSParser, s)
	case pg_query.ObjectType_OBJECT_TYPE:
		return r.createBaseType(s)
	}
	return r.notManaged(-1, objectWords(s.Kind))
}

// createBaseType refuses base types, whose functions are written in C. A shell
// type announces a range, whose canonical function needs its name.
func (r *reader) createBaseType(s *pg_query.DefineStmt) error {
	if len(s.Definition) > 0 {
		return r.notManaged(-1, "a base type")
	}
	namespace, name := r.newName(s.Defnames)
	if _, ok := r.types[key(namespace, name)]; !ok {
		return r.missing(-1, "type %s is announced and never defined", pg.Qualify(namespace, name))
	}
	return nil
}

func (r *reader) alterType(*pg_query.AlterTypeStmt) error {
	return r.notManaged(-1, "a base type")
}

func (r *reader) securityLabel(*pg_query.SecLabelStmt) error {
	return r.notManaged(-1, "a security label")
}

func (r *reader) grantRole(*pg_query.GrantRoleStmt) error {
	return r.notManaged(-1, "membership in roles")
}

func (r *reader) alterObjectDepends(*pg_query.AlterObjectDependsStmt) error {
	return r.notManaged(-1, "dependence on an extension")
}
