// Package my is the model of a MySQL, MariaDB or TiDB database: one plain
// struct for each kind of object, in the words of information_schema and of the
// manual's grammar.
//
// It knows what a database consists of and what refers to what; it does not
// know how any of it is written in SQL, read from a server, or compared. It
// imports nothing but package schema.
//
// Identity. The Schema of an ID is empty for everything in the database that is
// managed (MySQL's default database), and a database's name only where an
// object refers to another database. Columns, indexes, foreign keys, checks and
// a table's partitioning have the table's name as Parent. Names keep the
// spelling of their definition; whoever refers to an object uses the same
// spelling, so that IDs can be compared although column names are not case
// sensitive.
//
// What the server decides for itself. A field that is empty means "not said":
// an engine, a character set, a definer. The dialect's normal form fills in what
// the target would take. [Aside] and [Ordinal] fields are remarks that never
// make two objects different.
package my

import (
	"encoding/json"
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// The kinds. Indexes of all sorts are one kind, the primary key among them:
// they share their names and their clauses.
const (
	KindDatabase     schema.Kind = "database"
	KindTable        schema.Kind = "table"
	KindColumn       schema.Kind = "column"
	KindIndex        schema.Kind = "index"
	KindForeignKey   schema.Kind = "foreign key"
	KindCheck        schema.Kind = "check"
	KindPartitioning schema.Kind = "partitioning"
	KindView         schema.Kind = "view"
	KindTrigger      schema.Kind = "trigger"
	KindProcedure    schema.Kind = "procedure"
	KindFunction     schema.Kind = "function"
	KindEvent        schema.Kind = "event"
	KindSequence     schema.Kind = "sequence"
	KindPackage      schema.Kind = "package" // MariaDB; only ever listed as unmanaged
)

// Kinds lists the kinds that have a struct here.
var Kinds = [...]schema.Kind{
	KindDatabase, KindTable, KindColumn, KindIndex, KindForeignKey, KindCheck, KindPartitioning,
	KindView, KindTrigger, KindProcedure, KindFunction, KindEvent, KindSequence,
}

// New makes an empty object of a kind, or returns nil for an unknown kind.
func New(k schema.Kind) schema.Object {
	switch k {
	case KindDatabase:
		return &Database{}
	case KindTable:
		return &Table{}
	case KindColumn:
		return &Column{}
	case KindIndex:
		return &Index{}
	case KindForeignKey:
		return &ForeignKey{}
	case KindCheck:
		return &Check{}
	case KindPartitioning:
		return &Partitioning{}
	case KindView:
		return &View{}
	case KindTrigger:
		return &Trigger{}
	case KindProcedure, KindFunction:
		return &Routine{}
	case KindEvent:
		return &Event{}
	case KindSequence:
		return &Sequence{}
	}
	return nil
}

// DatabaseID is the one database that is managed, the session's default one.
var DatabaseID = schema.ID{Kind: KindDatabase, Name: "default"}

// TableID identifies a table of the managed database.
func TableID(name string) schema.ID { return schema.ID{Kind: KindTable, Name: name} }

// Part identifies a part of a table: a column, index, foreign key or check.
func Part(table schema.ID, kind schema.Kind, name string) schema.ID {
	return schema.ID{Kind: kind, Schema: table.Schema, Parent: table.Name, Name: name}
}

// ColumnID identifies a column of a table.
func ColumnID(table schema.ID, name string) schema.ID { return Part(table, KindColumn, name) }

// PartitioningID identifies a table's partitioning.
func PartitioningID(table schema.ID) schema.ID { return Part(table, KindPartitioning, "partitions") }

// TableOf is the table that a part belongs to.
func TableOf(part schema.ID) schema.ID {
	return schema.ID{Kind: KindTable, Schema: part.Schema, Name: part.Parent}
}

// Aside is a remark on how an object came to be, such as "its author gave it no
// name". It does not count when objects are compared.
type Aside struct{ on bool }

// Remark is the remark, made.
var Remark = Aside{true}

// Is tells whether the remark was made.
func (a Aside) Is() bool { return a.on }

// MarshalJSON writes true or false.
func (a Aside) MarshalJSON() ([]byte, error) { return json.Marshal(a.on) }

// UnmarshalJSON reads true or false.
func (a *Aside) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &a.on) }

// Ordinal is an object's place among its like, counted from 1; 0 if unknown. It
// does not count when objects are compared: an insertion moves everything that
// follows, without changing it.
type Ordinal struct{ n int }

// Nth makes an ordinal.
func Nth(n int) Ordinal { return Ordinal{n} }

// Int is the place.
func (o Ordinal) Int() int { return o.n }

// MarshalJSON writes the number.
func (o Ordinal) MarshalJSON() ([]byte, error) { return json.Marshal(o.n) }

// UnmarshalJSON reads the number.
func (o *Ordinal) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &o.n) }

// Option is an option that has no field of its own, as engines of MariaDB
// define them; the name is in upper case, the value as it is to be written.
type Option struct {
	Name, Value string
}

// claim names something in a namespace of the database; names of this kind are
// not case sensitive.
func claim(space string, id schema.ID) []string {
	return []string{space + " " + id.Schema + "." + strings.ToLower(id.Name)}
}

// exist makes the references of an object to whatever must be there.
func exist(ids ...schema.ID) []schema.Ref { return schema.Refer(nil, schema.Exist, ids...) }

// within adds the references of expressions.
func within(refs []schema.Ref, exprs ...schema.Expr) []schema.Ref {
	for _, e := range exprs {
		for _, r := range e.Refs {
			refs = schema.Refer(refs, r.Bind, r.To)
		}
	}
	return refs
}
