// Package fromsqldef holds the test of the page on the move from sqldef.
package fromsqldef

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var programs = []string{"psqldef", "mysqldef", "sqlite3def"}

// TestTable: every flag and every key of the page is taken by the programs that
// the page names, nothing that they take is missing on the page, and each row
// has its verdict.
func TestTable(t *testing.T) {
	dir := t.TempDir()
	bin := filepath.Join(dir, "trueup")
	if out, err := exec.Command("go", "build", "-o", bin, "../../cmd/trueup").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	schema := filepath.Join(dir, "schema.sql")
	if err := os.WriteFile(schema, []byte("CREATE TABLE t (id integer PRIMARY KEY);\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	help := map[string]string{}
	for _, p := range programs {
		if err := os.Symlink(bin, filepath.Join(dir, p)); err != nil {
			t.Fatal(err)
		}
		help[p] = output(t, filepath.Join(dir, p), "--help")
	}
	b, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	flags := regexp.MustCompile("^\\| `((?:-\\w, )?--[\\w-]+)` \\| ([\\w, ]+) \\| (\\w*) \\|")
	keys := regexp.MustCompile("^\\| `([a-z_]+)` \\| ([\\w, ]+) \\| (\\w*) \\|")
	onPage := map[string][]string{}
	rows := 0
	for line := range strings.Lines(string(b)) {
		for _, re := range []*regexp.Regexp{flags, keys} {
			m := re.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			rows++
			if !slices.Contains([]string{"same", "better", "not"}, m[3]) {
				t.Errorf("no verdict: %s", line)
			}
			of := strings.Split(m[2], ", ")
			if m[2] == "all" {
				of = programs
			}
			for _, p := range of {
				if re == keys {
					takes(t, filepath.Join(dir, p), schema, m[1])
					continue
				}
				if !strings.Contains(help[p], m[1]) {
					t.Errorf("%s has no %s", p, m[1])
				}
				_, long, _ := strings.Cut(m[1], "--")
				onPage[p] = append(onPage[p], long)
			}
		}
	}
	if rows < 40 {
		t.Fatalf("only %d rows: the test looks at nothing", rows)
	}
	flag := regexp.MustCompile(`(?m)^ .{0,6}--([a-z-]+)`)
	for _, p := range programs {
		for _, m := range flag.FindAllStringSubmatch(help[p], -1) {
			if !slices.Contains(onPage[p], m[1]) {
				t.Errorf("--%s of %s is not on the page", m[1], p)
			}
		}
	}
}

// values that are right for a key.
var values = map[string]string{
	"enable_drop": "true", "managed_roles": "[app]", "manage": "{table: [{target: t, drop: true, drop_column: true, drop_constraint: true, partition: false}]}",
	"algorithm": "INPLACE", "lock": "NONE", "dump_concurrency": "4", "create_index_concurrently": "true", "disable_ddl_transaction": "true",
	"bulk_alter": "true", "legacy_ignore_quotes": "false", "target_schema": "public",
}

// takes runs a comparison of a file with itself under a key.
func takes(t *testing.T, program, schema, key string) {
	t.Helper()
	value := values[key]
	if value == "" {
		value = "t"
	}
	if out := output(t, program, schema, "-f", schema, "--config-inline", key+": "+value); out != "-- Nothing is modified --\n" {
		t.Errorf("%s with %s: %s", filepath.Base(program), key, out)
	}
}

func output(t *testing.T, program string, args ...string) string {
	t.Helper()
	b, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s %s: %v\n%s", filepath.Base(program), strings.Join(args, " "), err, b)
	}
	return string(b)
}
