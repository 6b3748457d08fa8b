package sqlite

import (
	"strings"

	"github.com/trueup-sql/trueup/parser/liteparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

// form is a table as it is, or as it is to be at some point of a plan.
type form struct {
	table       *lite.Table
	columns     []*lite.Column // in order
	constraints []*lite.Constraint
}

func (f *form) column(name string) *lite.Column {
	for _, c := range f.columns {
		if c.Self.Name == name {
			return c
		}
	}
	return nil
}

// alias is the column that is another name for the rowid, or nil.
func (f *form) alias() *lite.Column {
	if f.table.WithoutRowid {
		return nil
	}
	for _, c := range f.constraints {
		if c.Type == lite.PrimaryKey && len(c.Key) == 1 && !c.NotAlias {
			if col := f.column(c.Key[0].Name); col != nil && col.Type == "integer" {
				return col
			}
		}
	}
	return nil
}

// autoincrement tells whether sqlite_sequence holds a row for the table.
func (f *form) autoincrement() bool {
	for _, c := range f.constraints {
		if c.Autoincrement {
			return true
		}
	}
	return false
}

// rowid is a name under which the rowid can be had; empty if there is none.
func (f *form) rowid() string {
	if f.table.WithoutRowid {
		return ""
	}
	for _, name := range liteparse.RowidNames {
		if f.column(name) == nil {
			return name
		}
	}
	return ""
}

// statement is the CREATE TABLE under a name: in the author's words if they say
// just this, or else put together from the parts.
func (f *form) statement(name string) string {
	if t, err := liteparse.Table(f.table.SQL); err == nil && f.is(t) {
		switch {
		case t.Name.Name() != name:
			return tidy(t.Renamed(name))
		case t.Name.Class == liteparse.Double: // which RENAME puts around every name
			return tidy(f.table.SQL[:t.Name.At] + liteparse.Quote(name) + f.table.SQL[t.Name.End():])
		}
		return tidy(f.table.SQL)
	}
	return f.compose(name)
}

// is tells whether a text defines exactly this form.
func (f *form) is(t *liteparse.TableText) bool {
	if len(t.Columns) != len(f.columns) || len(t.Constraints) != len(f.constraints) ||
		t.Table.Strict != f.table.Strict || t.Table.WithoutRowid != f.table.WithoutRowid {
		return false
	}
	for i, c := range t.Columns {
		if !schema.Equal(c, f.columns[i]) {
			return false
		}
	}
	used := make([]bool, len(f.constraints))
	for _, c := range t.Constraints {
		found := false
		for i, have := range f.constraints {
			if !used[i] && !found && sameConstraint(c, have) {
				used[i], found = true, true
			}
		}
		if !found {
			return false
		}
	}
	return true
}

func (f *form) compose(name string) string {
	var lines []string
	placed := map[*lite.Constraint]bool{}
	for _, col := range f.columns {
		line := columnText(col)
		for _, c := range f.constraints {
			if c.Column == col.Self.Name && !placed[c] {
				placed[c] = true
				line += " " + constraintText(c, true)
			}
		}
		lines = append(lines, line)
	}
	for _, c := range f.constraints {
		if !placed[c] {
			lines = append(lines, constraintText(c, false))
		}
	}
	var options []string
	if f.table.Strict {
		options = append(options, "STRICT")
	}
	if f.table.WithoutRowid {
		options = append(options, "WITHOUT ROWID")
	}
	text := "CREATE TABLE " + liteparse.Quote(name) + " (\n  " + strings.Join(lines, ",\n  ") + "\n)"
	if len(options) > 0 {
		text += " " + strings.Join(options, ", ")
	}
	return text
}

// columnText is a column's definition without constraints of the table.
func columnText(c *lite.Column) string {
	var b strings.Builder
	b.WriteString(liteparse.Quote(c.Name))
	if c.TypeName != "" {
		b.WriteString(" " + c.TypeName)
	}
	if c.Collation != "" {
		b.WriteString(" COLLATE " + liteparse.Quote(c.CollationName))
	}
	if c.NotNull {
		b.WriteString(" NOT NULL" + conflictText(c.NotNullConflict))
	}
	if c.Default.Text != "" {
		b.WriteString(" DEFAULT " + c.Default.Text)
	}
	if c.IsGenerated() {
		b.WriteString(" GENERATED ALWAYS AS (" + c.Generated.Text + ")")
		if c.Stored {
			b.WriteString(" STORED")
		} else {
			b.WriteString(" VIRTUAL")
		}
	}
	return b.String()
}

func conflictText(c string) string {
	if c == "" {
		return ""
	}
	return " ON CONFLICT " + strings.ToUpper(c)
}

// constraintText is a constraint as it stands behind its column, or by itself.
func constraintText(c *lite.Constraint, inline bool) string {
	var b strings.Builder
	if c.Name != "" {
		b.WriteString("CONSTRAINT " + liteparse.Quote(c.Spelling) + " ")
	}
	switch c.Type {
	case lite.Check:
		b.WriteString("CHECK (" + c.Expression.Text + ")" + conflictText(c.OnConflict))
	case lite.ForeignKey:
		if !inline {
			b.WriteString("FOREIGN KEY " + keyText(c) + " ")
		}
		b.WriteString(referencesText(c))
	default:
		b.WriteString(string(c.Type))
		if !inline {
			b.WriteString(" " + keyText(c))
		} else if c.Key[0].Desc {
			b.WriteString(" DESC")
		}
		b.WriteString(conflictText(c.OnConflict))
		if c.Autoincrement && inline {
			b.WriteString(" AUTOINCREMENT")
		}
	}
	return b.String()
}

func keyText(c *lite.Constraint) string {
	parts := make([]string, len(c.Key))
	for i, k := range c.Key {
		parts[i] = liteparse.Quote(k.Spelling)
		if k.Collation != "" {
			parts[i] += " COLLATE " + liteparse.Quote(k.Collation)
		}
		if k.Desc {
			parts[i] += " DESC"
		}
		if c.Autoincrement {
			parts[i] += " AUTOINCREMENT"
		}
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

func referencesText(c *lite.Constraint) string {
	var b strings.Builder
	b.WriteString("REFERENCES " + liteparse.Quote(c.ReferencesName))
	if len(c.ReferencedKey) > 0 {
		names := make([]string, len(c.ReferencedKey))
		for i, n := range c.ReferencedKey {
			names[i] = liteparse.Quote(n)
		}
		b.WriteString(" (" + strings.Join(names, ", ") + ")")
	}
	if c.OnDelete != "" {
		b.WriteString(" ON DELETE " + strings.ToUpper(c.OnDelete))
	}
	if c.OnUpdate != "" {
		b.WriteString(" ON UPDATE " + strings.ToUpper(c.OnUpdate))
	}
	if c.Match != "" {
		b.WriteString(" MATCH " + liteparse.Quote(c.Match))
	}
	if c.Deferred {
		b.WriteString(" DEFERRABLE INITIALLY DEFERRED")
	}
	return b.String()
}

// tidy is a text without the comments that are directives, which say how to get
// to the schema and are no part of it, and without what follows its last token.
func tidy(text string) string {
	var b strings.Builder
	last := 0
	for _, t := range liteparse.Lex(text) {
		if t.Class != liteparse.Comment || !isDirective(liteparse.Inner(t)) {
			continue
		}
		b.WriteString(strings.TrimRight(text[last:t.At], " \t"))
		last = t.End()
	}
	b.WriteString(text[last:])
	return liteparse.Trim(b.String())
}
