package sqlite

import (
	"context"
	"database/sql"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser/liteparse"
	"github.com/trueup-sql/trueup/schema"
)

// HoldsRows looks for one row.
func (s *session) HoldsRows(ctx context.Context, table schema.ID) (holds bool, err error) {
	err = s.conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+liteparse.Quote(table.Name)+")").Scan(&holds)
	return holds, plain(err)
}

// Journal is in the main database.
func (s *session) Journal(ctx context.Context) (*dialect.Journal, error) {
	j := &dialect.Journal{Table: dialect.JournalTable}
	err := s.conn.QueryRowContext(ctx, "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?)", dialect.JournalTable).Scan(&j.Missing)
	if err != nil || j.Missing {
		return j, plain(err)
	}
	err = s.rows(ctx, dialect.JournalQuery(j.Table), func(rows *sql.Rows) error {
		var r dialect.Run
		err := rows.Scan(&r.Name, &r.Checksum, &r.Statements, &r.Done)
		j.Runs = append(j.Runs, r)
		return err
	})
	return j, err
}

// Waits is empty: whoever writes has the one lock already.
func (s *session) Waits(context.Context) (string, error) { return "", nil }
