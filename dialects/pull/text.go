package pull

import (
	"strings"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
)

// text is a set of sources whose objects are known by their places.
type text struct {
	catalog *schema.Catalog
	docs    []*doc
	home    map[schema.ID]*unit // where an object is defined
	chunks  []parser.Span       // of an export: the statements as scripts have them
	about   []schema.ID         // .. and what they are about
}

// doc is one source.
type doc struct {
	parser.Source
	index      int
	lines      []int // offsets at which lines begin
	statements []*statement
}

// statement is a statement with its units.
type statement struct {
	parser.Statement
	doc      *doc
	index    int
	frame    *unit   // the statement without its elements
	elements []*unit // as many as Elements
}

// unit is what can be edited on its own: an element, or the rest of a statement.
type unit struct {
	*statement
	element int // -1 for the frame
	ids     []schema.ID
}

func (u *unit) isElement() bool { return u.element >= 0 }

// inAlter tells whether the unit is a clause of an ALTER TABLE.
func (u *unit) inAlter() bool { return u.isElement() && u.word(0) == "alter" }

// word is the statement's n-th token in lower case.
func (s *statement) word(n int) string {
	if n >= len(s.Tokens) {
		return ""
	}
	return strings.ToLower(s.doc.Text[s.Tokens[n].Start:s.Tokens[n].End])
}

// span is the place of a unit; a frame's is the whole statement.
func (u *unit) span() parser.Span {
	if u.isElement() {
		return u.Elements[u.element]
	}
	return u.Span
}

// body is where the definition in a unit begins: behind the ADD of a clause. ok
// is false for a clause that adds nothing.
func (u *unit) body() (at int, ok bool) {
	span := u.span()
	if !u.inAlter() {
		return span.Start, true
	}
	words := u.within(span)
	i := 0
	is := func(word string) bool {
		return i < len(words) && strings.EqualFold(u.doc.Text[words[i].Start:words[i].End], word)
	}
	if !is("add") {
		return span.Start, false
	}
	i++
	if is("column") {
		i++
	}
	if is("if") { // not exists
		i += 3
	}
	if i >= len(words) {
		return span.Start, false
	}
	return words[i].Start, true
}

// definition is the text from body on.
func (u *unit) definition() string {
	at, _ := u.body()
	return u.doc.Text[at:u.span().End]
}

// within are the statement's tokens in a span.
func (s *statement) within(span parser.Span) []parser.Token {
	from, to := 0, len(s.Tokens)
	for from < to && s.Tokens[from].Start < span.Start {
		from++
	}
	for to > from && s.Tokens[to-1].End > span.End {
		to--
	}
	return s.Tokens[from:to]
}

// newText outlines sources and finds the catalog's objects in them.
func newText(o dialect.Outliner, sources []parser.Source, c *schema.Catalog) (*text, error) {
	t := &text{catalog: c, home: map[schema.ID]*unit{}}
	byName := map[string]*doc{}
	for i, src := range sources {
		list, err := o.Outline(src)
		if err != nil {
			return nil, err
		}
		d := newDoc(src, i, list)
		t.docs = append(t.docs, d)
		byName[src.Name] = d
	}
	for o := range c.All() {
		pos := c.Origin[o.ID()]
		d := byName[pos.File]
		if d == nil || pos.IsZero() {
			continue
		}
		if u := d.at(d.offset(pos)); u != nil {
			u.ids = append(u.ids, o.ID())
			t.home[o.ID()] = u
		}
	}
	return t, nil
}

func newDoc(src parser.Source, index int, list []parser.Statement) *doc {
	d := &doc{Source: src, index: index, lines: []int{0}}
	for i := range len(src.Text) {
		if src.Text[i] == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	for i, st := range list {
		s := &statement{Statement: st, doc: d, index: i}
		s.frame = &unit{statement: s, element: -1}
		for j := range st.Elements {
			s.elements = append(s.elements, &unit{statement: s, element: j})
		}
		d.statements = append(d.statements, s)
	}
	return d
}

func (d *doc) offset(pos schema.Pos) int {
	if pos.Line < 1 || pos.Line > len(d.lines) {
		return len(d.Text)
	}
	return d.lines[pos.Line-1] + pos.Col - 1
}

// at is the unit that an offset is in.
func (d *doc) at(offset int) *unit {
	lo, hi := 0, len(d.statements)
	for lo < hi { // the first statement that ends behind it
		if m := (lo + hi) / 2; d.statements[m].Stop <= offset {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo == len(d.statements) || offset < d.statements[lo].Start {
		return nil
	}
	s := d.statements[lo]
	for i, e := range s.Elements {
		if e.Contains(offset) {
			return s.elements[i]
		}
	}
	return s.frame
}

// unit is where an object is defined, or else what it belongs to.
func (t *text) unit(id schema.ID) *unit {
	for range 10 {
		if u := t.home[id]; u != nil {
			return u
		}
		o := t.catalog.Object(id)
		if o == nil {
			return nil
		}
		id = o.Owner()
	}
	return nil
}

// ids are all objects that a statement defines.
func (s *statement) ids() []schema.ID {
	out := append([]schema.ID(nil), s.frame.ids...)
	for _, u := range s.elements {
		out = append(out, u.ids...)
	}
	return out
}

// subject is what a statement of an export is about.
func (t *text) subject(s *statement) schema.ID {
	for i, c := range t.chunks {
		if c.Start <= s.Start && s.Stop <= c.End {
			return t.about[i]
		}
	}
	return schema.ID{}
}

// nameless are the statements of an export that define nothing, but say
// something about an object: by its root.
func (t *text) nameless(root func(schema.ID) schema.ID) map[schema.ID][]*statement {
	out := map[schema.ID][]*statement{}
	if t == nil {
		return out
	}
	for _, d := range t.docs {
		for _, s := range d.statements {
			if len(s.ids()) == 0 && s.word(0) != "set" {
				id := root(t.subject(s))
				out[id] = append(out[id], s)
			}
		}
	}
	return out
}

// setting is the SET statement of an export that is in force for a statement.
func (s *statement) setting() string {
	for i := s.index - 1; i >= 0; i-- {
		if set := s.doc.statements[i]; set.word(0) == "set" {
			return s.doc.Text[set.Start:set.Stop]
		}
	}
	return ""
}

// script is a whole statement of an export as a script has it.
func (t *text) script(s *statement) string {
	for _, c := range t.chunks {
		if c.Start <= s.Start && s.Stop <= c.End {
			for _, other := range s.doc.statements {
				if other != s && c.Start <= other.Start && other.Stop <= c.End {
					return s.doc.Text[s.Start:s.Stop]
				}
			}
			return s.doc.Text[c.Start:c.End]
		}
	}
	return s.doc.Text[s.Start:s.Stop]
}

// newline is how the source ends its lines.
func (d *doc) newline() string {
	if crlf := strings.Count(d.Text, "\r\n"); crlf > 0 && 2*crlf >= len(d.lines)-1 {
		return "\r\n"
	}
	return "\n"
}
