// Command gen writes facts.txt: what pg_catalog, information_schema and the
// contributed extensions hold, on every server release that is given.
//
//	go run ./gen 14=postgres://.. 15=postgres://.. > facts.txt
//
// The roles must be allowed to create a database and extensions in it.
package main

import (
	"context"
	"fmt"
	"log"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

var extensions = []string{"btree_gin", "btree_gist", "autoinc", "citext", "cube", "dblink", "dict_int", "earthdistance",
	"fuzzystrmatch", "hstore", "insert_username", "intarray", "isn", "lo", "ltree", "moddatetime", "pg_stat_statements", "pg_trgm", "pgcrypto",
	"pgstattuple", "refint", "seg", "tablefunc", "tcn", "unaccent", "uuid-ossp", "xml2"}

// ext yields the extension that an object belongs to; the scratch database has
// nothing else outside the system's schemas.
const ext = `coalesce((SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
 WHERE d.classid = '%s'::regclass AND d.objid = x.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'), '')`

// callable tells functions that can stand in an expression from those that only
// the server calls: triggers, handlers, estimators, support functions.
const callable = `n.nspname <> 'information_schema' AND r.typname NOT IN ('internal', 'cstring', 'trigger', 'event_trigger', 'language_handler', 'index_am_handler', 'table_am_handler', 'tsm_handler', 'fdw_handler')
 AND NOT EXISTS (SELECT FROM unnest(x.proargtypes) a JOIN pg_type t ON t.oid = a WHERE t.typname IN ('internal', 'cstring'))`

// queries yield, per row, what identifies a fact, what else is known of it, and
// its extension.
var queries = []struct{ tag, sql string }{
	{"T", `SELECT x.typname, concat_ws(E'\t', x.typcategory, x.typispreferred, coalesce(e.typname, '-'),
		CASE WHEN x.typcategory = 'A' AND x.typelem <> 0 THEN 'a' WHEN n.nspname = 'information_schema' AND x.typtype = 'd' THEN 'd' ELSE x.typtype END,
		CASE x.typtype WHEN 'd' THEN (SELECT typname FROM pg_type b WHERE b.oid = x.typbasetype) WHEN 'r' THEN (SELECT s.typname FROM pg_range r JOIN pg_type s ON s.oid = r.rngsubtype WHERE r.rngtypid = x.oid)
			WHEN 'm' THEN (SELECT s.typname FROM pg_range r JOIN pg_type s ON s.oid = r.rngtypid WHERE r.rngmultitypid = x.oid) ELSE '-' END), EXT
		FROM pg_type x JOIN pg_namespace n ON n.oid = x.typnamespace LEFT JOIN pg_type e ON e.oid = x.typelem AND x.typelem <> 0
		WHERE x.typtype <> 'c' AND x.typname !~ '^_pg_|toast' AND NOT EXISTS (SELECT FROM pg_type y WHERE y.oid = x.typelem AND y.typtype = 'c' AND x.typcategory = 'A')`},
	{"C", `SELECT s.typname || E'\t' || t.typname, x.castcontext::text || x.castmethod::text, EXT
		FROM pg_cast x JOIN pg_type s ON s.oid = castsource JOIN pg_type t ON t.oid = casttarget WHERE s.oid <> t.oid`},
	{"O", `SELECT concat_ws(E'\t', x.oprname, coalesce(l.typname, '-'), r.typname), t.typname, EXT
		FROM pg_operator x LEFT JOIN pg_type l ON l.oid = oprleft JOIN pg_type r ON r.oid = oprright JOIN pg_type t ON t.oid = oprresult`},
	{"F", `SELECT x.proname || E'\t' || coalesce((SELECT string_agg(t.typname, ',' ORDER BY o) FROM unnest(x.proargtypes) WITH ORDINALITY a(t, o) JOIN pg_type t ON t.oid = a.t), ''),
		concat_ws(E'\t', x.prokind, CASE WHEN x.proretset THEN 'setof ' ELSE '' END || r.typname, x.pronargdefaults || CASE WHEN x.provariadic <> 0 THEN 'v' ELSE '' END,
		CASE WHEN x.pronargdefaults > 0 OR x.proallargtypes IS NOT NULL THEN (SELECT string_agg(concat_ws(' ', coalesce(x.proargmodes[o]::text, 'i'), coalesce(nullif(x.proargnames[o], ''), '-'), t.typname), ',' ORDER BY o)
			FROM unnest(coalesce(x.proallargtypes, x.proargtypes::oid[])) WITH ORDINALITY a(t, o) JOIN pg_type t ON t.oid = a.t) ELSE '-' END), EXT
		FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace JOIN pg_type r ON r.oid = prorettype
		WHERE ` + callable + ` AND x.prokind <> 'p' AND n.nspname <> 'pg_toast'`},
	{"N", `SELECT DISTINCT x.proname, '', EXT FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace JOIN pg_type r ON r.oid = prorettype
		WHERE NOT (` + callable + `) AND x.prokind <> 'p'`},
	{"K", `SELECT x.opcname || E'\t' || m.amname, t.typname || CASE WHEN x.opcdefault THEN E'\tdefault' ELSE E'\t-' END, EXT
		FROM pg_opclass x JOIN pg_am m ON m.oid = opcmethod JOIN pg_type t ON t.oid = opcintype`},
	{"R", `SELECT n.nspname || '.' || x.relname, (SELECT string_agg(a.attname || ' ' || t.typname, ',' ORDER BY attnum) FROM pg_attribute a JOIN pg_type t ON t.oid = atttypid WHERE attrelid = x.oid AND attnum > 0 AND NOT attisdropped), EXT
		FROM pg_class x JOIN pg_namespace n ON n.oid = x.relnamespace WHERE x.relkind IN ('r', 'v') AND n.nspname <> 'pg_toast'`},
}

var catalogs = map[string]string{"T": "pg_type", "C": "pg_cast", "O": "pg_operator", "F": "pg_proc", "N": "pg_proc", "K": "pg_opclass", "R": "pg_class"}

func main() {
	log.SetFlags(0)
	type fact struct {
		line     string
		versions []int
	}
	facts := map[string]*fact{}
	var all []int
	for _, arg := range os.Args[1:] {
		v, dsn, _ := strings.Cut(arg, "=")
		version, err := strconv.Atoi(v)
		if err != nil {
			log.Fatal(err)
		}
		all = append(all, version)
		if err := read(dsn, func(line string) {
			if facts[line] == nil {
				facts[line] = &fact{line: line}
			}
			facts[line].versions = append(facts[line].versions, version)
		}); err != nil {
			log.Fatal(err)
		}
	}
	list := make([]*fact, 0, len(facts))
	for _, f := range facts {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b *fact) int { return strings.Compare(a.line, b.line) })
	fmt.Println("# Made by gen. Tag, versions (from-to; empty for all), extension, facts.")
	for _, f := range list {
		tag, rest, _ := strings.Cut(f.line, "\t")
		fmt.Printf("%s\t%s\t%s\n", tag, span(f.versions, all), rest)
	}
}

// span is "" for all versions, or from-to with an open end where it is the last one.
func span(have, all []int) string {
	first, last := have[0], have[len(have)-1]
	s := ""
	if first != all[0] {
		s = strconv.Itoa(first)
	}
	if last != all[len(all)-1] {
		return s + "-" + strconv.Itoa(last)
	}
	if s != "" {
		s += "-"
	}
	return s
}

func read(dsn string, yield func(string)) error {
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer admin.Close(ctx)
	const scratch = "trueup_gen_facts"
	if _, err := admin.Exec(ctx, "DROP DATABASE IF EXISTS "+scratch); err != nil {
		return err
	}
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+scratch+" TEMPLATE template0"); err != nil {
		return err
	}
	defer admin.Exec(ctx, "DROP DATABASE "+scratch)
	u, err := url.Parse(dsn)
	if err != nil {
		return err
	}
	u.Path = "/" + scratch
	c, err := pgx.Connect(ctx, u.String())
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	for _, e := range extensions {
		if _, err := c.Exec(ctx, fmt.Sprintf("CREATE EXTENSION %q CASCADE", e)); err != nil && !strings.Contains(err.Error(), "already exists") {
			return err
		}
	}
	for _, q := range queries {
		rows, err := c.Query(ctx, strings.ReplaceAll(q.sql, "EXT", fmt.Sprintf(ext, catalogs[q.tag])))
		if err != nil {
			return fmt.Errorf("%s: %w", q.tag, err)
		}
		var key, value, extension string
		if _, err := pgx.ForEachRow(rows, []any{&key, &value, &extension}, func() error {
			yield(strings.Join([]string{q.tag, extension, key, value}, "\t"))
			return nil
		}); err != nil {
			return fmt.Errorf("%s: %w", q.tag, err)
		}
	}
	return nil
}
