package cli_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/testscript"
)

// terminal runs a program with a terminal as its standard input, output and
// error, and types a file into it. What the terminal showed goes into the file
// "terminal".
func terminal(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: terminal N ANSWERS PROGRAM ARGS..")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	program := ""
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if _, err := os.Stat(filepath.Join(dir, args[2])); err == nil && program == "" {
			program = filepath.Join(dir, args[2])
		}
	}
	cmd := exec.Command(program, args[3:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = []string{"TERM=xterm-256color"}
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "WORK", "NO_COLOR"} {
		if v := ts.Getenv(name); v != "" {
			cmd.Env = append(cmd.Env, name+"="+v)
		}
	}
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 120})
	ts.Check(err)
	defer f.Close()
	_, err = io.WriteString(f, ts.ReadFile(args[1]))
	ts.Check(err)
	shown, _ := io.ReadAll(f) // ends with an error when the program closes the terminal
	ts.Check(os.WriteFile(ts.MkAbs("terminal"), shown, 0o644))
	ts.Logf("%s", shown)
	got := 0
	if e, ok := errors.AsType[*exec.ExitError](cmd.Wait()); ok {
		got = e.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}
