package sqlite

import (
	"context"
	"database/sql"
	"strings"

	"github.com/trueup-sql/trueup/parser/liteparse"
	"github.com/trueup-sql/trueup/schema/lite"
)

// shadow tells whether a statement creates what may be a virtual table's own
// table, as .schema prints them.
func (d *desired) shadow(s *statement) bool {
	if s.verb != create || s.kind != lite.KindTable {
		return false
	}
	for i := range len(s.name) {
		if s.name[i] == '_' && d.virtual[s.name[:i]] != nil {
			return true
		}
	}
	return false
}

// shadowed skips such a statement if the virtual table has made that table, or
// could have if its module were here, and runs it otherwise.
func (d *desired) shadowed(ctx context.Context, s *statement) error {
	for name := range d.virtual {
		if d.defined[string(lite.KindVirtualTable)+" "+name] == nil {
			return errLater
		}
	}
	found := false
	err := d.rows(ctx, "SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow' AND lower(name) = ?", func(*sql.Rows) error {
		found = true
		return nil
	}, s.name)
	if found || err != nil {
		return err
	}
	for name, v := range d.virtual {
		if strings.HasPrefix(s.name, name+"_") {
			if known, err := d.module(ctx, v); !known || err != nil {
				return err
			}
		}
	}
	return d.engine.exec(ctx, s.Text)
}

// module tells whether the engine has the module of a virtual table.
func (d *desired) module(ctx context.Context, s *statement) (known bool, err error) {
	v, _, err := liteparse.VirtualTable(s.Text)
	if err != nil {
		return false, err
	}
	err = d.rows(ctx, "SELECT 1 FROM pragma_module_list WHERE lower(name) = ?", func(*sql.Rows) error {
		known = true
		return nil
	}, v.Module)
	return known, err
}

// foreign enters a virtual table whose module is not here into the schema as it
// is, so that it can be compared.
func (d *desired) foreign(ctx context.Context, s *statement) (bool, error) {
	if known, err := d.module(ctx, s); known || err != nil {
		return false, err
	}
	v, name, err := liteparse.VirtualTable(s.Text)
	if err != nil {
		return false, err
	}
	text := "CREATE VIRTUAL TABLE " + s.Text[name.At:]
	if err := d.engine.exec(ctx, "PRAGMA writable_schema = ON"); err != nil {
		return true, err
	}
	err = d.engine.exec(ctx, "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('table', ?1, ?1, 0, ?2)", v.Name, text)
	if err != nil {
		return true, err
	}
	return true, d.engine.exec(ctx, "PRAGMA writable_schema = RESET")
}
