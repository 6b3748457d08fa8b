package sqldef

import "testing"

// TestTargets: what the flags and the environment make of a target.
func TestTargets(t *testing.T) {
	t.Setenv("PGPASSWORD", "")
	t.Setenv("MYSQL_PWD", "")
	p := psqldefFlags{User: "app", Password: "x", Host: "/run/pg", Port: 5433, common: common{Database: "my db"}}
	if got, err := p.target(t.Context()); err != nil || got != `host='/run/pg' port='5433' user='app' dbname='my db'` {
		t.Errorf("an empty PGPASSWORD beats the flag: %q, %v", got, err)
	}
	t.Setenv("PGPASSWORD", `it's a \`)
	if got, err := p.target(t.Context()); err != nil || got != `host='/run/pg' port='5433' user='app' password='it\'s a \\' dbname='my db'` {
		t.Errorf("%q, %v", got, err)
	}
	m := mysqldefFlags{User: "app", Host: "db", Port: 3307, SSLMode: "preferred", SSLCA: "/ca.pem", EnableCleartextPlugin: true, common: common{Database: "shop"}}
	t.Setenv("MYSQL_PWD", "p@ss/word")
	if got, err := m.target(t.Context()); err != nil || got != "mysql://app:p%40ss%2Fword@db:3307/shop?allow-cleartext-passwords=true&ssl-ca=%2Fca.pem&ssl-mode=VERIFY_CA" {
		t.Errorf("%q, %v", got, err)
	}
	m.Socket = "/run/my.sock"
	if got, err := m.target(t.Context()); err != nil || got != "mysql://app:p%40ss%2Fword@/shop?allow-cleartext-passwords=true&socket=%2Frun%2Fmy.sock&ssl-ca=%2Fca.pem&ssl-mode=VERIFY_CA" {
		t.Errorf("%q, %v", got, err)
	}
	m.Database = ""
	if _, err := m.target(t.Context()); err != errNoDatabase {
		t.Error(err)
	}
}
