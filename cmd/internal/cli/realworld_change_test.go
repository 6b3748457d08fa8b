package cli_test

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// changes makes n random changes, and returns their statements.
func changes(t *testing.T, r *real, n int) []string {
	h := fnv.New64a()
	h.Write([]byte(r.dialect + r.name))
	rnd := rand.New(rand.NewPCG(h.Sum64(), 20))
	var done []string
	refused := map[string]int{}
	for try := 0; len(done) < n && try < 40*n; try++ {
		statement := r.change(t, rnd, len(done))
		if statement == "" || slices.Contains(done, statement) {
			continue
		}
		ctx := context.Background()
		if _, err := r.db.ExecContext(ctx, statement); err != nil {
			refused[fmt.Sprintf("%.60s", err)]++
			continue
		}
		done = append(done, statement)
	}
	if len(done) < n {
		t.Fatalf("only %d changes: the server refused %v", len(done), refused)
	}
	return done
}

func (r *real) strings(t *testing.T, query string, args ...any) [][]string {
	t.Helper()
	rows, err := r.db.Query(query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	names, _ := rows.Columns()
	var out [][]string
	for rows.Next() {
		row := make([]sql.NullString, len(names))
		into := make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		plain := make([]string, len(names))
		for i := range row {
			plain[i] = row[i].String
		}
		out = append(out, plain)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func (r *real) change(t *testing.T, rnd *rand.Rand, i int) string {
	switch r.dialect {
	case "sqlite":
		return r.changeSQLite(t, rnd, i)
	case "mysql":
		return r.changeMySQL(t, rnd, i)
	}
	return r.changePostgres(t, rnd, i)
}

func pick(rnd *rand.Rand, list [][]string) []string {
	if len(list) == 0 {
		return nil
	}
	return list[rnd.IntN(len(list))]
}

func (r *real) changePostgres(t *testing.T, rnd *rand.Rand, i int) string {
	q := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	const user = ` n.nspname NOT IN ('pg_catalog','information_schema','pg_toast') AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid=c.oid AND x.deptype='e')`
	columns := r.strings(t, `SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid,a.atttypmod), a.attnotnull::text FROM pg_attribute a JOIN pg_class c ON c.oid=a.attrelid
		JOIN pg_namespace n ON n.oid=c.relnamespace WHERE a.attnum>0 AND NOT a.attisdropped AND c.relkind='r' AND NOT c.relispartition AND`+user+` ORDER BY 1,2,a.attnum`)
	c := pick(rnd, columns)
	if c == nil {
		return ""
	}
	table, col, kind := q(c[0])+"."+q(c[1]), q(c[2]), c[3]
	switch rnd.IntN(17) {
	case 0:
		return fmt.Sprintf("ALTER TABLE %s ADD COLUMN zz_new%d %s", table, i, []string{"integer", "text", "numeric(10,2)", "varchar(40)", "boolean NOT NULL DEFAULT true", "timestamptz", "text DEFAULT 'x'"}[rnd.IntN(7)])
	case 1:
		return fmt.Sprintf("ALTER TABLE %s DROP COLUMN %s", table, col)
	case 2:
		switch {
		case strings.HasPrefix(kind, "character varying"):
			return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s TYPE text", table, col)
		case kind == "integer":
			return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s TYPE bigint", table, col)
		case kind == "text":
			return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s TYPE varchar(77)", table, col)
		}
		return ""
	case 3:
		if kind == "integer" || kind == "bigint" {
			return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT 7", table, col)
		}
		if kind == "text" || strings.HasPrefix(kind, "character varying") {
			return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT 'x'", table, col)
		}
		return ""
	case 4:
		return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", table, col)
	case 5:
		if c[4] == "true" {
			return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL", table, col)
		}
		return fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s SET NOT NULL", table, col)
	case 6:
		return fmt.Sprintf("CREATE INDEX zz_index%d ON %s (%s)", i, table, col)
	case 7:
		return fmt.Sprintf("CREATE UNIQUE INDEX zz_index%d ON %s (%s DESC) WHERE %s IS NOT NULL", i, table, col, col)
	case 8:
		if x := pick(rnd, r.strings(t, `SELECT n.nspname, c.relname FROM pg_index i JOIN pg_class c ON c.oid=i.indexrelid JOIN pg_namespace n ON n.oid=c.relnamespace
			WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid=c.oid) AND NOT c.relispartition AND`+user+` ORDER BY 1,2`)); x != nil {
			return fmt.Sprintf("DROP INDEX %s.%s", q(x[0]), q(x[1]))
		}
		return ""
	case 9:
		return fmt.Sprintf("COMMENT ON COLUMN %s.%s IS 'zz comment %d'", table, col, i)
	case 10:
		return fmt.Sprintf("COMMENT ON TABLE %s IS 'zz it''s %d'", table, i)
	case 11:
		return fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT zz_check%d CHECK (%s IS NOT NULL OR 1 > 0)", table, i, col)
	case 12:
		if x := pick(rnd, r.strings(t, `SELECT n.nspname, c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid=k.conrelid JOIN pg_namespace n ON n.oid=c.relnamespace
			WHERE k.contype IN ('c','f','u') AND NOT c.relispartition AND`+user+` ORDER BY 1,2,3`)); x != nil {
			return fmt.Sprintf("ALTER TABLE %s.%s DROP CONSTRAINT %s", q(x[0]), q(x[1]), q(x[2]))
		}
		return ""
	case 13:
		return fmt.Sprintf("CREATE VIEW %s.zz_view%d AS SELECT %s AS x FROM %s", q(c[0]), i, col, table)
	case 14:
		if x := pick(rnd, r.strings(t, `SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid=c.relnamespace WHERE c.relkind='v' AND`+user+` ORDER BY 1,2`)); x != nil {
			return fmt.Sprintf("DROP VIEW %s.%s", q(x[0]), q(x[1]))
		}
		return ""
	case 15:
		return fmt.Sprintf("CREATE TABLE %s.zz_table%d (id bigint PRIMARY KEY, label text NOT NULL DEFAULT 'n')", q(c[0]), i)
	default:
		switch rnd.IntN(3) {
		case 0:
			return fmt.Sprintf("CREATE FUNCTION %s.zz_function%d(a integer) RETURNS integer LANGUAGE sql AS $$ SELECT a + 1 $$", q(c[0]), i)
		case 1:
			return fmt.Sprintf("CREATE TYPE %s.zz_enum%d AS ENUM ('a', 'b')", q(c[0]), i)
		}
		return fmt.Sprintf("DROP TABLE %s", table)
	}
}

func (r *real) changeMySQL(t *testing.T, rnd *rand.Rand, i int) string {
	q := func(s string) string { return "`" + strings.ReplaceAll(s, "`", "``") + "`" }
	columns := r.strings(t, `SELECT c.TABLE_NAME, c.COLUMN_NAME, c.COLUMN_TYPE, c.IS_NULLABLE, c.EXTRA, c.COLUMN_DEFAULT, c.CHARACTER_SET_NAME FROM information_schema.COLUMNS c JOIN information_schema.TABLES t USING (TABLE_SCHEMA, TABLE_NAME)
		WHERE c.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE' ORDER BY 1, c.ORDINAL_POSITION`)
	c := pick(rnd, columns)
	if c == nil {
		return ""
	}
	table, col, kind := q(c[0]), q(c[1]), c[2]
	// MariaDB drops what views need; nobody can describe what is left then.
	viewed := len(r.strings(t, "SELECT 1 FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() AND VIEW_DEFINITION LIKE ?", "%"+table+"%")) > 0
	switch rnd.IntN(16) {
	case 0:
		return fmt.Sprintf("ALTER TABLE %s ADD COLUMN zz_new%d %s", table, i, []string{"int", "varchar(40) DEFAULT 'x'", "decimal(10,2) NOT NULL DEFAULT 0", "text", "datetime"}[rnd.IntN(5)])
	case 1:
		return fmt.Sprintf("ALTER TABLE %s ADD COLUMN zz_new%d int unsigned NOT NULL DEFAULT 1 COMMENT 'n' AFTER %s", table, i, col)
	case 2:
		if viewed {
			return ""
		}
		return fmt.Sprintf("ALTER TABLE %s DROP COLUMN %s", table, col)
	case 3:
		if strings.HasPrefix(kind, "int(") && c[4] == "" {
			return fmt.Sprintf("ALTER TABLE %s MODIFY %s bigint(20) NOT NULL DEFAULT 7", table, col)
		}
		if strings.HasPrefix(kind, "varchar") {
			return fmt.Sprintf("ALTER TABLE %s MODIFY %s varchar(77) NULL", table, col)
		}
		return ""
	case 4:
		if strings.HasPrefix(kind, "int") || strings.HasPrefix(kind, "bigint") || strings.HasPrefix(kind, "tinyint") {
			return fmt.Sprintf("ALTER TABLE %s ALTER %s SET DEFAULT 7", table, col)
		}
		if strings.HasPrefix(kind, "varchar") {
			return fmt.Sprintf("ALTER TABLE %s ALTER %s SET DEFAULT 'x'", table, col)
		}
		return ""
	case 5:
		if c[5] == "" {
			return ""
		}
		return fmt.Sprintf("ALTER TABLE %s ALTER %s DROP DEFAULT", table, col)
	case 6, 7:
		return fmt.Sprintf("CREATE INDEX zz_index%d ON %s (%s)", i, table, col)
	case 8:
		if x := pick(rnd, r.strings(t, `SELECT DISTINCT TABLE_NAME, INDEX_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND INDEX_NAME <> 'PRIMARY' ORDER BY 1, 2`)); x != nil {
			return fmt.Sprintf("DROP INDEX %s ON %s", q(x[1]), q(x[0]))
		}
		return ""
	case 9:
		return fmt.Sprintf("ALTER TABLE %s COMMENT = 'zz it''s %d'", table, i)
	case 10:
		return fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT zz_check%d CHECK (%s IS NOT NULL OR 1 > 0)", table, i, col)
	case 11:
		if x := pick(rnd, r.strings(t, `SELECT TABLE_NAME, CONSTRAINT_NAME FROM information_schema.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA = DATABASE() AND CONSTRAINT_TYPE = 'FOREIGN KEY' ORDER BY 1, 2`)); x != nil {
			return fmt.Sprintf("ALTER TABLE %s DROP FOREIGN KEY %s", q(x[0]), q(x[1]))
		}
		return ""
	case 12:
		return fmt.Sprintf("CREATE VIEW zz_view%d AS SELECT %s AS x FROM %s", i, col, table)
	case 13:
		return fmt.Sprintf("CREATE TABLE zz_table%d (id bigint PRIMARY KEY, label varchar(20) NOT NULL DEFAULT 'n') COMMENT 'n'", i)
	case 14:
		return fmt.Sprintf("CREATE TRIGGER zz_trigger%d BEFORE INSERT ON %s FOR EACH ROW BEGIN SET @x = 1; SET @y = 'n'; END", i, table)
	default:
		if viewed {
			return ""
		}
		return fmt.Sprintf("DROP TABLE %s", table)
	}
}

func (r *real) changeSQLite(t *testing.T, rnd *rand.Rand, i int) string {
	q := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	columns := r.strings(t, `SELECT m.name, x.name FROM sqlite_schema m JOIN pragma_table_info(m.name) x WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND m.name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY 1, x.cid`)
	c := pick(rnd, columns)
	if c == nil {
		return ""
	}
	table, col := q(c[0]), q(c[1])
	switch rnd.IntN(9) {
	case 0, 1:
		return fmt.Sprintf("ALTER TABLE %s ADD COLUMN zz_new%d %s", table, i, []string{"integer", "varchar(40) DEFAULT 'x'", "text NOT NULL DEFAULT 'n'", "integer REFERENCES " + table, "text CHECK (length(1) > 0)"}[rnd.IntN(5)])
	case 2:
		return fmt.Sprintf("ALTER TABLE %s DROP COLUMN %s", table, col)
	case 3:
		return fmt.Sprintf("CREATE INDEX zz_index%d ON %s (%s)", i, table, col)
	case 4:
		return fmt.Sprintf("CREATE UNIQUE INDEX zz_index%d ON %s (%s DESC) WHERE %s IS NOT NULL", i, table, col, col)
	case 5:
		if x := pick(rnd, r.strings(t, `SELECT name FROM sqlite_schema WHERE type IN ('index', 'view') AND sql IS NOT NULL ORDER BY 1`)); x != nil {
			var kind string
			if err := r.db.QueryRow(`SELECT type FROM sqlite_schema WHERE name = ?`, x[0]).Scan(&kind); err != nil {
				t.Fatal(err)
			}
			return fmt.Sprintf("DROP %s %s", kind, q(x[0]))
		}
		return ""
	case 6:
		return fmt.Sprintf("CREATE VIEW zz_view%d AS SELECT %s AS x FROM %s", i, col, table)
	case 7:
		return fmt.Sprintf("CREATE TABLE zz_table%d (id integer PRIMARY KEY, label text NOT NULL DEFAULT 'n', of integer REFERENCES %s)", i, table)
	default:
		return fmt.Sprintf("DROP TABLE %s", table)
	}
}
