package pgparse

import (
	"fmt"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
)

// columnRef finds what a name stands for: a column, a whole row, an argument.
func (a *analyzer) columnRef(c *pg_query.ColumnRef) *node {
	fields := c.Fields
	star := fields[len(fields)-1].GetAStar() != nil
	var parts []string
	for _, f := range fields {
		if s := f.GetString_(); s != nil {
			parts = append(parts, s.Sval)
		}
	}
	if star {
		if e := a.qualifier(parts); e != nil {
			return a.wholeRow(e)
		}
		panic(unsupported("a star"))
	}
	if len(parts) == 1 {
		return a.unqualified(parts[0])
	}
	name := parts[len(parts)-1]
	e := a.qualifier(parts[:len(parts)-1])
	if e == nil {
		// An argument, or a column of a composite type: function.argument,
		// column.field is only allowed in parentheses.
		for s := a.scope; s != nil; s = s.parent {
			for i, arg := range s.arguments {
				if arg.name == name {
					return parameter(i, arg.typed)
				}
				if arg.name == parts[0] && len(parts) == 2 {
					return a.field(parameter(i, arg.typed), name)
				}
			}
		}
		if a.scope.open() {
			panic(unsupported("a column of an unknown relation"))
		}
		panic(mistake{fmt.Errorf("there is no table %s here", strings.Join(parts[:len(parts)-1], "."))})
	}
	if c := e.column(name); c != nil {
		return a.use(c)
	}
	if e.open {
		n := &node{op: opColumn, entry: e, text: name}
		e.columns = append(e.columns, column{name: name, node: n})
		return n
	}
	if t := a.systemColumn(name); t != nil {
		return &node{op: opColumn, entry: e, text: name, typ: t}
	}
	// t.f is f(t) where t has no such column.
	if len(a.userRoutines[name]) > 0 || len(a.facts.Functions[name]) > 0 {
		row := a.wholeRow(e)
		for _, f := range a.userRoutines[name] {
			if len(f.Args) == 1 && f.Args[0] == row.typ {
				a.useFunction(f)
				return compose(f.Result, quoted(f.Schema)+"."+quoted(f.Name)+"(", row, ")")
			}
		}
		panic(unsupported("a function in a column's place"))
	}
	panic(mistake{&parser.Error{Message: fmt.Sprintf("%s has no column %q", e.name, name), Hint: suggestion(name, e)}})
}

// unqualified finds a bare name, from the inside out.
func (a *analyzer) unqualified(name string) *node {
	for s := a.scope; s != nil; s = s.parent {
		if c := s.here(name); c != nil {
			return a.use(c)
		}
		if s.value != nil && name == "value" {
			return s.value
		}
	}
	if e := a.scope.entry("", name); e != nil {
		return a.wholeRow(e)
	}
	if e := a.onlyOpen(); e != nil {
		n := &node{op: opColumn, entry: e, text: name}
		e.columns = append(e.columns, column{name: name, node: n})
		return n
	}
	if t := a.systemColumn(name); t != nil {
		for s := a.scope; s != nil; s = s.parent {
			if len(s.items) == 1 && len(s.items[0].entries) == 1 {
				return &node{op: opColumn, entry: s.items[0].entries[0], text: name, typ: t}
			}
		}
	}
	if a.scope.open() {
		panic(unsupported("a column of an unknown relation"))
	}
	err := &parser.Error{Message: fmt.Sprintf("there is no column %q", name)}
	if s := a.scope; s.parent == nil && len(s.items) == 1 && len(s.items[0].entries) > 0 {
		e := s.items[0].entries[0]
		err.Message = fmt.Sprintf("%s has no column %q", e.name, name)
		err.Hint = suggestion(name, e)
	}
	panic(mistake{err})
}

// onlyOpen is the relation whose columns are not known, if there is just one
// and the name is not found elsewhere.
func (a *analyzer) onlyOpen() *entry {
	var found *entry
	for s := a.scope; s != nil; s = s.parent {
		for _, i := range s.items {
			for _, e := range i.entries {
				if e.open {
					if found != nil {
						return nil
					}
					found = e
				}
			}
		}
	}
	return found
}

// systemColumn is the type of a column that every table has.
func (a *analyzer) systemColumn(name string) *builtin.Type {
	switch name {
	case "ctid":
		return a.facts.Types["tid"]
	case "xmin", "xmax":
		return a.facts.Types["xid"]
	case "cmin", "cmax":
		return a.facts.Types["cid"]
	case "tableoid":
		return a.facts.Types["oid"]
	}
	return nil
}

// qualifier finds the entry that [schema.]relation names.
func (a *analyzer) qualifier(parts []string) *entry {
	switch len(parts) {
	case 1:
		return a.scope.entry("", parts[0])
	case 2:
		return a.scope.entry(parts[0], parts[1])
	case 3:
		return a.scope.entry(parts[1], parts[2])
	}
	return nil
}

// wholeRow is a whole row as a value.
func (a *analyzer) wholeRow(e *entry) *node {
	if e.scalar && len(e.columns) == 1 {
		return a.use(&e.columns[0])
	}
	name := e.print
	if name == "" {
		name = quoted(e.name)
	}
	t := e.row
	if t == nil {
		t = a.record
	}
	a.useType(e.row)
	n := raw(t, name)
	n.entry = e
	return n
}

// suggestion is a hint with the column that was perhaps meant.
func suggestion(name string, e *entry) string {
	best, limit := "", 3
	for _, c := range e.columns {
		if d := distance(name, c.name); d < limit && d <= 1+len(name)/4 {
			best, limit = c.name, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", best)
}
