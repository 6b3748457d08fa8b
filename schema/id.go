// Package schema is the neutral envelope around every dialect's model of a
// database: identity, references, expressions, and the flat catalog that holds
// them. It knows nothing of any dialect, parser, or driver, and imports only
// the standard library.
package schema

import "strings"

// Kind names a kind of object in the words of the field ("table", "column",
// "materialized view"). The names are what --allow-drop, filters, and reports
// use; each dialect declares its own.
type Kind string

// ID identifies one object of a database. It is comparable and the only key
// that maps and graphs use.
//
// Parent is the name of the table (or other object) that the object lives in,
// for kinds whose names are unique only there: columns, triggers, policies.
// Args tells overloads apart: the canonical argument types of a function.
type ID struct {
	Kind   Kind   `json:"kind"`
	Schema string `json:"schema,omitempty"`
	Parent string `json:"parent,omitempty"`
	Name   string `json:"name"`
	Args   string `json:"args,omitempty"`
}

// IsZero tells whether id names nothing.
func (id ID) IsZero() bool { return id == ID{} }

// Path is the dotted name without the kind: schema.parent.name(args).
func (id ID) Path() string {
	var b strings.Builder
	for _, s := range []string{id.Schema, id.Parent} {
		if s != "" {
			b.WriteString(s)
			b.WriteByte('.')
		}
	}
	b.WriteString(id.Name)
	if id.Args != "" {
		b.WriteByte('(')
		b.WriteString(id.Args)
		b.WriteByte(')')
	}
	return b.String()
}

// String is the kind and the path: what messages and reports print.
func (id ID) String() string { return string(id.Kind) + " " + id.Path() }

// Compare orders IDs by schema, parent, kind, name, and arguments.
func (id ID) Compare(o ID) int {
	for _, p := range [...][2]string{{id.Schema, o.Schema}, {id.Parent, o.Parent}, {string(id.Kind), string(o.Kind)}, {id.Name, o.Name}} {
		if c := strings.Compare(p[0], p[1]); c != 0 {
			return c
		}
	}
	return strings.Compare(id.Args, o.Args)
}
