// Package postgres is the PostgreSQL dialect, for servers 14 to 18: it reads
// the catalogs into the model of schema/pg, compares and renders, has the
// server judge expressions, and runs statements.
//
// It must not see a syntax tree: whatever text has to be understood goes
// through parser/pgparse.
package postgres

import (
	"context"
	"fmt"
	"sync"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Oldest and newest server that is supported (server_version_num / 10000).
const (
	oldest = 14
	newest = 18
)

// Dialect is PostgreSQL; the zero value is ready for use.
type Dialect struct{}

var _ dialect.Dialect = Dialect{}

// Name is "postgres".
func (Dialect) Name() string { return "postgres" }

// Handles recognizes URLs and libpq keyword strings.
func (Dialect) Handles(target string) bool { return isURL(target) || isKeywords(target) }

// Open connects and reads what [dialect.Target] holds.
func (Dialect) Open(ctx context.Context, target string, o dialect.Options) (dialect.Server, error) {
	return open(ctx, target, o)
}

// Offline works for a database of that version with the given settings; without
// any, for one that has just been created.
func (Dialect) Offline(t dialect.Target, o dialect.Options) (dialect.Bound, error) {
	if t.Version == 0 {
		t.Version = newest * 10000
	}
	if err := supported(t.Version); err != nil {
		return nil, err
	}
	if t.Settings == nil && t.Version/10000 > newest { // nobody's server: a mistyped number
		return nil, fmt.Errorf("PostgreSQL %d is not known\n  hint: %d is the newest version that is", t.Version/10000, newest)
	}
	if t.Settings == nil {
		t.Settings = newDatabase(t.Version)
	}
	return newBound(t, o, nil), nil
}

func supported(version int) error {
	if major := version / 10000; major < oldest {
		return fmt.Errorf("PostgreSQL %d is not supported\n  hint: %d is the oldest version that is", major, oldest)
	}
	return nil
}

// bound is the dialect for one target.
type bound struct {
	comparer
	renderer
	target  dialect.Target
	options dialect.Options

	mu    sync.Mutex
	known *pgparse.Known // changes when the session has created extensions
}

func newBound(t dialect.Target, o dialect.Options, known *pgparse.Known) *bound {
	t.Flavor = "postgres"
	b := &bound{target: t, options: o, known: known}
	b.comparer = newComparer(b.parsing())
	b.renderer = newRenderer(t, o)
	return b
}

// parsing is how a text for this target is read.
func (b *bound) parsing() pgparse.Options {
	b.mu.Lock()
	defer b.mu.Unlock()
	return pgparse.Options{Version: b.target.Version, SearchPath: searchPath(b.target), User: b.target.Settings[settingUser],
		TimeZone: b.target.Settings[settingTimeZone], IntervalStyle: b.target.Settings[settingIntervals], Known: b.known}
}

func (b *bound) learn(k *pgparse.Known) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.known = k
}

// Target is the server that this is bound to.
func (b *bound) Target() dialect.Target { return b.target }

// Parse reads a desired state.
func (b *bound) Parse(sources []parser.Source) (*schema.Catalog, error) {
	return pgparse.Parse(parser.Tagged(sources, b.options.CommentTags), b.parsing())
}

// Normalize makes two catalogs comparable.
func (b *bound) Normalize(c *schema.Catalog) error { return pgparse.Normalize(c, b.parsing()) }

// Outline tells where the statements of a source stand.
func (b *bound) Outline(src parser.Source) ([]parser.Statement, error) {
	return pgparse.Outline(src)
}

// Commands cuts a script into statements.
func (b *bound) Commands(source parser.Source) ([]parser.Command, error) {
	return pgparse.Commands(source)
}

// Trails is for [dialect.Trailer]: ALTER DEFAULT PRIVILEGES grants on what is
// created behind it.
func (b *bound) Trails(kind schema.Kind) bool { return kind == pg.KindDefaultPrivilege }

// Directed: @using is read along with the column.
func (b *bound) Directed() map[string][]schema.Kind {
	return map[string][]schema.Kind{"concurrently": {pg.KindIndex}, "using": {pg.KindColumn}}
}
