package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
)

func (r *reader) alterTable(s *pg_query.AlterTableStmt) error       { return nil }
func (r *reader) drop(s *pg_query.DropStmt) error                   { return nil }
func (r *reader) rename(s *pg_query.RenameStmt) error               { return nil }
func (r *reader) setSchema(s *pg_query.AlterObjectSchemaStmt) error { return nil }
func (r *reader) check()                                            {}

// routine is the placeholder of a routine: args is what [pg.InputTypes] makes
// of its argument types, or "*" for any of that name.
func (r *reader) routine(namespace, name, args string) schema.ID {
	return r.unresolved(unresolvedRoutine, namespace, args, name)
}
