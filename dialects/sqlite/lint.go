package sqlite

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser/liteparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lint"
	"github.com/trueup-sql/trueup/schema/lite"
)

var _ dialect.Linter = (*bound)(nil)

// Facts tells package lint what a catalog holds.
func (b *bound) Facts(c *schema.Catalog) *lint.Facts {
	f := &lint.Facts{Dialect: "SQLite"}
	tables := map[schema.ID]*lint.Table{}
	options := map[schema.ID]*lite.Table{}
	for t := range schema.Each[*lite.Table](c) {
		x := &lint.Table{ID: t.Self, Name: t.Name}
		tables[x.ID], options[x.ID] = x, t
		f.Tables = append(f.Tables, x)
	}
	for o := range c.All() {
		switch o := o.(type) {
		case *lite.Column:
			if t := tables[o.Owner()]; t != nil {
				t.Columns = append(t.Columns, lintColumn(o, options[t.ID]))
			}
		case *lite.Index:
			if t := tables[o.Table]; t != nil {
				t.Indexes = append(t.Indexes, lintIndex(o, t))
			}
		case *lite.Constraint:
			if t := tables[o.Owner()]; t != nil {
				lintConstraint(c, t, o)
			}
		}
		if reason, ok := c.Broken[o.ID()]; ok && o.ID().Kind == lite.KindView { // of foreign keys more can be said
			f.Broken = append(f.Broken, lint.Broken{ID: o.ID(), Reason: reason})
		}
		f.Names = append(f.Names, lintNames(o)...)
	}
	for _, t := range f.Tables {
		lintRowid(t, options[t.ID])
		lintParents(t, tables)
	}
	return f
}

// column finds a column by its folded name, plain or generated.
func column(t *lint.Table, name string) *lint.Column {
	for _, c := range t.Columns {
		if c.ID.Name == name {
			return c
		}
	}
	return nil
}

func ids(t *lint.Table, names []string) (out []schema.ID) {
	for _, name := range names {
		if c := column(t, name); c != nil {
			out = append(out, c.ID)
		}
	}
	return out
}

// numericNames are the declared types that are meant to be of NUMERIC affinity.
var numericNames = []string{"", "numeric", "decimal", "number", "boolean", "bool", "date", "datetime", "timestamp", "time", "any"}

func lintColumn(o *lite.Column, t *lite.Table) *lint.Column {
	c := &lint.Column{ID: o.Self, Name: o.Name, Type: o.TypeName, Nullable: !o.NotNull && !t.WithoutRowid && !t.Strict}
	if c.Type == "" {
		c.Type = "untyped"
	}
	c.Match = affinity(o.Type)
	word, _, _ := strings.Cut(o.Type, "(")
	word = strings.TrimSpace(word)
	switch {
	case t.Strict:
	case c.Match == "numeric" && !slices.Contains(numericNames, strings.ToLower(word)):
		c.Concern = lint.Advice{Severity: lint.Warning, Reason: "SQLite does not know the type, and turns text that looks like a number into one", Instead: "TEXT, or NUMERIC if numbers are meant"}
	case c.Match == "integer" && !strings.Contains(strings.ReplaceAll(word, "point", ""), "int"):
		c.Concern = lint.Advice{Severity: lint.Warning, Reason: `SQLite takes it for an integer type, for the letters "int" in it`, Instead: "REAL, TEXT or INTEGER, as is meant"}
	}
	return c
}

// affinity is how SQLite understands a declared type, in lower case.
func affinity(declared string) string {
	has := func(s string) bool { return strings.Contains(declared, s) }
	switch {
	case has("int"):
		return "integer"
	case has("char"), has("clob"), has("text"):
		return "text"
	case has("blob"), declared == "":
		return "blob"
	case has("real"), has("floa"), has("doub"):
		return "real"
	}
	return "numeric"
}

func lintIndex(o *lite.Index, t *lint.Table) *lint.Index {
	x := &lint.Index{ID: o.Self, Name: o.Name, Unique: o.Unique, Ordered: true, Where: o.Where.Canon}
	for _, term := range o.Terms {
		k := lint.Key{Text: term.Canon}
		for _, c := range t.Columns {
			if term.Canon == liteparse.Quote(c.ID.Name) {
				k.Column = c.ID
			}
		}
		x.Keys = append(x.Keys, k)
	}
	return x
}

func lintConstraint(c *schema.Catalog, t *lint.Table, o *lite.Constraint) {
	var names []string
	for _, k := range o.Key {
		names = append(names, k.Name)
	}
	switch o.Type {
	case lite.PrimaryKey, lite.Unique:
		x := &lint.Index{ID: o.Self, Name: o.Name, Primary: o.Type == lite.PrimaryKey, Unique: true, Constraint: true, Ordered: true}
		for _, k := range o.Key {
			text := liteparse.Quote(k.Name)
			if k.Collation != "" {
				text += " collate " + k.Collation
			}
			if k.Desc {
				text += " desc"
			}
			key := lint.Key{Text: text}
			if c := column(t, k.Name); c != nil {
				key.Column = c.ID
			}
			x.Keys = append(x.Keys, key)
		}
		t.Indexes = append(t.Indexes, x)
	case lite.ForeignKey:
		k := &lint.ForeignKey{ID: o.Self, Name: o.Name, Columns: ids(t, names), RefTable: o.References}
		switch c.Object(o.References).(type) {
		case *lite.Table:
			for _, name := range o.ReferencedKey { // their kind is found later
				k.RefColumns = append(k.RefColumns, lite.Part(lite.KindColumn, o.References, name))
			}
		default:
			k.Broken = "there is no table " + o.ReferencesName
		}
		t.ForeignKeys = append(t.ForeignKeys, k)
	}
}

// lintRowid: a lone INTEGER PRIMARY KEY is the rowid, which is never null.
func lintRowid(t *lint.Table, o *lite.Table) {
	k := t.PrimaryKey()
	if k == nil || len(k.Keys) != 1 || o.WithoutRowid {
		return
	}
	if c := t.Column(k.Keys[0].Column); c != nil && strings.EqualFold(c.Type, "integer") {
		c.Nullable = false
	}
}

// lintParents completes the foreign keys of a table: to which columns they
// refer, and whether these are a key there.
func lintParents(t *lint.Table, tables map[schema.ID]*lint.Table) {
	for _, k := range t.ForeignKeys {
		parent := tables[k.RefTable]
		if parent == nil {
			continue
		}
		if len(k.RefColumns) == 0 {
			if pk := parent.PrimaryKey(); pk != nil {
				for _, key := range pk.Keys {
					k.RefColumns = append(k.RefColumns, key.Column)
				}
			}
		}
		for i, id := range k.RefColumns {
			c := column(parent, id.Name)
			if c == nil {
				k.Broken = "there is no column " + id.Name + " in " + parent.Name
				break
			}
			k.RefColumns[i] = c.ID
		}
		if k.Broken == "" && !slices.ContainsFunc(parent.Indexes, func(x *lint.Index) bool { return isKey(x, k.RefColumns) }) {
			k.Broken = "the columns that it refers to are no primary key and not unique in " + parent.Name
		}
	}
}

func isKey(x *lint.Index, columns []schema.ID) bool {
	if !x.Unique || x.Where != "" || len(x.Keys) != len(columns) {
		return false
	}
	return !slices.ContainsFunc(x.Keys, func(k lint.Key) bool { return !slices.Contains(columns, k.Column) })
}

// lintNames are the names that an author chose for an object.
func lintNames(o schema.Object) []lint.Name {
	n := lint.Name{ID: o.ID(), Sort: string(o.ID().Kind)}
	switch o := o.(type) {
	case *lite.Table:
		n.Text = o.Name
	case *lite.VirtualTable:
		n.Text, n.Sort = o.Name, "table"
	case *lite.Column:
		n.Text, n.Sort = o.Name, "column"
	case *lite.View:
		n.Text = o.Name
	case *lite.Trigger:
		n.Text = o.Name
	case *lite.Index:
		n.Text = o.Name
		if o.Unique {
			n.Sort = "unique index"
		}
	case *lite.Constraint:
		n.Text, n.Sort = o.Spelling, strings.ToLower(string(o.Type))
	}
	if n.Text == "" {
		return nil
	}
	n.Reserved = liteparse.Reserved(n.Text)
	n.Quoted = liteparse.Quote(n.Text) != n.Text && !liteparse.Keyword(n.Text)
	return []lint.Name{n}
}
