package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/trueup-sql/trueup/parser/liteparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

// inspect reads the schema "main" of a connection. Both sides of a comparison
// come from here: a live database, and the one in memory that ran the files.
//
// It takes a fixed number of queries. What no pragma tells (checks, names,
// collations, conflict clauses, generated columns) is taken from the texts in
// sqlite_schema; that these were understood is checked against
// pragma_table_xinfo.
func inspect(ctx context.Context, e *engine) (*schema.Catalog, error) {
	r := &reading{engine: e, relations: map[string]schema.ID{}, tables: map[string]*liteparse.TableText{}, catalog: schema.NewCatalog()}
	for _, step := range []func(context.Context) error{r.kinds, r.texts, r.check} {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("reading the schema: %w", err)
		}
	}
	return r.catalog, r.assemble()
}

type entry struct{ typ, name, table, text string }

type reading struct {
	*engine
	catalog *schema.Catalog
	entries []entry
	// kind is what pragma_table_list says of a name in lower case: table, view,
	// virtual, shadow.
	kind map[string]string
	// foreign are the names of virtual tables whose module this build lacks.
	foreign   []string
	relations map[string]schema.ID
	tables    map[string]*liteparse.TableText
}

// kinds reads what sort of relation each name is.
func (r *reading) kinds(ctx context.Context) error {
	r.kind = map[string]string{}
	return r.rows(ctx, "SELECT name, type FROM pragma_table_list WHERE schema = 'main'", func(rows *sql.Rows) error {
		var name, kind string
		err := rows.Scan(&name, &kind)
		r.kind[lite.Fold(name)] = kind
		return err
	})
}

// texts reads sqlite_schema, and sorts out what belongs to SQLite itself or to
// a virtual table.
func (r *reading) texts(ctx context.Context) error {
	modules := map[string]bool{}
	err := r.rows(ctx, "SELECT name FROM pragma_module_list", func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		modules[lite.Fold(name)] = true
		return err
	})
	if err != nil {
		return err
	}
	err = r.rows(ctx, "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid", func(rows *sql.Rows) error {
		var x entry
		if err := rows.Scan(&x.typ, &x.name, &x.table, &x.text); err != nil {
			return err
		}
		if !strings.HasPrefix(lite.Fold(x.name), "sqlite_") {
			r.entries = append(r.entries, x)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, x := range r.entries {
		if r.kind[lite.Fold(x.name)] != "virtual" || x.typ != "table" {
			continue
		}
		v, _, err := liteparse.VirtualTable(x.text)
		if err != nil {
			return fmt.Errorf("virtual table %s: %w", x.name, err)
		}
		if !modules[v.Module] {
			r.foreign = append(r.foreign, v.Self.Name)
			r.catalog.Notes = append(r.catalog.Notes, fmt.Sprintf("%s: this build has no module %s; tables named %s_* are taken for its own", v.Self, v.Module, v.Name))
		}
	}
	return nil
}

// internal tells whether a table is one in which a virtual table keeps its data.
func (r *reading) internal(name string) bool {
	name = lite.Fold(name)
	if r.kind[name] == "shadow" {
		return true
	}
	for _, v := range r.foreign {
		if strings.HasPrefix(name, v+"_") && r.kind[name] == "table" {
			return true
		}
	}
	return false
}

// check takes the tables' texts apart, and compares the columns with what
// SQLite says of them.
func (r *reading) check(ctx context.Context) error {
	for _, x := range r.entries {
		if x.typ != "table" || r.kind[lite.Fold(x.name)] != "table" || r.internal(x.name) {
			continue
		}
		t, err := liteparse.Table(x.text)
		if err != nil {
			return fmt.Errorf("table %s: %w: %s", x.name, err, x.text)
		}
		r.tables[lite.Fold(x.name)] = t
	}
	seen := map[string]int{}
	err := r.rows(ctx, `SELECT m.name, x.name, x.type, x."notnull", x.pk, x.hidden FROM pragma_table_list m, pragma_table_xinfo(m.name) x
		WHERE m.schema = 'main' AND m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY m.name, x.cid`, func(rows *sql.Rows) error {
		var table, name, typ string
		var notNull bool
		var pk, hidden int
		if err := rows.Scan(&table, &name, &typ, &notNull, &pk, &hidden); err != nil {
			return err
		}
		t := r.tables[lite.Fold(table)]
		if t == nil {
			return nil
		}
		i := seen[table]
		seen[table]++
		if i >= len(t.Columns) {
			return fmt.Errorf("table %s: column %s was not understood: %s", table, name, t.Table.SQL)
		}
		c := t.Columns[i]
		inKey := pk > 0 && t.Table.WithoutRowid // implies NOT NULL
		if lite.Fold(c.Name) != lite.Fold(name) || !sameType(c.TypeName, typ) || c.NotNull != notNull && !inKey || c.IsGenerated() != (hidden > 0) {
			return fmt.Errorf("table %s: column %s %s was not understood: %s", table, name, typ, t.Table.SQL)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for name, t := range r.tables {
		if seen[t.Table.Name] != len(t.Columns) {
			return fmt.Errorf("table %s: it has %d columns, not %d: %s", name, seen[t.Table.Name], len(t.Columns), t.Table.SQL)
		}
	}
	return nil
}

// sameType compares a type as it is written with what SQLite reports: of one in
// quotes only what is in them, of any other all of it, comments included.
func sameType(written, reported string) bool {
	ts := liteparse.Code(written)
	if len(ts) > 0 && ts[0].Class != liteparse.Word {
		return ts[0].Name() == reported
	}
	return letters(ts) == letters(liteparse.Code(reported))
}

// letters are the letters and digits of a type, as space does not count.
func letters(ts []liteparse.Token) string {
	var b strings.Builder
	for _, t := range ts {
		b.WriteString(lite.Fold(t.Name()))
	}
	return b.String()
}
