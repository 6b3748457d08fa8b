package pgparse

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// directive is a directive of the source that is read.
type directive struct {
	*parser.Directive
	// before: it concerns what begins with the token behind it; else it
	// concerns what began last before it.
	before bool
	next   int // offset of the token behind it
	// statement is the index of the statement that it belongs to.
	statement int
	depth     int // of parentheses at its place in the statement
	used      bool
	pos       schema.Pos
}

// start is where the definition of an object begins: an offset in the source.
type start struct {
	id schema.ID
	at int
	// inner: it stands behind something else on its line, which is what a
	// directive there concerns.
	inner bool
}

// undirected are the kinds that no directive concerns.
var undirected = map[schema.Kind]bool{pg.KindDefault: true, pg.KindSequenceOwner: true, pg.KindValidation: true, pg.KindComment: true, pg.KindOwner: true, pg.KindPrivilege: true}

// kindEnumValue is the kind of a label of an enum; it stands in IDs of
// directives only. Parent is the enum's name.
const kindEnumValue schema.Kind = "enum value"

// readDirectives finds the directives of the source.
func (r *reader) readDirectives() []*directive {
	var out []*directive
	for _, c := range r.split.comments {
		d, err := r.source.ParseDirective(c.comment(r.source.Text), c.start, c.end)
		if err != nil {
			r.errs = append(r.errs, err)
		}
		if d != nil {
			out = append(out, r.place(d))
		}
	}
	return out
}

// place finds out what a directive may concern.
func (r *reader) place(p *parser.Directive) *directive {
	d := &directive{Directive: p, pos: r.pos(p.Offset)}
	text := r.source.Text
	s := scanner{text: text, pos: p.End}
	next := s.next()
	for next.kind == tokenComment {
		next = s.next()
	}
	d.next = next.start
	list := r.split.statements
	// The last statement that begins before the comment.
	d.statement, _ = slices.BinarySearchFunc(list, p.Offset, func(st statement, at int) int { return st.start - at })
	d.statement--
	sameLine := next.kind != tokenEnd && !strings.Contains(text[p.End:next.start], "\n")
	last := "" // the token before
	if d.statement >= 0 && p.Offset < list[d.statement].end {
		s := scanner{text: text[:p.Offset], pos: list[d.statement].start}
		for t := s.next(); t.kind != tokenEnd; t = s.next() {
			if t.kind != tokenComment {
				last = text[t.start:t.end]
				d.depth += nesting(text, t)
			}
		}
	}
	d.before = p.OwnLine || sameLine && strings.HasPrefix(text[p.Offset:], "/*") && (last == "," || last == "(" || last == "")
	if d.before && d.statement+1 < len(list) && d.next == list[d.statement+1].start {
		d.statement++
	}
	return d
}

// attachDirectives hands the directives of the statement that was just read to
// the objects that it defined.
func (r *reader) attachDirectives() {
	for _, d := range r.directives {
		if d.used || len(r.starts) == 0 || d.statement < 0 || r.split.statements[d.statement].start != r.offset {
			continue
		}
		if id, ok := r.concerned(d); ok {
			d.used = true
			r.direct(id, d)
		}
	}
}

// concerned finds the object that a directive speaks of.
func (r *reader) concerned(d *directive) (schema.ID, bool) {
	depths := func(at int) int {
		depth := 0
		for _, t := range r.tokens() {
			if r.offset+t.start >= at {
				break
			}
			depth += nesting(r.source.Text[r.offset:r.end], t)
		}
		return depth
	}
	best := start{at: -1}
	for _, s := range r.starts {
		switch {
		case d.before && s.at == d.next:
			return s.id, true
		case d.before, s.inner:
		case s.at < d.Offset && s.at > best.at && depths(s.at) <= d.depth:
			best = s
		}
	}
	if d.before && d.depth == 0 && d.next == r.offset {
		return r.starts[0].id, true
	}
	return best.id, best.at >= 0
}

// direct records what a directive says of an object.
func (r *reader) direct(id schema.ID, d *directive) {
	switch d.Name {
	case "renamed":
		old := id
		old.Name = d.Arg
		if id.Parent == "" {
			if s, name, ok := strings.Cut(d.Arg, "."); ok {
				old.Schema, old.Name = s, name
			}
		}
		if id.Kind != kindEnumValue {
			r.catalog.Renames[id] = old
			return
		}
		if e, ok := schema.Lookup[*pg.Enum](r.catalog, schema.ID{Kind: pg.KindEnum, Schema: id.Schema, Name: id.Parent}); ok {
			if e.Renamed == nil {
				e.Renamed = map[string]string{}
			}
			e.Renamed[id.Name] = d.Arg
		}
		return
	case "using":
		if c, ok := schema.Lookup[*pg.Column](r.catalog, id); ok {
			c.Using = d.Arg
			return
		}
		r.errs = append(r.errs, &parser.Error{Pos: d.pos, Message: "@using concerns a column, not " + id.String(), Hint: "put it on the column's line"})
		return
	}
	r.catalog.Directives[id] = append(r.catalog.Directives[id], schema.Directive{Name: d.Name, Arg: d.Arg, Pos: d.pos})
}

// leftDirectives reports those that concern nothing.
func (r *reader) leftDirectives() {
	for _, d := range r.allDirectives {
		if !d.used {
			r.errs = append(r.errs, &parser.Error{Pos: d.pos, Message: "directive @" + d.Name + " belongs to nothing that is defined here",
				Hint: "put it on the line where the object's definition begins, or on the line above it"})
		}
	}
}
