package dialecttest

import (
	"database/sql"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	_ "github.com/go-sql-driver/mysql" // the driver
)

// MariaDB returns the URL of a new, empty database on a real MariaDB server,
// which the first call starts. The database is dropped when the test ends.
func MariaDB(t testing.TB) string {
	t.Helper()
	for _, program := range []string{"mariadbd", "mariadb-install-db"} {
		if _, err := exec.LookPath(program); err != nil {
			missing(t, "MariaDB", "run .ci/servers, or install the package mariadb-server")
		}
	}
	s, err := shared("mariadb", startMariaDB)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("t%d", databases.Add(1))
	exec := func(statement string) error {
		db, err := sql.Open("mysql", mariadbDSN(s))
		if err != nil {
			return err
		}
		defer db.Close()
		_, err = db.Exec(statement)
		return err
	}
	if err := exec("CREATE DATABASE " + name + " CHARACTER SET utf8mb4"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := exec("DROP DATABASE " + name); err != nil {
			t.Error(err)
		}
	})
	return fmt.Sprintf("mysql://root@127.0.0.1:%d/%s", s.port, name)
}

func mariadbDSN(s *server) string { return fmt.Sprintf("root@tcp(127.0.0.1:%d)/", s.port) }

func startMariaDB() (*server, error) {
	cred, err := account("mysql")
	if err != nil {
		return nil, err
	}
	dir, err := folder(cred)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	if err := run(cred, dir, nil, "mariadb-install-db", "--no-defaults", "--datadir="+data, "--tmpdir="+dir, "--auth-root-authentication-method=normal", "--skip-test-db"); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &server{port: port}
	// A server that starts deletes what others have left in its tmpdir, or still use.
	return start(cred, dir, port, nil, "TERM", func() error {
		db, err := sql.Open("mysql", mariadbDSN(s))
		if err != nil {
			return err
		}
		defer db.Close()
		return db.Ping()
	}, "mariadbd", "--no-defaults", "--datadir="+data, fmt.Sprintf("--port=%d", port), "--socket="+filepath.Join(dir, "s"),
		"--bind-address=127.0.0.1", "--tmpdir="+dir, "--innodb-flush-log-at-trx-commit=0", "--event-scheduler=OFF", "--pid-file="+filepath.Join(dir, "pid"))
}
