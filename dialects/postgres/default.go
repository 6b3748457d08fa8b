package postgres

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type defaultKind struct{}

func (defaultKind) Create(d *pg.Default, e *emitter) { setDefault(d, e) }

// Drop drops a default. What is inherited comes back by itself only in the
// desired state, where the parent's default is not listed again.
func (defaultKind) Drop(d *pg.Default, e *emitter) {
	if p := e.parentDefault(d); p != nil {
		setDefault(&pg.Default{Column: d.Column, Value: p.Value}, e)
		return
	}
	own, ok := e.delta.Current.Object(d.Column).(*pg.Column)
	if inherited := !ok || own.Inherited; inherited && !e.delta.Desired.Has(d.Column) && !e.remains(&pg.Column{Table: tableOf(d.Column), Name: d.Column.Name, Inherited: true}) {
		return // the column goes, with its parent's or its type's attribute
	}
	e.alterTable(tableOf(d.Column), "ALTER COLUMN "+ident(d.Column.Name)+" DROP DEFAULT")
}

func (defaultKind) Alter(old, new *pg.Default, e *emitter) {
	if changedExpr(&old.Value, new.Value) {
		setDefault(new, e)
	}
}

func setDefault(d *pg.Default, e *emitter) {
	e.alterTable(tableOf(d.Column), "ALTER COLUMN "+ident(d.Column.Name)+" SET DEFAULT "+strings.TrimSpace(d.Value.Text))
}

// parentDefault is the desired default of the column that an inherited one
// comes from.
func (e *emitter) parentDefault(d *pg.Default) *pg.Default {
	if c, ok := e.object(d.Column).(*pg.Column); ok && !c.Inherited {
		return nil
	}
	p := e.parentColumn(tableOf(d.Column), d.Column.Name)
	if p == nil {
		return nil
	}
	parent, _ := schema.Lookup[*pg.Default](e.delta.Desired, (&pg.Default{Column: p.ID()}).ID())
	return parent
}

// defaultText is an expression as DEFAULT takes it among a column's
// constraints: in parentheses if it is more than the grammar's b_expr.
func defaultText(text string) string {
	text = strings.TrimSpace(text)
	if hasLooseWord(text) {
		return "(" + text + ")"
	}
	return text
}

// looseWords are the operators that b_expr lacks.
var looseWords = map[string]bool{
	"and": true, "any": true, "at": true, "between": true, "collate": true, "ilike": true, "in": true, "is": true,
	"isnull": true, "like": true, "not": true, "notnull": true, "or": true, "overlaps": true, "similar": true,
}

// hasLooseWord tells whether one of them stands outside of parentheses, quotes
// and comments. A wrong yes costs a pair of parentheses.
func hasLooseWord(text string) bool {
	depth := 0
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '\'' || c == '"':
			end := strings.IndexByte(text[i+1:], c)
			if end < 0 {
				return true
			}
			i += end + 2
			continue
		case c == '$' || c == '-' && strings.HasPrefix(text[i:], "--") || strings.HasPrefix(text[i:], "/*"):
			return true
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case isWordByte(c):
			start := i
			for i < len(text) && isWordByte(text[i]) {
				i++
			}
			if depth == 0 && looseWords[strings.ToLower(text[start:i])] {
				return true
			}
			continue
		}
		i++
	}
	return false
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
