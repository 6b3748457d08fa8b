package pgparse

import (
	"slices"
	"strings"
)

// The grammar is that of PostgreSQL 16. What 17 and 18 added to the statements
// about tables is looked for in the tokens of a statement that it refuses, and
// written over with something of the same length that it accepts, so that all
// places stay right. What was there is noted by its place.

// newer holds what releases after PostgreSQL 16 added to a statement.
type newer struct{ marks []mark }

type mark struct {
	at   int // offset from the statement's start
	what string
	name string // of a column
}

const (
	markGenerated       = "generated"        // AS (..), neither STORED nor VIRTUAL; it became a CHECK (..)
	markVirtual         = "virtual"          // AS (..) VIRTUAL; it became a CHECK (..)
	markNotNullOf       = "not null of"      // CONSTRAINT n NOT NULL c in a table's list; it became a CHECK (c)
	markNoInherit       = "no inherit"       // behind a column's NOT NULL, or in ALTER CONSTRAINT
	markInherit         = "inherit"          // in ALTER CONSTRAINT
	markNotValid        = "not valid"        // behind a column's NOT NULL
	markNotEnforced     = "not enforced"     //
	markEnforced        = "enforced"         //
	markWithoutOverlaps = "without overlaps" // of a primary key or unique constraint
	markPeriod          = "period"           // of a foreign key
	markExpression      = "expression"       // ALTER COLUMN .. SET EXPRESSION AS (..); it became SET DEFAULT (..)
)

func (n newer) empty() bool { return len(n.marks) == 0 }

// within tells whether something was taken out between two places.
func (n newer) within(from int32, to int, what string) bool {
	_, ok := n.find(from, to, what)
	return ok
}

// notNull is the column of a table's NOT NULL constraint that became a CHECK.
func (n newer) notNull(from int32, to int) (column string, ok bool) {
	m, ok := n.find(from, to, markNotNullOf)
	return m.name, ok
}

func (n newer) find(from int32, to int, what string) (mark, bool) {
	for _, m := range n.marks {
		if m.what == what && m.at >= int(from) && m.at < to {
			return m, true
		}
	}
	return mark{}, false
}

// downgrader rewrites one statement.
type downgrader struct {
	sql    string
	out    []byte
	tokens []token
	depths []int // of parentheses, before each token
	newer
}

// downgrade rewrites a statement to one of the same length that the grammar of
// PostgreSQL 16 accepts.
func downgrade(sql string) (string, newer) {
	d := tokenized(sql)
	if len(d.tokens) < 2 || !d.at(0, "create") && !d.at(0, "alter") {
		return sql, newer{}
	}
	for i := range d.tokens {
		d.look(i)
	}
	return string(d.out), d.newer
}

func tokenized(sql string) *downgrader {
	d := &downgrader{sql: sql, out: []byte(sql)}
	s := scanner{text: sql}
	depth := 0
	for t := s.next(); t.kind != tokenEnd; t = s.next() {
		if t.kind != tokenComment {
			d.tokens = append(d.tokens, t)
			d.depths = append(d.depths, depth)
			depth += nesting(sql, t)
		}
	}
	return d
}

// at tells whether these words stand at the i-th token.
func (d *downgrader) at(i int, words ...string) bool {
	for k, w := range words {
		if i+k < 0 || i+k >= len(d.tokens) || !d.tokens[i+k].is(d.sql, w) {
			return false
		}
	}
	return true
}

// blank writes spaces over tokens i up to j, without j.
func (d *downgrader) blank(i, j int) {
	for p := d.tokens[i].start; p < d.tokens[j-1].end; p++ {
		if c := d.out[p]; c != '\n' && c != '\r' {
			d.out[p] = ' '
		}
	}
}

// over writes a text over tokens i up to j, without j, if it fits.
func (d *downgrader) over(i, j int, text string) {
	if start := d.tokens[i].start; len(text) <= d.tokens[j-1].end-start {
		d.blank(i, j)
		copy(d.out[start:], text)
	}
}

func (d *downgrader) mark(i int, what, name string) {
	d.marks = append(d.marks, mark{d.tokens[i].start, what, name})
}

func (d *downgrader) take(i, n int, what string) {
	d.mark(i, what, "")
	d.blank(i, i+n)
}

// look takes out what begins at the i-th token.
func (d *downgrader) look(i int) {
	switch {
	case d.query(i):
	case d.at(i, "generated", "always", "as", "("):
		d.generated(i)
	case d.at(i, "not", "enforced"):
		d.take(i, 2, markNotEnforced)
	case d.at(i, "enforced") && !d.at(i-1, "not"):
		d.take(i, 1, markEnforced)
	case d.at(i, "without", "overlaps"):
		d.take(i, 2, markWithoutOverlaps)
	case d.at(i, "period") && (d.at(i-1, "(") || d.at(i-1, ",")) && i+1 < len(d.tokens) && d.name(i+1) != "":
		d.take(i, 1, markPeriod)
	case d.at(i, "not", "null"):
		d.notNulls(i)
	case d.at(i, "set", "expression", "as", "("):
		d.mark(i, markExpression, "")
		d.over(i, i+3, "SET DEFAULT")
	case d.at(i, "set", "statistics", "default"):
		d.over(i+2, i+3, "-1")
		d.mark(i, "statistics", "")
	case d.at(i, "access", "method", "default"):
		d.over(i+2, i+3, "heap")
		d.mark(i, "access method", "")
	case d.at(i-3, "alter", "constraint"):
		if d.at(i, "no", "inherit") {
			d.take(i, 2, markNoInherit)
		} else if d.at(i, "inherit") {
			d.take(i, 1, markInherit)
		}
	}
}

// generated turns GENERATED ALWAYS AS (..) with VIRTUAL or nothing behind it
// into a CHECK (..), the only thing of that form that fits in.
func (d *downgrader) generated(i int) {
	end := i + 4
	for end < len(d.tokens) && d.depths[end] > d.depths[i] {
		end++
	}
	what := markGenerated
	switch {
	case d.at(end, "stored"):
		return
	case d.at(end, "virtual"):
		what = markVirtual
		d.blank(end, end+1)
	}
	d.mark(i, what, "")
	d.over(i, i+3, "CHECK")
}

// notNulls reads NOT NULL where it is an item of a table's list, or has
// something behind it.
func (d *downgrader) notNulls(i int) {
	first := i
	if d.at(i-2, "constraint") {
		first = i - 2
	}
	item := d.at(first-1, "add") || d.depths[i] == 1 && (d.at(first-1, "(") || d.at(first-1, ","))
	if name := d.name(i + 2); item && name != "" {
		d.mark(i, markNotNullOf, name)
		d.over(i, i+3, "CHECK ("+d.sql[d.tokens[i+2].start:d.tokens[i+2].end]+")")
		return
	}
	if d.at(i+2, "no", "inherit") {
		d.take(i+2, 2, markNoInherit)
	} else if d.at(i+2, "not", "valid") {
		d.take(i+2, 2, markNotValid)
	}
}

// name is the identifier at the i-th token, or "".
func (d *downgrader) name(i int) string {
	if i >= len(d.tokens) {
		return ""
	}
	t := d.tokens[i]
	text := d.sql[t.start:t.end]
	switch t.kind {
	case tokenQuoted:
		return foldName(text)
	case tokenWord:
		if slices.Contains([]string{"is", "and", "or", "in", "no", "not"}, strings.ToLower(text)) {
			return ""
		}
		return strings.ToLower(text)
	}
	return ""
}
