package pgparse

import (
	"fmt"
	"strconv"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// typeName reads a type. A type of the system is spelled as format_type does;
// one of the catalog is referred to; one that is neither (yet) is left to
// resolve. SETOF is the caller's.
func (r *reader) typeName(t *pg_query.TypeName) pg.Type {
	if t == nil {
		return pg.Type{}
	}
	array := len(t.ArrayBounds) > 0
	namespace, name := nameParts(t.Names)
	if t.PctType {
		n := strs(t.Names)
		id := schema.ID{Kind: unresolvedColumn, Name: name, Args: strings.Join(r.path, pathSeparator)}
		if len(n) > 1 {
			id.Parent = n[len(n)-2]
		}
		if len(n) > 2 {
			id.Schema = n[len(n)-3]
		}
		return pg.Type{Ref: id, Array: array}
	}
	if namespace == "" || namespace == "pg_catalog" {
		if base, ok := strings.CutPrefix(name, "_"); ok && r.builtinType(base) {
			name, array = base, true
		}
		if r.builtinType(name) {
			return pg.Type{Name: formatType(name, t.Typmods), Array: array}
		}
	}
	if id, ok := r.find(r.types, namespace, name); ok {
		return typeOfName(id, name, array)
	}
	if base, isArray := strings.CutPrefix(name, "_"); isArray {
		if id, ok := r.find(r.types, namespace, base); ok {
			return typeOfName(id, base, true)
		}
	}
	return pg.Type{Ref: r.unresolved(unresolvedType, namespace, modifiers(t.Typmods), name), Array: array}
}

// typeOfName is a type that was found by its name, a range type by that of its
// multirange, too.
func typeOfName(id schema.ID, name string, array bool) pg.Type {
	t := pg.Type{Ref: id, Array: array}
	if id.Kind == pg.KindRange && id.Name != name {
		t.Multirange = name
	}
	return t
}

// argumentType is the type of a routine's argument or result, of which the
// server keeps no modifiers.
func (r *reader) argumentType(t *pg_query.TypeName) pg.Type {
	if t == nil {
		return pg.Type{}
	}
	if _, name := nameParts(t.Names); name == "bpchar" {
		if p := r.typeName(t); p.Ref.IsZero() {
			return pg.Type{Name: "character", Array: p.Array}
		}
	}
	return r.typeName(&pg_query.TypeName{Names: t.Names, PctType: t.PctType, ArrayBounds: t.ArrayBounds})
}

// modifiers are type modifiers as they stand behind a type's name.
func modifiers(list []*pg_query.Node) string {
	if len(list) == 0 {
		return ""
	}
	var out []string
	for _, n := range list {
		switch {
		case n.GetAConst() != nil:
			out = append(out, constant(n.GetAConst()))
		case n.GetColumnRef() != nil:
			out = append(out, strings.Join(strs(n.GetColumnRef().Fields), "."))
		default:
			out = append(out, "?")
		}
	}
	return "(" + strings.Join(out, ",") + ")"
}

// constant is the bare text of a constant.
func constant(c *pg_query.A_Const) string {
	switch v := c.GetVal().(type) {
	case *pg_query.A_Const_Ival:
		return strconv.Itoa(int(v.Ival.Ival))
	case *pg_query.A_Const_Fval:
		return v.Fval.Fval
	case *pg_query.A_Const_Sval:
		return v.Sval.Sval
	case *pg_query.A_Const_Boolval:
		return strconv.FormatBool(v.Boolval.Boolval)
	case *pg_query.A_Const_Bsval:
		return v.Bsval.Bsval
	}
	return ""
}

// integers are the values of integer constants; a negated one is a constant, too.
func integers(list []*pg_query.Node) []int {
	var out []int
	for _, n := range list {
		out = append(out, int(n.GetAConst().GetIval().GetIval()))
	}
	return out
}

// formatType is what format_type prints for a type of pg_catalog.
func formatType(name string, typmods []*pg_query.Node) string {
	mods := integers(typmods)
	base := name
	if s, ok := spelled[name]; ok {
		base = s
	}
	if len(mods) == 0 {
		return base
	}
	switch name {
	case "bpchar":
		return fmt.Sprintf("character(%d)", mods[0])
	case "numeric":
		if len(mods) == 1 {
			mods = append(mods, 0)
		}
		return fmt.Sprintf("numeric(%d,%d)", mods[0], mods[1])
	case "time", "timestamp", "timetz", "timestamptz":
		// The server takes more than six digits down to six, with a warning.
		first, rest, _ := strings.Cut(base, " ")
		return fmt.Sprintf("%s(%d) %s", first, min(mods[0], 6), rest)
	case "interval":
		return "interval" + intervalModifiers(mods)
	}
	return base + modifiers(typmods)
}

// intervalFields by the bit mask in the modifier (INTERVAL_MASK).
var intervalFields = map[int]string{
	1 << 2: " year", 1 << 1: " month", 1 << 3: " day", 1 << 10: " hour", 1 << 11: " minute", 1 << 12: " second",
	1<<2 | 1<<1:                  " year to month",
	1<<3 | 1<<10:                 " day to hour",
	1<<3 | 1<<10 | 1<<11:         " day to minute",
	1<<3 | 1<<10 | 1<<11 | 1<<12: " day to second",
	1<<10 | 1<<11:                " hour to minute",
	1<<10 | 1<<11 | 1<<12:        " hour to second",
	1<<11 | 1<<12:                " minute to second",
}

func intervalModifiers(mods []int) string {
	s := intervalFields[mods[0]]
	if len(mods) > 1 {
		s += fmt.Sprintf("(%d)", min(mods[1], 6))
	}
	return s
}
