package ui

import (
	"context"
	"errors"
	"io"
	"os"

	"golang.org/x/term"
)

// ErrInterrupted: the person at the terminal pressed Ctrl-C.
var ErrInterrupted = errors.New("interrupted")

// Input is standard input that stops waiting when a context ends: a program
// that handles interrupts itself would otherwise hang where it asks something.
type Input struct {
	ctx  context.Context
	file *os.File
}

// NewInput reads from a file, as long as the context lasts.
func NewInput(ctx context.Context, in io.Reader) io.Reader {
	if f, ok := in.(*os.File); ok {
		return &Input{ctx, f}
	}
	return in
}

// Fd is the file's.
func (i *Input) Fd() uintptr { return i.file.Fd() }

// Read reads as the file does. What comes after the context has ended is lost.
func (i *Input) Read(p []byte) (int, error) {
	own := make([]byte, len(p))
	return wait(i.ctx, func() (int, error) {
		n, err := i.file.Read(own)
		return n, err
	}, func(n int) { copy(p, own[:n]) })
}

// wait calls read, and done with what came of it, unless the context ends first.
func wait[T any](ctx context.Context, read func() (T, error), done func(T)) (T, error) {
	type result struct {
		value T
		err   error
	}
	came := make(chan result, 1)
	go func() {
		v, err := read()
		came <- result{v, err}
	}()
	var zero T
	select {
	case <-ctx.Done():
		return zero, ErrInterrupted
	case r := <-came:
		done(r.value)
		return r.value, r.err
	}
}

// Password reads a line from a terminal without showing it.
func Password(ctx context.Context, tty *os.File) (string, error) {
	fd := int(tty.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	b, err := wait(ctx, func() ([]byte, error) { return term.ReadPassword(fd) }, func([]byte) {})
	if errors.Is(err, ErrInterrupted) {
		err = errors.Join(err, term.Restore(fd, before))
	}
	return string(b), err
}
