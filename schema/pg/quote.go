package pg

import "strings"

// Quote writes an identifier as the server does (quote_identifier): in double
// quotes unless it is a plain lower-case word that is no keyword but an
// unreserved one.
func Quote(name string) string {
	if plain(name) && !quoted[name] {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// Qualify writes a name with its schema, and without it for pg_catalog's own.
func Qualify(namespace, name string) string {
	if namespace == "" || namespace == "pg_catalog" {
		return Quote(name)
	}
	return Quote(namespace) + "." + Quote(name)
}

// unquote takes a qualified name apart, as [Qualify] writes it.
func unquote(name string) []string {
	var parts []string
	var part strings.Builder
	within := false
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '"' && within && i+1 < len(name) && name[i+1] == '"':
			part.WriteByte(c)
			i++
		case c == '"':
			within = !within
		case c == '.' && !within:
			parts = append(parts, part.String())
			part.Reset()
		default:
			part.WriteByte(c)
		}
	}
	return append(parts, part.String())
}

func plain(name string) bool {
	for i, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

// quoted holds the keywords of PostgreSQL 14 to 18 that are not unreserved
// (pg_get_keywords().catcode).
var quoted = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`
all analyse analyze and any array as asc asymmetric authorization between bigint binary bit
boolean both case cast char character check coalesce collate collation column concurrently
constraint create cross current_catalog current_date current_role current_schema current_time
current_timestamp current_user dec decimal default deferrable desc distinct do else end except
exists extract false fetch float for foreign freeze from full grant greatest group grouping
having ilike in initially inner inout int integer intersect interval into is isnull join json
json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar
json_serialize json_table json_value lateral leading least left like limit localtime
localtimestamp merge_action national natural nchar none normalize not notnull null nullif
numeric offset on only or order out outer overlaps overlay placing position precision primary
real references returning right row select session_user setof similar smallint some substring
symmetric system_user table tablesample then time timestamp to trailing treat trim true union
unique user using values varchar variadic verbose when where window with xmlattributes
xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize
xmltable`) {
		m[w] = true
	}
	return m
}()
