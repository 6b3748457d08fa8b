package ui

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/term"
)

// IsTerminal tells whether a reader or writer is a terminal.
func IsTerminal(stream any) bool {
	f, ok := stream.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(int(f.Fd()))
}

// Interactive tells whether there is somebody to ask: both streams are terminals.
func Interactive(in io.Reader, out io.Writer) bool { return IsTerminal(in) && IsTerminal(out) }

// errNoAnswer: the terminal was closed.
var errNoAnswer = errors.New("no answer")

// Ask asks until the answer begins with one of the letters, and returns that.
func Ask(in io.Reader, out io.Writer, question, letters string) (byte, error) {
	for {
		fmt.Fprintf(out, "%s [%s] ", question, strings.Join(strings.Split(letters, ""), "/"))
		answer, err := line(in)
		if err != nil {
			return 0, err
		}
		if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "" && strings.Contains(letters, answer[:1]) {
			return answer[0], nil
		}
	}
}

// line reads one line and not a byte more.
func line(in io.Reader) (string, error) {
	var b [1]byte
	var out []byte
	for {
		n, err := in.Read(b[:])
		if n == 1 && b[0] == '\n' {
			return string(out), nil
		}
		if n == 1 {
			out = append(out, b[0])
		}
		if errors.Is(err, io.EOF) {
			return "", errNoAnswer
		}
		if err != nil {
			return "", err
		}
	}
}
