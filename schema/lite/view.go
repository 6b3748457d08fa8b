package lite

import "github.com/trueup-sql/trueup/schema"

// View is a view. SQLite does not look at its query before it is used.
type View struct {
	Self schema.ID
	// Query is everything behind the name: the names of the columns, if any,
	// AS, and the query.
	Query schema.Expr

	Name string `schema:"derived"`
	// SQL is the whole CREATE VIEW, as sqlite_schema holds it.
	SQL string `schema:"derived"`
	// Uses are the tables and views of the query, and their columns as far as
	// the query names them.
	Uses []schema.ID `schema:"derived"`
}

// ViewID identifies a view.
func ViewID(name string) schema.ID { return RelationID(KindView, name) }

func (v *View) ID() schema.ID      { return v.Self }
func (v *View) Owner() schema.ID   { return schema.ID{} }
func (v *View) Refs() []schema.Ref { return exist(nil, v.Uses...) }
func (v *View) Claims() []string   { return claim(v.Self) }
