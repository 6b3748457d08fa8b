package postgres

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Error is what the server says of a statement.
type Error struct {
	Code    string // SQLSTATE
	Message string
	Detail  string
	Hint    string
	Where   string
	// Line and Col are the place in the statement, from 1; 0 if the server
	// named none.
	Line, Col int
	err       error
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	if e.Code != "" {
		fmt.Fprintf(&b, " (SQLSTATE %s)", e.Code)
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, " at line %d, column %d of the statement", e.Line, e.Col)
	}
	for _, more := range [...]struct{ name, text string }{{"detail", e.Detail}, {"server's hint", e.Hint}, {"where", e.Where}} {
		if more.text != "" {
			fmt.Fprintf(&b, "\n  %s: %s", more.name, strings.ReplaceAll(more.text, "\n", "\n    "))
		}
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.err }

// DisconnectedError: the connection broke. What the server did with the
// statement under way is told by its transaction: nothing was committed.
type DisconnectedError struct{ err error }

func (e *DisconnectedError) Error() string {
	return "the connection to the server was lost; its open transaction is rolled back"
}

func (e *DisconnectedError) Unwrap() error { return e.err }

// typed turns a driver's error into one of the above.
func typed(err error, statement string) error {
	if err == nil {
		return nil
	}
	var pe *pgconn.PgError
	var ne net.Error
	switch {
	case errors.As(err, &pe):
		if fatal(pe) {
			return &DisconnectedError{fmt.Errorf("%s (SQLSTATE %s)", pe.Message, pe.Code)}
		}
		e := &Error{Code: pe.Code, Message: pe.Message, Detail: pe.Detail, Hint: pe.Hint, Where: pe.Where, err: err}
		e.Line, e.Col = place(statement, int(pe.Position))
		return e
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed), errors.As(err, &ne) && !ne.Timeout():
		return &DisconnectedError{err}
	}
	return err
}

// fatal tells whether the server ends the connection with this message.
func fatal(pe *pgconn.PgError) bool {
	switch pe.Code {
	case "57P01", "57P02", "57P03": // admin shutdown, crash shutdown, cannot connect now
		return true
	}
	return pe.SeverityUnlocalized == "FATAL"
}

// reason is the innermost message of a failed connection: the server's own
// words, or the network's, without the list of addresses around it.
func reason(err error) error {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return &Error{Code: pe.Code, Message: pe.Message, Detail: pe.Detail, Hint: pe.Hint, err: err}
	}
	return err
}

// place maps a position that counts characters from 1 to a line and a column.
func place(statement string, position int) (line, col int) {
	if position <= 0 {
		return 0, 0
	}
	runes := []rune(statement)
	if position > len(runes)+1 {
		return 0, 0
	}
	before := string(runes[:position-1])
	line = strings.Count(before, "\n") + 1
	col = len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1
	return line, col
}
