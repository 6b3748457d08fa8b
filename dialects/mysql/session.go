package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/schema"
)

// session is the connection on which a plan runs.
type session struct {
	*connection
	conn *sql.Conn
	id   int64 // CONNECTION_ID()
}

var _ dialect.Session = (*session)(nil)

// foreign are the modes under which a plan's SQL, or the author's, would mean
// something else. All others stay as the server has them, the strict ones above
// all.
var foreign = []string{
	"ANSI_QUOTES", "PIPES_AS_CONCAT", "NO_BACKSLASH_ESCAPES", "IGNORE_SPACE", "HIGH_NOT_PRECEDENCE", "REAL_AS_FLOAT",
	"NO_TABLE_OPTIONS", "NO_KEY_OPTIONS", "NO_FIELD_OPTIONS", "ANSI", "ORACLE", "DB2", "MSSQL", "POSTGRESQL", "MAXDB",
}

// sessionMode is the sql_mode of a session whose server has this one.
func sessionMode(server string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(server, ","), func(m string) bool { return m == "" || slices.Contains(foreign, m) }), ",")
}

// Session opens the connection, with its own modes and timeouts.
func (c *connection) Session(ctx context.Context) (dialect.Session, error) {
	conn, err := c.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	s := &session{connection: c, conn: conn}
	if err := conn.QueryRowContext(ctx, "SELECT CONNECTION_ID()").Scan(&s.id); err != nil {
		return nil, errors.Join(s.explain(err), conn.Close())
	}
	for _, set := range c.sessionSettings() {
		if err := s.Exec(ctx, set); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return s, nil
}

// sessionSettings are the SETs that open a session.
func (b *bound) sessionSettings() []string {
	sets := []string{"SET SESSION sql_mode = " + literal(sessionMode(b.setting(settingSQLMode)))}
	if t := b.options.LockTimeout; t > 0 {
		// Both count whole seconds: the first is for locks on tables, the second
		// for rows, which a DDL waits for when it checks foreign keys.
		sets = append(sets, fmt.Sprintf("SET SESSION lock_wait_timeout = %d, SESSION innodb_lock_wait_timeout = %[1]d", seconds(t)))
	}
	if t := b.options.StatementTimeout; t > 0 {
		if b.seconds {
			sets = append(sets, fmt.Sprintf("SET SESSION max_statement_time = %g", t.Seconds()))
		} else {
			sets = append(sets, fmt.Sprintf("SET SESSION max_execution_time = %d", t.Milliseconds()))
		}
	}
	return sets
}

func seconds(t time.Duration) int { return int((t + time.Second - 1) / time.Second) }

// Exec runs one statement. A failure of a kind that a user can do something
// about says what.
func (s *session) Exec(ctx context.Context, text string) error {
	_, err := s.conn.ExecContext(ctx, text)
	return s.explain(err)
}

// Begin, Commit and Rollback are never needed: every DDL statement commits by itself.
func (s *session) Begin(ctx context.Context) error    { return s.Exec(ctx, "START TRANSACTION") }
func (s *session) Commit(ctx context.Context) error   { return s.Exec(ctx, "COMMIT") }
func (s *session) Rollback(ctx context.Context) error { return s.Exec(ctx, "ROLLBACK") }

// Inspect reads the catalogs; what this session has done is in force for all.
func (s *session) Inspect(ctx context.Context) (*schema.Catalog, error) {
	return s.connection.Inspect(ctx)
}

// Settle is the server's.
func (s *session) Settle(ctx context.Context, current, desired *schema.Catalog) error {
	return s.connection.Settle(ctx, current, desired)
}

// Close gives the session back, with a killed or broken one no error.
func (s *session) Close() error {
	err := s.conn.Close()
	if errors.Is(err, sql.ErrConnDone) {
		return nil
	}
	return err
}

// LockError: another applier is at work on this database.
type LockError struct {
	Waited time.Duration
}

func (e *LockError) Error() string {
	return fmt.Sprintf("another applier is at work on this database (waited %s)\n  hint: wait longer with --lock-wait", e.Waited)
}

// Lock takes a named lock of the server; the name holds the database's, since
// such locks are the whole server's.
func (s *session) Lock(ctx context.Context, wait time.Duration) (func(context.Context) error, error) {
	name := lockName(s.setting(settingDatabase))
	timeout := seconds(wait)
	if wait == 0 {
		timeout = 365 * 24 * 3600
	}
	var got sql.NullInt64
	if err := s.conn.QueryRowContext(ctx, fmt.Sprintf("SELECT GET_LOCK(%s, %d)", literal(name), timeout)).Scan(&got); err != nil {
		return nil, s.explain(err)
	}
	if got.Int64 != 1 {
		return nil, &LockError{wait}
	}
	return func(ctx context.Context) error {
		_, err := s.conn.ExecContext(ctx, "DO RELEASE_LOCK("+literal(name)+")")
		if broken(err) {
			return nil // the lock went with the connection
		}
		return err
	}, nil
}

// lockName fits the server's limit of 64 characters.
func lockName(database string) string {
	const prefix = "trueup."
	if r := []rune(database); len(r) > 64-len(prefix) {
		database = string(r[:64-len(prefix)])
	}
	return prefix + database
}

// broken tells whether an error means that the connection is gone.
func broken(err error) bool {
	return errors.Is(err, mysql.ErrInvalidConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, context.Canceled)
}

// hints say what to do about an error of the server.
var hints = map[uint16]string{
	1205: "another session holds a lock on the table; try again, or give --lock-timeout more time",         // ER_LOCK_WAIT_TIMEOUT
	1969: "it ran longer than --statement-timeout",                                                         // MariaDB ER_STATEMENT_TIMEOUT
	3024: "it ran longer than --statement-timeout",                                                         // MySQL ER_QUERY_TIMEOUT
	1317: "somebody killed the statement",                                                                  // ER_QUERY_INTERRUPTED
	1846: "the server cannot do this with the --algorithm or --lock that was asked for",                    // ER_ALTER_OPERATION_NOT_SUPPORTED_REASON
	1845: "the server cannot do this with the --algorithm or --lock that was asked for",                    // ER_ALTER_OPERATION_NOT_SUPPORTED
	1142: "the user lacks a privilege",                                                                     // ER_TABLEACCESS_DENIED_ERROR
	1044: "the user lacks a privilege",                                                                     // ER_DBACCESS_DENIED_ERROR
	1227: "the user lacks a privilege; an object with another DEFINER needs SET USER (SUPER, SET_USER_ID)", // ER_SPECIFIC_ACCESS_DENIED_ERROR
	1419: "with binary logging, functions need SUPER or log_bin_trust_function_creators=1",                 // ER_BINLOG_CREATE_ROUTINE_NEED_SUPER
	1418: "with binary logging, a function must be DETERMINISTIC, NO SQL or READS SQL DATA",                // ER_BINLOG_UNSAFE_ROUTINE
	1451: "rows of another table refer to these",                                                           // ER_ROW_IS_REFERENCED_2
	1452: "there are rows without a counterpart in the table that they refer to; correct them first",       // ER_NO_REFERENCED_ROW_2
	1062: "there are duplicates; remove them first",                                                        // ER_DUP_ENTRY
	1138: "there are NULLs in the column; fill them in first",                                              // ER_INVALID_USE_OF_NULL
	1265: "there are values that the new type or NOT NULL does not allow; correct them first",              // WARN_DATA_TRUNCATED
	1406: "there are values that are too long for the new type; correct them first",                        // ER_DATA_TOO_LONG
	1264: "there are values that are out of the new type's range; correct them first",                      // ER_WARN_DATA_OUT_OF_RANGE
	1366: "there are values that the new type or character set cannot hold; correct them first",            // ER_TRUNCATED_WRONG_VALUE_FOR_FIELD
	4025: "there are rows that do not satisfy the check; correct them first",                               // MariaDB ER_CONSTRAINT_FAILED
	3819: "there are rows that do not satisfy the check; correct them first",                               // MySQL ER_CHECK_CONSTRAINT_VIOLATED
}

// explain adds a hint to an error of the server.
func (s *session) explain(err error) error {
	var e *mysql.MySQLError
	if errors.As(err, &e) && hints[e.Number] != "" {
		return fmt.Errorf("%w\n  hint: %s", err, hints[e.Number])
	}
	if errors.Is(err, mysql.ErrInvalidConn) {
		return fmt.Errorf("the connection to the server was lost: %w", err)
	}
	return err
}
