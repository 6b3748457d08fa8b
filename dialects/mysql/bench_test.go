package mysql_test

import (
	"context"
	"fmt"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/dialecttest"
	"github.com/trueup-sql/trueup/dialects/mysql"
)

// manyTables is a schema of n tables, with keys, foreign keys and checks.
func manyTables(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "CREATE TABLE t%d (id bigint unsigned NOT NULL AUTO_INCREMENT, parent_id bigint unsigned, name varchar(100) NOT NULL DEFAULT '', email varchar(200) COLLATE utf8mb4_bin, "+
			"qty int DEFAULT 1, price decimal(10,2) NOT NULL DEFAULT 0, created_at datetime NOT NULL DEFAULT current_timestamp, note text, state enum('a','b','c') DEFAULT 'a', "+
			"PRIMARY KEY (id), UNIQUE KEY uq_email (email), KEY ix_name (name, qty)", i)
		if i%3 == 1 {
			fmt.Fprintf(&b, ", CONSTRAINT fk_%d FOREIGN KEY (parent_id) REFERENCES t%d (id) ON DELETE CASCADE", i, i-1)
		}
		if i%4 == 0 {
			fmt.Fprintf(&b, ", CONSTRAINT chk_%d CHECK (qty > 0 AND qty < 1000)", i)
		}
		b.WriteString(");\n")
	}
	return b.String()
}

// BenchmarkNoop plans 5,000 tables that are in sync, against mariadb-dump
// --no-data of the same database in the same run. dump-ratio is the quotient of
// the times, and has to stay below 0.1; statements is what a plan sends.
func BenchmarkNoop(b *testing.B) {
	ctx := context.Background()
	target := dialecttest.MariaDB(b)
	text := manyTables(5000)
	if err := client(ctx, target, text); err != nil {
		b.Fatal(err)
	}
	db := open(b, target)
	questions := func() int {
		var name, value string
		if err := db.QueryRow("SHOW GLOBAL STATUS LIKE 'Questions'").Scan(&name, &value); err != nil {
			b.Fatal(err)
		}
		n, err := strconv.Atoi(value)
		if err != nil {
			b.Fatal(err)
		}
		return n
	}
	plan := func() {
		s, err := mysql.Dialect{}.Open(ctx, target, dialect.Options{})
		if err != nil {
			b.Fatal(err)
		}
		defer s.Close()
		p, err := dialect.Prepare(ctx, "mysql", s, sources(text), dialect.Policy{})
		if err != nil {
			b.Fatal(err)
		}
		if !p.Empty() {
			b.Fatalf("%d statements, want none", len(p.Statements))
		}
	}
	dump := dumpTime(b, target)
	before := questions()
	for b.Loop() {
		plan()
	}
	b.ReportMetric(float64(questions()-before)/float64(b.N), "statements/op")
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/dump.Seconds(), "dump-ratio")
	b.ReportMetric(dump.Seconds(), "dump-s")
}

// dumpTime is how long the server's own program takes.
func dumpTime(b *testing.B, target string) time.Duration {
	b.Helper()
	u, err := url.Parse(target)
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	cmd := exec.Command("mariadb-dump", "--no-defaults", "--no-data", "-h", u.Hostname(), "-P", u.Port(), "-u", "root", strings.TrimPrefix(u.Path, "/"))
	if err := cmd.Run(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}
