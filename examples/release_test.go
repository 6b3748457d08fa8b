package examples

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestRelease packs a program as a release does, twice: the archives are the
// same, the checksums are right, and the action can unpack and run it.
func TestRelease(t *testing.T) {
	program := filepath.Join(bin(t), "trueup")
	var sums [2]string
	var dist string
	for i := range sums {
		dist = filepath.Join(t.TempDir(), "dist")
		mustSh(t, "..", []string{"TRUEUP_BINARY=" + program, "DIST=" + dist}, ".ci/release")
		sums[i] = lines(t, filepath.Join(dist, "checksums.txt"))
	}
	if sums[0] != sums[1] || strings.Count(sums[0], "\n") != 2 {
		t.Errorf("%s%s", sums[0], sums[1])
	}
	mustSh(t, dist, nil, "sha256sum", "-c", "checksums.txt")
	got := lines(t, filepath.Join(dist, "trueup.cdx.json"))
	for _, want := range []string{`"specVersion": "1.5"`, `"purl": "pkg:golang/github.com/pganalyze/pg_query_go/v5@v`, `"purl": "pkg:golang/std@1.`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}

	// The action's installation, from a folder in the place of the web.
	a := read[action](t, "../.github/actions/trueup/action.yml")
	web, temp := t.TempDir(), t.TempDir()
	write(t, filepath.Join(web, "uname"), "#!/bin/sh\necho \"$1\" | sed 's/-s/Linux/; s/-m/x86_64/'\n")
	write(t, filepath.Join(web, "curl"), "#!/bin/sh\ncp \"$DIST/${2##*/}\" .\n")
	for _, f := range []string{"uname", "curl"} {
		if err := os.Chmod(filepath.Join(web, f), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("go", "env", "GOARCH").Output(); err != nil || strings.TrimSpace(string(out)) != "amd64" {
		t.Skip("the stand-in is for amd64")
	}
	cmd := exec.Command("bash", "-eo", "pipefail", "-c", a.Runs.Steps[0].Run)
	cmd.Dir = temp
	cmd.Env = []string{"PATH=" + web + ":/usr/bin:/bin", "DIST=" + dist, "VERSION=v1.0.0", "REPOSITORY=https://example.com", "RUNNER_TEMP=" + temp, "GITHUB_PATH=" + filepath.Join(temp, "path")}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	dir := strings.TrimSpace(lines(t, filepath.Join(temp, "path")))
	out := mustSh(t, temp, nil, filepath.Join(dir, "trueup"), "--version")
	for _, want := range []string{"trueup ", "PostgreSQL grammar: pg_query_go v", "MySQL grammar: TiDB parser v", "SQLite: modernc.org/sqlite v"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}
