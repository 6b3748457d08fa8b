package pgparse

import (
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
)

// op says what an analysed expression is, as far as what surrounds it has to know.
type op uint8

const (
	opOther    op = iota
	opLiteral     // a quoted literal or NULL whose type its surroundings decide
	opConstant    // a constant of a type
	opColumn
	opCast    // of items[0]
	opArray   // ARRAY[items]
	opRow     // ROW(items)
	opAnd     // items
	opOr      // items
	opCollate // items[0] COLLATE text
)

// node is an expression after analysis: all casts that the server adds are
// there, all names are resolved, so that two texts that the server stores alike
// have become the same.
type node struct {
	op   op
	typ  *builtin.Type // nil if it cannot be told
	mod  string
	text string // of a literal or constant, unquoted; the name of a column, a collation
	null bool   // NULL, of a literal or constant
	// items are what it is made of, in the order of printing.
	items []*node
	// parts are the texts before, between and behind the items of an opOther.
	parts  []string
	entry  *entry   // that a column belongs to
	names  []string // of the fields of a row
	called *builtin.Function
}

// raw is an expression that is nothing but its text.
func raw(t *builtin.Type, text string) *node { return &node{typ: t, parts: []string{text}} }

// compose makes a node of texts and nodes that follow each other.
func compose(t *builtin.Type, pieces ...any) *node {
	n := &node{typ: t, parts: []string{""}}
	for _, p := range pieces {
		n.append(p)
	}
	return n
}

func (n *node) append(pieces ...any) {
	for _, p := range pieces {
		switch p := p.(type) {
		case string:
			n.parts[len(n.parts)-1] += p
		case *node:
			n.items = append(n.items, p)
			n.parts = append(n.parts, "")
		case []*node:
			for i, q := range p {
				if i > 0 {
					n.append(", ")
				}
				n.append(q)
			}
		}
	}
}

// local tells whether a column of the innermost query is part of the
// expression.
func (n *node) local(level *scope) bool {
	if n.op == opColumn && n.entry != nil && n.entry.scope == level {
		return true
	}
	for _, i := range n.items {
		if i.local(level) {
			return true
		}
	}
	return false
}

func (n *node) String() string {
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n *node) write(b *strings.Builder) {
	switch n.op {
	case opLiteral:
		n.writeLiteral(b)
	case opConstant:
		if !n.null && n.typ.Schema == "" && n.typ.Extension == "" {
			switch n.typ.Name {
			case "int4":
				if n.text != "" && digits(n.text) {
					b.WriteString(n.text)
					return
				}
			case "bool":
				if n.text == "true" || n.text == "false" {
					b.WriteString(n.text)
					return
				}
			case "numeric":
				if plainNumeric(n.text) {
					b.WriteString(n.text)
					return
				}
			}
		}
		n.writeLiteral(b)
		b.WriteString("::")
		writeType(b, typed{n.typ, n.mod})
	case opColumn:
		if n.entry != nil && n.entry.print != "" {
			b.WriteString(n.entry.print)
			b.WriteByte('.')
		}
		writeQuoted(b, n.text)
	case opCast:
		// The server reads a cast as binding tighter than a sign or an operator.
		b.WriteByte('(')
		n.items[0].write(b)
		b.WriteString(")::")
		writeType(b, typed{n.typ, n.mod})
	case opArray:
		b.WriteString("ARRAY[")
		writeList(b, n.items)
		b.WriteByte(']')
		if len(n.items) == 0 && n.typ != nil {
			b.WriteString("::")
			writeType(b, typed{n.typ, ""})
		}
	case opRow:
		b.WriteString("ROW(")
		writeList(b, n.items)
		b.WriteByte(')')
	case opAnd, opOr:
		word := " AND "
		if n.op == opOr {
			word = " OR "
		}
		b.WriteByte('(')
		for i, a := range n.items {
			if i > 0 {
				b.WriteString(word)
			}
			a.write(b)
		}
		b.WriteByte(')')
	case opCollate:
		b.WriteByte('(')
		n.items[0].write(b)
		b.WriteString(" COLLATE ")
		b.WriteString(n.text)
		b.WriteByte(')')
	default:
		for i, p := range n.parts {
			b.WriteString(p)
			if i < len(n.items) {
				n.items[i].write(b)
			}
		}
	}
}

func (n *node) writeLiteral(b *strings.Builder) {
	if n.null {
		b.WriteString("NULL")
		return
	}
	writeString(b, n.text)
}

func writeList(b *strings.Builder, list []*node) {
	for i, n := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		n.write(b)
	}
}

// writeString writes a string constant that means the same under every setting.
func writeString(b *strings.Builder, s string) {
	if strings.Contains(s, `\`) {
		b.WriteByte('E')
		s = strings.ReplaceAll(s, `\`, `\\`)
	}
	b.WriteByte('\'')
	b.WriteString(strings.ReplaceAll(s, "'", "''"))
	b.WriteByte('\'')
}

// quoteString is a string constant.
func quoteString(s string) string {
	var b strings.Builder
	writeString(&b, s)
	return b.String()
}

// In canonical texts, names of the user are always quoted, those of the system
// and of extensions, which no rename concerns, never where that can be helped.

func writeQuoted(b *strings.Builder, name string) {
	b.WriteByte('"')
	b.WriteString(strings.ReplaceAll(name, `"`, `""`))
	b.WriteByte('"')
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// writeType writes a type's name. Some of the system's names mean something
// else when they stand alone.
func writeType(b *strings.Builder, t typed) {
	array := false
	u := t.Type
	if u.Kind == 'a' && u.Elem != nil {
		u, array = u.Elem, true
	}
	switch {
	case u.Schema != "":
		writeQuoted(b, u.Schema)
		b.WriteByte('.')
		writeQuoted(b, u.Name)
	case !plainName(u.Name), u.Name == "char", u.Name == "bit", u.Name == "interval":
		b.WriteString("pg_catalog.")
		writeQuoted(b, u.Name)
	default:
		b.WriteString(u.Name)
	}
	if t.mod != "" {
		b.WriteByte('(')
		b.WriteString(t.mod)
		b.WriteByte(')')
	}
	if array {
		b.WriteString("[]")
	}
}

// plainName tells whether a name needs no quotes, keywords aside.
func plainName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c == '_' || i > 0 && c >= '0' && c <= '9') {
			return false
		}
	}
	return s != ""
}

// plainNumeric tells whether a text is read back as a numeric constant.
func plainNumeric(s string) bool {
	dot := false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
		case c == '.' && i > 0 && !dot:
			dot = true
		default:
			return false
		}
	}
	return dot
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
