package liteparse

import (
	"fmt"
	"strings"

	"github.com/trueup-sql/trueup/schema/lite"
)

// constraint reads a constraint: behind a column (col), or by itself.
func (p *tableParser) constraint(col *lite.Column) {
	con, at := &lite.Constraint{}, p.peek().At
	if p.accept("constraint") {
		t := p.name()
		con.Name, con.Spelling = fold(t), t.Name()
		if col == nil && (p.peek().In(",", ")", "constraint")) { // a name without a constraint
			return
		}
	}
	if col != nil {
		con.Column = lite.Fold(col.Name)
		con.Key = []lite.KeyColumn{{Name: con.Column, Spelling: col.Name}}
	}
	switch {
	case p.accept("primary", "key"):
		con.Type = lite.PrimaryKey
		p.key(con, col)
		con.OnConflict = p.conflict()
		con.Autoincrement = p.accept("autoincrement") || con.Autoincrement
	case p.accept("unique"):
		con.Type = lite.Unique
		p.key(con, col)
		con.OnConflict = p.conflict()
	case p.accept("check"):
		con.Type, con.Key = lite.Check, nil
		con.Expression.Text = p.between(p.group())
		con.OnConflict = p.conflict()
	case col == nil && p.accept("foreign", "key"):
		con.Type = lite.ForeignKey
		for _, ts := range split(p.group()) {
			if len(ts) == 1 {
				con.Key = append(con.Key, lite.KeyColumn{Name: fold(ts[0]), Spelling: ts[0].Name()})
			}
		}
		p.expect("references")
		p.references(con)
	case col != nil && p.accept("references"):
		con.Type = lite.ForeignKey
		p.references(con)
	default:
		p.fail("unknown constraint %q", p.peek().Text)
	}
	p.Constraints, p.ConstraintAt = append(p.Constraints, con), append(p.ConstraintAt, at)
}

// key is the columns of PRIMARY KEY and UNIQUE: a list by itself, an order
// behind a column.
func (p *tableParser) key(con *lite.Constraint, col *lite.Column) {
	if col != nil {
		if p.accept("desc") {
			con.NotAlias = con.Type == lite.PrimaryKey
			con.Key[0].Desc = true
		} else {
			p.accept("asc")
		}
		return
	}
	for _, ts := range split(p.group()) {
		var k lite.KeyColumn
		for i := 0; i < len(ts); i++ {
			switch t := ts[i]; {
			case i == 0:
				k.Name, k.Spelling = fold(t), t.Name()
			case t.Is("collate") && i+1 < len(ts):
				i++
				k.Collation = fold(ts[i])
			case t.Is("desc"):
				k.Desc = true
			case t.Is("autoincrement"):
				con.Autoincrement = true
			}
		}
		con.Key = append(con.Key, k)
	}
}

// references is a foreign key's clause behind its keyword.
func (p *tableParser) references(con *lite.Constraint) {
	t := p.name()
	con.References, con.ReferencesName = lite.TableID(t.Name()), t.Name()
	if p.peek().Is("(") {
		for _, ts := range split(p.group()) {
			if len(ts) > 0 {
				con.ReferencedKey = append(con.ReferencedKey, fold(ts[0]))
			}
		}
	}
	for p.err == nil {
		switch {
		case p.accept("on", "delete"):
			con.OnDelete = p.action()
		case p.accept("on", "update"):
			con.OnUpdate = p.action()
		case p.accept("on", "insert"):
			p.action() // accepted by the grammar, without a meaning
		case p.accept("match"):
			con.Match = fold(p.name())
		default:
			p.deferrable(con)
			return
		}
	}
}

func (p *tableParser) action() string {
	switch {
	case p.accept("set", "null"):
		return "set null"
	case p.accept("set", "default"):
		return "set default"
	case p.accept("no", "action"):
		return ""
	case p.accept("cascade"):
		return "cascade"
	case p.accept("restrict"):
		return "restrict"
	}
	p.fail("unknown action %q", p.peek().Text)
	return ""
}

// deferrable: only DEFERRABLE INITIALLY DEFERRED makes a foreign key deferred.
func (p *tableParser) deferrable(con *lite.Constraint) {
	not := p.accept("not", "deferrable")
	if !not && !p.accept("deferrable") {
		return
	}
	if p.accept("initially", "deferred") {
		con.Deferred = !not
	} else {
		p.accept("initially", "immediate")
	}
}

// Label is what tells a constraint apart from others of its table: its name,
// or its definition.
func Label(con *lite.Constraint) string {
	if con.Type == lite.PrimaryKey {
		return "primary key"
	}
	if con.Name != "" {
		return con.Name
	}
	var b strings.Builder
	b.WriteString(strings.ToLower(string(con.Type)))
	if con.Type == lite.Check {
		fmt.Fprintf(&b, " (%s)", con.Expression.Canon)
		return b.String()
	}
	b.WriteString(" (")
	for i, k := range con.Key {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(k.Name)
	}
	b.WriteString(")")
	if con.Type == lite.ForeignKey {
		fmt.Fprintf(&b, " references %s", con.References.Name)
	}
	return b.String()
}
