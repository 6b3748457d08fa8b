package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema/pg"
)

// createMaterializedView reads CREATE MATERIALIZED VIEW. CREATE TABLE AS is
// data, and refused.
func (r *reader) createMaterializedView(s *pg_query.CreateTableAsStmt) error {
	if s.Objtype != pg_query.ObjectType_OBJECT_MATVIEW {
		return r.errorf(-1, "write CREATE TABLE with its columns", "CREATE TABLE AS creates data")
	}
	into := s.Into
	v := &pg.MaterializedView{Schema: r.creation(into.Rel.Schemaname), Name: into.Rel.Relname,
		AccessMethod: into.AccessMethod, Tablespace: into.TableSpaceName, Unpopulated: into.SkipData}
	if v.AccessMethod == "heap" {
		v.AccessMethod = ""
	}
	for _, d := range elements(into.Options) {
		v.Options = setOption(v.Options, storageName(d), word(d))
	}
	if s.IfNotExists && r.catalog.Has(v.ID()) {
		return nil
	}
	from, _, err := r.definingQuery()
	if err != nil {
		return err
	}
	v.Query = r.slice(s.Query, from, r.dataClause())
	v.Aliases = strs(into.ColNames)
	v.Columns = named(v.Aliases)
	return r.add(v, -1)
}

// storageName is a storage parameter's name as pg_class.reloptions spells it.
func storageName(d *pg_query.DefElem) string {
	if d.Defnamespace != "" {
		return d.Defnamespace + "." + d.Defname
	}
	return d.Defname
}

// alterMaterializedView reads ALTER MATERIALIZED VIEW with commands.
func (r *reader) alterMaterializedView(s *pg_query.AlterTableStmt) error {
	v, err := defined[*pg.MaterializedView](r, pg.KindMaterializedView, s.Relation.Schemaname, s.Relation.Relname, "")
	if err != nil {
		return err
	}
	for _, n := range s.Cmds {
		if err := r.alterMaterializedViewCommand(v, n.GetAlterTableCmd()); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) alterMaterializedViewCommand(v *pg.MaterializedView, c *pg_query.AlterTableCmd) error {
	switch c.Subtype {
	case pg_query.AlterTableType_AT_ChangeOwner:
		return r.setOwner(v.ID(), c.Newowner)
	case pg_query.AlterTableType_AT_SetRelOptions:
		for _, d := range elements(c.Def.GetList().GetItems()) {
			v.Options = setOption(v.Options, storageName(d), word(d))
		}
	case pg_query.AlterTableType_AT_ResetRelOptions:
		for _, d := range elements(c.Def.GetList().GetItems()) {
			v.Options = unsetOption(v.Options, storageName(d))
		}
	case pg_query.AlterTableType_AT_SetTableSpace:
		if v.Tablespace = c.Name; c.Name == "pg_default" {
			v.Tablespace = ""
		}
	case pg_query.AlterTableType_AT_SetAccessMethod:
		if v.AccessMethod = c.Name; c.Name == "heap" {
			v.AccessMethod = ""
		}
	case pg_query.AlterTableType_AT_ClusterOn:
		v.ClusterOn = c.Name
	case pg_query.AlterTableType_AT_DropCluster:
		v.ClusterOn = ""
	default:
		return r.notManaged(-1, "this form of ALTER MATERIALIZED VIEW")
	}
	return nil
}

// refreshMaterializedView reads REFRESH MATERIALIZED VIEW, which pg_dump writes
// behind the data; what the view holds is data, whether it does is not.
func (r *reader) refreshMaterializedView(s *pg_query.RefreshMatViewStmt) error {
	v, err := defined[*pg.MaterializedView](r, pg.KindMaterializedView, s.Relation.Schemaname, s.Relation.Relname, "")
	if err != nil {
		return err
	}
	v.Unpopulated = s.SkipData
	return nil
}
