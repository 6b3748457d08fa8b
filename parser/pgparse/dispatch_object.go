package pgparse

import pg_query "github.com/pganalyze/pg_query_go/v5"

// dispatchObject is dispatch for the statements about anything but tables. It
// returns false for a statement that it does not know.
func (r *reader) dispatchObject(n *pg_query.Node) (bool, error) {
	switch s := n.GetNode().(type) {
	default:
		_ = s
		return false, nil
	}
}
