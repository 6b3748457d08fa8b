// Package lint looks for mistakes and risks in one schema: one rule per file.
//
// Rules see [Facts], which every dialect tells of its own catalogs; no rule
// knows a dialect, and none reads SQL. What an author wants to keep all the
// same is suppressed by a directive beside it (-- @nolint rule) or by [Config].
package lint

import "github.com/trueup-sql/trueup/schema"

// Facts is what a dialect says of a normalized catalog.
type Facts struct {
	// Dialect is its name for people: "PostgreSQL".
	Dialect string
	Tables  []*Table
	// Names are all names that an author gave to something, tables and columns
	// among them.
	Names []Name
	// Broken are other objects that the server takes and cannot use.
	Broken []Broken
}

// Broken is an object that cannot be used.
type Broken struct {
	ID     schema.ID
	Reason string
}

// Advice is what a dialect has to say against something that it can do.
type Advice struct {
	Severity Severity // Off: nothing
	Reason   string
	Instead  string
}

// Table is a table, with what is hidden in the constraints of a dialect as
// plain indexes.
type Table struct {
	ID   schema.ID
	Name string // as its author spells it
	// Keyless tells why it needs no primary key of its own ("a partition");
	// empty if it does.
	Keyless     string
	Columns     []*Column
	Indexes     []*Index
	ForeignKeys []*ForeignKey
	// Storage is advice on the way in which the table is stored.
	Storage Advice
	// Charset is advice on its default character set.
	Charset Advice
}

// Column finds a column of the table; nil if it is not in the catalog.
func (t *Table) Column(id schema.ID) *Column {
	for _, c := range t.Columns {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// PrimaryKey is the index of the table's primary key, or nil.
func (t *Table) PrimaryKey() *Index {
	for _, x := range t.Indexes {
		if x.Primary {
			return x
		}
	}
	return nil
}

// Column is a column of a table.
type Column struct {
	ID   schema.ID
	Name string
	Type string // for people
	// Match is what has to be equal in two columns of a foreign key; empty if it
	// does not matter.
	Match string
	// Nullable: it may hold NULL, its place in a key notwithstanding.
	Nullable bool
	// Counter is the largest number that the server gives by itself, for a
	// column that is numbered (serial, identity, AUTO_INCREMENT); else 0.
	Counter uint64
	// Concern is advice on its type, Charset on its character set.
	Concern, Charset Advice
}

// Index is an index, or what a constraint has for one.
type Index struct {
	ID      schema.ID
	Name    string // empty if its author gave none
	Primary bool
	Unique  bool
	// Constraint: it comes with a constraint.
	Constraint bool
	// Implied: nobody wrote it; the server makes it.
	Implied bool
	// Ordered: rows can be found by the first keys alone.
	Ordered bool
	// Method tells sorts of indexes apart that do not serve for each other.
	Method  string
	Keys    []Key
	Include []schema.ID
	// Where is the condition of a partial index.
	Where string
}

// Key is one key of an index.
type Key struct {
	Column schema.ID // zero if it is an expression or a part of a column
	// Text is all that counts about it: column or expression, length, collation,
	// operator class, direction.
	Text string
}

// ForeignKey is a foreign key.
type ForeignKey struct {
	ID         schema.ID
	Name       string // empty if its author gave none
	Columns    []schema.ID
	RefTable   schema.ID
	RefColumns []schema.ID
	// Broken says what is wrong with it, if the server takes it all the same.
	Broken string
}

// Name is a name that an author gave.
type Name struct {
	ID   schema.ID
	Text string // as the author spells it
	// Sort is the kind of thing in the words of the field: the kind of the
	// object, or "primary key", "unique", "foreign key", "check" for what is one
	// kind in some dialects.
	Sort string
	// Reserved: it is a keyword that cannot stand for a name without quotes.
	Reserved bool
	// Quoted: it has to be in quotes for another reason, such as its letters' case.
	Quoted bool
}
