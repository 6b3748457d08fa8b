// Package dialect is the contract that every dialect implements, and the one
// path that every command takes through it: [Prepare].
//
// It knows no dialect; the list of them is in package dialects.
package dialect

import (
	"context"
	"time"

	"github.com/trueup-sql/trueup/dialects/executor"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// Target is what is known of the server that a plan is for: read from a
// server, or given.
type Target struct {
	Flavor   string            // "postgres", "mysql", "mariadb", "tidb", "sqlite"
	Version  int               // major*10000 + minor*100 + patch; PostgreSQL's server_version_num
	Settings map[string]string // what the dialect needs of the server's and the database's settings
}

// Options are the user's wishes that change what a catalog holds or how a plan
// is written. Every dialect ignores what has no meaning for it.
type Options struct {
	// Schemas narrows what is managed; empty means all schemas of the user.
	Schemas []string
	// CommentTags are words with @ before them that comments may begin with and
	// that are no directives: see [parser.Source.Tags].
	CommentTags []string
	// Manage makes the files the whole truth on these: "privileges", "owners".
	Manage []string
	// Partitions: "" or "declared" leaves partitions alone of a table for which
	// the files declare none; "manage" takes these as differences; "ignore"
	// leaves all partitions alone.
	Partitions string
	// Concurrently builds and drops indexes without blocking writes where the
	// server can.
	Concurrently bool
	// Algorithm and Lock are passed on to MySQL's ALTER TABLE.
	Algorithm, Lock string
	// ReadOnly forbids temporary objects, too.
	ReadOnly bool
	// LockTimeout and StatementTimeout bound each statement of an apply; 0 for
	// the server's own.
	LockTimeout, StatementTimeout time.Duration
}

// Manages tells whether the files are the whole truth on this.
func (o Options) Manages(what string) bool {
	for _, m := range o.Manage {
		if m == what {
			return true
		}
	}
	return false
}

// Dialect is a family of servers.
type Dialect interface {
	// Name is "postgres", "mysql" or "sqlite".
	Name() string
	// Handles tells whether a target (a URL, a path, a keyword string) is for
	// this dialect.
	Handles(target string) bool
	// Open connects.
	Open(ctx context.Context, target string, o Options) (Server, error)
	// Offline works for a server that is not there.
	Offline(t Target, o Options) (Bound, error)
}

// Bound is a dialect for one target: all that can be done without a connection.
type Bound interface {
	Target() Target
	// Parse reads a desired state. Its errors are [*parser.Error], possibly joined.
	Parse(sources []parser.Source) (*schema.Catalog, error)
	// Directed are the kinds of objects that the directives @concurrently and
	// @using concern; none for one that means nothing here.
	Directed() map[string][]schema.Kind
	// Commands cuts a script into statements that are run as they are.
	Commands(source parser.Source) ([]parser.Command, error)
	// Normalize brings a catalog, parsed or inspected, into the form in which
	// two can be compared: canonical expressions, implied properties, resolved
	// references. It changes the catalog.
	Normalize(c *schema.Catalog) error
	// Reconcile does what needs both sides, both normalized: objects that the
	// author left unnamed get the name of their counterpart, what the files do
	// not manage is taken out of current. It changes both.
	Reconcile(current, desired *schema.Catalog) error
	planner.Comparer
	planner.Renderer
}

// Server is a dialect connected to a database.
type Server interface {
	Bound
	// Inspect reads the catalogs, in a read-only transaction with one snapshot.
	Inspect(ctx context.Context) (*schema.Catalog, error)
	// Settle has the server itself judge the expressions that still differ:
	// where it prints both alike, desired gets the canonical form of current.
	// It changes no user object.
	Settle(ctx context.Context, current, desired *schema.Catalog) error
	// Session opens the connection on which a plan runs.
	Session(ctx context.Context) (Session, error)
	Close() error
}

// Session is an executor's session that can also see its own uncommitted work.
type Session interface {
	executor.Session
	// Inspect and Settle are as [Server]'s, inside the session's transaction.
	Inspect(ctx context.Context) (*schema.Catalog, error)
	Settle(ctx context.Context, current, desired *schema.Catalog) error
	// Waits says what the session waits for at the moment, such as a lock, and
	// who holds that; empty: for nothing, or it cannot be told. It may be called
	// while a statement runs.
	Waits(ctx context.Context) (string, error)
	// Journal reads the record of the run-once scripts.
	Journal(ctx context.Context) (*Journal, error)
	// HoldsRows tells whether a table has a row. It fails if that cannot be
	// told, for want of a privilege for instance.
	HoldsRows(ctx context.Context, table schema.ID) (bool, error)
}
