package pgparse

import (
	"strings"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
)

// How the server converts between types: parse_coerce.c in short. What it adds
// silently and what an author wrote out become the same node.

// pathway says how one type becomes another.
type pathway uint8

const (
	noPath pathway = iota
	relabelPath
	functionPath
	arrayPath
	textPath // through output and input functions
)

const (
	implicit   = 'i'
	assignment = 'a'
	explicit   = 'e'
)

// coercion finds the way from one type to another in a context.
func (t *types) coercion(from, to *builtin.Type, context byte) pathway {
	from, to = base(from), base(to)
	if from == to {
		return relabelPath
	}
	if c, ok := t.facts.Casts[[2]*builtin.Type{from, to}]; ok && t.active(c.Extension) {
		if c.Context == implicit || c.Context == assignment && context != implicit || context == explicit {
			switch c.Method {
			case 'b':
				return relabelPath
			case 'i':
				return textPath
			}
			return functionPath
		}
		return noPath
	}
	if from.Kind == 'a' && to.Kind == 'a' && from.Elem != nil && to.Elem != nil {
		if p := t.coercion(from.Elem, to.Elem, context); p != noPath {
			return arrayPath
		}
	}
	if context != implicit && to.Category == 'S' || context == explicit && from.Category == 'S' {
		return textPath
	}
	return noPath
}

// active tells whether an extension's objects are there.
func (t *types) active(extension string) bool {
	if extension == "" {
		return true
	}
	_, ok := t.extensions[extension]
	return ok
}

// coercible tells whether arguments of these types can be passed to parameters
// of those, without being asked to.
func (t *types) coercible(args, params []*builtin.Type) bool {
	generic := false
	for i, from := range args {
		to := params[i]
		switch {
		case from == to || to.Name == "any" && to.Kind == 'p':
		case polymorphic(to):
			generic = true
		case from == t.unknown:
		case t.coercion(from, to, implicit) != noPath:
		case from == t.record && to.Kind == 'c', to == t.record && from.Kind == 'c':
		default:
			return false
		}
	}
	if generic {
		_, ok := t.bind(args, params, nil)
		return ok
	}
	return true
}

// polymorphic tells whether a parameter's type depends on the arguments.
func polymorphic(t *builtin.Type) bool {
	return t.Kind == 'p' && t.Schema == "" && len(t.Name) > 3 && strings.HasPrefix(t.Name, "any")
}

// binding is what polymorphic types stand for in one call; the zero family is
// that of anyelement, the other that of anycompatible.
type binding struct {
	element, array, ranged, multi *builtin.Type
}

// bind works out what polymorphic parameters stand for, and returns the
// concrete type of each; result, if it is polymorphic, comes last.
func (t *types) bind(args, params []*builtin.Type, result *builtin.Type) ([]*builtin.Type, bool) {
	var simple, compatible binding
	var common []*builtin.Type
	ok := true
	set := func(at **builtin.Type, to *builtin.Type) {
		if *at == nil {
			*at = to
		} else if *at != to {
			ok = false
		}
	}
	for i, p := range params {
		if i >= len(args) || !polymorphic(p) || args[i] == t.unknown {
			continue
		}
		a := args[i]
		switch p.Name {
		case "anyelement", "anynonarray", "anyenum":
			if p.Name == "anynonarray" && base(a).Kind == 'a' || p.Name == "anyenum" && base(a).Kind != 'e' {
				return nil, false
			}
			set(&simple.element, a)
		case "anyarray":
			set(&simple.array, base(a))
		case "anyrange":
			set(&simple.ranged, base(a))
		case "anymultirange":
			set(&simple.multi, base(a))
		case "anycompatible", "anycompatiblenonarray":
			if p.Name == "anycompatiblenonarray" && base(a).Kind == 'a' {
				return nil, false
			}
			common = append(common, a)
		case "anycompatiblearray":
			b := base(a)
			if b.Kind != 'a' || b.Elem == nil {
				return nil, false
			}
			common = append(common, b.Elem)
		case "anycompatiblerange":
			set(&compatible.ranged, base(a))
		case "anycompatiblemultirange":
			set(&compatible.multi, base(a))
		}
	}
	if !ok || !simple.complete() || !compatible.complete() {
		return nil, false
	}
	if compatible.element == nil && len(common) > 0 {
		if compatible.element = t.common(common); compatible.element == nil {
			return nil, false
		}
		for _, c := range common {
			if c != compatible.element && t.coercion(c, compatible.element, implicit) == noPath {
				return nil, false
			}
		}
	}
	out := make([]*builtin.Type, 0, len(params)+1)
	if result != nil {
		params = append(params[:len(params):len(params)], result)
	}
	for _, p := range params {
		out = append(out, t.concrete(p, simple, compatible))
	}
	return out, true
}

// complete derives the element from an array, range or multirange, and tells
// whether all agree.
func (b *binding) complete() bool {
	if b.multi != nil {
		if b.multi.Kind != 'm' || b.ranged != nil && b.ranged != b.multi.Base {
			return false
		}
		b.ranged = b.multi.Base
	}
	if b.ranged != nil {
		if b.ranged.Kind != 'r' || b.element != nil && b.element != b.ranged.Base {
			return false
		}
		b.element = b.ranged.Base
	}
	if b.array != nil {
		if b.array.Kind != 'a' || b.element != nil && b.element != b.array.Elem {
			return false
		}
		b.element = b.array.Elem
	}
	return true
}

// concrete is what a parameter's type stands for; nil if that is open.
func (t *types) concrete(p *builtin.Type, simple, compatible binding) *builtin.Type {
	if !polymorphic(p) {
		return p
	}
	b, name := simple, p.Name
	if rest, ok := strings.CutPrefix(name, "anycompatible"); ok {
		b, name = compatible, "any"+rest
		if b.element == nil {
			b.element = t.text
		}
	}
	switch name {
	case "anyarray":
		if b.array != nil {
			return b.array
		}
		return t.arrayOf(b.element)
	case "anyrange":
		return b.ranged
	case "anymultirange":
		if b.multi == nil && b.ranged != nil {
			return t.multirangeOf(b.ranged)
		}
		return b.multi
	}
	return b.element
}

func (t *types) multirangeOf(r *builtin.Type) *builtin.Type {
	if r.Schema == "" {
		return t.facts.Types[strings.Replace(r.Name, "range", "multirange", 1)]
	}
	for _, m := range t.opaque {
		if m.Kind == 'm' && m.Base == r {
			return m
		}
	}
	return nil
}

// common is the type that alternatives of these types get (UNION, CASE and
// related constructs); nil if there is none, or if one is not known.
func (t *types) common(list []*builtin.Type) *builtin.Type {
	first := list[0]
	for _, c := range list {
		if c == nil {
			return nil
		}
	}
	if first != t.unknown {
		same := true
		for _, c := range list[1:] {
			same = same && c == first
		}
		if same {
			return first
		}
	}
	p := base(first)
	for _, c := range list[1:] {
		n := base(c)
		switch {
		case n == t.unknown || n == p:
		case p == t.unknown:
			p = n
		case n.Category != p.Category:
			return nil
		case !p.Preferred && t.coercion(p, n, implicit) != noPath && t.coercion(n, p, implicit) == noPath:
			p = n
		}
	}
	if p == t.unknown {
		return t.text
	}
	return p
}

// commonOf is common for expressions.
func (t *types) commonOf(list ...*node) *builtin.Type {
	out := make([]*builtin.Type, len(list))
	for i, n := range list {
		out[i] = n.typ
	}
	return t.common(out)
}

// coerce converts an expression, as the server does silently or as asked for
// by a cast. An expression or type that is not known stays as it is, unless
// the conversion is written out.
func (a *analyzer) coerce(n *node, to typed, context byte) *node {
	switch {
	case to.Type == nil:
		return n
	case to.Kind == 'p' && to.Name != "record" && to.Name != "cstring":
		return n // "any", and polymorphic ones that stay open
	case n.op == opLiteral:
		return a.read(n, to)
	case n.typ == to.Type:
		if to.mod == "" || to.mod == n.mod {
			return n
		}
	case n.typ == nil && context != explicit:
		return n
	case n.op == opCollate:
		return &node{op: opCollate, typ: to.Type, text: n.text, items: []*node{a.coerce(n.items[0], to, context)}}
	case n.op == opArray && to.Kind == 'a':
		return a.array(n.items, to.Type, to.mod, context)
	case n.op == opRow && to.Kind == 'c' && len(to.Fields) == len(n.items):
		row := &node{op: opRow, typ: a.record}
		for i, f := range to.Fields {
			row.items = append(row.items, a.coerce(n.items[i], typed{f.Type, f.Mod}, context))
		}
		n = row
	}
	return &node{op: opCast, typ: to.Type, mod: to.mod, items: []*node{n}}
}

// array makes ARRAY[..] of an array type. The server moves a cast of the whole
// to the elements when it reads its own output back.
func (a *analyzer) array(elements []*node, to *builtin.Type, mod string, context byte) *node {
	out := &node{op: opArray, typ: to}
	for _, e := range elements {
		if e.op == opArray {
			out.items = append(out.items, a.array(e.items, to, mod, context))
			continue
		}
		elem := to.Elem
		if e.typ != nil && e.typ.Kind == 'a' {
			elem = to // an element that is an array itself
		}
		out.items = append(out.items, a.coerce(e, typed{elem, mod}, context))
	}
	return out
}

// read turns a literal into a constant of a type, as the type's input function
// and then its output function would spell it.
func (a *analyzer) read(n *node, to typed) *node {
	b := to.below()
	a.useType(to.Type)
	if b.Type == a.regclass && !n.null {
		return a.relationConstant(n.text)
	}
	c := &node{op: opConstant, typ: b.Type, null: n.null, text: n.text}
	if b.Type == a.text {
		// the literal as it is
	} else if !n.null {
		c.text = a.canonicalLiteral(n.text, b)
	}
	mod := to.mod
	if b.Type != to.Type {
		return &node{op: opCast, typ: to.Type, items: []*node{c}}
	}
	if b.Type.Name == "interval" && b.Type.Schema == "" {
		c.mod = mod // the one type whose constants have a modifier
		return c
	}
	if mod != "" {
		return &node{op: opCast, typ: b.Type, mod: mod, items: []*node{c}}
	}
	return c
}

// settle gives a literal that nothing else decided the type text.
func (a *analyzer) settle(n *node) *node {
	if n.op == opLiteral {
		return a.read(n, typed{a.text, ""})
	}
	return n
}
