package pgparse

import "strings"

// What every server from 14 to 18 has built in, or could have.

// builtinTypes are the names in pg_type of schema pg_catalog, but for arrays
// and the row types of system catalogs, which all begin with pg_.
var builtinTypes = set(`
aclitem any anyarray anycompatible anycompatiblearray anycompatiblemultirange anycompatiblenonarray 
anycompatiblerange anyelement anyenum anymultirange anynonarray anyrange bit bool box bpchar bytea 
char cid cidr circle cstring date datemultirange daterange event_trigger fdw_handler float4 float8 
gtsvector index_am_handler inet int2 int2vector int4 int4multirange int4range int8 int8multirange 
int8range internal interval json jsonb jsonpath language_handler line lseg macaddr8 macaddr money 
name numeric nummultirange numrange oid oidvector path point polygon record refcursor regclass 
regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole 
regtype table_am_handler text tid time timestamp timestamptz timetz trigger tsm_handler 
tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector txid_snapshot unknown uuid varbit 
varchar void xid8 xid xml pg_brin_bloom_summary pg_brin_minmax_multi_summary pg_ddl_command pg_depend pg_dependencies pg_lsn pg_mcv_list pg_ndistinct pg_node_tree pg_snapshot `)

// builtinType tells whether pg_catalog has a type of this name.
func builtinType(name string) bool { return builtinTypes[name] || strings.HasPrefix(name, "pg_") }

// spelled are the types that format_type prints by another name than their own.
var spelled = map[string]string{
	"any": `"any"`, "bool": "boolean", "char": `"char"`, "float4": "real", "float8": "double precision",
	"int2": "smallint", "int4": "integer", "int8": "bigint", "varbit": "bit varying", "varchar": "character varying",
	"time": "time without time zone", "timetz": "time with time zone",
	"timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone",
}

// keywords are those that quote_ident puts in quotes: all that are not unreserved.
var keywords = set(`
all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean 
both case cast char character check coalesce collate collation column concurrently constraint 
create cross current_catalog current_date current_role current_schema current_time 
current_timestamp current_user dec decimal default deferrable desc distinct do else end except 
exists extract false fetch float for foreign freeze from full grant greatest group grouping having 
ilike in initially inner inout int integer intersect interval into is isnull join json json_array 
json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize 
json_table json_value lateral leading least left like limit localtime localtimestamp merge_action 
national natural nchar none normalize not notnull null nullif numeric offset on only or order out 
outer overlaps overlay placing position precision primary real references returning right row 
select session_user setof similar smallint some substring symmetric system_user table tablesample 
then time timestamp to trailing treat trim true union unique user using values varchar variadic 
verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces 
xmlparse xmlpi xmlroot xmlserialize xmltable `)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// quoteIdent writes a name as quote_ident does.
func quoteIdent(name string) string {
	plain := name != "" && !digit(name[0]) && name[0] != '$' && !keywords[name]
	for i := 0; plain && i < len(name); i++ {
		c := name[i]
		plain = c >= 'a' && c <= 'z' || digit(c) || c == '_'
	}
	if plain {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// quoteQualified writes a name with its schema, which is left out if it is empty.
func quoteQualified(namespace, name string) string {
	if namespace == "" {
		return quoteIdent(name)
	}
	return quoteIdent(namespace) + "." + quoteIdent(name)
}
