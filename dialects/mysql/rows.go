package mysql

import (
	"context"

	"github.com/trueup-sql/trueup/schema"
)

// HoldsRows looks for one row.
func (s *session) HoldsRows(ctx context.Context, table schema.ID) (holds bool, err error) {
	err = s.conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+quote(table.Name)+")").Scan(&holds)
	return holds, s.explain(err)
}
