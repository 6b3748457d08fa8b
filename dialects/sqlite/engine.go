package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// engine is one connection to SQLite: to a file, or to a database in memory.
type engine struct {
	pool *sql.DB
	conn *sql.Conn
}

// memory opens an empty database in memory.
func memory(ctx context.Context) (*engine, error) { return open(ctx, ":memory:") }

// file opens a database file. mode is "rw" for one that exists, "rwc" to create
// it. Even reading needs rw: what a crash left in a journal or in a WAL has to
// be brought in order first, which SQLite does by itself.
func file(ctx context.Context, path, mode string, wait time.Duration) (*engine, error) {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: "mode=" + mode}
	e, err := open(ctx, strings.ReplaceAll(u.String(), "file:./", "file:"))
	if err != nil {
		return nil, err
	}
	if err := e.exec(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", wait.Milliseconds())); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

func open(ctx context.Context, name string) (*engine, error) {
	pool, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(plain(err), pool.Close())
	}
	return &engine{pool, conn}, nil
}

func (e *engine) close() error { return errors.Join(e.conn.Close(), e.pool.Close()) }

func (e *engine) exec(ctx context.Context, text string, args ...any) error {
	_, err := e.conn.ExecContext(ctx, text, args...)
	return plain(err)
}

// rows calls scan for each row of a query.
func (e *engine) rows(ctx context.Context, query string, scan func(*sql.Rows) error, args ...any) error {
	rows, err := e.conn.QueryContext(ctx, query, args...)
	if err != nil {
		return plain(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return plain(rows.Err())
}

// Error is what SQLite says, without the driver's wrapping.
type Error struct {
	Code    int // the primary result code
	Message string
}

func (e *Error) Error() string { return e.Message }

// plain turns the driver's "SQL logic error: no such table: t (1)" into an [*Error].
func plain(err error) error {
	var d *driver.Error
	if !errors.As(err, &d) {
		return err
	}
	m := strings.TrimSuffix(d.Error(), fmt.Sprintf(" (%d)", d.Code()))
	for _, prefix := range []string{"SQL logic error: ", "constraint failed: "} {
		m = strings.TrimPrefix(m, prefix)
	}
	return &Error{d.Code() & 0xff, m}
}

// locked tells whether another connection was in the way.
func locked(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Code == lib.SQLITE_BUSY || e.Code == lib.SQLITE_LOCKED)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
