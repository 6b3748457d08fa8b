// Package lite is the model of an SQLite database: one plain struct for each
// kind of object, in the words of SQLite's grammar and pragmas.
//
// It knows what a database consists of and what refers to what; it does not
// know how any of it is written in SQL, read from a file, or compared. It
// imports nothing but package schema.
//
// Identity. SQLite compares names without regard to the case of ASCII letters,
// so IDs hold names in lower case ([Fold]); how an author spells a name is a
// derived field beside it. Schema is always empty: what is managed is the
// database "main". Indexes and triggers have no parent, since their names are
// unique in the whole database.
//
// Tables, views, virtual tables and indexes share one namespace; triggers have
// one of their own.
package lite

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// The kinds. A generated column is a kind of its own, because it holds no data
// and a plain column does: what turns from one into the other is dropped and
// created, and that takes the permission to drop a column.
const (
	KindTable        schema.Kind = "table"
	KindColumn       schema.Kind = "column"
	KindGenerated    schema.Kind = "generated column"
	KindConstraint   schema.Kind = "constraint"
	KindIndex        schema.Kind = "index"
	KindView         schema.Kind = "view"
	KindTrigger      schema.Kind = "trigger"
	KindVirtualTable schema.Kind = "virtual table"
)

// Kinds lists all kinds.
var Kinds = [...]schema.Kind{
	KindTable, KindColumn, KindGenerated, KindConstraint, KindIndex, KindView, KindTrigger, KindVirtualTable,
}

// New makes an empty object of a kind, or returns nil for an unknown kind.
func New(k schema.Kind) schema.Object {
	switch k {
	case KindTable:
		return &Table{}
	case KindColumn, KindGenerated:
		return &Column{}
	case KindConstraint:
		return &Constraint{}
	case KindIndex:
		return &Index{}
	case KindView:
		return &View{}
	case KindTrigger:
		return &Trigger{}
	case KindVirtualTable:
		return &VirtualTable{}
	}
	return nil
}

// Fold brings a name into the form in which SQLite compares it: ASCII letters
// in lower case, all others as they are.
func Fold(name string) string {
	for i := range len(name) {
		if c := name[i]; c >= 'A' && c <= 'Z' {
			return strings.Map(func(r rune) rune {
				if r >= 'A' && r <= 'Z' {
					return r + 'a' - 'A'
				}
				return r
			}, name)
		}
	}
	return name
}

// RelationID identifies a table, view or virtual table.
func RelationID(kind schema.Kind, name string) schema.ID {
	return schema.ID{Kind: kind, Name: Fold(name)}
}

// TableID identifies a table.
func TableID(name string) schema.ID { return RelationID(KindTable, name) }

// Part identifies a column or a constraint of a table.
func Part(kind schema.Kind, table schema.ID, name string) schema.ID {
	return schema.ID{Kind: kind, Parent: table.Name, Name: Fold(name)}
}

// TableOf is the table that a column or a constraint belongs to.
func TableOf(part schema.ID) schema.ID { return schema.ID{Kind: KindTable, Name: part.Parent} }

// claim is the name that tables, views and indexes share.
func claim(id schema.ID) []string { return []string{"relation " + id.Name} }

// exist appends firm references to refs.
func exist(refs []schema.Ref, ids ...schema.ID) []schema.Ref {
	return schema.Refer(refs, schema.Exist, ids...)
}
