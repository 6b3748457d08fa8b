package mysql

import (
	"context"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/schema"
)

// HoldsRows looks for one row.
func (s *session) HoldsRows(ctx context.Context, table schema.ID) (holds bool, err error) {
	err = s.conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+quote(table.Name)+")").Scan(&holds)
	return holds, s.explain(err)
}

// Journal is in the database that is managed.
func (s *session) Journal(ctx context.Context) (*dialect.Journal, error) {
	j := &dialect.Journal{Table: quote(dialect.JournalTable)}
	err := s.conn.QueryRowContext(ctx, "SELECT NOT EXISTS (SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = "+literal(dialect.JournalTable)+")").Scan(&j.Missing)
	if err != nil || j.Missing {
		return j, s.explain(err)
	}
	rows, err := s.conn.QueryContext(ctx, dialect.JournalQuery(j.Table))
	if err != nil {
		return j, s.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var r dialect.Run
		if err := rows.Scan(&r.Name, &r.Checksum, &r.Statements, &r.Done); err != nil {
			return j, err
		}
		j.Runs = append(j.Runs, r)
	}
	return j, rows.Err()
}
