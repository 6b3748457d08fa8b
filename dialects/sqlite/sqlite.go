// Package sqlite is the dialect of SQLite.
//
// The engine itself reads the desired text: it is run in a database in memory,
// and both sides are read from sqlite_schema and the pragmas in the same way.
// What the pragmas do not tell comes from the texts that SQLite keeps, through
// package liteparse.
//
// SQLite keeps every text as its author wrote it, so that nothing ever differs
// by the server's doing; the canonical forms only serve to see through layout,
// case and quotes.
package sqlite

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/schema"
)

// Dialect is SQLite.
type Dialect struct{}

var _ dialect.Dialect = Dialect{}

// Name is "sqlite".
func (Dialect) Name() string { return "sqlite" }

// Handles takes sqlite:path, sqlite:///path and sqlite://path.
func (Dialect) Handles(target string) bool {
	_, ok := cut(target)
	return ok
}

func cut(target string) (path string, ok bool) {
	for _, scheme := range []string{"sqlite:", "sqlite3:"} {
		if len(target) >= len(scheme) && strings.EqualFold(target[:len(scheme)], scheme) {
			return strings.TrimPrefix(target[len(scheme):], "//"), true
		}
	}
	return "", false
}

// Open does not touch the file: one that does not exist is an empty database
// until something is written to it.
func (Dialect) Open(ctx context.Context, target string, o dialect.Options) (dialect.Server, error) {
	path, ok := cut(target)
	if !ok {
		return nil, fmt.Errorf("not an SQLite target\n  hint: sqlite:path, for example sqlite:app.db or sqlite:///var/lib/app.db")
	}
	if path == "" || path == ":memory:" {
		return nil, fmt.Errorf("the target names no file\n  hint: sqlite:path, for example sqlite:app.db or sqlite:///var/lib/app.db")
	}
	t, err := version(ctx)
	if err != nil {
		return nil, err
	}
	return &server{bound: bound{target: t, options: o}, path: path}, nil
}

// Offline needs nothing: the engine is part of this program.
func (Dialect) Offline(t dialect.Target, o dialect.Options) (dialect.Bound, error) {
	if t.Flavor == "" {
		var err error
		if t, err = version(context.Background()); err != nil {
			return nil, err
		}
	}
	return &bound{target: t, options: o}, nil
}

// version is the engine's own.
func version(ctx context.Context) (t dialect.Target, err error) {
	e, err := memory(ctx)
	if err != nil {
		return t, err
	}
	defer e.close()
	var s string
	if err := e.conn.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&s); err != nil {
		return t, plain(err)
	}
	var major, minor, patch int
	if _, err := fmt.Sscanf(s, "%d.%d.%d", &major, &minor, &patch); err != nil {
		return t, fmt.Errorf("version %q: %w", s, err)
	}
	return dialect.Target{Flavor: "sqlite", Version: major*10000 + minor*100 + patch}, nil
}

// defaultLockTimeout is how long a database may be locked by others.
const defaultLockTimeout = 5 * time.Second

// server is a database file.
type server struct {
	bound
	path string
}

func (s *server) lockTimeout() time.Duration {
	if s.options.LockTimeout > 0 {
		return s.options.LockTimeout
	}
	return defaultLockTimeout
}

// Exists is an error if the file does not exist, which is then likely misspelt.
func (s *server) Exists() error {
	if _, err := os.Stat(s.path); err != nil {
		return fmt.Errorf("%s does not exist\n  hint: trueup apply creates it", s.path)
	}
	return nil
}

// Inspect reads the file in one read transaction. A file that does not exist
// is empty.
func (s *server) Inspect(ctx context.Context) (*schema.Catalog, error) {
	if !exists(s.path) {
		c := schema.NewCatalog()
		c.Notes = append(c.Notes, fmt.Sprintf("%s does not exist; it would be created", s.path))
		return c, nil
	}
	e, err := file(ctx, s.path, "rw", s.lockTimeout())
	if err != nil {
		return nil, s.explain(err)
	}
	defer e.close()
	if err := e.exec(ctx, "PRAGMA query_only = ON; BEGIN"); err != nil {
		return nil, s.explain(err)
	}
	c, err := inspect(ctx, e)
	return c, s.explain(err)
}

// explain adds what to do about a locked or unusable file.
func (s *server) explain(err error) error {
	switch {
	case err == nil:
		return nil
	case locked(err):
		return fmt.Errorf("%s is locked by another process; waited %v: %w\n  hint: end its transaction, or wait longer with --lock-timeout", s.path, s.lockTimeout(), err)
	}
	return fmt.Errorf("%s: %w", s.path, err)
}

// Settle has nothing to do: SQLite rewrites no text.
func (s *server) Settle(context.Context, *schema.Catalog, *schema.Catalog) error { return nil }

func (s *server) Close() error { return nil }
