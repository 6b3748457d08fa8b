package dialecttest

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestPostgresVersions(t *testing.T) {
	for _, major := range PostgresVersions {
		t.Run(fmt.Sprint(major), func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			c, err := pgx.Connect(ctx, Postgres(t, major))
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close(ctx)
			var v string
			if err := c.QueryRow(ctx, "SHOW server_version").Scan(&v); err != nil || !strings.HasPrefix(v, fmt.Sprint(major, ".")) {
				t.Errorf("server_version = %q, %v; want %d.x", v, err, major)
			}
		})
	}
}

func TestMariaDB(t *testing.T) {
	url := MariaDB(t)
	dsn := strings.NewReplacer("mysql://", "", "@", "@tcp(", "/t", ")/t").Replace(url)
	db, err := sql.Open("mysql", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var v string
	if err := db.QueryRow("SELECT version()").Scan(&v); err != nil || !strings.Contains(v, "MariaDB") {
		t.Errorf("version() = %q, %v; want a MariaDB", v, err)
	}
}
