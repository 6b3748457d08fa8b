package myparse

import (
	"sort"
	"strings"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// attach gives every directive to the object that it concerns: one behind
// something on the same line to what is defined last before it there, or to what
// the whole statement is about, if that has ended; one on a line of its own to
// what is defined next.
func (b *builder) attach(c *schema.Catalog) {
	live := map[any]schema.Object{}
	for o := range c.All() {
		live[o] = o
	}
	for _, d := range b.directives {
		o := b.concerned(d, live)
		if o == nil {
			b.errs = append(b.errs, d.src.Errorf(d.Offset, "write it on the line of a definition, or on a line of its own before it", "directive @%s concerns nothing", d.Name))
			continue
		}
		id := o.ID()
		if d.Name != "renamed" {
			c.Directives[id] = append(c.Directives[id], schema.Directive{Name: d.Name, Arg: d.Arg, Pos: d.src.Pos(d.Offset)})
			continue
		}
		switch id.Kind {
		case my.KindTable, my.KindColumn, my.KindIndex:
			from := id
			from.Name = d.Arg
			if first, rest, ok := strings.Cut(d.Arg, "."); ok && id.Parent == first {
				from.Name = rest
			}
			c.Renames[id] = from
		default:
			b.errs = append(b.errs, d.src.Errorf(d.Offset, "", "a %s cannot be renamed; it is dropped and created", id.Kind))
		}
	}
	b.oldParents(c)
}

// oldParents: the old name of a column or index is one in the old table.
func (b *builder) oldParents(c *schema.Catalog) {
	for id, from := range c.Renames {
		if id.Parent == "" {
			continue
		}
		if t, ok := c.Renames[my.TableOf(id)]; ok {
			from.Parent = t.Name
			c.Renames[id] = from
		}
	}
}

// concerned is the object that a directive is about.
func (b *builder) concerned(d directive, live map[any]schema.Object) schema.Object {
	defs := b.definitionsOf(d.source)
	next := sort.Search(len(defs), func(i int) bool { return defs[i].off > d.Offset })
	if !d.OwnLine {
		lineStart := strings.LastIndexByte(d.src.Text[:d.Offset], '\n') + 1
		var best *definition
		at := -1
		for i := range defs {
			// What counts is where it begins or, for a statement, where it ended.
			place := defs[i].off
			if defs[i].end > 0 {
				place = defs[i].end
			}
			if place >= lineStart && place < d.Offset && place >= at && live[defs[i].object] != nil && !nameless(defs[i].object) {
				best, at = &defs[i], place
			}
		}
		if best != nil {
			return live[best.object]
		}
	}
	for ; next < len(defs); next++ {
		if defs[next].end > 0 {
			continue
		}
		if o := live[defs[next].object]; o != nil {
			if !d.OwnLine && strings.Contains(d.src.Text[d.Offset:defs[next].off], "\n") {
				return nil
			}
			return o
		}
	}
	return nil
}

// nameless tells whether an object has no name that a directive could be about:
// PRIMARY KEY or UNIQUE behind a column.
func nameless(o any) bool {
	switch o := o.(type) {
	case *my.Index:
		return o.Unnamed.Is() || o.Type == my.Primary
	case *my.ForeignKey:
		return o.Unnamed.Is()
	case *my.Check:
		return o.Unnamed.Is()
	}
	return false
}

// definitionsOf are the definitions of a source, by their place.
func (b *builder) definitionsOf(source int) []definition {
	var out []definition
	for _, d := range b.defined {
		if d.source == source {
			out = append(out, d)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].off < out[j].off })
	return out
}

// sourceOf makes a source of a piece of text that has no place, and whose comments
// were looked at where it was read.
func sourceOf(text string) parser.Source { return parser.Source{Text: text, Tags: anyTag} }

var anyTag = []string{"*"}
