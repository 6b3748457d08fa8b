package postgres

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// oid is a row's identity in a system catalog.
type oid uint32

// row is one row of a result in the text format; its bytes are valid until the
// next row is read.
type row struct {
	values  [][]byte
	strings *interner
}

// interner keeps one copy of each string: names and types repeat a lot.
type interner struct{ m map[string]string }

func newInterner() *interner { return &interner{map[string]string{}} }

func (in *interner) string(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := in.m[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(b) < 200 { // long texts hardly ever repeat
		in.m[s] = s
	}
	return s
}

func (r row) null(i int) bool   { return r.values[i] == nil }
func (r row) bool(i int) bool   { return len(r.values[i]) == 1 && r.values[i][0] == 't' }
func (r row) text(i int) string { return r.strings.string(r.values[i]) }

// char is a value of type "char".
func (r row) char(i int) byte {
	if len(r.values[i]) == 0 {
		return 0
	}
	return r.values[i][0]
}

func (r row) int(i int) int {
	n := 0
	b := r.values[i]
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	for _, c := range b {
		n = n*10 + int(c-'0')
	}
	if negative {
		return -n
	}
	return n
}

func (r row) oid(i int) oid { return oid(r.int(i)) }

func (r row) float(i int) float64 {
	f, _ := strconv.ParseFloat(string(r.values[i]), 64) // the server wrote it
	return f
}

// vector reads an int2vector or oidvector ("1 2 3"), or an integer array.
func (r row) vector(i int) []int {
	b := string(r.values[i])
	b = strings.Trim(b, "{}")
	if b == "" {
		return nil
	}
	fields := strings.FieldsFunc(b, func(c rune) bool { return c == ' ' || c == ',' })
	out := make([]int, len(fields))
	for k, f := range fields {
		out[k], _ = strconv.Atoi(f) // the server wrote it
	}
	return out
}

// array reads a one-dimensional text array; a NULL element is "".
func (r row) array(i int) []string {
	b := r.values[i]
	if len(b) <= 2 { // NULL or {}
		return nil
	}
	var out []string
	b = b[1 : len(b)-1]
	for len(b) > 0 {
		var item []byte
		if b[0] == '"' {
			item, b = quotedItem(b[1:])
		} else {
			end := 0
			for end < len(b) && b[end] != ',' {
				end++
			}
			item, b = b[:end], b[end:]
			if string(item) == "NULL" {
				item = nil
			}
		}
		out = append(out, r.strings.string(item))
		if len(b) > 0 {
			b = b[1:] // the comma
		}
	}
	return out
}

// quotedItem reads an array's element behind its opening quote.
func quotedItem(b []byte) (item, rest []byte) {
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
			item = append(item, b[i])
		case '"':
			return item, b[i+1:]
		default:
			item = append(item, b[i])
		}
	}
	return item, nil
}

// query is one statement of a script, and what becomes of its rows; nil for
// one that returns nothing of interest.
type query struct {
	sql string
	row func(row) error
}

// script runs statements in one round trip, in the order in which they are
// given; the first error ends it.
func script(ctx context.Context, conn *pgconn.PgConn, in *interner, queries []query) error {
	var text strings.Builder
	for _, q := range queries {
		text.WriteString(q.sql)
		text.WriteString(";\n")
	}
	results := conn.Exec(ctx, text.String())
	n := 0
	for results.NextResult() {
		if n == len(queries) {
			_ = results.Close()
			return fmt.Errorf("internal error: the server returned more than %d results", len(queries))
		}
		q := queries[n]
		n++
		reader := results.ResultReader()
		for reader.NextRow() {
			if q.row == nil {
				continue
			}
			if err := q.row(row{reader.Values(), in}); err != nil {
				_ = results.Close()
				return err
			}
		}
		if _, err := reader.Close(); err != nil {
			_ = results.Close()
			return typed(err, text.String())
		}
	}
	if err := results.Close(); err != nil {
		return typed(err, text.String())
	}
	if n != len(queries) {
		return fmt.Errorf("internal error: %d results for %d statements", n, len(queries))
	}
	return nil
}
