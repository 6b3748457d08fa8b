package pgparse

import (
	"slices"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema/pg"
)

func (r *reader) createComposite(s *pg_query.CompositeTypeStmt) error {
	c := &pg.Composite{Schema: r.creation(s.Typevar.Schemaname), Name: s.Typevar.Relname}
	for _, n := range s.Coldeflist {
		c.Attributes = append(c.Attributes, r.attribute(n.GetColumnDef()))
	}
	return r.add(c, -1)
}

func (r *reader) attribute(d *pg_query.ColumnDef) pg.Attribute {
	a := pg.Attribute{Name: d.Colname, Type: r.typeName(d.TypeName)}
	if d.CollClause != nil {
		a.Collation = r.collation(d.CollClause)
	}
	return a
}

// collation is the qualified name of a COLLATE clause's collation.
func (r *reader) collation(c *pg_query.CollateClause) string {
	return r.collationName(c.Collname)
}

// alterComposite reads ALTER TYPE .. ADD, DROP and ALTER ATTRIBUTE.
func (r *reader) alterComposite(s *pg_query.AlterTableStmt) error {
	c, err := defined[*pg.Composite](r, pg.KindComposite, s.Relation.Schemaname, s.Relation.Relname, "")
	if err != nil {
		return err
	}
	for _, n := range s.Cmds {
		if err := r.alterAttribute(c, n.GetAlterTableCmd()); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) alterAttribute(c *pg.Composite, cmd *pg_query.AlterTableCmd) error {
	at := func(name string) int {
		return slices.IndexFunc(c.Attributes, func(a pg.Attribute) bool { return a.Name == name })
	}
	switch cmd.Subtype {
	case pg_query.AlterTableType_AT_AddColumn:
		a := r.attribute(cmd.Def.GetColumnDef())
		if at(a.Name) >= 0 {
			return r.errorf(-1, "", "type %s has an attribute %q already", c.Name, a.Name)
		}
		c.Attributes = append(c.Attributes, a)
	case pg_query.AlterTableType_AT_DropColumn:
		i := at(cmd.Name)
		if i < 0 && !cmd.MissingOk {
			return r.errorf(-1, "", "type %s has no attribute %q", c.Name, cmd.Name)
		}
		if i >= 0 {
			c.Attributes = slices.Delete(c.Attributes, i, i+1)
		}
	case pg_query.AlterTableType_AT_AlterColumnType:
		i := at(cmd.Name)
		if i < 0 {
			return r.errorf(-1, "", "type %s has no attribute %q", c.Name, cmd.Name)
		}
		c.Attributes[i] = r.attribute(cmd.Def.GetColumnDef())
		c.Attributes[i].Name = cmd.Name
	case pg_query.AlterTableType_AT_ChangeOwner:
		return r.setOwner(c.ID(), cmd.Newowner)
	default:
		return r.notManaged(-1, "this form of ALTER TYPE")
	}
	return nil
}
