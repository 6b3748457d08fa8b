package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
)

func (r *reader) createTable(s *pg_query.CreateStmt) error           { return nil }
func (r *reader) alterTable(s *pg_query.AlterTableStmt) error        { return nil }
func (r *reader) createIndex(s *pg_query.IndexStmt) error            { return nil }
func (r *reader) createSequence(s *pg_query.CreateSeqStmt) error     { return nil }
func (r *reader) alterSequence(s *pg_query.AlterSeqStmt) error       { return nil }
func (r *reader) createStatistics(s *pg_query.CreateStatsStmt) error { return nil }
func (r *reader) alterStatistics(s *pg_query.AlterStatsStmt) error   { return nil }
func (r *reader) createSchema(s *pg_query.CreateSchemaStmt) error    { return nil }
func (r *reader) drop(s *pg_query.DropStmt) error                    { return nil }
func (r *reader) rename(s *pg_query.RenameStmt) error                { return nil }
func (r *reader) setSchema(s *pg_query.AlterObjectSchemaStmt) error  { return nil }
func (r *reader) set(s *pg_query.VariableSetStmt) error              { return nil }
func (r *reader) selectStatement(s *pg_query.SelectStmt) error       { return nil }
func (r *reader) transaction(s *pg_query.TransactionStmt) error      { return nil }
func (r *reader) refuse(n *pg_query.Node) error                      { return nil }
func (r *reader) check()                                             {}

// routine is the placeholder of a routine: args is what [pg.InputTypes] makes
// of its argument types, or "*" for any of that name.
func (r *reader) routine(namespace, name, args string) schema.ID {
	return r.unresolved(unresolvedRoutine, namespace, args, name)
}
