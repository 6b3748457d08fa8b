package postgres

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Keys of [dialect.Target.Settings].
const (
	settingUser        = "user"
	settingSearchPath  = "search_path"   // comma-separated, "$user" resolved, quoted where needed
	settingTablespace  = "tablespace"    // default_tablespace
	settingMethod      = "access_method" // default_table_access_method
	settingCompression = "compression"   // default_toast_compression
	settingPlpgsql     = "plpgsql"       // "on" if the language is there as a new database has it
	settingPublic      = "public"        // "on" if there is a schema public
	settingPublicOwner = "public_owner"
	settingTemp        = "temporary" // "on" if temporary tables can be made
	settingTimeZone    = "timezone"
	settingIntervals   = "intervalstyle"
)

// newDatabase is what a database made from template1 says of itself.
func newDatabase(version int) map[string]string {
	m := map[string]string{settingSearchPath: publicSchema, settingPublic: "on", settingPlpgsql: "on", settingPublicOwner: publicOwner,
		settingMethod: "heap", settingCompression: "pglz"}
	if version < 150000 {
		m[settingPublicOwner] = "postgres"
	}
	return m
}

// readTarget reads what is needed to know of a database before its catalogs
// are read.
func readTarget(ctx context.Context, conn *pgconn.PgConn, o dialect.Options) (dialect.Target, *pgparse.Known, error) {
	t := dialect.Target{Flavor: "postgres", Settings: map[string]string{}}
	var path string
	err := script(ctx, conn, newInterner(), []query{{targetSQL, func(r row) error {
		t.Version = r.int(0)
		path = r.text(1)
		for i, key := range []string{settingUser, settingTablespace, settingMethod, settingCompression, settingPlpgsql, settingPublic, settingPublicOwner, settingTemp, settingTimeZone, settingIntervals} {
			t.Settings[key] = r.text(i + 2)
		}
		t.Settings[settingSearchPath] = resolvedPath(path, t.Settings[settingUser], r.bool(12))
		return nil
	}}})
	if err != nil {
		return t, nil, err
	}
	if err := supported(t.Version); err != nil {
		return t, nil, err
	}
	known := newKnown()
	err = script(ctx, conn, newInterner(), []query{{sql: "SET LOCAL jit TO off"}, knownQuery(known, o)}) // compiling takes longer than running
	return t, known, err
}

const targetSQL = `SELECT current_setting('server_version_num'), current_setting('search_path'), current_user,
 current_setting('default_tablespace'), current_setting('default_table_access_method'), current_setting('default_toast_compression'),
 CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'plpgsql') THEN 'on' END,
 CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'public') THEN 'on' END,
 (SELECT pg_catalog.pg_get_userbyid(nspowner) FROM pg_catalog.pg_namespace WHERE nspname = 'public'),
 CASE WHEN NOT pg_catalog.pg_is_in_recovery() AND pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMPORARY')
   AND current_setting('default_transaction_read_only') = 'off' THEN 'on' END,
 current_setting('TimeZone'), current_setting('IntervalStyle'),
 EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = current_user)`

// resolvedPath replaces $user, which is skipped if the user has no schema.
// Other schemas that do not exist stay: the files may create them.
func resolvedPath(setting, user string, hasSchema bool) string {
	var out []string
	for _, name := range splitIdentifiers(setting) {
		switch {
		case name == "$user" && hasSchema:
			out = append(out, quoteIdentifier(user))
		case name != "$user" && name != "pg_catalog":
			out = append(out, quoteIdentifier(name))
		}
	}
	return strings.Join(out, ", ")
}

// searchPath is the target's search_path as a list of names.
func searchPath(t dialect.Target) []string { return splitIdentifiers(t.Settings[settingSearchPath]) }

// splitIdentifiers reads a comma-separated list of identifiers the way the
// server reads search_path: unquoted ones are folded to lower case.
func splitIdentifiers(list string) []string {
	var out []string
	for list = strings.TrimSpace(list); list != ""; list = strings.TrimSpace(list) {
		var name string
		if list[0] == '"' {
			i := 1
			for ; i < len(list); i++ {
				if list[i] == '"' {
					if i+1 >= len(list) || list[i+1] != '"' {
						break
					}
					i++
				}
				name += list[i : i+1]
			}
			list = list[min(i+1, len(list)):]
		} else {
			end := strings.IndexByte(list, ',')
			if end < 0 {
				end = len(list)
			}
			name, list = strings.ToLower(strings.TrimSpace(list[:end])), list[end:]
		}
		if name != "" {
			out = append(out, name)
		}
		list = strings.TrimPrefix(strings.TrimSpace(list), ",")
	}
	return out
}

// quoteIdentifier always quotes: it is for SQL that nobody reads.
func quoteIdentifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// quoteLiteral makes a string constant.
func quoteLiteral(s string) string {
	quoted := `'` + strings.ReplaceAll(s, `'`, `''`) + `'`
	if strings.Contains(s, `\`) {
		return ` E` + strings.ReplaceAll(quoted, `\`, `\\`)
	}
	return quoted
}

func newKnown() *pgparse.Known {
	return &pgparse.Known{Types: map[string]map[string]bool{}, Functions: map[string]map[string]bool{}, Relations: map[string]map[string]bool{},
		Extensions: map[string]bool{}, Columns: map[schema.ID][]pg.ViewColumn{}}
}

// knownQuery reads the names that files may use without defining them: those of
// extensions, of information_schema, of schemas that are not managed, and of
// kinds that are not: foreign tables and base types.
func knownQuery(k *pgparse.Known, o dialect.Options) query {
	foreign := "n.nspname = 'information_schema'"
	if len(o.Schemas) > 0 {
		foreign += " OR n.nspname !~ '^pg_' AND n.nspname NOT IN (" + literals(o.Schemas) + ")"
	}
	member := func(class, id string) string {
		return id + " IN (SELECT objid FROM pg_catalog.pg_depend WHERE refclassid = 'pg_catalog.pg_extension'::regclass AND deptype = 'e' AND classid = 'pg_catalog." + class + "'::regclass)"
	}
	sql := `SELECT 'r', n.nspname, c.relname, a.names, a.types FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 LEFT JOIN LATERAL (SELECT array_agg(attname ORDER BY attnum) AS names, array_agg(pg_catalog.format_type(atttypid, atttypmod) ORDER BY attnum) AS types
  FROM pg_catalog.pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) a ON c.relkind <> 'S' AND n.nspname <> 'information_schema'
 WHERE c.relkind IN ('r','p','v','m','f','S') AND (` + foreign + ` OR c.relkind = 'f' OR ` + member("pg_class", "c.oid") + `)
UNION ALL SELECT 't', n.nspname, t.typname, NULL, NULL FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
 WHERE (t.typelem = 0 OR t.typlen <> -1) AND (` + foreign + ` OR ` + member("pg_type", "t.oid") + ` OR t.typtype = 'b' AND t.typelem = 0 AND n.nspname !~ '^pg_' OR (SELECT relkind = 'f' FROM pg_catalog.pg_class WHERE oid = t.typrelid) OR t.typrelid <> 0 AND ` + member("pg_class", "t.typrelid") + `)
UNION ALL SELECT DISTINCT 'f', n.nspname, p.proname, NULL::name[], NULL::text[] FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE ` + foreign + ` OR ` + member("pg_proc", "p.oid")
	sql += `
UNION ALL SELECT 'e', '', extname, NULL, NULL FROM pg_catalog.pg_extension`
	return query{sql, func(r row) error {
		in := k.Relations
		switch r.char(0) {
		case 'e':
			k.Extensions[r.text(2)] = true
			return nil
		case 't':
			in = k.Types
		case 'f':
			in = k.Functions
		}
		namespace, name := r.text(1), r.text(2)
		if names, types := r.array(3), r.array(4); len(names) > 0 {
			list := make([]pg.ViewColumn, len(names))
			for i := range names {
				list[i] = pg.ViewColumn{Name: names[i], Type: pg.Type{Name: types[i]}}
			}
			k.Columns[schema.ID{Schema: namespace, Name: name}] = list
		}
		if in[namespace] == nil {
			in[namespace] = map[string]bool{}
		}
		in[namespace][name] = true
		return nil
	}}
}

// literals is a list of string constants.
func literals(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = quoteLiteral(s)
	}
	return strings.Join(quoted, ", ")
}
