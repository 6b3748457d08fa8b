package mysql_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/dialecttest"
	"github.com/trueup-sql/trueup/dialects/dialecttest/pairs"
	"github.com/trueup-sql/trueup/dialects/mysql"
	"github.com/trueup-sql/trueup/parser"
)

// TestRandomPairs goes from one random schema to another and back on a real
// server. After each way, the server has to show what it shows of a database
// that its own client made from the same text, and nothing is left to plan.
// $TRUEUP_PAIRS says how many pairs; 1,000 take some minutes.
func TestRandomPairs(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a server")
	}
	pairs.Set(t, 40)
	working, fresh := dialecttest.MariaDB(t), dialecttest.MariaDB(t)
	rapid.Check(t, func(rt *rapid.T) {
		playPair(t, rt, working, fresh, randomSchema(rt), randomSchema(rt))
	})
}

// playPair fails the run if anything does not go well.
func playPair(t *testing.T, rt *rapid.T, working, fresh, a, b string) {
	ctx := context.Background()
	empty(t, working)
	if err := client(ctx, working, a); err != nil {
		rt.Fatalf("the generator made what the server does not take: %v\n%s", err, a)
	}
	for _, way := range [][2]string{{a, b}, {b, a}} {
		from, to := way[0], way[1]
		if err := applyText(ctx, working, to); err != nil {
			rt.Fatalf("%v\n-- from\n%s\n-- to\n%s", err, from, to)
		}
		empty(t, fresh)
		if err := client(ctx, fresh, to); err != nil {
			rt.Fatalf("the generator made what the server does not take: %v\n%s", err, to)
		}
		if diff := cmp.Diff(shown(t, fresh), shown(t, working)); diff != "" {
			rt.Fatalf("(-fresh +migrated)\n%s\n-- from\n%s\n-- to\n%s", diff, from, to)
		}
	}
}

func applyText(ctx context.Context, target, text string) error {
	s, err := mysql.Dialect{}.Open(ctx, target, dialect.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	_, err = dialect.Apply(ctx, "mysql", s, []parser.Source{{Name: "desired.sql", Text: text}}, dialect.ApplyOptions{})
	return err
}

func open(t testing.TB, target string) *sql.DB {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("mysql", fmt.Sprintf("%s@tcp(%s)%s?multiStatements=true", u.User.Username(), u.Host, u.Path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// empty drops everything in a database.
func empty(t *testing.T, target string) {
	t.Helper()
	db := open(t, target)
	defer db.Close()
	name := target[strings.LastIndexByte(target, '/')+1:]
	if _, err := db.Exec("DROP DATABASE " + name + "; CREATE DATABASE " + name + " CHARACTER SET utf8mb4"); err != nil {
		t.Fatal(err)
	}
}

var keyLine = regexp.MustCompile(`^ +(KEY|UNIQUE KEY|FULLTEXT KEY|CONSTRAINT) `)

// constraintName: what the author left unnamed keeps the name that it has.
var constraintName = regexp.MustCompile("CONSTRAINT `[^`]*` (CHECK|FOREIGN KEY)")

// shown is what the server shows of each table and view; the order of keys and
// the names of checks and foreign keys do not count.
func shown(t *testing.T, target string) map[string]string {
	t.Helper()
	db := open(t, target)
	defer db.Close()
	out := map[string]string{}
	for _, name := range column(t, db, "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()", 0) {
		text := column(t, db, "SHOW CREATE TABLE `"+name+"`", 1)[0]
		lines := strings.Split(text, "\n")
		var keys []string
		lines = slices.DeleteFunc(lines, func(l string) bool {
			is := keyLine.MatchString(l)
			if is {
				keys = append(keys, constraintName.ReplaceAllString(strings.TrimSuffix(l, ","), "$1"))
			}
			return is
		})
		slices.Sort(keys)
		for i := range lines {
			lines[i] = regexp.MustCompile(` AUTO_INCREMENT=\d+`).ReplaceAllString(strings.TrimSuffix(lines[i], ","), "")
		}
		out[name] = strings.Join(append(lines, keys...), "\n")
	}
	for _, name := range column(t, db, "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER", 0) {
		text := column(t, db, "SHOW CREATE TRIGGER `"+name+"`", 2)[0] // it is kept as it was typed
		out["triggers"] += name + ": " + strings.Join(strings.Fields(strings.ReplaceAll(text, "`", "")), " ") + "\n"
	}
	return out
}

// column is one column of a result, as text.
func column(t *testing.T, db *sql.DB, query string, n int) []string {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		values := make([]sql.NullString, len(names))
		fields := make([]any, len(names))
		for i := range values {
			fields[i] = &values[i]
		}
		if err := rows.Scan(fields...); err != nil {
			t.Fatal(err)
		}
		out = append(out, values[n].String)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// generator makes a schema that the server takes.
type generator struct {
	*rapid.T
	b      strings.Builder
	tables []*randomTable
}

type randomTable struct {
	name    string
	columns []randomColumn
	unique  []string // integer columns that foreign keys can refer to
	parted  bool
}

type randomColumn struct {
	name, kind string // "int", "text", "date", "other", "generated"
}

func randomSchema(rt *rapid.T) string {
	g := &generator{T: rt}
	for _, name := range []string{"a", "b", "c", "d"} {
		if g.IntN(4) > 0 {
			g.table(name)
		}
	}
	for _, t := range g.tables {
		g.trigger(t)
	}
	g.view()
	g.others()
	return g.b.String()
}

// IntN is a number from 0 to n-1.
func (g *generator) IntN(n int) int { return rapid.IntRange(0, n-1).Draw(g.T, "n") }

func (g *generator) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g *generator) table(name string) {
	t := &randomTable{name: name, parted: g.chance(15)}
	var lines []string
	key := g.pick("INT NOT NULL", "INT UNSIGNED NOT NULL", "BIGINT NOT NULL") + g.pick("", " AUTO_INCREMENT", " COMMENT 'the key'")
	lines = append(lines, "id "+key)
	columns := rapid.Permutation([]string{"c1", "c2", "c3", "c4", "c5", "c6"}).Draw(g.T, "columns")
	for _, c := range columns[:1+g.IntN(len(columns)-1)] {
		lines = append(lines, g.column(t, c))
	}
	if g.chance(30) {
		lines = append(lines, g.generated(t)...)
	}
	lines = append(lines, "PRIMARY KEY (id)")
	if strings.HasPrefix(key, "INT NOT") {
		t.unique = append(t.unique, "id")
	}
	lines = append(lines, g.keys(t)...)
	if !t.parted {
		lines = append(lines, g.foreignKeys(t)...)
	}
	lines = append(lines, g.checks(t)...)
	fmt.Fprintf(&g.b, "CREATE TABLE %s (\n  %s\n)%s%s;\n", name, strings.Join(lines, ",\n  "), g.options(), g.partitions(t))
	g.tables = append(g.tables, t)
}

func (g *generator) column(t *randomTable, name string) string {
	null := g.pick("", " NOT NULL", " NULL")
	comment := g.pick("", "", "", " COMMENT 'it''s; a \"comment\"'")
	switch g.IntN(6) {
	case 0, 1:
		t.columns = append(t.columns, randomColumn{name, "int"})
		return name + " " + g.pick("INT", "INTEGER(5)", "BIGINT UNSIGNED", "SMALLINT", "TINYINT(1)", "BOOLEAN") + null + g.pick("", " DEFAULT 1", " DEFAULT '0'", " DEFAULT (1 + 1)") + comment
	case 2:
		kind, of := "text", g.pick("VARCHAR(20)", "VARCHAR(50)", "CHAR(3)", "ENUM('x','y','z')", "ENUM('z','x')", "VARCHAR(20) CHARACTER SET latin1", "VARCHAR(20) COLLATE utf8mb4_bin", "VARCHAR(20) INVISIBLE")
		if strings.HasPrefix(of, "ENUM") {
			kind = "enum"
		}
		if strings.HasSuffix(of, "INVISIBLE") {
			null = "" // it would need a default
		}
		t.columns = append(t.columns, randomColumn{name, kind})
		return name + " " + of + null +
			g.pick("", " DEFAULT 'x'", " DEFAULT ('x')") + comment
	case 3:
		t.columns = append(t.columns, randomColumn{name, "date"})
		return name + " " + g.pick("DATETIME", "TIMESTAMP", "DATETIME(3)") + g.pick(" NULL", " NULL", " NOT NULL DEFAULT '2020-01-01 00:00:00'") + comment
	case 4:
		t.columns = append(t.columns, randomColumn{name, "other"})
		return name + " " + g.pick("TEXT", "JSON", "LONGBLOB", "DECIMAL(10,2)", "DOUBLE", "UUID", "BIT(4)", "YEAR", "SET('m','n')") + null + comment
	}
	t.columns = append(t.columns, randomColumn{name, "date"})
	return name + g.pick(" DATETIME DEFAULT CURRENT_TIMESTAMP", " TIMESTAMP NOT NULL DEFAULT now() ON UPDATE current_timestamp()", " DATETIME(3) DEFAULT NOW(3)") + comment
}

func (g *generator) generated(t *randomTable) []string {
	var out []string
	for _, c := range t.columns {
		if c.kind == "int" {
			t.columns = append(t.columns, randomColumn{"g1", "generated"})
			out = append(out, fmt.Sprintf("g1 BIGINT AS (%s + %d) %s", c.name, g.IntN(2), g.pick("VIRTUAL", "STORED")))
			if g.chance(40) {
				t.columns = append(t.columns, randomColumn{"g2", "generated"})
				out = append(out, "g2 BIGINT AS (g1 * 2) VIRTUAL")
			}
			return out
		}
	}
	return nil
}

func (g *generator) keys(t *randomTable) []string {
	var out []string
	for i, c := range t.columns {
		if !g.chance(40) || c.kind == "other" {
			continue
		}
		name := g.pick("", fmt.Sprintf("k%d", i), fmt.Sprintf("k%d", i))
		kind := g.pick("KEY", "KEY", "UNIQUE KEY")
		if t.parted {
			kind = "KEY"
		}
		second := g.pick("", ", id", ", id DESC")
		if c.kind == "text" && g.chance(30) {
			second = "(2)" + second
		}
		out = append(out, fmt.Sprintf("%s %s (%s%s)", kind, name, c.name, second))
	}
	return out
}

func (g *generator) foreignKeys(t *randomTable) []string {
	var out []string
	for _, other := range append(g.tables, t) {
		if other.parted || len(other.unique) == 0 || !g.chance(40) {
			continue
		}
		name := g.pick("", "CONSTRAINT "+t.name+"_"+other.name+" ")
		column := "r_" + other.name
		out = append([]string{column + " INT" + g.pick("", " COMMENT 'refers'")}, out...)
		out = append(out, fmt.Sprintf("%sFOREIGN KEY (%s) REFERENCES %s (id)%s", name, column, other.name, g.pick("", " ON DELETE CASCADE", " ON DELETE SET NULL ON UPDATE NO ACTION", " ON DELETE RESTRICT")))
	}
	return out
}

func (g *generator) checks(t *randomTable) []string {
	for _, c := range t.columns {
		if c.kind == "int" && g.chance(40) {
			return []string{g.pick("", "CONSTRAINT positive ") + "CHECK (" + fmt.Sprintf(g.pick("%s > 0", "%s IN (1, 2, 3)", "NOT (%s = 5)", "%s BETWEEN 1 AND 10"), c.name) + ")"}
		}
	}
	return nil
}

func (g *generator) options() string {
	return g.pick("", "", "", " COMMENT='table; it''s'", " DEFAULT CHARSET=latin1", " COLLATE=utf8mb4_unicode_ci", " ROW_FORMAT=DYNAMIC", " ENGINE=InnoDB STATS_PERSISTENT=0")
}

func (g *generator) partitions(t *randomTable) string {
	if !t.parted {
		return ""
	}
	switch g.IntN(4) {
	case 3:
		return " PARTITION BY LIST (id) (" + g.pick("PARTITION x VALUES IN (1,2)", "PARTITION x VALUES IN (1), PARTITION y VALUES IN (2, 3)", "PARTITION y VALUES IN (3), PARTITION x VALUES IN (1)") + g.pick("", ", PARTITION d DEFAULT") + ")"
	case 0:
		return fmt.Sprintf(" PARTITION BY HASH (id) PARTITIONS %d", 2+g.IntN(4))
	case 1:
		return fmt.Sprintf(" PARTITION BY KEY (id) PARTITIONS %d", 2+g.IntN(3))
	}
	var parts []string
	for i := range 4 {
		if g.chance(60) {
			parts = append(parts, fmt.Sprintf("PARTITION p%d VALUES LESS THAN (%d)", i, 10*(i+1)))
		}
	}
	if len(parts) == 0 || g.chance(50) {
		parts = append(parts, "PARTITION pm VALUES LESS THAN MAXVALUE")
	}
	return " PARTITION BY RANGE (id) (" + strings.Join(parts, ", ") + ")"
}

func (g *generator) trigger(t *randomTable) {
	for _, n := range []string{"x", "y", "z"} {
		if g.chance(15) {
			fmt.Fprintf(&g.b, "CREATE TRIGGER %s_%s %s ON %s FOR EACH ROW SET @v = %d;\n", t.name, n, g.pick("BEFORE INSERT", "BEFORE INSERT", "AFTER DELETE"), t.name, g.IntN(2))
		}
	}
}

// others are a sequence, a routine, and an event.
func (g *generator) others() {
	if g.chance(20) {
		g.b.WriteString("CREATE SEQUENCE s" + g.pick("", " START 5", " INCREMENT 2 CYCLE", " MAXVALUE 1000 NOCACHE") + ";\n")
	}
	if g.chance(20) {
		fmt.Fprintf(&g.b, "CREATE FUNCTION f (x %s) RETURNS %s %s RETURN x + %d;\n", g.pick("int", "bigint"), g.pick("int", "varchar(20)"), g.pick("DETERMINISTIC", "NO SQL", "DETERMINISTIC COMMENT 'c'"), g.IntN(2))
	}
	if g.chance(20) {
		fmt.Fprintf(&g.b, "CREATE EVENT e ON SCHEDULE EVERY %d DAY STARTS '2030-01-01 00:00:00' %s DO SET @x = %d;\n", 1+g.IntN(2), g.pick("", "DISABLE", "ON COMPLETION PRESERVE"), g.IntN(2))
	}
}

func (g *generator) view() {
	for i, t := range g.tables {
		if g.chance(30) {
			list := "id"
			for _, c := range t.columns {
				if g.chance(50) {
					list += ", " + c.name
				}
			}
			fmt.Fprintf(&g.b, "CREATE VIEW v%d AS SELECT %s FROM %s WHERE id > %d;\n", i, g.pick(list, list, "*"), t.name, g.IntN(2))
		}
	}
}
