package pgparse

import pg_query "github.com/pganalyze/pg_query_go/v5"

// dispatch hands a statement to the method that reads its kind.
func (r *reader) dispatch(n *pg_query.Node) error {
	switch s := n.GetNode().(type) {
	// Tables and what belongs to them.
	case *pg_query.Node_CreateStmt:
		return r.createTable(s.CreateStmt)
	case *pg_query.Node_AlterTableStmt:
		return r.alterTable(s.AlterTableStmt)
	case *pg_query.Node_IndexStmt:
		return r.createIndex(s.IndexStmt)
	case *pg_query.Node_CreateSeqStmt:
		return r.createSequence(s.CreateSeqStmt)
	case *pg_query.Node_AlterSeqStmt:
		return r.alterSequence(s.AlterSeqStmt)
	case *pg_query.Node_CreateStatsStmt:
		return r.createStatistics(s.CreateStatsStmt)
	case *pg_query.Node_AlterStatsStmt:
		return r.alterStatistics(s.AlterStatsStmt)
	case *pg_query.Node_ClusterStmt:
		return r.cluster(s.ClusterStmt)
	case *pg_query.Node_CreateSchemaStmt:
		return r.createSchema(s.CreateSchemaStmt)
	case *pg_query.Node_DropStmt:
		return r.drop(s.DropStmt)
	case *pg_query.Node_RenameStmt:
		return r.rename(s.RenameStmt)
	case *pg_query.Node_AlterObjectSchemaStmt:
		return r.setSchema(s.AlterObjectSchemaStmt)

	// Settings.
	case *pg_query.Node_VariableSetStmt:
		return r.set(s.VariableSetStmt)
	case *pg_query.Node_SelectStmt:
		return r.selectStatement(s.SelectStmt)
	case *pg_query.Node_TransactionStmt:
		return r.transaction(s.TransactionStmt)
	}
	if done, err := r.dispatchObject(n); done {
		return err
	}
	return r.refuse(n)
}
