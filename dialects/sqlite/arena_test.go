package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// tb is what the helpers need of a test, be it go test's or rapid's.
type tb interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// database is a real database file of a test.
type database struct {
	t      tb
	path   string
	server dialect.Server
	h      *sql.DB // the application's connections
}

func newDatabase(t testing.TB, scripts ...string) *database {
	t.Helper()
	d := openDatabase(t, filepath.Join(t.TempDir(), "test.db"), scripts...)
	t.Cleanup(func() { d.h.Close() })
	return d
}

func openDatabase(t tb, path string, scripts ...string) *database {
	t.Helper()
	s, err := Dialect{}.Open(context.Background(), "sqlite:"+path, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	d := &database{t, path, s, h}
	for _, script := range scripts {
		if err := d.try(script); err != nil {
			t.Fatalf("%v\n%s", err, script)
		}
	}
	return d
}

// try runs a script as an application would.
func (d *database) try(script string) error {
	_, err := d.h.Exec(script)
	return err
}

// query returns rows as text.
func (d *database) query(query string, args ...any) []string {
	d.t.Helper()
	rows, err := d.h.Query(query, args...)
	if err != nil {
		d.t.Fatalf("%v\n%s", err, query)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		d.t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			d.t.Fatal(err)
		}
		parts := make([]string, len(values))
		for i, v := range values {
			parts[i] = fmt.Sprint(v)
		}
		out = append(out, strings.Join(parts, "|"))
	}
	if err := rows.Err(); err != nil {
		d.t.Fatal(err)
	}
	return out
}

func sources(text string) []parser.Source { return []parser.Source{{Name: "schema.sql", Text: text}} }

func (d *database) plan(desired string, allow func(schema.Object) bool) (*planner.Plan, error) {
	return dialect.Prepare(context.Background(), "sqlite", d.server, sources(desired), dialect.Policy{Allow: allow})
}

func (d *database) apply(desired string, allow func(schema.Object) bool) error {
	_, err := dialect.Apply(context.Background(), "sqlite", d.server, sources(desired), dialect.ApplyOptions{Policy: dialect.Policy{Allow: allow}})
	return err
}

// converge applies a schema and checks that it is there, and that nothing is
// left to do.
func (d *database) converge(desired string) {
	d.t.Helper()
	if err := d.apply(desired, nil); err != nil {
		d.t.Fatalf("apply: %v\nto:\n%s", err, desired)
	}
	p, err := d.plan(desired, nil)
	if err != nil {
		d.t.Fatalf("second plan: %v", err)
	}
	if !p.Empty() {
		d.t.Fatalf("second plan:\n%s", printed(p))
	}
	if r := d.query("PRAGMA integrity_check"); !slices.Equal(r, []string{"ok"}) {
		d.t.Fatalf("integrity_check: %v", r)
	}
}

// printed is a plan as a script.
func printed(p *planner.Plan) string {
	var b strings.Builder
	for _, s := range p.Delta.Skipped {
		fmt.Fprintf(&b, "-- skipped: %s\n", s.Object.ID())
	}
	for _, s := range p.Statements {
		if s.Comment != "" {
			fmt.Fprintf(&b, "-- %s\n", s.Comment)
		}
		fmt.Fprintf(&b, "%s;\n", s.SQL)
	}
	return b.String()
}

// facts describes a schema by the pragmas alone, sharing nothing with the
// dialect: the texts of indexes, views and triggers with space levelled, and of
// tables everything that has a pragma, the order of the columns included.
func (d *database) facts() string {
	d.t.Helper()
	var out []string
	add := func(what string, rows []string) {
		for _, r := range rows {
			out = append(out, what+": "+r)
		}
	}
	add("relation", d.query(`SELECT lower(name), type, ncol, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY 1`))
	for _, r := range d.query(`SELECT type, name, sql FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY 1, 2`) {
		out = append(out, levelled(r))
	}
	for _, t := range d.query(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY lower(name)`) {
		l := strings.ToLower(t)
		add(l+" column", d.query(`SELECT cid, lower(name), lower(replace(type, ' ', '')), "notnull", replace(lower(trim(dflt_value, '()')), ' ', ''), pk, hidden FROM pragma_table_xinfo(?)`, t))
		// a renamed parent column shows up as it was written in the rename
		fks := d.query(`SELECT group_concat(lower("from") || '>' || coalesce(lower("to"), '-')), lower("table"), on_update, on_delete
			FROM (SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq) GROUP BY id`, t)
		slices.Sort(fks)
		add(l+" foreign key", fks)
		keys := d.query(`SELECT origin, "unique", partial, (SELECT group_concat(coalesce(lower(name), '?') || ' ' || "desc" || ' ' || lower(coll)) FROM (SELECT * FROM pragma_index_xinfo(i.name) WHERE key ORDER BY seqno)) FROM pragma_index_list(?) i`, t)
		slices.Sort(keys)
		add(l+" index", keys)
		add(l+" autoincrement", d.query(`SELECT sql LIKE '%autoincrement%', length(sql) - length(replace(lower(sql), 'check', '')), length(sql) - length(replace(lower(sql), 'collate', '')) FROM sqlite_schema WHERE name = ? AND type = 'table'`, t))
	}
	return strings.Join(out, "\n")
}

// levelled takes space, the case of letters and quotes around names out of a
// text, outside of strings. The random views' "Not A Name", which is a string
// for want of such a column, becomes one in single quotes whenever SQLite itself
// rewrites the view for a renamed table.
func levelled(text string) string {
	text = strings.ReplaceAll(text, `"Not A Name"`, `'Not A Name'`)
	var b strings.Builder
	for i, part := range strings.Split(text, "'") {
		if i%2 == 0 {
			part = strings.ToLower(strings.Map(func(r rune) rune {
				if strings.ContainsRune(" \t\n\r\"`[]", r) {
					return -1
				}
				return r
			}, part))
		}
		b.WriteString(part + "'")
	}
	return b.String()
}

// rows is the content of all tables: by table and rowid (or primary key) the
// values by column, each with its type.
func (d *database) rows() map[string]map[string]map[string]string {
	d.t.Helper()
	out := map[string]map[string]map[string]string{}
	for _, t := range d.query(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`) {
		var keys []string
		columns := append([]string{}, d.query(`SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0`, t)...)
		wr := d.query(`SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?`, t)[0] == "1"
		key := "rowid"
		if wr {
			for _, c := range d.query(`SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk`, t) {
				keys = append(keys, "quote("+name(c)+")")
			}
			key = strings.Join(keys, "||','||")
		}
		all := map[string]map[string]string{}
		for _, k := range d.query("SELECT " + key + " FROM " + name(t)) {
			all[k] = map[string]string{}
		}
		for _, c := range columns {
			for _, r := range d.query("SELECT " + key + ", typeof(" + name(c) + ") || ' ' || quote(" + name(c) + ") FROM " + name(t)) {
				k, v, _ := strings.Cut(r, "|")
				if all[k] != nil {
					all[k][strings.ToLower(c)] = v
				}
			}
		}
		out[strings.ToLower(t)] = all
	}
	return out
}

func name(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// lost compares the content before and after a change: every row of a table
// that stayed has to be there, with all values of the columns that stayed.
func lost(before, after map[string]map[string]map[string]string) error {
	var errs []error
	for _, t := range slices.Sorted(maps.Keys(before)) {
		now, stays := after[t]
		if !stays {
			continue
		}
		if len(now) != len(before[t]) {
			errs = append(errs, fmt.Errorf("table %s: %d rows before, %d after", t, len(before[t]), len(now)))
		}
		for _, k := range slices.Sorted(maps.Keys(before[t])) {
			for c, v := range before[t][k] {
				if w, stays := now[k][c]; now[k] == nil || stays && v != w {
					errs = append(errs, fmt.Errorf("table %s, row %s, column %s: %s before, %s after", t, k, c, v, w))
				}
			}
		}
	}
	return errors.Join(errs...)
}
