package dialecttest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// floor is the share of applicable cases that must pass; below it a run fails.
// It is raised as the shares rise; the aim is 0.99 for cases and 1 for real.
var floor = map[string]float64{"cases": 0.95, "real": 0.9}

// TestConformance plays the conformance cases and the real schemas of the
// folder in $TRUEUP_CONFORMANCE with the program in $TRUEUP_BIN, on servers of
// its own. Without the folder there is nothing to play.
func TestConformance(t *testing.T) {
	shared, bin := os.Getenv("TRUEUP_CONFORMANCE"), os.Getenv("TRUEUP_BIN")
	if shared == "" {
		t.Skip("TRUEUP_CONFORMANCE names no folder: run make test-matrix where ../shared is")
	}
	runner := buildRunner(t, filepath.Join(shared, "conformance"))
	for _, major := range PostgresVersions {
		t.Run(fmt.Sprint("postgres", major), func(t *testing.T) {
			admin := onDatabase(t, Postgres(t, major), "/postgres")
			play(t, runner, shared, bin, "postgres", admin, "cases")
			if major == 15 || major == 17 {
				play(t, runner, shared, bin, "postgres", admin, "real")
			}
		})
	}
	t.Run("mariadb", func(t *testing.T) {
		admin := onDatabase(t, MariaDB(t), "/")
		play(t, runner, shared, bin, "mysql", admin, "cases")
		play(t, runner, shared, bin, "mysql", admin, "real")
	})
	t.Run("sqlite", func(t *testing.T) {
		play(t, runner, shared, bin, "sqlite", "sqlite://"+t.TempDir(), "cases")
		play(t, runner, shared, bin, "sqlite", "sqlite://"+t.TempDir(), "real")
	})
}

func onDatabase(t *testing.T, target, path string) string {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = path
	return u.String()
}

// buildRunner builds a copy, since the folder may be read-only.
func buildRunner(t *testing.T, source string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "src"), os.DirFS(source)); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "conformance")
	cmd := exec.Command("go", "build", "-o", out, ".")
	cmd.Dir = filepath.Join(dir, "src")
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the runner: %v\n%s", err, b)
	}
	return out
}

// played is what the runner writes of each case.
type played struct {
	ID, Verdict, Reason, Partial string
}

func play(t *testing.T, runner, shared, bin, dialect, server, what string) {
	t.Run(what, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "results.json")
		args := []string{"--server", server, "--dialect", dialect, "--bin", bin, "--jobs", "3", "--json", file, "--timeout", "120s"}
		if n := os.Getenv("TRUEUP_SAMPLE"); n != "" { // one case in n, always the same ones
			args = append(args, "--sample", n)
		}
		if what == "real" {
			args = append(args, "--real", filepath.Join(shared, "realworld"))
		}
		cmd := exec.Command(runner, args...)
		cmd.Dir = filepath.Join(shared, "conformance")
		out, err := cmd.CombinedOutput()
		b, readErr := os.ReadFile(file)
		if readErr != nil {
			t.Fatalf("%v %v\n%s", err, readErr, out)
		}
		var all []played
		if err := json.Unmarshal(b, &all); err != nil {
			t.Fatal(err)
		}
		passed, failed := 0, []string{}
		for _, c := range all {
			switch {
			case c.Verdict == "pass" && c.Partial == "":
				passed++
			case c.Verdict != "inapplicable" && c.Partial == "":
				failed = append(failed, c.Verdict+" "+c.ID)
			}
		}
		slices.Sort(failed)
		share := float64(passed) / float64(max(1, passed+len(failed)))
		t.Logf("%s %s: %d of %d pass (%.1f %%)\n  %s", dialect, what, passed, passed+len(failed), 100*share, strings.Join(failed, "\n  "))
		if share < floor[what] {
			t.Errorf("below the floor of %.1f %%", 100*floor[what])
		}
	})
}
