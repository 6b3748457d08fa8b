package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema/pg"
)

// createSchema reads CREATE SCHEMA with the elements in it, which live in the
// new schema unless they say otherwise.
func (r *reader) createSchema(s *pg_query.CreateSchemaStmt) error {
	name := s.Schemaname
	if name == "" {
		name = s.Authrole.GetRolename()
	}
	if name == "" {
		return r.errorf(-1, "name the schema", "the name of the schema depends on who runs the statement")
	}
	o := &pg.Namespace{Name: name}
	if s.IfNotExists && r.catalog.Has(o.ID()) {
		r.skipped(o.ID())
		return nil
	}
	if err := r.add(o, -1); err != nil {
		return err
	}
	if s.Authrole != nil {
		if err := r.setOwner(o.ID(), s.Authrole); err != nil {
			return err
		}
	}
	outer := r.path
	r.path = append([]string{name}, outer...)
	defer func() { r.path = outer }()
	for _, e := range s.SchemaElts {
		r.element(e)
	}
	return nil
}
