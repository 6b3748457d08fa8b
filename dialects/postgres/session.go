package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/schema"
)

// session is the connection on which a plan runs.
type session struct {
	server *server
	conn   *pgconn.PgConn
	// watch is another connection, for [session.Waits]; nil until then.
	watch *pgconn.PgConn
}

var _ dialect.Session = (*session)(nil)

// Session opens a connection of its own. Bodies of functions are not checked:
// what they name may come later in the plan.
func (s *server) Session(ctx context.Context) (dialect.Session, error) {
	conn, err := connect(ctx, s.address)
	if err != nil {
		return nil, err
	}
	settings := []query{{sql: "SET check_function_bodies TO off"}, {sql: "SET client_min_messages TO warning"}}
	for _, t := range [...]struct {
		name  string
		value time.Duration
	}{{"lock_timeout", s.options.LockTimeout}, {"statement_timeout", s.options.StatementTimeout}} {
		if t.value > 0 {
			settings = append(settings, query{sql: fmt.Sprintf("SET %s TO %d", t.name, max(1, t.value.Milliseconds()))})
		}
	}
	if err := script(ctx, conn, newInterner(), settings); err != nil {
		return nil, errors.Join(err, conn.Close(context.Background()))
	}
	return &session{server: s, conn: conn}, nil
}

// Exec runs one statement, or several that belong together.
func (s *session) Exec(ctx context.Context, sql string) error {
	_, err := s.conn.Exec(ctx, sql).ReadAll()
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return typed(err, sql)
}

func (s *session) Begin(ctx context.Context) error { return s.Exec(ctx, "BEGIN") }

func (s *session) Commit(ctx context.Context) error { return s.Exec(ctx, "COMMIT") }

// Rollback ends the transaction. On a broken connection there is nothing to
// do: the server has done it.
func (s *session) Rollback(ctx context.Context) error {
	if s.conn.IsClosed() {
		return nil
	}
	return s.Exec(ctx, "ROLLBACK")
}

// Close ends the connection, and with it whatever the session still holds.
func (s *session) Close() error {
	_ = s.conn.Close(context.Background())
	if s.watch != nil {
		_ = s.watch.Close(context.Background())
	}
	return nil
}

// lockKey is the advisory lock that appliers of one database share.
const lockKey = 0x7472756575700001 // "trueup", 1

// LockedError: another applier is at work.
type LockedError struct {
	Holder string // what is known of it
	Waited time.Duration
}

func (e *LockedError) Error() string {
	return fmt.Sprintf("another applier holds the lock on this database (%s); gave up after %s", e.Holder, e.Waited.Round(time.Millisecond))
}

// Lock takes an advisory lock of the session. It asks again and again instead
// of waiting in the server, where a waiter would hold a snapshot that keeps
// CREATE INDEX CONCURRENTLY from finishing.
func (s *session) Lock(ctx context.Context, wait time.Duration) (func(context.Context) error, error) {
	start, pause := time.Now(), 50*time.Millisecond
	for {
		got := false
		err := script(ctx, s.conn, newInterner(), []query{{fmt.Sprintf("SELECT pg_try_advisory_lock(%d)", int64(lockKey)), func(r row) error {
			got = r.bool(0)
			return nil
		}}})
		if err != nil {
			return nil, err
		}
		if got {
			return s.unlock, nil
		}
		if waited := time.Since(start); wait > 0 && waited+pause > wait {
			return nil, &LockedError{s.holder(ctx), waited}
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
		pause = min(2*pause, time.Second)
	}
}

func (s *session) unlock(ctx context.Context) error {
	if s.conn.IsClosed() {
		return nil // the lock went with the connection
	}
	return s.Exec(ctx, fmt.Sprintf("SELECT pg_advisory_unlock(%d)", int64(lockKey)))
}

// holder describes who has the lock, as far as the role may see it.
func (s *session) holder(ctx context.Context) string {
	var parts []string
	err := script(ctx, s.conn, newInterner(), []query{{fmt.Sprintf(`SELECT l.pid, a.usename, a.application_name, a.client_addr, a.backend_start::timestamp(0)
 FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted
 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.objsubid = 1 AND l.classid::bigint << 32 | l.objid::bigint = %d`, int64(lockKey)), func(r row) error {
		parts = append(parts, "pid "+r.text(0))
		for i, name := range [...]string{"user", "application", "client", "since"} {
			if v := r.text(1 + i); v != "" {
				parts = append(parts, name+" "+v)
			}
		}
		return nil
	}}})
	if err != nil || len(parts) == 0 {
		return "holder unknown"
	}
	return strings.Join(parts, ", ")
}

// Inspect reads the catalogs as the session's own transaction sees them.
// Extensions that it created are known from now on.
func (s *session) Inspect(ctx context.Context) (*schema.Catalog, error) {
	b := s.server.bound
	known := newKnown()
	path := ""
	before := []query{{"SELECT current_setting('search_path')", func(r row) error { path = r.text(0); return nil }}, knownQuery(known, b.options)}
	if err := script(ctx, s.conn, newInterner(), before); err != nil {
		return nil, err
	}
	begin, end := []query(nil), []query{{sql: "SELECT set_config('search_path', " + quoteLiteral(path) + ", true)"}}
	if s.conn.TxStatus() == 'I' {
		begin, end = []query{{sql: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}}, []query{{sql: "COMMIT"}}
	}
	c, n, err := b.inspect(ctx, s.conn, begin, end)
	s.server.queries += n
	if err != nil {
		return nil, err
	}
	b.learn(known)
	return c, nil
}
