package lite

import "github.com/trueup-sql/trueup/schema"

// Table is an ordinary table. Its columns and constraints are objects of their
// own; what is left here are the table's options.
type Table struct {
	Self schema.ID
	// Strict: the columns' types are enforced (SQLite 3.37).
	Strict bool
	// WithoutRowid: the primary key is the storage key.
	WithoutRowid bool
	// Order lists the columns' names where their order is not what the other
	// side has; the dialect sets it when it compares two tables, and leaves it
	// empty where columns would only be appended or go.
	Order []string

	// Name is the name in its author's spelling.
	Name string `schema:"derived"`
	// Columns lists the names of all columns in the order of the definition.
	Columns []string `schema:"derived"`
	// SQL is the whole CREATE TABLE, as sqlite_schema holds it.
	SQL string `schema:"derived"`
}

func (t *Table) ID() schema.ID      { return t.Self }
func (t *Table) Owner() schema.ID   { return schema.ID{} }
func (t *Table) Refs() []schema.Ref { return nil }
func (t *Table) Claims() []string   { return claim(t.Self) }
