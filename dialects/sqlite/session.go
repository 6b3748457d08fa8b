package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	lib "modernc.org/sqlite/lib"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

// Session opens the connection on which a plan runs, and creates the file if
// there is none. Foreign keys are switched off, which has no effect inside of a
// transaction; they are checked before each commit instead.
func (s *server) Session(ctx context.Context) (dialect.Session, error) {
	fresh := !exists(s.path)
	e, err := file(ctx, s.path, "rwc", s.lockTimeout())
	if err != nil {
		return nil, s.explain(err)
	}
	if err := e.exec(ctx, "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = OFF; PRAGMA ignore_check_constraints = OFF"); err != nil {
		return nil, errors.Join(s.explain(err), e.close())
	}
	return &session{engine: e, server: s, fresh: fresh}, nil
}

type session struct {
	*engine
	server *server
	fresh  bool // the file was not there before
	open   bool // in a transaction
	// violations are the rows that break foreign keys, as counted before anything
	// was changed; by child table.
	violations map[string]int
}

// Lock starts the transaction of the plan: in SQLite there is one writer at a
// time, and a write transaction is the lock. How long to wait for it is a
// matter of --lock-timeout, as an application cannot be told from another
// applier.
func (s *session) Lock(ctx context.Context, _ time.Duration) (func(context.Context) error, error) {
	if err := s.Begin(ctx); err != nil {
		return nil, err
	}
	return s.Rollback, nil
}

// Begin does nothing inside of the transaction that Lock started.
func (s *session) Begin(ctx context.Context) error {
	if s.open {
		return nil
	}
	if err := s.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return s.server.explain(err)
	}
	s.open = true
	var err error
	s.violations, err = s.foreignKeyCheck(ctx)
	return err
}

// Exec runs one statement of the plan.
func (s *session) Exec(ctx context.Context, text string) error {
	if t := s.server.options.StatementTimeout; t > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, t)
		defer cancel()
	}
	err := s.exec(ctx, text)
	e, ok := errors.AsType[*Error](err)
	hint := ""
	switch {
	case !ok:
	case e.Code == lib.SQLITE_CONSTRAINT, strings.HasPrefix(e.Message, "Cannot add a NOT NULL column"):
		hint = "the rows that are there do not allow this; change them first, or give the column a default or -- @using EXPRESSION"
	case strings.HasPrefix(e.Message, "no such module"):
		hint = "do this with the sqlite3 shell, which may have it; trueup then leaves the table alone"
	}
	if hint != "" {
		return fmt.Errorf("%w\n  hint: %s", err, hint)
	}
	return err
}

// Commit checks the foreign keys first.
func (s *session) Commit(ctx context.Context) error {
	after, err := s.foreignKeyCheck(ctx)
	if err != nil {
		return err
	}
	if err := s.broken(after); err != nil {
		return err
	}
	if err := s.exec(ctx, "COMMIT"); err != nil {
		return s.server.explain(err)
	}
	s.open, s.fresh = false, false
	return nil
}

// Rollback does nothing outside of a transaction. SQLite may have rolled back
// by itself, for instance when the disk was full.
func (s *session) Rollback(ctx context.Context) error {
	if !s.open {
		return nil
	}
	s.open = false
	err := s.exec(ctx, "ROLLBACK")
	if err != nil && strings.Contains(err.Error(), "no transaction is active") {
		return nil
	}
	return err
}

// Close removes a file that the session created and in which nothing was ever
// written.
func (s *session) Close() error {
	err := errors.Join(s.Rollback(context.Background()), s.engine.close())
	if info, e := os.Stat(s.server.path); s.fresh && e == nil && info.Size() == 0 {
		err = errors.Join(err, os.Remove(s.server.path))
	}
	return err
}

// Inspect reads the schema inside of the transaction.
func (s *session) Inspect(ctx context.Context) (*schema.Catalog, error) {
	return inspect(ctx, s.engine)
}

// Settle has nothing to do: SQLite rewrites no text.
func (s *session) Settle(context.Context, *schema.Catalog, *schema.Catalog) error { return nil }

// foreignKeyCheck counts the rows whose parent is missing, by table. A foreign
// key whose parent columns are not unique cannot be checked; SQLite accepts it
// in a schema all the same.
func (s *session) foreignKeyCheck(ctx context.Context) (map[string]int, error) {
	var tables []string
	err := s.rows(ctx, `SELECT name FROM pragma_table_list t WHERE schema = 'main' AND type = 'table' AND EXISTS (SELECT 1 FROM pragma_foreign_key_list(t.name))`,
		func(rows *sql.Rows) error {
			var name string
			err := rows.Scan(&name)
			tables = append(tables, name)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("checking the foreign keys: %w", err)
	}
	count := map[string]int{}
	for _, t := range tables {
		err := s.rows(ctx, "SELECT count(*) FROM pragma_foreign_key_check(?)", func(rows *sql.Rows) error {
			var n int
			err := rows.Scan(&n)
			count[lite.Fold(t)] = n
			return err
		}, t)
		if e, ok := errors.AsType[*Error](err); ok && strings.HasPrefix(e.Message, "foreign key mismatch") {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("checking the foreign keys of %s: %w", t, err)
		}
	}
	return count, nil
}

// ForeignKeyError: rows would be left without their parents.
type ForeignKeyError struct {
	Tables map[string]int // rows by child table, more than before
}

func (e *ForeignKeyError) Error() string {
	var parts []string
	for _, t := range slices.Sorted(maps.Keys(e.Tables)) {
		parts = append(parts, fmt.Sprintf("%d of table %s", e.Tables[t], t))
	}
	return "foreign keys would be violated: these rows have no parent: " + strings.Join(parts, ", ") +
		"\n  hint: PRAGMA foreign_key_check lists such rows; change them first"
}

// broken compares with the violations that there were before. A table that was
// renamed brings its own along: those of names that came may be as many as
// those of names that went.
func (s *session) broken(after map[string]int) error {
	more := map[string]int{}
	came, went := map[string]int{}, 0
	for t, n := range after {
		if was, known := s.violations[t]; !known && n > 0 {
			came[t] = n
			went -= n
		} else if n > was {
			more[t] = n
		}
	}
	for t, n := range s.violations {
		if _, stays := after[t]; !stays {
			went += n
		}
	}
	if went < 0 {
		maps.Copy(more, came)
	}
	if len(more) > 0 {
		return &ForeignKeyError{more}
	}
	return nil
}

var _ dialect.Session = (*session)(nil)
