package pgparse

import (
	"fmt"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

func (r *reader) createDomain(s *pg_query.CreateDomainStmt) error {
	d := &pg.Domain{Type: r.typeName(s.TypeName)}
	d.Schema, d.Name = r.newName(s.Domainname)
	if s.CollClause != nil {
		d.Collation = r.collation(s.CollClause)
	}
	if err := r.add(d, -1); err != nil {
		return err
	}
	if base, ok := schema.Lookup[*pg.Domain](r.catalog, d.Type.Ref); ok && !d.Type.Array {
		d.Default = base.Default // a domain over a domain starts with its default
	}
	for i, n := range s.Constraints {
		end := r.end - r.offset
		if i+1 < len(s.Constraints) {
			end = int(s.Constraints[i+1].GetConstraint().GetLocation())
		}
		if err := r.constrainDomain(d, n.GetConstraint(), end); err != nil {
			return err
		}
	}
	return nil
}

// constrainDomain adds one constraint, which ends at a place of the statement.
func (r *reader) constrainDomain(d *pg.Domain, c *pg_query.Constraint, end int) error {
	switch c.Contype {
	case pg_query.ConstrType_CONSTR_NOTNULL:
		d.NotNull = true
	case pg_query.ConstrType_CONSTR_NULL:
		d.NotNull = false
	case pg_query.ConstrType_CONSTR_DEFAULT:
		d.Default = r.exprUntil(c.RawExpr, end)
	case pg_query.ConstrType_CONSTR_CHECK:
		k := &pg.DomainConstraint{Domain: d.ID(), Name: c.Conname, Check: r.exprUntil(c.RawExpr, end), NotValid: c.SkipValidation}
		if k.Name == "" {
			k.Name, k.Unnamed = r.domainConstraintName(d.ID()), true
		}
		return r.add(k, c.Location)
	default:
		return r.errorf(c.Location, "a domain has NOT NULL, CHECK and DEFAULT", "this constraint is not for domains")
	}
	return nil
}

// domainConstraintName is the name that the server gives an unnamed check.
func (r *reader) domainConstraintName(domain schema.ID) string {
	for i := 0; ; i++ {
		label := "check"
		if i > 0 {
			label = fmt.Sprintf("check%d", i)
		}
		name := objectName(domain.Name, "", label)
		if !r.catalog.Has(pg.Part(pg.KindDomainConstraint, domain, name)) {
			return name
		}
	}
}

// alterDomain reads all forms of ALTER DOMAIN but RENAME, OWNER TO and SET
// SCHEMA.
func (r *reader) alterDomain(s *pg_query.AlterDomainStmt) error {
	namespace, name := nameParts(s.TypeName)
	d, err := defined[*pg.Domain](r, pg.KindDomain, namespace, name, "")
	if err != nil {
		return err
	}
	constraint := pg.Part(pg.KindDomainConstraint, d.ID(), s.Name)
	switch s.Subtype {
	case "T":
		d.Default = schema.Expr{}
		if s.Def != nil {
			d.Default = r.expr(s.Def)
		}
	case "N":
		d.NotNull = false
	case "O":
		d.NotNull = true
	case "C":
		return r.constrainDomain(d, s.Def.GetConstraint(), r.end-r.offset)
	case "X":
		if !r.catalog.Has(constraint) && !s.MissingOk {
			return r.errorf(-1, "", "domain %s has no constraint %q", name, s.Name)
		}
		r.remove(constraint)
		r.remove((&pg.Comment{Target: constraint}).ID())
	case "V":
		k, ok := schema.Lookup[*pg.DomainConstraint](r.catalog, constraint)
		if !ok {
			return r.errorf(-1, "", "domain %s has no constraint %q", name, s.Name)
		}
		k.NotValid = false
	default:
		return r.notManaged(-1, "this form of ALTER DOMAIN")
	}
	return nil
}
