package pgparse

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"unicode/utf8"

	pg_query "github.com/pganalyze/pg_query_go/v5"
	pgerror "github.com/pganalyze/pg_query_go/v5/parser"
)

// libpg_query points file descriptor 2 at a pipe while it parses, and back
// afterwards, without any lock. Two parses at once would leave it pointing at
// a dead pipe. So Go's own standard error gets a descriptor that the library
// does not know of, and when the last of several parses ends, descriptor 2 is
// put back for the runtime and for child processes.
var stderr struct {
	sync.Mutex
	parses int
	saved  int
}

func init() {
	if fd, err := syscall.Dup(2); err == nil {
		syscall.CloseOnExec(fd)
		stderr.saved = fd
		os.Stderr = os.NewFile(uintptr(fd), "/dev/stderr")
	}
}

func guard() (release func()) {
	stderr.Lock()
	defer stderr.Unlock()
	stderr.parses++
	return func() {
		stderr.Lock()
		defer stderr.Unlock()
		if stderr.parses--; stderr.parses == 0 && stderr.saved != 0 {
			_ = syscall.Dup3(stderr.saved, 2, 0)
		}
	}
}

// syntaxError is the grammar's complaint; at is a byte offset.
type syntaxError struct {
	at      int
	message string
}

func (e *syntaxError) Error() string { return e.message }

// parseTree parses a text; its error is a [*syntaxError]. All parsing in this
// package goes through here, since it is safe for use by several goroutines.
func parseTree(text string) (*pg_query.ParseResult, error) {
	for i, c := range []byte(text) {
		if c == 0 {
			return nil, &syntaxError{i, "a zero byte in the text"}
		}
	}
	tree, err := grammarTree(text)
	if e, ok := errors.AsType[*pgerror.Error](err); ok {
		return nil, &syntaxError{byteOffset(text, e.Cursorpos-1), e.Message}
	}
	if err != nil {
		return nil, &syntaxError{0, err.Error()}
	}
	return tree, nil
}

// grammarTree has the grammar read a text.
func grammarTree(text string) (*pg_query.ParseResult, error) {
	release := guard()
	defer release()
	json, err := pg_query.ParseToJSON(text)
	if err != nil {
		return nil, err
	}
	if tree, err := readTree(text, json); err == nil {
		return tree, nil
	}
	return pg_query.Parse(text)
}

// deparse prints a tree; it is the inverse of parseTree.
func deparse(tree *pg_query.ParseResult) (string, error) {
	release := guard()
	defer release()
	return pg_query.Deparse(tree)
}

// tokenize cuts a text into the grammar's tokens.
func tokenize(text string) (*pg_query.ScanResult, error) {
	release := guard()
	defer release()
	return pg_query.Scan(text)
}

// byteOffset turns a count of characters into one of bytes.
func byteOffset(text string, characters int) int {
	at := 0
	for ; characters > 0 && at < len(text); characters-- {
		_, n := utf8.DecodeRuneInString(text[at:])
		at += n
	}
	return at
}
