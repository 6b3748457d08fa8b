// Package examples holds the tests of the examples: each one is run, or, where
// that takes a system that is not here, read as that system would.
package examples

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/trueup-sql/trueup/dialects/dialecttest"
)

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "trueup-examples")
	if err != nil {
		return "", err
	}
	if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "trueup"), "../cmd/trueup").CombinedOutput(); err != nil {
		return "", &os.PathError{Op: "go build", Path: string(out), Err: err}
	}
	// gh, as far as the examples use it: it notes what it is asked for.
	const gh = "#!/bin/sh\necho \"$*\" >> \"$GH_LOG\"\n[ \"$1 $2\" != 'issue list' ] || cat \"$GH_LOG.open\" 2>/dev/null || true\n"
	return dir, os.WriteFile(filepath.Join(dir, "gh"), []byte(gh), 0o755)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := build(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// bin is a folder with trueup and a stand-in for gh.
func bin(t *testing.T) string {
	t.Helper()
	dir, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

const schemaSQL = "CREATE TABLE account (id bigint PRIMARY KEY, email text NOT NULL);\n"

// repository is a folder with schema/schema.sql, as the examples expect it.
func repository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "schema/schema.sql"), schemaSQL)
	return dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// sh runs a program with trueup in the PATH.
func sh(t *testing.T, dir string, env []string, argv ...string) (out string, code int) {
	t.Helper()
	program := argv[0]
	if program == "trueup" {
		program = filepath.Join(bin(t), program)
	}
	cmd := exec.Command(program, argv[1:]...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "PATH="+bin(t)+":"+os.Getenv("PATH")), env...)
	b, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(b), cmd.ProcessState.ExitCode()
}

// mustSh is sh for what has to succeed.
func mustSh(t *testing.T, dir string, env []string, argv ...string) string {
	t.Helper()
	out, code := sh(t, dir, env, argv...)
	if code != 0 {
		t.Fatalf("%s: exit status %d\n%s", strings.Join(argv, " "), code, out)
	}
	return out
}

func lines(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestReadme: the page lists every folder, and no other.
func TestReadme(t *testing.T) {
	page := lines(t, "README.md")
	var there []string
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			there = append(there, e.Name())
			if !strings.Contains(page, "]("+e.Name()) {
				t.Errorf("%s is not on the page", e.Name())
			}
		}
	}
	for _, m := range regexp.MustCompile(`\]\((\w[\w-]*)`).FindAllStringSubmatch(page, -1) {
		if !slices.Contains(there, m[1]) {
			t.Errorf("there is no %s", m[1])
		}
	}
}

// TestDriftPage runs the page's commands one after the other.
func TestDriftPage(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"schema.sql", "next.sql", "trueup.ignore.yaml"} {
		write(t, filepath.Join(dir, strings.Replace(name, "trueup.ignore", "accepted", 1)), lines(t, "drift/"+name))
	}
	commands := 0
	for line := range strings.Lines(lines(t, "drift/README.md")) {
		command, ok := strings.CutPrefix(line, "    $ ")
		if !ok {
			continue
		}
		commands++
		want := 0
		if strings.Contains(command, "# exit 2") {
			want = 2
		}
		// A file of that name in the current folder would hold for all of them.
		command = strings.Replace(command, "trueup.ignore.yaml", "accepted.yaml", 1)
		if out, code := sh(t, dir, nil, "sh", "-c", command); code != want {
			t.Fatalf("%s: exit status %d, want %d\n%s", command, code, want, out)
		}
	}
	if commands < 15 {
		t.Errorf("only %d commands", commands)
	}
	if pulled := lines(t, filepath.Join(dir, "schema.sql")); !strings.Contains(pulled, "account_email") || !strings.Contains(pulled, "-- given by the database") {
		t.Errorf("pulled:\n%s", pulled)
	}
}

// TestCron: silent in sync, a report and a failure when something differs.
func TestCron(t *testing.T) {
	dir := repository(t)
	env := []string{"DATABASE_URL=sqlite:" + filepath.Join(dir, "app.db")}
	script, err := filepath.Abs("cron/drift.sh")
	if err != nil {
		t.Fatal(err)
	}
	if out, code := sh(t, dir, env, script, "schema"); code != 2 || !strings.Contains(out, "CREATE TABLE account") {
		t.Errorf("an empty database: %d\n%s", code, out)
	}
	apply, err := filepath.Abs("cron/apply.sh")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "deploy/sql/schema.sql"), schemaSQL)
	mustSh(t, dir, env, apply, filepath.Join(dir, "deploy"))
	if out := mustSh(t, dir, env, apply, filepath.Join(dir, "deploy")); out != "" {
		t.Errorf("the second run says %q", out)
	}
	if out := mustSh(t, dir, env, script, "schema"); out != "" {
		t.Errorf("in sync, and it says %q", out)
	}
	write(t, filepath.Join(dir, "other/x.sql"), schemaSQL+"CREATE TABLE extra (id bigint PRIMARY KEY);")
	mustSh(t, dir, env, "trueup", "apply", "-f", "other")
	if out, code := sh(t, dir, env, script, "schema"); code != 2 || !strings.Contains(out, "DROP TABLE extra") {
		t.Errorf("somebody's table: %d\n%s", code, out)
	}
	if _, code := sh(t, dir, env, script, "nowhere"); code != 1 {
		t.Errorf("no files: %d", code)
	}
}

// TestPreCommit: the hooks' commands, on good and on bad files.
func TestPreCommit(t *testing.T) {
	type hook struct {
		ID, Name, Description, Entry, Language, Files string
		PassFilenames                                 *bool `yaml:"pass_filenames"`
	}
	offered := read[[]hook](t, "../.pre-commit-hooks.yaml")
	config := read[struct {
		Repos []struct {
			Repo, Rev string
			Hooks     []hook
		}
	}](t, "pre-commit/.pre-commit-config.yaml")
	dir := repository(t)
	write(t, filepath.Join(dir, "trueup.yaml"), lines(t, "pre-commit/trueup.yaml"))
	entries := 0
	for _, repo := range config.Repos {
		for _, h := range repo.Hooks {
			if repo.Repo != "local" {
				i := slices.IndexFunc(offered, func(o hook) bool { return o.ID == h.ID })
				if i < 0 {
					t.Fatalf("%s is not offered", h.ID)
				}
				h.Entry = offered[i].Entry
			}
			entries++
			write(t, filepath.Join(dir, "schema/schema.sql"), schemaSQL)
			mustSh(t, dir, nil, "sh", "-c", h.Entry)
			write(t, filepath.Join(dir, "schema/schema.sql"), "CREATE TABLE t (id bigint PRIMARY KEY, u bigint REFERENCES nothing);")
			if out, code := sh(t, dir, nil, "sh", "-c", h.Entry); code != 2 || !strings.Contains(out, "schema.sql:1:") {
				t.Errorf("%s: %d\n%s", h.ID, code, out)
			}
		}
	}
	if entries != 2 {
		t.Errorf("%d hooks", entries)
	}
}

// TestDockerfile: the program that the image holds is static, and runs. That
// part takes minutes, and is done where TRUEUP_STATIC is set.
func TestDockerfile(t *testing.T) {
	var command string
	stages := map[string]bool{}
	entry := 0
	for line := range strings.Lines(lines(t, "docker/Dockerfile")) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		switch fields[0] {
		case "FROM":
			if len(fields) == 4 {
				stages[fields[3]] = true
			}
		case "RUN":
			if strings.Contains(line, "go build") {
				command = strings.TrimSpace(strings.TrimPrefix(line, "RUN"))
			}
		case "COPY":
			if from, ok := strings.CutPrefix(fields[1], "--from="); ok && !stages[from] {
				t.Errorf("there is no stage %s", from)
			}
		case "ENTRYPOINT":
			entry++
		case "WORKDIR":
		default:
			t.Errorf("what is %s?", fields[0])
		}
	}
	if entry != 2 || command == "" {
		t.Fatal("the Dockerfile is not what this test knows")
	}
	if os.Getenv("TRUEUP_STATIC") == "" {
		t.Skip("it builds the program anew: set TRUEUP_STATIC=1")
	}
	program := filepath.Join(t.TempDir(), "trueup")
	mustSh(t, "..", nil, "sh", "-c", strings.Replace(command, "-o /trueup", "-o "+program, 1))
	if out, _ := sh(t, ".", nil, "ldd", program); !strings.Contains(out, "not a dynamic executable") && !strings.Contains(out, "statically linked") {
		t.Errorf("not static: %s", out)
	}
	dir := repository(t)
	url := "DATABASE_URL=" + dialecttest.Postgres(t, 16)
	mustSh(t, dir, []string{url}, program, "apply", "-f", "schema")
	mustSh(t, dir, []string{url}, program, "plan", "-f", "schema", "--check")
}

// TestShell: every script of the examples can be read by its shell.
func TestShell(t *testing.T) {
	n := 0
	err := filepath.WalkDir(".", func(p string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(p, ".sh") {
			n++
			shell := "sh"
			if strings.HasPrefix(lines(t, p), "#!/usr/bin/env bash") {
				shell = "bash"
			}
			mustSh(t, ".", nil, shell, "-n", p)
			if info, err := e.Info(); err != nil || info.Mode()&0o100 == 0 {
				t.Errorf("%s cannot be executed", p)
			}
		}
		return err
	})
	if err != nil || n < 3 {
		t.Errorf("%d scripts, %v", n, err)
	}
}
