package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trueup-sql/trueup/dialects/dialecttest/pairs"
)

// TestRandomPairs takes databases with rows from one random schema to another
// and back again: each time the schema has to be that of a fresh database, no
// row and no value of a column that stays may be lost, and sequences go on
// where they were.
//
// $TRUEUP_PAIRS says how many.
func TestRandomPairs(t *testing.T) {
	pairs.Set(t, 100)
	dir := fastDir(t)
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		a := randomSchema(t, "a")
		b := randomSchema(t, "b")
		n++
		file := func(what string) string { return filepath.Join(dir, fmt.Sprintf("%d%s.db", n, what)) }
		d := openDatabase(t, file("live"), a.text(), a.rows())
		defer os.Remove(d.path)
		defer d.h.Close()
		for _, s := range []*randomized{b, a} {
			rows, sequences := d.rows(), d.sequences()
			text := s.text()
			d.converge(text)
			if err := lost(rows, d.rows()); err != nil {
				t.Fatalf("%v\nfrom:\n%s\nto:\n%s", err, a.text(), text)
			}
			for _, q := range sequences {
				if name, _, _ := strings.Cut(q, "|"); s.autoincrement(name) && !slices.Contains(d.sequences(), q) {
					t.Fatalf("sequence %s before, %v after", q, d.sequences())
				}
			}
			fresh := openDatabase(t, file("fresh"), text)
			got, want := d.facts(), fresh.facts()
			fresh.h.Close()
			os.Remove(fresh.path)
			if got != want {
				t.Fatalf("facts:\n%s\nof a fresh database:\n%s\n%s", got, want, text)
			}
		}
	})
}

// sequences are those of AUTOINCREMENT tables: name and last number.
func (d *database) sequences() []string {
	if len(d.query("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'")) == 0 {
		return nil
	}
	return d.query("SELECT name, seq FROM sqlite_sequence ORDER BY name")
}

// fastDir is a folder in memory, if the machine has one.
func fastDir(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "trueup")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// randomized is a random schema. What a column may hold follows from its name,
// so that rows of one schema satisfy the constraints of any other:
//
//	id       integer, the key
//	n1 n2    integer; t1 t2 text; r1 real: never NULL in a row
//	u1       text, different in each row, maybe unique
//	ref_..   the id of a row of another table, maybe a foreign key
//	g1 g2    generated
type randomized struct {
	tables []*randomTable
	rest   []string // indexes, views, triggers
}

type randomTable struct {
	name                       string
	lines                      []string // the definition
	columns                    []string // plain ones, without the key
	all                        []string // all columns
	withoutRowid, strict, auto bool
	key                        bool // there is a column id
}

var (
	randomTypes = map[byte][]string{'n': {"INT", "INTEGER", "BIGINT", "int"}, 't': {"TEXT", "VARCHAR(20)", "text", "CHAR (9)"}, 'r': {"REAL", "DOUBLE PRECISION", "FLOAT"}, 'u': {"TEXT", "VARCHAR (30)"}}
	randomBase  = map[byte]string{'n': "INT", 't': "TEXT", 'r': "REAL", 'u': "TEXT"}
	randomLike  = map[byte]string{'n': "7", 't': "'it''s'", 'r': "2.5"}
)

func randomSchema(t *rapid.T, label string) *randomized {
	s := &randomized{}
	yes := func(what string) bool { return rapid.IntRange(0, 2).Draw(t, label+what) == 0 }
	for _, name := range []string{"alpha", "Beta", "my table", "order"} {
		if rapid.IntRange(0, 3).Draw(t, label+"has "+name) > 0 {
			s.tables = append(s.tables, &randomTable{name: name})
		}
	}
	for _, x := range s.tables {
		x.define(t, label+x.name, s)
	}
	for _, x := range s.tables {
		q := name(x.name)
		for i, c := range x.all {
			if !yes(x.name + " index on " + c) {
				continue
			}
			term := rapid.SampledFrom([]string{"%s", "%s DESC", "%s COLLATE NOCASE", "lower(%s)", "%s, id"}).Draw(t, label+"term")
			if !x.key && strings.HasSuffix(term, "id") {
				term = "%s"
			}
			unique := ""
			if c == "u1" && term != "%s, id" && yes("unique index") {
				unique = "UNIQUE "
			}
			where := rapid.SampledFrom([]string{"", " WHERE %s IS NOT NULL", " WHERE %s > 'a' OR (%[1]s < 5)"}).Draw(t, label+"where")
			if where != "" {
				where = fmt.Sprintf(where, c)
			}
			s.rest = append(s.rest, fmt.Sprintf("CREATE %sINDEX %s ON %s (%s)%s", unique, name(fmt.Sprintf("ix %s %d", x.name, i%3)+c), q, fmt.Sprintf(term, c), where))
		}
		if yes(x.name + " view") {
			columns := x.all
			if len(columns) > 2 {
				columns = columns[:rapid.IntRange(1, len(columns)).Draw(t, label+"view columns")]
			}
			s.rest = append(s.rest, fmt.Sprintf("CREATE VIEW %s AS SELECT %s, \"Not A Name\" AS lit FROM %s AS x WHERE x.%s IS NOT NULL", name("v "+x.name), strings.Join(columns, ", "), q, columns[0]))
			if yes(x.name + " view on view") {
				s.rest = append(s.rest, fmt.Sprintf("CREATE VIEW %s AS SELECT * FROM %s", name("a "+x.name), name("v "+x.name)))
				s.rest = append(s.rest, fmt.Sprintf("CREATE TRIGGER %s INSTEAD OF DELETE ON %s BEGIN DELETE FROM %s WHERE %s = old.%s; END", name("vt "+x.name), name("a "+x.name), q, columns[0], columns[0]))
			}
		}
		if yes(x.name+" trigger") && len(x.columns) > 0 {
			c := x.columns[rapid.IntRange(0, len(x.columns)-1).Draw(t, label+"trigger column")]
			s.rest = append(s.rest, fmt.Sprintf("CREATE TRIGGER %s AFTER UPDATE OF %s ON %s WHEN new.%[2]s <> CASE WHEN 1 THEN old.%[2]s END BEGIN UPDATE %[3]s SET %[2]s = new.%[2]s WHERE 0; END", name("tr "+x.name), c, q))
		}
	}
	return s
}

// keyless is the one table that never has a key of its own, only rowids.
const keyless = "my table"

func (x *randomTable) define(t *rapid.T, label string, s *randomized) {
	yes := func(what string) bool { return rapid.IntRange(0, 2).Draw(t, label+what) == 0 }
	x.key = x.name != keyless
	x.strict, x.withoutRowid = yes("strict"), x.key && yes("without rowid")
	if x.key {
		switch {
		case x.withoutRowid:
			x.lines = append(x.lines, rapid.SampledFrom([]string{"id INT PRIMARY KEY NOT NULL", "id INTEGER PRIMARY KEY", "id INT NOT NULL PRIMARY KEY DESC"}).Draw(t, label+"id"))
		default:
			line := rapid.SampledFrom([]string{"id INTEGER PRIMARY KEY", "id INTEGER PRIMARY KEY AUTOINCREMENT", "id INTEGER CONSTRAINT pk PRIMARY KEY"}).Draw(t, label+"id")
			x.auto = strings.Contains(line, "AUTO")
			x.lines = append(x.lines, line)
		}
		x.all = append(x.all, "id")
	}
	var lines, table []string
	for _, c := range []string{"n1", "n2", "t1", "t2", "r1", "u1"} {
		if rapid.IntRange(0, 3).Draw(t, label+"has "+c) == 0 {
			continue
		}
		x.columns = append(x.columns, c)
		line := c + " " + randomBase[c[0]]
		if !x.strict {
			line = c + " " + rapid.SampledFrom(randomTypes[c[0]]).Draw(t, label+"type")
		}
		if c == "u1" {
			if yes("unique") {
				line += " UNIQUE"
			}
		} else {
			if yes("default") {
				line += " DEFAULT " + randomLike[c[0]]
				if yes("not null") {
					line += " NOT NULL"
				}
			} else if yes("default expression") {
				line += " DEFAULT (" + randomLike[c[0]] + " || '')"
				if c[0] != 't' {
					line = strings.Replace(line, "|| ''", "+ 0", 1)
				}
			}
		}
		if c[0] == 't' && yes("collate") {
			line += " COLLATE NOCASE"
		}
		if yes("check") {
			line += fmt.Sprintf(" CHECK (%s IS NULL OR length(%[1]s) < 100)", c)
		}
		lines = append(lines, line)
		if yes("table check") {
			table = append(table, fmt.Sprintf("CONSTRAINT \"c %s\" CHECK (%[1]s <> 'never')", c))
		}
	}
	if len(x.columns) == 0 {
		x.columns, lines = []string{"n1"}, []string{"n1 INT"}
	}
	x.reference(t, label, s, &lines, &table)
	x.all = append(x.all, x.columns...)
	for _, g := range []string{"g1", "g2"} {
		if yes("has " + g) {
			of := x.columns[rapid.IntRange(0, len(x.columns)-1).Draw(t, label+"generated from")]
			lines = append(lines, g+" TEXT AS ("+of+" || '!') "+rapid.SampledFrom([]string{"", "STORED", "VIRTUAL"}).Draw(t, label+"stored"))
			x.all = append(x.all, g)
		}
	}
	lines = rapid.Permutation(lines).Draw(t, label+"order")
	x.lines = append(append(x.lines, lines...), table...)
}

// reference adds a foreign key to some table that has a key.
func (x *randomTable) reference(t *rapid.T, label string, s *randomized, lines, table *[]string) {
	target := s.tables[rapid.IntRange(0, len(s.tables)-1).Draw(t, label+"references")]
	if target.name == keyless {
		return
	}
	column := "ref_" + strings.ReplaceAll(strings.ToLower(target.name), " ", "_")
	switch rapid.IntRange(0, 3).Draw(t, label+"foreign key") {
	case 0:
		*lines = append(*lines, fmt.Sprintf("%s INT REFERENCES %s (id) ON DELETE CASCADE", column, name(target.name)))
	case 1:
		*lines = append(*lines, column+" INT")
		*table = append(*table, fmt.Sprintf("FOREIGN KEY (%s) REFERENCES %s DEFERRABLE INITIALLY DEFERRED", column, name(target.name)))
	case 2:
		*lines = append(*lines, column+" INT")
	default:
		return
	}
	x.columns = append(x.columns, column)
}

func (s *randomized) autoincrement(table string) bool {
	return slices.ContainsFunc(s.tables, func(x *randomTable) bool { return x.auto && x.name == table })
}

// text is the schema as a script.
func (s *randomized) text() string {
	var b strings.Builder
	for _, x := range s.tables {
		options := ""
		switch {
		case x.strict && x.withoutRowid:
			options = " STRICT, WITHOUT ROWID"
		case x.strict:
			options = " STRICT"
		case x.withoutRowid:
			options = " WITHOUT ROWID"
		}
		fmt.Fprintf(&b, "CREATE TABLE %s (\n  %s\n)%s;\n", name(x.name), strings.Join(x.lines, ",\n  "), options)
	}
	for _, r := range s.rest {
		b.WriteString(r + ";\n")
	}
	return b.String()
}

// rows fills the tables.
func (s *randomized) rows() string {
	var b strings.Builder
	for _, x := range s.tables {
		for i := 1; i <= 4; i++ {
			var columns, values []string
			if x.key {
				columns, values = append(columns, "id"), append(values, fmt.Sprint(i*i))
			} else {
				columns, values = append(columns, "rowid"), append(values, fmt.Sprint(i*i-5))
			}
			for _, c := range x.columns {
				v := map[byte]string{'n': fmt.Sprint(i % 3), 't': fmt.Sprintf("'Text %d'", i%2), 'u': fmt.Sprintf("'unique %d'", i)}[c[0]]
				if c == "r1" {
					v = fmt.Sprintf("%d.5", i)
				}
				if strings.HasPrefix(c, "ref_") {
					v = "1"
				}
				columns, values = append(columns, c), append(values, v)
			}
			fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES (%s);\n", name(x.name), strings.Join(columns, ", "), strings.Join(values, ", "))
		}
		if x.auto {
			fmt.Fprintf(&b, "DELETE FROM %s WHERE id > 4;\n", name(x.name))
		}
	}
	return b.String()
}
