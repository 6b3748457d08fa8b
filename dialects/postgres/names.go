package postgres

import (
	"strings"
	"unicode/utf8"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// chosenName is the name that the server makes up for something about a table
// (makeObjectName): table_columns_label, where the longer of the first two is
// cut until all fits.
func chosenName(table, columns, label string) string {
	room := maxName - len(label) - 1
	if columns != "" {
		room--
	}
	a, b := len(table), len(columns)
	for a+b > room {
		if a > b {
			a--
		} else {
			b--
		}
	}
	name := clip(table, a)
	if columns != "" {
		name += "_" + clip(columns, b)
	}
	return name + "_" + label
}

// clip cuts a string to at most n bytes, between characters.
func clip(s string, n int) string {
	if n >= len(s) {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// serverNamed tells whether the server would choose a constraint's name itself,
// so that nobody has to write it. Names with a number are always written: which
// number it would be depends on what else there is.
func (e *emitter) serverNamed(c *pg.Constraint) bool {
	var columns []string
	for _, id := range c.Columns {
		columns = append(columns, id.Name)
	}
	label := ""
	switch c.Type {
	case pg.PrimaryKey:
		columns, label = nil, "pkey"
	case pg.Unique:
		label = "key"
		for _, id := range c.Include {
			columns = append(columns, id.Name)
		}
	case pg.ForeignKey:
		label = "fkey"
	case pg.NotNull:
		label = "not_null"
	case pg.Check:
		label = "check"
		if only, ok := onlyColumn(c); ok {
			columns = []string{only.Name}
		}
	default:
		return false
	}
	return c.Name == chosenName(c.Table.Name, strings.Join(columns, "_"), label) && e.constraintsNamed(c.Table.Schema, c.Name) == 1
}

// constraintsNamed counts the constraints of a name in a schema, those of
// domains too: the server looks for a free one among them all.
func (e *emitter) constraintsNamed(namespace, name string) int {
	if e.names == nil {
		e.names = map[schema.ID]int{}
		count := func(o schema.Object) {
			switch o.(type) {
			case *pg.Constraint, *pg.DomainConstraint:
				id := o.ID()
				e.names[schema.ID{Schema: id.Schema, Name: id.Name}]++
			}
		}
		for o := range e.delta.Desired.All() {
			count(o)
		}
		for o := range e.delta.Current.All() {
			if !e.delta.Desired.Has(o.ID()) {
				count(o)
			}
		}
	}
	return e.names[schema.ID{Schema: namespace, Name: name}]
}

// onlyColumn is the column of a check that uses exactly one.
func onlyColumn(c *pg.Constraint) (schema.ID, bool) {
	var only schema.ID
	for _, r := range c.Check.Refs {
		switch {
		case r.To.Kind != pg.KindColumn || r.To.Schema != c.Table.Schema || r.To.Parent != c.Table.Name || r.To == only:
		case only.IsZero():
			only = r.To
		default:
			return schema.ID{}, false
		}
	}
	return only, !only.IsZero()
}

// isCall tells whether an expression is a plain function call, which needs no
// parentheses in an index.
func isCall(text string) bool {
	name, _, ok := strings.Cut(text, "(")
	if !ok || name == "" {
		return false
	}
	for part := range strings.SplitSeq(name, ".") {
		if pg.Quote(part) != part {
			return false
		}
	}
	return enclosed(text[len(name):])
}
