package mysql

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// index is the rows of information_schema.STATISTICS of one index.
type index struct {
	name, kind, comment string
	unique, invisible   bool
	parts               []indexPart
}

type indexPart struct {
	seq          int
	column, expr string
	length       string
	desc         bool
}

func (r *inspection) readIndexes(ctx context.Context, q querier) error {
	expr, visible := "NULL", "NULL"
	if r.indexExprs {
		expr = "EXPRESSION"
	}
	if r.indexVisible != "" {
		visible = r.indexVisible
	}
	text := "SELECT TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, NON_UNIQUE, COLUMN_NAME, COLLATION, SUB_PART, INDEX_TYPE, INDEX_COMMENT, " + expr + ", " + visible +
		" FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = " + r.database
	return each(ctx, q, text, func(f row) {
		t := r.byName[f[0].String]
		if t == nil {
			return
		}
		x := t.index(f[1].String)
		if x == nil {
			x = &index{name: f[1].String, unique: f[3].String == "0", kind: f[7].String, comment: f[8].String}
			x.invisible = r.indexVisible == "IGNORED" && f[10].String == "YES" || r.indexVisible == "IS_VISIBLE" && f[10].String == "NO"
			t.indexes = append(t.indexes, x)
		}
		n, _ := strconv.Atoi(f[2].String) //nolint:errcheck // the server's own number
		p := indexPart{seq: n, column: f[4].String, desc: f[5].String == "D", length: f[6].String}
		if f[9].String != "" {
			p.column, p.expr = "", unescaped(f[9].String)
		}
		if x.kind == "SPATIAL" {
			p.length = "" // the size of a bounding box
		}
		x.parts = append(x.parts, p)
	})
}

func (t *relation) index(name string) *index {
	for i := len(t.indexes) - 1; i >= 0; i-- { // its rows follow each other
		if t.indexes[i].name == name {
			return t.indexes[i]
		}
	}
	return nil
}

func (b *bound) indexLines(t *relation) []string {
	out := make([]string, len(t.indexes))
	for i, x := range t.indexes {
		out[i] = b.indexLine(x)
	}
	return out
}

// indexLine is an index as SHOW CREATE TABLE would have it.
func (b *bound) indexLine(x *index) string {
	slices.SortFunc(x.parts, func(a, b indexPart) int { return a.seq - b.seq })
	parts := make([]string, len(x.parts))
	for i, p := range x.parts {
		parts[i] = quote(p.column)
		if p.expr != "" {
			parts[i] = "(" + p.expr + ")"
		}
		if p.length != "" {
			parts[i] += "(" + p.length + ")"
		}
		if p.desc {
			parts[i] += " DESC"
		}
	}
	var s strings.Builder
	switch {
	case x.name == "PRIMARY":
		s.WriteString("PRIMARY KEY")
	case x.kind == "FULLTEXT" || x.kind == "SPATIAL":
		s.WriteString(x.kind + " KEY " + quote(x.name))
	case x.unique:
		s.WriteString("UNIQUE KEY " + quote(x.name))
	default:
		s.WriteString("KEY " + quote(x.name))
	}
	s.WriteString(" (" + strings.Join(parts, ",") + ")")
	if x.kind == "HASH" || x.kind == "BTREE" {
		s.WriteString(" USING " + x.kind)
	}
	if x.comment != "" {
		s.WriteString(" COMMENT " + literal(x.comment))
	}
	if x.invisible {
		if b.ignoredIndex {
			s.WriteString(" IGNORED")
		} else {
			s.WriteString(" INVISIBLE")
		}
	}
	return s.String()
}
