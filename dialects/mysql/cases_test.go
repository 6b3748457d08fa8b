package mysql_test

import (
	"context"
	"fmt"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/dialecttest"
	"github.com/trueup-sql/trueup/dialects/mysql"
)

// mariadb is the target of the golden plans, as [dialecttest.MariaDB] makes its
// databases.
var mariadb = dialect.Target{Flavor: "mariadb", Version: 101100, Settings: map[string]string{
	"collation_database": "utf8mb4_general_ci", "character_set_database": "utf8mb4", "default_collation.utf8mb4": "utf8mb4_general_ci",
	"sql_mode": "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION",
}}

// client runs a script as the command line client does.
func client(ctx context.Context, target, script string) error {
	u, err := url.Parse(target)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "mariadb", "--no-defaults", "-h", u.Hostname(), "-P", u.Port(), "-u", u.User.Username(),
		"--default-character-set=utf8mb4", strings.TrimPrefix(u.Path, "/"))
	cmd.Stdin = strings.NewReader(script)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

func TestCases(t *testing.T) {
	h := dialecttest.Harness{Dialect: mysql.Dialect{}, Offline: mariadb, Load: client}
	if !testing.Short() {
		h.Servers = []dialecttest.LiveServer{{Name: "mariadb", Version: 101100, New: dialecttest.MariaDB}}
	}
	h.Run(t, "testdata", "mysql8") // which holds facts: see TestFacts
}
