package liteparse

import (
	"github.com/trueup-sql/trueup/schema/lite"
)

// ViewText is a CREATE VIEW taken apart.
type ViewText struct {
	View *lite.View
	Name Token
	body []Token
}

// View takes a CREATE VIEW apart.
func View(text string) (*ViewText, error) {
	c := newCursor(text)
	c.expect("create")
	if !c.accept("temp") {
		c.accept("temporary")
	}
	c.expect("view")
	c.accept("if", "not", "exists")
	v := &ViewText{Name: c.qualified()}
	if !c.peek().In("as", "(") {
		c.fail("expected AS instead of %q", c.peek().Text)
	}
	if c.err != nil {
		return nil, c.err
	}
	v.body = c.statement()
	v.View = &lite.View{Self: lite.ViewID(v.Name.Name()), Name: v.Name.Name(), SQL: text}
	v.View.Query.Text = c.between(v.body)
	return v, nil
}

// statement is what is left of the text, without a closing semicolon.
func (c *cursor) statement() []Token {
	ts := c.ts[min(c.at, len(c.ts)):]
	for len(ts) > 0 && ts[len(ts)-1].Is(";") {
		ts = ts[:len(ts)-1]
	}
	return ts
}

// Canonical sets the canonical form of the query. isName tells which names
// there are in the database.
func (v *ViewText) Canonical(isName func(string) bool) {
	v.View.Query.Canon = body(v.body, isName)
}

// Names are the tables and views that the query reads, and all words of it that
// could be columns, in lower case.
func (v *ViewText) Names() (relations, words []string) { return relationsOf(v.body), wordsOf(v.body) }

// relationsOf finds the tables and views of queries and statements: what stands
// behind FROM, JOIN, INTO, UPDATE, IN, and behind commas of a FROM clause. What
// a WITH clause defines is found as well; such a name hides a table.
func relationsOf(ts []Token) []string {
	var out []string
	seen := map[string]bool{}
	with := map[string]bool{}
	for i, t := range ts { // name AS (select.. in a WITH clause
		if t.Is("as") && i > 0 && i+1 < len(ts) && (ts[i+1].Is("(") || ts[i+1].In("materialized", "not")) {
			with[nameBefore(ts, i)] = true
		}
	}
	add := func(i int) {
		if i+2 < len(ts) && ts[i+1].Is(".") {
			i += 2
		}
		if i >= len(ts) || !ts[i].IsName() {
			return
		}
		if n := fold(ts[i]); !seen[n] && !with[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	from := map[int]bool{} // depths at which a FROM clause is open
	depth := 0
	for i, t := range ts {
		switch {
		case t.Is("("):
			depth++
			if from[depth-1] && i > 0 && ts[i-1].In("from", "join", ",", "(") {
				from[depth] = true // FROM (a JOIN b)
				add(i + 1)
			}
		case t.Is(")"):
			delete(from, depth)
			depth--
		case t.Is("from"):
			from[depth] = true
			add(i + 1)
		case t.Is("update") && i+2 < len(ts) && ts[i+1].Is("or"): // UPDATE OR IGNORE t
			add(i + 3)
		case t.In("join", "into", "update", "in"):
			add(i + 1)
		case t.Is(",") && from[depth]:
			add(i + 1)
		case t.In("where", "group", "having", "order", "limit", "union", "except", "intersect", "select", "set", "values", ";", "window"):
			delete(from, depth)
		}
	}
	return out
}

// nameBefore is the name before a token, past a list of columns.
func nameBefore(ts []Token, i int) string {
	i--
	if i >= 0 && ts[i].Is(")") {
		for depth := 0; i >= 0; i-- {
			if ts[i].Is(")") {
				depth++
			} else if ts[i].Is("(") {
				if depth--; depth == 0 {
					i--
					break
				}
			}
		}
	}
	if i < 0 || !ts[i].IsName() {
		return ""
	}
	return fold(ts[i])
}

// wordsOf are all words and quoted names, each once.
func wordsOf(ts []Token) []string {
	var out []string
	seen := map[string]bool{}
	for _, t := range ts {
		if t.IsName() && t.Class != String {
			if n := fold(t); !seen[n] {
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	return out
}
