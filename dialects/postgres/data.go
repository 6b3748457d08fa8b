package postgres

import (
	"context"
	"errors"

	"github.com/trueup-sql/trueup/dialects/dialect"
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

// Journal is in the schema where it was made: the current one, then.
func (s *session) Journal(ctx context.Context) (*dialect.Journal, error) {
	j := &dialect.Journal{Missing: true}
	err := script(ctx, s.conn, newInterner(), []query{{`SELECT n.nspname, c.oid IS NULL FROM (SELECT to_regclass('` + dialect.JournalTable + `') AS oid) j
 LEFT JOIN pg_class c ON c.oid = j.oid JOIN pg_namespace n ON n.nspname = current_schema() AND c.oid IS NULL OR n.oid = c.relnamespace`, func(r row) error {
		j.Table, j.Missing = qualify(r.text(0), dialect.JournalTable), r.bool(1)
		return nil
	}}})
	if err != nil || j.Missing {
		if err == nil && j.Table == "" {
			err = errors.New("there is no schema for the record of scripts\n  hint: the first schema of search_path has to exist")
		}
		return j, err
	}
	err = script(ctx, s.conn, newInterner(), []query{{dialect.JournalQuery(j.Table), func(r row) error {
		j.Runs = append(j.Runs, dialect.Run{Name: r.text(0), Checksum: r.text(1), Statements: r.int(2), Done: r.int(3)})
		return nil
	}}})
	return j, err
}
