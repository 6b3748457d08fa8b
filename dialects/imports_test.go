package dialects_test

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/trueup-sql/trueup/"

// forbidden lists, for packages by prefix, what they must not import, be it
// through others.
var forbidden = []struct {
	in   string
	deps []string
}{
	{"schema", []string{module + "parser", module + "planner", module + "dialects", module + "cmd", "github.com/"}},
	{"parser", []string{module + "planner", module + "dialects", module + "cmd", "github.com/jackc", "github.com/go-sql-driver", "github.com/mattn"}},
	{"planner", []string{module + "parser", module + "dialects", module + "cmd", module + "schema/pg", module + "schema/my", module + "schema/lite", "github.com/jackc", "github.com/go-sql-driver", "github.com/pganalyze", "github.com/pingcap"}},
	{"dialects/executor", []string{module + "parser", module + "dialects/postgres", module + "dialects/mysql", module + "dialects/sqlite", module + "schema/pg", module + "schema/my", module + "schema/lite"}},
	{"dialects/dialect", []string{module + "dialects/postgres", module + "dialects/mysql", module + "dialects/sqlite", module + "schema/pg", module + "schema/my", module + "schema/lite"}},
	{"dialects/pull", []string{module + "dialects/postgres", module + "dialects/mysql", module + "dialects/sqlite", module + "schema/pg", module + "schema/my", module + "schema/lite", module + "cmd"}},
	{"dialects/postgres", []string{module + "dialects/mysql", module + "dialects/sqlite", module + "schema/my", module + "schema/lite", module + "cmd", "github.com/pingcap"}},
	{"dialects/mysql", []string{module + "dialects/postgres", module + "dialects/sqlite", module + "schema/pg", module + "schema/lite", module + "cmd", "github.com/pganalyze"}},
	{"dialects/sqlite", []string{module + "dialects/postgres", module + "dialects/mysql", module + "schema/pg", module + "schema/my", module + "cmd", "github.com/pganalyze", "github.com/pingcap"}},
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Deps " "}}`, module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) < 8 {
		t.Fatalf("only %d packages: the test looks at nothing", len(lines))
	}
	for _, line := range lines {
		fields := strings.Fields(line)
		name := strings.TrimPrefix(fields[0], module)
		if strings.HasSuffix(name, "/gen") { // a program that writes source, run by go generate
			continue
		}
		for _, rule := range forbidden {
			if name != rule.in && !strings.HasPrefix(name, rule.in+"/") {
				continue
			}
			for _, dep := range fields[1:] {
				for _, bad := range rule.deps {
					own := strings.HasPrefix(dep, module)
					if strings.HasPrefix(dep, bad) && (!own || bad != "github.com/") {
						t.Errorf("%s imports %s", name, dep)
					}
				}
			}
		}
	}
}
