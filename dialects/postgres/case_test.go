package postgres_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/dialecttest"
	"github.com/trueup-sql/trueup/dialects/postgres"
)

// TestCases plays the case files: offline for the newest server, and there and
// back on every supported one.
func TestCases(t *testing.T) {
	h := dialecttest.Harness{
		Dialect: postgres.Dialect{},
		Offline: dialect.Target{Flavor: "postgres", Version: 180000, Settings: map[string]string{"user": "postgres", "search_path": "public", "public": "on", "plpgsql": "on"}},
		Load:    load,
	}
	for _, major := range dialecttest.PostgresVersions {
		h.Servers = append(h.Servers, dialecttest.LiveServer{Name: fmt.Sprint("postgres", major), Version: major * 10000,
			New: func(t testing.TB) string { return dialecttest.Postgres(t, major) }})
	}
	h.Run(t, "testdata")
}

// load runs a script as psql would, but in one transaction.
func load(ctx context.Context, url, script string) error {
	c, err := pgconn.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, script).ReadAll()
	return err
}
