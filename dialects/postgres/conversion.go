package postgres

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// conversion is how the values of a column get from one type to another.
type conversion struct {
	// small: what is built on the column keeps its meaning (but for views,
	// which the server never lets survive a change of type).
	small bool
	// using is the expression that ALTER COLUMN TYPE needs where there is no
	// assignment cast; empty if it needs none.
	using string
	// text: there is no cast at all, and the values go through their text.
	text bool
	// lossy: values may be rounded or cut without an error.
	lossy bool
	// cheap: neither the table nor its indexes are rewritten.
	cheap bool
}

// assignable are the built-in assignment and implicit casts among types that
// columns have (pg_cast.castcontext a and i), but for those to strings, which
// always exist.
var assignable = map[string]string{
	"bigint":                      "double precision|integer|money|numeric|oid|real|regclass|smallint",
	"smallint":                    "bigint|double precision|integer|numeric|oid|real|regclass",
	"integer":                     "bigint|double precision|money|numeric|oid|real|regclass|smallint",
	"oid":                         "bigint|integer|regclass|regproc|regtype",
	"regclass":                    "bigint|integer|oid",
	"regproc":                     "bigint|integer|oid",
	"regtype":                     "bigint|integer|oid",
	"numeric":                     "bigint|double precision|integer|money|real|smallint",
	"real":                        "bigint|double precision|integer|numeric|smallint",
	"double precision":            "bigint|integer|numeric|real|smallint",
	"money":                       "numeric",
	"text":                        "\"char\"|regclass",
	"character varying":           "\"char\"|regclass",
	"character":                   "\"char\"",
	"json":                        "jsonb",
	"jsonb":                       "json",
	"cidr":                        "inet",
	"inet":                        "cidr",
	"macaddr":                     "macaddr8",
	"macaddr8":                    "macaddr",
	"date":                        "timestamp with time zone|timestamp without time zone",
	"timestamp without time zone": "date|time without time zone|timestamp with time zone",
	"timestamp with time zone":    "date|time with time zone|time without time zone|timestamp without time zone",
	"time without time zone":      "interval|time with time zone",
	"time with time zone":         "time without time zone",
	"interval":                    "time without time zone",
	"bit":                         "bit varying",
	"bit varying":                 "bit",
	"point":                       "box",
	"path":                        "polygon",
	"box":                         "polygon",
	"polygon":                     "path",
}

// castable are the built-in explicit casts.
var castable = map[string]string{
	"boolean":   "integer",
	"integer":   "boolean|bytea|\"char\"|bit",
	"\"char\"":  "integer",
	"bigint":    "bytea|bit",
	"smallint":  "bytea",
	"bytea":     "smallint|integer|bigint",
	"bit":       "bigint|integer",
	"jsonb":     "boolean|numeric|smallint|integer|bigint|real|double precision",
	"lseg":      "point",
	"box":       "point|lseg|circle",
	"polygon":   "point|box|circle",
	"circle":    "point|box|polygon",
	"int4range": "int4multirange", "int8range": "int8multirange", "numrange": "nummultirange",
	"tsrange": "tsmultirange", "tstzrange": "tstzmultirange", "daterange": "datemultirange",
}

// bytesCasts are those of [castable] that came with 18.
const bytesCasts = 18

func among(list map[string]string, from, to string) bool {
	for rest := list[from]; rest != ""; {
		var one string
		if one, rest, _ = strings.Cut(rest, "|"); one == to {
			return true
		}
	}
	return false
}

// baseType splits a type's name into the name and its modifiers.
func baseType(name string) (base, modifiers string) {
	open := strings.IndexByte(name, '(')
	if open < 0 {
		return name, ""
	}
	end := strings.IndexByte(name, ')')
	return strings.TrimSpace(name[:open]) + name[end+1:], name[open : end+1]
}

func isString(base string) bool {
	return base == "text" || base == "character varying" || base == "character" || base == "name"
}

// integers by width.
var integers = map[string]int{"smallint": 2, "integer": 4, "bigint": 8}

// convert finds the way from one type of a column to another.
func (e *emitter) convert(from, to pg.Type, column string) conversion {
	fromBase, fromMod := baseType(from.Name)
	toBase, toMod := baseType(to.Name)
	same := fromBase == toBase && from.Ref == to.Ref
	direct := column + "::" + typeName(to)
	switch {
	case from.Array != to.Array:
		return conversion{using: e.between(from, to, column), text: !to.Array || !from.Ref.IsZero()}
	case same && from.Array == to.Array:
		c := sameBase(fromBase, fromMod, toMod)
		if strings.Contains(fromBase, ".") {
			c.using = direct // the typmod cast of an extension's type may be explicit
		}
		return c
	case integers[fromBase] > 0 && integers[toBase] > 0:
		return conversion{small: true}
	case isString(fromBase) && isString(toBase):
		c := conversion{small: fromBase != "character" && toBase != "character" && fromBase != "name" && toBase != "name"}
		c.cheap = c.small && toMod == ""
		return c
	case isString(toBase):
		return conversion{}
	}
	if base := e.domainBase(to); !base.IsZero() {
		return e.convertBase(from, base, to, column)
	}
	if base := e.domainBase(from); !base.IsZero() {
		return e.convertBase(base, to, to, column)
	}
	switch context := e.cast(from, to); {
	case context == "assignment" || context == "implicit" || among(assignable, fromBase, toBase):
		return conversion{lossy: rounds(fromBase, toBase)}
	case context == "explicit" || isString(fromBase):
		return conversion{using: direct}
	case among(castable, fromBase, toBase) && (e.at(bytesCasts) || fromBase != "bytea" && toBase != "bytea"):
		return conversion{using: direct}
	}
	return conversion{using: e.between(from, to, column), text: true}
}

// convertBase converts to or from a domain like its base type.
func (e *emitter) convertBase(from, to, final pg.Type, column string) conversion {
	c := e.convert(from, to, column)
	c.small, c.cheap = false, false
	if c.using != "" && to != final {
		c.using += "::" + typeName(final)
	}
	return c
}

// between converts by way of the values' text, or, between a type and its
// array, by taking the value as the only element.
func (e *emitter) between(from, to pg.Type, column string) string {
	element := to
	element.Array = false
	switch {
	case to.Array && !from.Array && isString(from.Name):
		return column + "::" + typeName(to)
	case to.Array && !from.Array:
		return "ARRAY[" + column + "]::" + typeName(to)
	case from.Array && to.Array:
		return column + "::text[]::" + typeName(to)
	}
	return column + "::text::" + typeName(to)
}

// sameBase: only the modifiers differ.
func sameBase(base, from, to string) conversion {
	c := conversion{small: true}
	switch base {
	case "character varying", "bit varying", "character", "bit":
		c.cheap = (base == "character varying" || base == "bit varying") && (to == "" || from != "" && modifier(from, 0) <= modifier(to, 0))
	case "numeric":
		fs, ts := modifier(from, 1), modifier(to, 1)
		c.cheap = to == "" || from != "" && fs == ts && modifier(from, 0) <= modifier(to, 0)
		c.lossy = to != "" && (from == "" || ts < fs)
	default: // times and intervals
		c.cheap = to == "" || from != "" && modifier(from, 0) <= modifier(to, 0)
		c.lossy = !c.cheap
	}
	return c
}

// modifier is the i-th number of "(a,b)".
func modifier(mods string, i int) int {
	n, at := 0, 0
	for _, c := range []byte(mods) {
		switch {
		case c == ',':
			at++
		case c >= '0' && c <= '9' && at == i:
			n = n*10 + int(c-'0')
		}
	}
	return n
}

// rounds tells whether an assignment cast may lose digits or a part of a time.
func rounds(from, to string) bool {
	switch {
	case from == "numeric" || from == "double precision" || from == "real" || from == "money":
		return to != "numeric" && !(from == "real" && to == "double precision")
	case to == "date" || to == "time without time zone" || to == "time with time zone":
		return from != "date"
	}
	return false
}

// domainBase is the base type of a domain of the catalog.
func (e *emitter) domainBase(t pg.Type) pg.Type {
	if t.Ref.Kind != pg.KindDomain || t.Array {
		return pg.Type{}
	}
	if d, ok := e.object(t.Ref).(*pg.Domain); ok {
		return d.Type
	}
	return pg.Type{}
}

// cast is the context of a user's cast between two types, if there is one.
func (e *emitter) cast(from, to pg.Type) string {
	if e.delta == nil {
		return ""
	}
	from.Name, _ = baseType(from.Name)
	to.Name, _ = baseType(to.Name)
	c, ok := schema.Lookup[*pg.Cast](e.delta.Desired, (&pg.Cast{From: from, To: to}).ID())
	if !ok {
		return ""
	}
	return c.Context
}
