package lite

import "github.com/trueup-sql/trueup/schema"

// VirtualTable is a table of a module, such as fts5 or rtree. What it consists
// of is the module's affair, and so are the shadow tables in which it keeps its
// data: it is created and dropped as a whole, and never changed.
type VirtualTable struct {
	Self schema.ID
	// Definition is the module with its arguments.
	Definition schema.Expr

	Name   string `schema:"derived"`
	Module string `schema:"derived"` // in lower case
	// SQL is the whole CREATE VIRTUAL TABLE, as sqlite_schema holds it.
	SQL string `schema:"derived"`
}

// VirtualTableID identifies a virtual table.
func VirtualTableID(name string) schema.ID { return RelationID(KindVirtualTable, name) }

func (t *VirtualTable) ID() schema.ID      { return t.Self }
func (t *VirtualTable) Owner() schema.ID   { return schema.ID{} }
func (t *VirtualTable) Refs() []schema.Ref { return nil }
func (t *VirtualTable) Claims() []string   { return claim(t.Self) }
