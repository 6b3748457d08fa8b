package mysql

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/go-sql-driver/mysql"
)

// foreignKey is what information_schema knows of one foreign key.
type foreignKey struct {
	name, schema, table, onDelete, onUpdate, match string
	columns                                        []keyColumn
}

type keyColumn struct {
	ordinal          int
	column, referred string
}

// readForeignKeys reads them from InnoDB's own dictionary, if the server has it
// and the user may see it; else from the standard's tables, for each of which
// the server opens every table.
func (r *inspection) readForeignKeys(ctx context.Context, q querier) error {
	if r.innodbForeign && r.lowerCase() != 2 {
		err := r.readInnoDBForeignKeys(ctx, q)
		var refused *mysql.MySQLError
		if !errors.As(err, &refused) || refused.Number != 1227 { // ER_SPECIFIC_ACCESS_DENIED_ERROR: PROCESS is missing
			return err
		}
	}
	return r.readStandardForeignKeys(ctx, q)
}

// Flags in INNODB_SYS_FOREIGN.TYPE; none of a pair is RESTRICT.
var (
	innodbOnDelete = map[int]string{1: "CASCADE", 2: "SET NULL", 16: "NO ACTION"}
	innodbOnUpdate = map[int]string{4: "CASCADE", 8: "SET NULL", 32: "NO ACTION"}
)

// readInnoDBForeignKeys reads INNODB_SYS_FOREIGN, where tables have the names
// of their files (db/t@0020x), and INNODB_SYS_FOREIGN_COLS.
func (r *inspection) readInnoDBForeignKeys(ctx context.Context, q querier) error {
	plain := func(file string) string {
		return "CONVERT(CAST(CAST(" + file + " AS BINARY) AS CHAR CHARACTER SET filename) USING utf8mb4)"
	}
	before := func(name string) string { return plain("SUBSTRING_INDEX(" + name + ", '/', 1)") }
	behind := func(name string) string { return plain("SUBSTRING_INDEX(" + name + ", '/', -1)") }
	byID := map[string]*foreignKey{}
	text := "SELECT ID, SUBSTR(ID, LOCATE('/', ID) + 1), " + behind("FOR_NAME") + ", " + before("REF_NAME") + ", " + behind("REF_NAME") + ", TYPE" +
		" FROM information_schema.INNODB_SYS_FOREIGN WHERE " + before("FOR_NAME") + " = " + r.database
	err := each(ctx, q, text, func(f row) {
		t := r.byName[f[2].String]
		if t == nil {
			return
		}
		n, _ := strconv.Atoi(f[5].String) //nolint:errcheck // the server's own number
		k := &foreignKey{name: f[1].String, schema: f[3].String, table: f[4].String, onDelete: flagged(n, innodbOnDelete), onUpdate: flagged(n, innodbOnUpdate)}
		byID[f[0].String] = k
		t.keys = append(t.keys, k)
	})
	if err != nil || len(byID) == 0 {
		return err
	}
	text = "SELECT ID, POS, FOR_COL_NAME, REF_COL_NAME FROM information_schema.INNODB_SYS_FOREIGN_COLS"
	return each(ctx, q, text, func(f row) {
		if k := byID[f[0].String]; k != nil {
			n, _ := strconv.Atoi(f[1].String) //nolint:errcheck // the server's own number
			k.columns = append(k.columns, keyColumn{n, f[2].String, f[3].String})
		}
	})
}

// flagged is the rule whose flag is set.
func flagged(n int, rules map[int]string) string {
	for flag, rule := range rules { // at most one of them
		if n&flag != 0 {
			return rule
		}
	}
	return "RESTRICT"
}

// readStandardForeignKeys reads KEY_COLUMN_USAGE for the columns and
// REFERENTIAL_CONSTRAINTS for the rules.
func (r *inspection) readStandardForeignKeys(ctx context.Context, q querier) error {
	type key struct{ table, name string }
	rules := map[key][3]string{}
	text := "SELECT TABLE_NAME, CONSTRAINT_NAME, DELETE_RULE, UPDATE_RULE, MATCH_OPTION FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = " + r.database
	err := each(ctx, q, text, func(f row) {
		rules[key{f[0].String, f[1].String}] = [3]string{f[2].String, f[3].String, f[4].String}
	})
	if err != nil || len(rules) == 0 {
		return err
	}
	text = "SELECT TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME" +
		" FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_NAME IS NOT NULL AND TABLE_SCHEMA = " + r.database
	return each(ctx, q, text, func(f row) {
		t := r.byName[f[0].String]
		if t == nil {
			return
		}
		k := t.foreignKey(f[1].String)
		if k == nil {
			rule := rules[key{f[0].String, f[1].String}]
			k = &foreignKey{name: f[1].String, schema: f[4].String, table: f[5].String, onDelete: rule[0], onUpdate: rule[1], match: rule[2]}
			t.keys = append(t.keys, k)
		}
		n, _ := strconv.Atoi(f[2].String) //nolint:errcheck // the server's own number
		k.columns = append(k.columns, keyColumn{n, f[3].String, f[6].String})
	})
}

func (t *relation) foreignKey(name string) *foreignKey {
	for _, k := range t.keys {
		if k.name == name {
			return k
		}
	}
	return nil
}

func (b *bound) foreignKeyLines(t *relation) []string {
	slices.SortFunc(t.keys, func(a, b *foreignKey) int { return strings.Compare(a.name, b.name) })
	out := make([]string, len(t.keys))
	for i, k := range t.keys {
		slices.SortFunc(k.columns, func(a, b keyColumn) int { return a.ordinal - b.ordinal })
		columns, referred := make([]string, len(k.columns)), make([]string, len(k.columns))
		for j, c := range k.columns {
			columns[j], referred[j] = c.column, c.referred
		}
		s := "CONSTRAINT " + quote(k.name) + " FOREIGN KEY (" + quoteAll(columns) + ") REFERENCES " + quote(k.schema) + "." + quote(k.table) + " (" + quoteAll(referred) + ")"
		if k.match == "FULL" || k.match == "PARTIAL" {
			s += " MATCH " + k.match
		}
		if k.onDelete != "" {
			s += " ON DELETE " + k.onDelete
		}
		if k.onUpdate != "" {
			s += " ON UPDATE " + k.onUpdate
		}
		out[i] = s
	}
	return out
}

// check is a row of information_schema.CHECK_CONSTRAINTS.
type check struct {
	name, clause string
	// level is MariaDB's: Column, if it belongs to the column of its name, or Table.
	level       string
	notEnforced bool
}

// ofColumn: before MariaDB 10.5.10, only the name tells.
func (c check) ofColumn(t *relation) bool {
	if c.level != "" {
		return c.level == "Column"
	}
	return t.hasColumn(c.name)
}

// misnamed tells whether a column's check may bear the name that its column had
// before a RENAME COLUMN: CHECK_CONSTRAINTS does not follow one.
func (c check) misnamed(t *relation) bool {
	return c.level == "Column" && (!t.hasColumn(c.name) || !strings.Contains(strings.ToLower(c.clause), strings.ToLower(quote(c.name))))
}

func (t *relation) hasColumn(name string) bool {
	return slices.ContainsFunc(t.columns, func(x column) bool { return strings.EqualFold(x.name, name) })
}

func (r *inspection) readChecks(ctx context.Context, q querier) error {
	if !r.bound.checks {
		return nil
	}
	var text string
	switch {
	case r.checkTable && r.checkLevel:
		text = "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, LEVEL, 'YES' FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = " + r.database
	case r.checkTable:
		text = "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, '', 'YES' FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = " + r.database
	default:
		text = "SELECT t.TABLE_NAME, t.CONSTRAINT_NAME, c.CHECK_CLAUSE, 'Table', t.ENFORCED FROM information_schema.TABLE_CONSTRAINTS t" +
			" JOIN information_schema.CHECK_CONSTRAINTS c ON c.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA AND c.CONSTRAINT_NAME = t.CONSTRAINT_NAME" +
			" WHERE t.CONSTRAINT_TYPE = 'CHECK' AND t.CONSTRAINT_SCHEMA = " + r.database
	}
	return each(ctx, q, text, func(f row) {
		if t := r.byName[f[0].String]; t != nil {
			c := check{name: f[1].String, clause: f[2].String, level: f[3].String, notEnforced: f[4].String == "NO"}
			if !r.checkTable {
				c.clause = unescaped(c.clause)
			}
			t.checks = append(t.checks, c)
		}
	})
}

func (b *bound) checkLines(t *relation) []string {
	var out []string
	for _, c := range t.checks {
		if c.ofColumn(t) {
			continue // in the column's line
		}
		s := "CONSTRAINT " + quote(c.name) + " CHECK (" + c.clause + ")"
		if c.notEnforced {
			s += " NOT ENFORCED"
		}
		out = append(out, s)
	}
	return out
}

// columnCheck is MariaDB's check of a column, "" if there is none.
func (t *relation) columnCheck(column string) string {
	for _, c := range t.checks {
		if c.ofColumn(t) && strings.EqualFold(c.name, column) {
			return c.clause
		}
	}
	return ""
}
