package postgres

import (
	"context"

	"github.com/trueup-sql/trueup/schema"
)

// HoldsRows looks for one row. Row security that would hide rows is an error.
func (s *session) HoldsRows(ctx context.Context, table schema.ID) (holds bool, err error) {
	err = script(ctx, s.conn, newInterner(), []query{
		{sql: "BEGIN READ ONLY"}, {sql: "SET LOCAL row_security TO off"},
		{"SELECT EXISTS (SELECT FROM " + qualify(table.Schema, table.Name) + ")", func(r row) error { holds = r.bool(0); return nil }},
		{sql: "COMMIT"},
	})
	if err != nil && s.conn.TxStatus() != 'I' {
		_ = s.Exec(ctx, "ROLLBACK") // the first error says what is wrong
	}
	return holds, err
}
