package dialecttest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// PostgresVersions are the major versions that trueup supports.
var PostgresVersions = []int{14, 15, 16, 17, 18}

// Postgres returns the URL of a new, empty database on a real server of a
// major version, which the first call starts. The database is dropped when the
// test ends.
func Postgres(t testing.TB, major int) string {
	t.Helper()
	bin, env := postgresBinaries(major)
	if bin == "" {
		missing(t, fmt.Sprintf("PostgreSQL %d", major), "run .ci/servers, or install it and put its programs into PATH")
	}
	s, err := shared(fmt.Sprint("postgres", major), func() (*server, error) { return startPostgres(bin, env) })
	if err != nil {
		t.Fatal(err)
	}
	return newPostgresDatabase(t, s)
}

var databases atomic.Int64

func newPostgresDatabase(t testing.TB, s *server) string {
	t.Helper()
	name := fmt.Sprintf("t%d", databases.Add(1))
	admin := postgresURL(s, "postgres")
	exec := func(sql string) error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		c, err := pgx.Connect(ctx, admin)
		if err != nil {
			return err
		}
		defer c.Close(ctx)
		_, err = c.Exec(ctx, sql)
		return err
	}
	if err := exec("CREATE DATABASE " + name + " TEMPLATE template0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return postgresURL(s, name)
}

func postgresURL(s *server, database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", s.port, database)
}

// postgresBinaries finds the folder with initdb and postgres of a version, and
// the environment that they need.
func postgresBinaries(major int) (dir string, env []string) {
	downloaded := filepath.Join(CacheDir(), fmt.Sprintf("pg%d", major), "native")
	candidates := []string{fmt.Sprintf("/usr/lib/postgresql/%d/bin", major), filepath.Join(downloaded, "bin")}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		candidates = append(candidates, strings.TrimSpace(string(out)))
	}
	if p, err := exec.LookPath("postgres"); err == nil {
		candidates = append(candidates, filepath.Dir(p))
	}
	for _, c := range candidates {
		var env []string
		if strings.HasPrefix(c, downloaded) {
			env = []string{"LD_LIBRARY_PATH=" + filepath.Join(downloaded, "lib")}
		}
		cmd := exec.Command(filepath.Join(c, "postgres"), "--version")
		cmd.Env = append(os.Environ(), env...)
		out, err := cmd.Output()
		if err == nil && strings.HasPrefix(string(out), fmt.Sprintf("postgres (PostgreSQL) %d.", major)) {
			if _, err := os.Stat(filepath.Join(c, "initdb")); err == nil {
				return c, env
			}
		}
	}
	return "", nil
}

func startPostgres(bin string, env []string) (*server, error) {
	cred, err := account("postgres")
	if err != nil {
		return nil, err
	}
	dir, err := folder(cred)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	if err := run(cred, dir, env, filepath.Join(bin, "initdb"), "--no-sync", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	argv := []string{filepath.Join(bin, "postgres"), "-D", data, "-p", fmt.Sprint(port)}
	for _, setting := range []string{
		"listen_addresses=127.0.0.1", "unix_socket_directories=" + dir,
		"fsync=off", "synchronous_commit=off", "full_page_writes=off",
		"max_locks_per_transaction=4096", "max_connections=200", "wal_level=logical",
	} {
		argv = append(argv, "-c", setting)
	}
	s := &server{port: port}
	return start(cred, dir, port, env, "INT", func() error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		c, err := pgx.Connect(ctx, postgresURL(s, "postgres"))
		if err != nil {
			return err
		}
		return c.Close(ctx)
	}, argv...)
}
