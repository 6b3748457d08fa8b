package liteparse

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

// IndexText is a CREATE INDEX taken apart; its terms and condition have no
// canonical form yet, as that takes the table's columns.
type IndexText struct {
	Index *lite.Index
	Name  Token
	// Table is the table's name in lower case.
	Table string
	terms []term
}

type term struct {
	ts   []Token
	desc bool
}

// Index takes a CREATE INDEX apart.
func Index(text string) (*IndexText, error) {
	c := newCursor(text)
	c.expect("create")
	unique := c.accept("unique")
	c.expect("index")
	c.accept("if", "not", "exists")
	x := &IndexText{Name: c.qualified()}
	c.expect("on")
	x.Table = fold(c.name())
	x.Index = &lite.Index{Self: lite.IndexID(x.Name.Name()), Table: lite.TableID(x.Table), Unique: unique, Name: x.Name.Name(), SQL: text}
	for _, ts := range split(c.group()) {
		t := term{ts: ts}
		if n := len(ts); n > 1 && ts[n-1].In("asc", "desc") {
			t.desc, t.ts = ts[n-1].Is("desc"), ts[:n-1]
		}
		x.terms = append(x.terms, t)
		x.Index.Terms = append(x.Index.Terms, schema.Expr{Text: c.between(ts)})
	}
	if c.accept("where") {
		rest := c.ts[min(c.at, len(c.ts)):]
		if n := len(rest); n > 0 && rest[n-1].Is(";") {
			rest = rest[:n-1]
		}
		x.Index.Where.Text = c.between(rest)
	} else if c.accept(";"); !c.done() {
		c.fail("expected WHERE instead of %q", c.peek().Text)
	}
	if c.err != nil {
		return nil, c.err
	}
	return x, nil
}

// Resolve gives the terms and the condition their canonical forms, and the
// index the columns that it uses.
func (x *IndexText) Resolve(s Scope, columns map[string]schema.ID) {
	seen := map[schema.ID]bool{}
	use := func(text string) {
		for _, t := range Code(text) {
			if id, ok := columns[fold(t)]; ok && t.IsName() && t.Class != String && !seen[id] {
				seen[id] = true
				x.Index.Uses = append(x.Index.Uses, id)
			}
		}
	}
	for i, t := range x.terms {
		x.Index.Terms[i].Canon = s.canon(t.ts)
		if t.desc {
			x.Index.Terms[i].Canon += " desc"
		}
		use(x.Index.Terms[i].Text)
	}
	if w := &x.Index.Where; w.Text != "" {
		w.Canon = s.Canon(w.Text)
		use(w.Text)
	}
}
