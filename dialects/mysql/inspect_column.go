package mysql

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// column is a row of information_schema.COLUMNS.
type column struct {
	ordinal                         int
	name, kind, charset, collation  string
	null                            bool
	defaultValue                    string
	hasDefault                      bool
	extra, generation, comment, srs string
}

func (r *inspection) readColumns(ctx context.Context, q querier) error {
	srs := "NULL"
	if r.srsID != "" {
		srs = r.srsID
	}
	text := "SELECT TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, COLUMN_TYPE, CHARACTER_SET_NAME, COLLATION_NAME, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, GENERATION_EXPRESSION, COLUMN_COMMENT, " +
		srs + " FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = " + r.database
	spatial := false
	err := each(ctx, q, text, func(f row) {
		t := r.byName[f[0].String]
		if t == nil {
			return // a view's or sequence's
		}
		n, _ := strconv.Atoi(f[1].String) //nolint:errcheck // the server's own number
		t.columns = append(t.columns, column{
			ordinal: n, name: f[2].String, kind: f[3].String, charset: f[4].String, collation: f[5].String, null: f[6].String == "YES",
			defaultValue: f[7].String, hasDefault: f[7].Valid, extra: f[8].String, generation: f[9].String, comment: f[10].String, srs: f[11].String,
		})
		spatial = spatial || isSpatial(f[3].String)
	})
	if err != nil {
		return err
	}
	for _, t := range r.relations {
		slices.SortFunc(t.columns, func(a, b column) int { return a.ordinal - b.ordinal })
	}
	if spatial && r.geometryColumns {
		return r.readSpatial(ctx, q)
	}
	return nil
}

func isSpatial(kind string) bool {
	switch kind {
	case "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection", "geomcollection":
		return true
	}
	return false
}

// readSpatial reads the reference systems of MariaDB's spatial columns.
func (r *inspection) readSpatial(ctx context.Context, q querier) error {
	text := "SELECT G_TABLE_NAME, G_GEOMETRY_COLUMN, SRID FROM information_schema.GEOMETRY_COLUMNS WHERE SRID <> 0 AND G_TABLE_SCHEMA = " + r.database
	return each(ctx, q, text, func(f row) {
		if t := r.byName[f[0].String]; t != nil {
			for i := range t.columns {
				if t.columns[i].name == f[1].String {
					t.columns[i].srs = f[2].String
				}
			}
		}
	})
}

func (b *bound) columnLines(t *relation) []string {
	out := make([]string, len(t.columns))
	for i, c := range t.columns {
		out[i] = b.columnDDL(c, t.columnCheck(c.name))
	}
	return out
}

// columnDDL is a column as SHOW CREATE TABLE would have it.
func (b *bound) columnDDL(c column, check string) string {
	var s strings.Builder
	put := func(parts ...string) {
		for _, p := range parts {
			s.WriteString(p)
		}
	}
	put(quote(c.name), " ", c.kind)
	if c.charset != "" && c.collation != "" {
		put(" CHARACTER SET ", c.charset, " COLLATE ", c.collation)
	}
	extra := " " + strings.ToUpper(c.extra) + " "
	if c.generation != "" {
		b.generatedDDL(&s, c, extra)
	} else {
		if c.null {
			put(" NULL")
		} else {
			put(" NOT NULL")
		}
		if strings.Contains(extra, " AUTO_INCREMENT ") {
			put(" AUTO_INCREMENT")
		}
		put(unqualified(b.defaultDDL(c, extra), b.setting(settingDatabase))) // nextval(`db`.`s`)
		if i := strings.Index(extra, " ON UPDATE "); i >= 0 {
			word, _, _ := strings.Cut(extra[i+len(" ON UPDATE "):], " ")
			put(" ON UPDATE ", word)
		}
	}
	if strings.Contains(extra, " INVISIBLE ") {
		put(" INVISIBLE")
	}
	if strings.Contains(extra, " NOT SECONDARY ") {
		put(" NOT SECONDARY")
	}
	if strings.Contains(extra, " WITHOUT SYSTEM VERSIONING ") {
		put(" WITHOUT SYSTEM VERSIONING")
	}
	if c.srs != "" {
		if b.spatialRefSystem {
			put(" REF_SYSTEM_ID=", c.srs)
		} else {
			put(" SRID ", c.srs)
		}
	}
	if check != "" {
		put(" CHECK (", check, ")")
	}
	if c.comment != "" {
		put(" COMMENT ", literal(c.comment))
	}
	return s.String()
}

// generatedDDL: MySQL shows the quotes in an expression with backslashes.
func (b *bound) generatedDDL(s *strings.Builder, c column, extra string) {
	if c.generation == "ROW START" || c.generation == "ROW END" {
		s.WriteString(" GENERATED ALWAYS AS " + c.generation)
		return
	}
	expr := c.generation
	if !b.defaultsAsSQL {
		expr = unescaped(expr)
	}
	s.WriteString(" GENERATED ALWAYS AS (" + expr + ")")
	if strings.Contains(extra, " STORED ") || strings.Contains(extra, " PERSISTENT ") {
		s.WriteString(" STORED")
	} else {
		s.WriteString(" VIRTUAL")
	}
	if !c.null {
		s.WriteString(" NOT NULL")
	}
}

// unescaped undoes what MySQL's information_schema does to expressions: it shows
// them as the inside of a string.
func unescaped(s string) string { return escapes.Replace(s) }

var escapes = strings.NewReplacer(`\\`, `\`, `\'`, `'`, `\n`, "\n", `\r`, "\r", `\0`, "\x00", `\Z`, "\x1a")

// defaultDDL: MariaDB has SQL in COLUMN_DEFAULT. MySQL has a bare value, or an
// expression if EXTRA says DEFAULT_GENERATED.
func (b *bound) defaultDDL(c column, extra string) string {
	switch {
	case !c.hasDefault:
		return ""
	case b.defaultsAsSQL:
		return " DEFAULT " + c.defaultValue
	case strings.HasPrefix(strings.ToUpper(c.defaultValue), "CURRENT_TIMESTAMP") && (strings.HasPrefix(c.kind, "timestamp") || strings.HasPrefix(c.kind, "datetime")):
		return " DEFAULT " + c.defaultValue
	case strings.Contains(extra, " DEFAULT_GENERATED "):
		return " DEFAULT (" + unescaped(c.defaultValue) + ")"
	case strings.HasPrefix(c.kind, "bit") && strings.HasPrefix(c.defaultValue, "b'"):
		return " DEFAULT " + c.defaultValue
	case strings.HasPrefix(c.defaultValue, "0x") && (strings.HasPrefix(c.kind, "binary") || strings.HasPrefix(c.kind, "varbinary")):
		return " DEFAULT " + c.defaultValue
	}
	return " DEFAULT " + literal(c.defaultValue)
}
