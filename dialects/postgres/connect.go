package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/schema/pg"
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
	c.RuntimeParams["standard_conforming_strings"] = "on" // as all texts here are read and written, whatever the database or the role has
	conn, err := pgconn.ConnectConfig(ctx, c)
	if err != nil {
		return nil, connectError(err, c)
	}
	return conn, nil
}

// connectError says what to do about a refused connection.
func connectError(err error, c *pgconn.Config) error {
	hint := ""
	var refused *pgconn.PgError
	var network *net.OpError
	var dns *net.DNSError
	switch isRefusal := errors.As(err, &refused); {
	case isRefusal && refused.Code == "3D000": // invalid_catalog_name
		hint = fmt.Sprintf("CREATE DATABASE %s; a plan never creates the database itself", pg.Quote(c.Database))
	case isRefusal && (refused.Code == "28P01" || refused.Code == "28000"): // invalid_password, invalid_authorization_specification
		hint = fmt.Sprintf("connecting as %s; give the password in the URL, in PGPASSWORD, or in ~/.pgpass", c.User)
	case isRefusal && refused.Code == "42704": // undefined_object
		hint = "what the target names besides libpq's keywords is sent to the server as its parameters: is it misspelt?"
	case isRefusal:
	case errors.As(err, &dns):
		err, hint = fmt.Errorf("there is no host %s", dns.Name), "postgres://user@host:5432/database?sslmode=require"
	case errors.As(err, &network) && network.Addr != nil:
		err, hint = fmt.Errorf("%s: %w", network.Addr, network.Err), "is the server running there, and is the port right? postgres://user@host:5432/database?sslmode=require"
	case strings.Contains(err.Error(), "server refused TLS connection"):
		hint = "the server has no TLS: sslmode=prefer or sslmode=disable in the target, or $PGSSLMODE"
	}
	err = fmt.Errorf("cannot connect: %w", reason(err))
	if hint == "" {
		return err
	}
	return fmt.Errorf("%w\n  hint: %s", err, hint)
}

// unreadable is the error for a target that cannot be read. It does not repeat
// the target, nor what the parser says of it: both may hold a password.
func unreadable(err error) error {
	hint := "postgres://user@host:5432/database?sslmode=require, or \"host=.. dbname=.. user=..\"; in a URL, %25, %2F, %40 stand for %, /, @ in the password"
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
