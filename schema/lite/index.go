package lite

import "github.com/trueup-sql/trueup/schema"

// Index is an index that CREATE INDEX made. Those behind PRIMARY KEY and
// UNIQUE belong to their constraints.
type Index struct {
	Self   schema.ID
	Table  schema.ID
	Unique bool
	// Terms are the indexed columns and expressions, each with its collation
	// and DESC.
	Terms []schema.Expr
	Where schema.Expr // of a partial index

	Name string `schema:"derived"`
	// SQL is the whole CREATE INDEX, as sqlite_schema holds it.
	SQL string `schema:"derived"`
	// Uses are the columns that terms and condition name.
	Uses []schema.ID `schema:"derived"`
}

// IndexID identifies an index.
func IndexID(name string) schema.ID { return schema.ID{Kind: KindIndex, Name: Fold(name)} }

func (i *Index) ID() schema.ID      { return i.Self }
func (i *Index) Owner() schema.ID   { return i.Table }
func (i *Index) Refs() []schema.Ref { return exist(exist(nil, i.Table), i.Uses...) }
func (i *Index) Claims() []string   { return claim(i.Self) }
