package myparse

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema/my"
)

// Hints to what is not closed.
const (
	hintString  = `a quote inside of a string is doubled ('it''s') or stands behind a backslash`
	hintQuoted  = "a name ends with the same quote that it begins with"
	hintComment = "end it with */; comments do not nest"
	hintProgram = "every BEGIN, CASE, IF and loop needs its END; the client's DELIMITER stands on a line of its own"
)

// meant is the hint for a name that nothing has: the name that looks most like
// it, or all there are if those are few.
func meant(name string, known []string) string {
	known = slices.DeleteFunc(slices.Clone(known), func(k string) bool { return k == "" }) // not named yet
	best, at := 3, ""
	for _, k := range known {
		if d := parser.Distance(strings.ToLower(name), strings.ToLower(k)); d < best && d < len(name) {
			best, at = d, k
		}
	}
	switch {
	case at != "":
		return "did you mean " + at + "?"
	case len(known) > 0 && len(known) <= 8:
		return "there are " + strings.Join(known, ", ")
	}
	return ""
}

// meantColumn is the hint for a column that a table lacks.
func (t *table) meantColumn(name string) string {
	var known []string
	for _, c := range t.columns {
		known = append(known, c.Self.Name)
	}
	return meant(name, known)
}

// meantIndex is the hint for an index that a table lacks.
func (t *table) meantIndex(name string) string {
	var known []string
	for _, x := range t.indexes {
		known = append(known, x.Self.Name)
	}
	return meant(name, known)
}

// meantTable is the hint for a table that is not there.
func (b *builder) meantTable(name string) string {
	var known []string
	for _, it := range b.items {
		if it.table != nil {
			known = append(known, it.table.Self.Name)
		} else if v, ok := it.object.(*my.View); ok {
			known = append(known, v.Self.Name)
		}
	}
	return meant(name, known)
}

// meantType is the hint for an unknown data type.
func (o Options) meantType(name string) string {
	if types[name] {
		return "it is a type of another server than this one"
	}
	known := make([]string, 0, len(types)+len(synonyms))
	for k := range types {
		known = append(known, strings.ToUpper(k))
	}
	for k := range synonyms {
		known = append(known, strings.ToUpper(k))
	}
	slices.Sort(known)
	return meant(name, known)
}

// foreignOption is the hint for an option of another server.
func (r *reader) foreignOption(name string) string {
	if ofTiDB[name] || name == "TTL" {
		return "only TiDB knows it; in a comment /*T! .. */ it is for TiDB alone"
	}
	return ""
}

// statements are the words with which a statement that is read begins.
var statements = []string{"CREATE", "ALTER", "DROP", "RENAME", "SET", "USE"}
