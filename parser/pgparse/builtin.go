package pgparse

import (
	"strings"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
)

// builtinType tells whether pg_catalog has a type of this name, arrays aside.
func (o Options) builtinType(name string) bool {
	if strings.HasPrefix(name, "pg_") {
		return true // row types of the system's catalogs
	}
	t := builtin.For(o.Version).Types[name]
	return t != nil && t.Extension == "" && t.Kind != 'a'
}

// spelled are the types that format_type prints by another name than their own.
var spelled = map[string]string{
	"any": `"any"`, "bool": "boolean", "char": `"char"`, "float4": "real", "float8": "double precision",
	"int2": "smallint", "int4": "integer", "int8": "bigint", "varbit": "bit varying", "varchar": "character varying",
	"time": "time without time zone", "timetz": "time with time zone",
	"timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone",
}
