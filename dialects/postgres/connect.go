package postgres

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/trueup-sql/trueup/dialects/dialect"
)

func isURL(target string) bool {
	return strings.HasPrefix(target, "postgres://") || strings.HasPrefix(target, "postgresql://")
}

// keyword is the start of a libpq keyword string.
var keyword = regexp.MustCompile(`^\s*(host|hostaddr|port|dbname|user|password|passfile|service|servicefile|sslmode|application_name|options|connect_timeout|target_session_attrs)\s*=`)

func isKeywords(target string) bool { return keyword.MatchString(target) }

// connect opens one connection. What the target does not say comes from libpq's
// usual places: PGHOST and its like, .pgpass, the service file.
func connect(ctx context.Context, target string) (*pgconn.PgConn, error) {
	c, err := pgconn.ParseConfig(target)
	if err != nil {
		return nil, unreadable(err)
	}
	if _, set := c.RuntimeParams["application_name"]; !set {
		c.RuntimeParams["application_name"] = "trueup"
	}
	conn, err := pgconn.ConnectConfig(ctx, c)
	if err != nil {
		return nil, typed(err, "")
	}
	return conn, nil
}

// unreadable is the error for a target that cannot be read. It does not repeat
// the target, nor what the parser says of it: both may hold a password.
func unreadable(err error) error {
	hint := "postgres://user@host:5432/database?sslmode=require, or \"host=.. dbname=.. user=..\""
	var parse *pgconn.ParseConfigError
	if errors.As(err, &parse) {
		return fmt.Errorf("the target is not a valid PostgreSQL connection string\n  hint: %s", hint)
	}
	return err
}

// server is an open database.
type server struct {
	*bound
	address string
	conn    *pgconn.PgConn
	queries int
}

var _ dialect.Server = (*server)(nil)

func open(ctx context.Context, address string, o dialect.Options) (*server, error) {
	conn, err := connect(ctx, address)
	if err != nil {
		return nil, err
	}
	s := &server{address: address, conn: conn}
	t, known, err := readTarget(ctx, conn, o)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.bound = newBound(t, o, known)
	return s, nil
}

// Close ends the connection.
func (s *server) Close() error {
	// The server's half of a clean goodbye does not matter to anyone.
	_ = s.conn.Close(context.Background())
	return nil
}

// Queries is how many statements were sent so far to read the catalogs.
func (s *server) Queries() int { return s.queries }
