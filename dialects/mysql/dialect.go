package mysql

import (
	"context"
	"strings"

	"github.com/trueup-sql/trueup/dialects/dialect"
)

// Dialect is MySQL's family. Its zero value is ready for use.
type Dialect struct{}

var _ dialect.Dialect = Dialect{}

// Name is "mysql".
func (Dialect) Name() string { return "mysql" }

// Handles takes mysql:// and mariadb:// URLs.
func (Dialect) Handles(target string) bool {
	scheme, _, ok := strings.Cut(target, "://")
	return ok && (strings.EqualFold(scheme, "mysql") || strings.EqualFold(scheme, "mariadb"))
}

// Offline works for a server that is not there; see [Target] for the settings. A
// version without a last number means the newest of the series: mysql:8.0 is no
// 8.0.0, which nobody runs.
func (Dialect) Offline(t dialect.Target, o dialect.Options) (dialect.Bound, error) {
	switch v := t.Version; {
	case v == 0:
	case v%10000 == 0:
		t.Version += 9999
	case v%100 == 0:
		t.Version += 99
	}
	return newBound(t, o)
}

// Open connects to the database that the URL names.
func (Dialect) Open(ctx context.Context, target string, o dialect.Options) (dialect.Server, error) {
	cfg, err := parseURL(target, clientSettings{}.load())
	if err != nil {
		return nil, err
	}
	return connect(ctx, cfg, o)
}
