package liteparse

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

// TableText is a CREATE TABLE taken apart.
type TableText struct {
	Table       *lite.Table
	Columns     []*lite.Column
	Constraints []*lite.Constraint
	// Name is the token that names the table; ColumnAt and ConstraintAt are the
	// offsets of the definitions.
	Name                   Token
	ColumnAt, ConstraintAt []int
	// AsQuery: CREATE TABLE .. AS SELECT, of which nothing else is known.
	AsQuery bool
}

// Table takes a CREATE TABLE apart, with or without what SQLite drops when it
// keeps the text (TEMP, IF NOT EXISTS, the schema). Constraints come without a
// label in their ID; see [TableText.Label].
func Table(text string) (*TableText, error) {
	c := newCursor(text)
	c.expect("create")
	if !c.accept("temp") {
		c.accept("temporary")
	}
	c.expect("table")
	c.accept("if", "not", "exists")
	t := &TableText{Name: c.qualified()}
	t.Table = &lite.Table{Self: lite.TableID(t.Name.Name()), Name: t.Name.Name(), SQL: text}
	if c.accept("as") {
		t.AsQuery = true
		return t, nil
	}
	c.expect("(")
	p := &tableParser{cursor: c, TableText: t}
	p.definitions()
	p.options()
	if c.err != nil {
		return nil, c.err
	}
	p.resolve()
	return t, nil
}

type tableParser struct {
	*cursor
	*TableText
}

func (p *tableParser) definitions() {
	for p.err == nil {
		if p.startsConstraint() {
			p.constraint(nil)
		} else {
			p.column()
		}
		if p.accept(")") {
			return
		}
		// the comma between table constraints may be left out
		if !p.accept(",") && !p.startsConstraint() {
			p.fail("expected a comma or ) instead of %q", p.peek().Text)
		}
	}
}

func (p *tableParser) startsConstraint() bool {
	return len(p.Columns) > 0 && p.peek().In("constraint", "primary", "unique", "check", "foreign")
}

func (p *tableParser) options() {
	for !p.done() && p.err == nil {
		switch {
		case p.accept("without"):
			p.name() // rowid
			p.Table.WithoutRowid = true
		case p.peek().Is("strict"):
			p.at++
			p.Table.Strict = true
		case p.accept(";"):
			return
		default:
			p.fail("unknown table option %q", p.peek().Text)
		}
		p.accept(",")
	}
}

func (p *tableParser) column() {
	at := p.peek().At
	name := p.name()
	col := &lite.Column{Name: name.Name()}
	p.Columns, p.ColumnAt = append(p.Columns, col), append(p.ColumnAt, at)
	p.Table.Columns = append(p.Table.Columns, lite.Fold(col.Name))
	from := p.at
	for p.peek().IsName() && !p.startsColumnConstraint() {
		p.at++
	}
	if p.at > from && p.peek().Is("(") {
		p.group()
	}
	if p.err == nil {
		col.Type, col.TypeName = typeName(p.ts[from:p.at]), p.between(p.ts[from:p.at])
	}
	for p.err == nil && p.startsColumnConstraint() {
		p.columnConstraint(col)
	}
	if p.err == nil {
		col.SQL = p.text[at:p.ts[p.at-1].End()]
	}
	col.Self = lite.NewColumnID(p.Table.Self, col.Name, !col.Generated.IsZero())
}

func (p *tableParser) startsColumnConstraint() bool {
	t := p.peek()
	return t.In("constraint", "default", "null", "not", "primary", "unique", "check", "references", "collate", "as", "deferrable") ||
		t.Is("generated") && p.ahead(1).Is("always")
}

// columnConstraint reads what may stand behind a column: its own properties,
// and constraints of the table that concern it.
func (p *tableParser) columnConstraint(col *lite.Column) {
	n := 0
	if p.peek().Is("constraint") {
		n = 2
	}
	switch t := p.ahead(n); {
	case t.In("primary", "unique", "check", "references"):
		p.constraint(col)
		return
	case n > 0 && (t.At == len(p.text) || t.In(",", ")")): // a name without a constraint
		p.at += n
		return
	}
	p.at += n
	switch {
	case p.accept("null"):
		p.conflict()
	case p.accept("not", "null"):
		col.NotNull, col.NotNullConflict = true, p.conflict()
	case p.accept("default"):
		col.Default.Text = p.defaultValue()
	case p.accept("collate"):
		t := p.name()
		if col.Collation, col.CollationName = fold(t), t.Name(); col.Collation == "binary" {
			col.Collation = ""
		}
	case p.accept("generated", "always", "as"), p.accept("as"):
		col.Generated.Text = p.between(p.group())
		if p.accept("stored") {
			col.Stored = true
		} else {
			p.accept("virtual")
		}
	case p.peek().In("not", "deferrable"): // of a foreign key that is not there
		p.deferrable(&lite.Constraint{})
	default:
		p.fail("unknown column constraint %q", p.peek().Text)
	}
}

// defaultValue is a literal with its sign, a name, or an expression with its
// parentheses.
func (p *tableParser) defaultValue() string {
	from := p.at
	if p.peek().Is("(") {
		p.group()
	} else {
		if p.peek().In("+", "-") {
			p.at++
		}
		p.at++
	}
	return p.between(p.ts[from:min(p.at, len(p.ts))])
}

// conflict is an ON CONFLICT clause, empty for the default.
func (p *tableParser) conflict() string {
	if !p.accept("on", "conflict") {
		return ""
	}
	if s := fold(p.name()); s != "abort" {
		return s
	}
	return ""
}

// resolve gives every expression its canonical form, and every part the
// columns that it names.
func (p *tableParser) resolve() {
	scope := p.Scope()
	ids := map[string]schema.ID{}
	for _, col := range p.Columns {
		ids[lite.Fold(col.Name)] = col.Self
	}
	names := func(text string) (out []schema.ID) {
		seen := map[string]bool{}
		for _, t := range Code(text) {
			if id, ok := ids[fold(t)]; ok && t.IsName() && t.Class != String && !seen[id.Name] {
				seen[id.Name] = true
				out = append(out, id)
			}
		}
		return out
	}
	for _, col := range p.Columns {
		if col.Default.Text != "" {
			col.Default.Canon = defaultCanon(scope, col.Default.Text)
		}
		if col.IsGenerated() {
			col.Generated.Canon, col.Uses = scope.Canon(col.Generated.Text), names(col.Generated.Text)
		}
	}
	for _, con := range p.Constraints {
		con.Self = lite.Part(lite.KindConstraint, p.Table.Self, "")
		if con.Type == lite.Check {
			con.Expression.Canon, con.Uses = scope.Canon(con.Expression.Text), names(con.Expression.Text)
		}
		for _, k := range con.Key {
			if id, ok := ids[k.Name]; ok {
				con.Uses = append(con.Uses, id)
			}
		}
	}
	p.checkAlias()
}

// checkAlias clears what has a meaning only for an INTEGER PRIMARY KEY.
func (p *tableParser) checkAlias() {
	for _, con := range p.Constraints {
		if !con.NotAlias {
			continue
		}
		con.NotAlias = false
		for _, col := range p.Columns {
			if lite.Fold(col.Name) == con.Key[0].Name && col.Type == "integer" && !p.Table.WithoutRowid {
				con.NotAlias = true
			}
		}
	}
}

// Scope is what names in the table's expressions can mean.
func (t *TableText) Scope() Scope {
	s := Scope{Table: t.Table.Self.Name, Columns: map[string]bool{}}
	if !t.Table.WithoutRowid {
		for _, n := range RowidNames {
			s.Columns[n] = true
		}
	}
	for _, col := range t.Columns {
		s.Columns[lite.Fold(col.Name)] = true
	}
	return s
}

// RowidNames are the names under which a row's ID can be had, unless a column
// has taken them.
var RowidNames = []string{"rowid", "_rowid_", "oid"}

// defaultCanon: a bare name is a string there, and so is one in double quotes.
func defaultCanon(s Scope, text string) string {
	ts := Code(text)
	if len(ts) == 1 && (ts[0].Class == Word || ts[0].Class == Quoted || ts[0].Class == Double) &&
		(ts[0].Class != Word || !ts[0].In("null", "true", "false", "current_date", "current_time", "current_timestamp")) {
		return Literal(ts[0].Name())
	}
	return Scope{Table: s.Table}.canon(ts)
}

// Renamed is the text with another name for the table, and without the table's
// old name before its columns.
func (t *TableText) Renamed(name string) string {
	text := t.Table.SQL
	var b strings.Builder
	last := 0
	replace := func(from, to int, with string) {
		b.WriteString(text[last:from])
		b.WriteString(with)
		last = to
	}
	ts := Code(text)
	for i, tok := range ts {
		switch {
		case tok.At == t.Name.At:
			replace(tok.At, tok.End(), Quote(name))
		case tok.At > t.Name.At && tok.IsName() && i+2 < len(ts) && ts[i+1].Is(".") && fold(tok) == t.Table.Self.Name:
			replace(tok.At, ts[i+2].At, "")
		}
	}
	b.WriteString(text[last:])
	return b.String()
}
