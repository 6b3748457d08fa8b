package pgparse

import (
	"strings"
	"time"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// typed is a data type with its modifier, in the words of the type's input:
// "10,2" for numeric(10,2).
type typed struct {
	*builtin.Type
	mod string
}

// types knows all data types that a catalog's texts can name: the system's, the
// extensions', the user's, and stand-ins for names that nobody explains.
type types struct {
	facts      *builtin.Facts
	names      *names
	known      *Known
	extensions map[string]string // schema of each extension of the catalog
	byID       map[schema.ID]*builtin.Type
	byText     map[string]typed // what pg.Type.Name says
	opaque     map[qualified]*builtin.Type
	factual    map[string]bool // extensions that the facts cover
	zone       *time.Location  // of the session; nil if it is not known
	standard   bool            // IntervalStyle is sql_standard
	// What the user defines.
	userRoutines  map[string][]*builtin.Function
	userOperators map[string][]*builtin.Operator
	operatorMemo  map[operatorKey]*builtin.Operator
	// names that are used often
	unknown, boolean, int4, int8, text, record, numeric, regclass *builtin.Type
}

func newTypes(c *schema.Catalog, o Options, n *names) *types {
	t := &types{facts: builtin.For(o.Version), names: n, known: o.Known, extensions: map[string]string{},
		byID: map[schema.ID]*builtin.Type{}, byText: map[string]typed{}, opaque: map[qualified]*builtin.Type{},
		factual: map[string]bool{}, operatorMemo: map[operatorKey]*builtin.Operator{}, standard: o.IntervalStyle == "sql_standard"}
	if t.known == nil {
		t.known = &Known{}
	}
	if zone, err := time.LoadLocation(o.TimeZone); err == nil && o.TimeZone != "" {
		t.zone = zone
	}
	f := t.facts.Types
	t.unknown, t.boolean, t.int4, t.int8 = f["unknown"], f["bool"], f["int4"], f["int8"]
	t.text, t.record, t.numeric, t.regclass = f["text"], f["record"], f["numeric"], f["regclass"]
	for e := range schema.Each[*pg.Extension](c) {
		s := e.Schema
		if s == "" {
			s = n.path[0]
		}
		t.extensions[e.Name] = s
	}
	for o := range c.All() {
		t.declare(o)
	}
	// Only now that all have a name can they refer to each other.
	for o := range c.All() {
		t.define(o)
	}
	t.extensionsBeside()
	t.userRoutines, t.userOperators = t.routinesOf(c), t.operatorsOf(c)
	return t
}

// extensionsBeside notes the extensions that are installed, but are not in the
// catalog: the author's text need not speak of them.
func (t *types) extensionsBeside() {
	for _, list := range t.facts.Functions {
		for _, f := range list {
			if f.Extension == "" {
				continue
			}
			t.factual[f.Extension] = true
			if _, ok := t.extensions[f.Extension]; ok || !t.known.Extensions[f.Extension] {
				continue
			}
			for s, names := range t.known.Functions {
				if names[f.Name] {
					t.extensions[f.Extension] = s
				}
			}
		}
	}
}

// declare makes the type that an object defines.
func (t *types) declare(o schema.Object) {
	var kind, category byte
	switch o.(type) {
	case *pg.Enum:
		kind, category = 'e', 'E'
	case *pg.Composite, *pg.Table, *pg.View, *pg.MaterializedView:
		kind, category = 'c', 'C'
	case *pg.Domain:
		kind, category = 'd', 'U'
	case *pg.Range:
		kind, category = 'r', 'R'
	default:
		return
	}
	id := o.ID()
	u := &builtin.Type{Schema: id.Schema, Name: id.Name, ID: id, Kind: kind, Category: category}
	t.byID[id] = u
	if r, ok := o.(*pg.Range); ok && r.Multirange != "" {
		m := &builtin.Type{Schema: id.Schema, Name: r.Multirange, ID: id, Kind: 'm', Category: 'R', Base: u}
		t.opaque[qualified{id.Schema, r.Multirange}] = m
	}
}

// define fills in what a type is made of; row types of relations follow when
// their columns are known.
func (t *types) define(o schema.Object) {
	switch o := o.(type) {
	case *pg.Composite:
		u := t.byID[o.ID()]
		for _, a := range o.Attributes {
			ft := t.of(a.Type)
			u.Fields = append(u.Fields, builtin.Field{Name: a.Name, Type: ft.Type, Mod: ft.mod})
		}
	case *pg.Domain:
		u, b := t.byID[o.ID()], t.of(o.Type)
		u.Base, u.BaseMod = b.Type, b.mod
		if b.Type != nil {
			u.Category = b.Category
		}
	case *pg.Range:
		t.byID[o.ID()].Base = t.of(o.Subtype).Type
	}
}

// of is the type that the model names.
func (t *types) of(p pg.Type) typed {
	var r typed
	switch {
	case !p.Ref.IsZero():
		namespace, name := p.Path()
		r.Type = t.byID[p.Ref]
		if p.Multirange != "" {
			r.Type = t.opaque[qualified{namespace, name}]
		}
		if r.Type == nil {
			r.Type = t.stranger(namespace, name)
		}
	case p.Name == "":
		return typed{}
	default:
		var ok bool
		if r, ok = t.byText[p.Name]; !ok {
			r = t.parse(p.Name)
			t.byText[p.Name] = r
		}
	}
	if p.Array {
		r.Type = t.arrayOf(r.Type)
	}
	return r
}

// parse reads what format_type prints.
func (t *types) parse(name string) typed {
	tree, err := parseTree("SELECT NULL::" + name)
	if err != nil {
		return typed{t.stranger("", name), ""}
	}
	cast := tree.Stmts[0].Stmt.GetSelectStmt().GetTargetList()[0].GetResTarget().GetVal().GetTypeCast()
	if cast == nil {
		return typed{t.stranger("", name), ""}
	}
	return t.named(cast.TypeName)
}

// named resolves a type's name in the syntax tree.
func (t *types) named(n *pg_query.TypeName) typed {
	namespace, name := qualifiedName(n.Names)
	r := typed{Type: t.lookup(namespace, name)}
	r.mod = modifier(r.Type, n.Typmods)
	for range min(1, len(n.ArrayBounds)) {
		r.Type = t.arrayOf(r.Type)
	}
	return r
}

// lookup finds a type by its name: pg_catalog's first, then along the path.
func (t *types) lookup(namespace, name string) *builtin.Type {
	if namespace == "" || namespace == "pg_catalog" || namespace == "information_schema" {
		if b := t.facts.Types[name]; b != nil && b.Extension == "" && (b.Kind != 'd' || namespace != "") {
			return b
		}
	}
	if id, ok := find(t.names, t.names.types, namespace, name); ok {
		return t.byID[id]
	}
	if b := t.facts.Types[name]; b != nil && b.Extension != "" {
		if s, ok := t.extensions[b.Extension]; ok && (namespace == "" || namespace == s) {
			return b
		}
	}
	if elem, ok := strings.CutPrefix(name, "_"); ok && namespace != "" {
		if id, ok := find(t.names, t.names.types, namespace, elem); ok {
			return t.arrayOf(t.byID[id])
		}
	}
	return t.stranger(namespace, name)
}

// stranger is a type that only its name is known of.
func (t *types) stranger(namespace, name string) *builtin.Type {
	switch namespace {
	case "":
		namespace = schemaOf(t.known.Types, name, t.names.path)
	case "pg_catalog":
		namespace = ""
	}
	key := qualified{namespace, name}
	u := t.opaque[key]
	if u == nil {
		u = &builtin.Type{Schema: namespace, Name: name, Kind: 'b', Category: 'U'}
		t.opaque[key] = u
	}
	return u
}

// schemaOf finds the schema of a known name: along the path first, then
// wherever there is just one.
func schemaOf(known map[string]map[string]bool, name string, path []string) string {
	for _, s := range path {
		if known[s][name] {
			return s
		}
	}
	return ""
}

func (t *types) arrayOf(e *builtin.Type) *builtin.Type {
	if e == nil || e.Kind == 'a' {
		return e
	}
	if e.Array != nil {
		return e.Array
	}
	key := qualified{e.Schema, e.Name + "[]"}
	if a := t.opaque[key]; a != nil {
		return a
	}
	a := &builtin.Type{Schema: e.Schema, Name: "_" + e.Name, ID: e.ID, Kind: 'a', Category: 'A', Elem: e}
	t.opaque[key] = a
	return a
}

// base is the type below a domain, and below domains of domains.
func base(t *builtin.Type) *builtin.Type {
	for t != nil && t.Kind == 'd' && t.Base != nil {
		t = t.Base
	}
	return t
}

// below is a domain's base type with its modifier.
func (t typed) below() typed {
	for t.Type != nil && t.Kind == 'd' && t.Base != nil {
		t = typed{t.Base, t.BaseMod}
	}
	return t
}

// intervalFields are the masks that the grammar gives an interval's fields.
const intervalFull = "32767"

// modifier is the canonical text of a type's modifiers.
func modifier(t *builtin.Type, mods []*pg_query.Node) string {
	if len(mods) == 0 {
		return ""
	}
	var parts []string
	for _, m := range mods {
		switch {
		case m.GetAConst() != nil:
			parts = append(parts, constant(m.GetAConst()))
		case m.GetColumnRef() != nil:
			_, name := qualifiedName(m.GetColumnRef().Fields)
			parts = append(parts, name)
		default:
			parts = append(parts, "?")
		}
	}
	s := strings.Join(parts, ",")
	if t != nil && t.Schema == "" {
		switch {
		case t.Name == "numeric" && len(parts) == 1:
			s += ",0"
		case t.Name == "interval" && s == intervalFull:
			s = ""
		}
	}
	return s
}

// model is a type in the words of the model; zero if it is not known.
func (t *types) model(d typed) pg.Type {
	u := d.Type
	if u == nil {
		return pg.Type{}
	}
	if u.Kind == 'a' && u.Elem != nil {
		m := t.model(typed{u.Elem, d.mod})
		m.Array = true
		return m
	}
	switch {
	case !u.ID.IsZero() && u.Kind == 'm':
		return pg.Type{Ref: u.ID, Multirange: u.Name}
	case !u.ID.IsZero():
		return pg.Type{Ref: u.ID}
	case u.Extension != "":
		return pg.Type{Name: pg.Qualify(t.extensions[u.Extension], u.Name) + parenthesized(d.mod)}
	case u.Schema != "":
		return pg.Type{Name: pg.Qualify(u.Schema, u.Name) + parenthesized(d.mod)}
	case u == t.unknown:
		return pg.Type{}
	}
	if d.mod == "" {
		return pg.Type{Name: formatType(u.Name, nil)}
	}
	tree, err := parseTree("SELECT NULL::pg_catalog." + quoted(u.Name) + parenthesized(d.mod))
	if err != nil {
		return pg.Type{Name: formatType(u.Name, nil)}
	}
	cast := tree.Stmts[0].Stmt.GetSelectStmt().GetTargetList()[0].GetResTarget().GetVal().GetTypeCast()
	return pg.Type{Name: formatType(u.Name, cast.GetTypeName().GetTypmods())}
}

func parenthesized(mod string) string {
	if mod == "" {
		return ""
	}
	return "(" + mod + ")"
}
