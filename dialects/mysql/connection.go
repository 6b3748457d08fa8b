package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"

	"github.com/go-sql-driver/mysql"

	"github.com/trueup-sql/trueup/dialects/dialect"
)

// connections is how many sessions an inspection uses at the same time: enough
// to keep a small server busy while its answers are read, and no burden to it.
const connections = 3

// connection is the dialect connected to one database.
type connection struct {
	*bound
	db *sql.DB
}

var _ dialect.Server = (*connection)(nil)

func connect(ctx context.Context, cfg *mysql.Config, o dialect.Options) (*connection, error) {
	driver, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, &TargetError{err.Error(), ""}
	}
	db := sql.OpenDB(driver)
	db.SetMaxOpenConns(connections + 1)
	db.SetMaxIdleConns(connections + 1)
	t, err := readTarget(ctx, db)
	if err != nil {
		return nil, errors.Join(connectError(err, cfg), db.Close())
	}
	if own := t.Settings[settingSQLMode]; !sameModes(own, sessionMode(own)) { // under which it would print names in double quotes
		if db, err = reopened(db, cfg, sessionMode(own)); err != nil {
			return nil, err
		}
	}
	b, err := newBound(t, o)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &connection{b, db}, nil
}

// reopened is the pool with another sql_mode.
func reopened(db *sql.DB, cfg *mysql.Config, mode string) (*sql.DB, error) {
	cfg = cfg.Clone()
	cfg.Params = map[string]string{settingSQLMode: literal(mode)}
	driver, err := mysql.NewConnector(cfg)
	if err = errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	db = sql.OpenDB(driver)
	db.SetMaxOpenConns(connections + 1)
	db.SetMaxIdleConns(connections + 1)
	return db, nil
}

// connectError says what to do about a refused connection.
func connectError(err error, cfg *mysql.Config) error {
	hint := ""
	var refused *mysql.MySQLError
	var network *net.OpError
	switch {
	case errors.As(err, &refused) && refused.Number == 1049: // ER_BAD_DB_ERROR
		hint = fmt.Sprintf("CREATE DATABASE %s; a plan never creates the database itself", quote(cfg.DBName))
	case errors.As(err, &refused) && (refused.Number == 1045 || refused.Number == 1698): // ER_ACCESS_DENIED_ERROR
		hint = "give the password in the URL, in MYSQL_PWD, or in ~/.my.cnf"
	case errors.As(err, &network):
		hint = "is the server running there? " + urlHint
	}
	if hint != "" {
		return fmt.Errorf("connecting to %s: %w\n  hint: %s", cfg.Addr, err, hint)
	}
	return fmt.Errorf("connecting to %s: %w", cfg.Addr, err)
}

func (c *connection) Close() error { return c.db.Close() }

// querier is a pool or one session.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// row is one row of a result, all as text.
type row []sql.NullString

// query reads a whole result.
func query(ctx context.Context, q querier, text string) ([]row, error) {
	rows, err := q.QueryContext(ctx, text)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out []row
	fields := make([]any, len(columns))
	for rows.Next() {
		r := make(row, len(columns))
		for i := range r {
			fields[i] = &r[i]
		}
		if err := rows.Scan(fields...); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
