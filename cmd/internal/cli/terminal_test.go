package cli_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/creack/pty"
	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/rogpeppe/go-internal/testscript"
)

// terminal runs a program with a terminal as its standard input, output and
// error, and types a file into it: a line "> TEXT" waits until the terminal has
// shown that, ^C is the key. What it showed goes into the file "terminal".
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
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second) // an answer too few must not hang the test
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args[3:]...)
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
	var s screen
	done := make(chan struct{})
	go func() {
		_, _ = io.Copy(&s, f) // ends with an error when the program closes the terminal
		close(done)
	}()
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		text, wait := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "> ")
		for wait && ctx.Err() == nil && !strings.Contains(s.String(), text) {
			time.Sleep(10 * time.Millisecond)
		}
		if !wait {
			_, err = io.WriteString(f, strings.Replace(line, "^C\n", "\x03", 1))
			ts.Check(err)
		}
	}
	<-done
	ts.Check(os.WriteFile(ts.MkAbs("terminal"), []byte(s.String()), 0o644))
	ts.Logf("%s", s.String())
	got := 0
	if e, ok := errors.AsType[*exec.ExitError](cmd.Wait()); ok {
		got = e.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// screen is what a terminal has shown so far.
type screen struct {
	mu    sync.Mutex
	shown bytes.Buffer
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown.Write(b)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown.String()
}

// hold runs a statement in a transaction that stays open for some time.
func hold(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: hold URL TIME SQL")
	}
	length, err := time.ParseDuration(args[1])
	ts.Check(err)
	driver, dsn := "pgx", args[0]
	if rest, ok := strings.CutPrefix(dsn, "mysql://root@"); ok {
		host, database, _ := strings.Cut(rest, "/")
		driver, dsn = "mysql", "root@tcp("+host+")/"+database
	}
	db, err := sql.Open(driver, dsn)
	ts.Check(err)
	tx, err := db.BeginTx(context.Background(), nil)
	ts.Check(err)
	_, err = tx.Exec(args[2])
	ts.Check(err)
	go func() {
		time.Sleep(length)
		_ = tx.Rollback() // ends the lock, which is all that matters
		_ = db.Close()
	}()
}
