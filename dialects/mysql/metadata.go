package mysql

import (
	"fmt"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// metadata makes of an object's comments, and of the values of its ENUM or SET,
// what MariaDB keeps of them: its own files are utf8mb3, and every character
// beyond U+FFFF becomes a question mark, without an error. (The texts in
// expressions and in stored programs are kept as they are.)
func (n *normalizer) metadata(o schema.Object) {
	lost := ""
	keep := func(what string, s *string) {
		if kept := basicPlane(*s); kept != *s {
			*s, lost = kept, what
		}
	}
	switch o := o.(type) {
	case *my.Database:
		keep("the comment", &o.Comment)
	case *my.Table:
		keep("the comment", &o.Comment)
	case *my.Index:
		keep("the comment", &o.Comment)
	case *my.Partitioning:
		for i := range o.Partitions {
			keep("the comment of a partition", &o.Partitions[i].Comment)
		}
	case *my.Routine:
		keep("the comment", &o.Comment)
	case *my.Event:
		keep("the comment", &o.Comment)
	case *my.Sequence:
		keep("the comment", &o.Comment)
	case *my.Column:
		keep("the comment", &o.Comment)
		for i := range o.Type.Values {
			keep("the values", &o.Type.Values[i])
		}
		if o.Type.Values != nil && !o.Default.IsZero() {
			keep("the default", &o.Default.Text)
			o.Default.Canon = basicPlane(o.Default.Canon)
		}
	}
	if lost != "" {
		n.catalog.Notes = append(n.catalog.Notes, fmt.Sprintf("%s: MariaDB keeps no characters beyond U+FFFF in %s: each becomes a question mark", o.ID(), lost))
	}
}

// basicPlane puts a question mark for each character that takes four bytes.
func basicPlane(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return '?'
		}
		return r
	}, s)
}
