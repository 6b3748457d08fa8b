package my

import "github.com/trueup-sql/trueup/schema"

// View is a view.
type View struct {
	Self      schema.ID
	Algorithm string // UNDEFINED, MERGE, TEMPTABLE; empty if not said: UNDEFINED
	Definer   string // as [Trigger]'s
	Security  string // DEFINER, INVOKER; empty if not said: DEFINER
	// Columns is the list of names in parentheses, if there is one. The canonical
	// query has them as aliases, as the server does.
	Columns []string `schema:"derived"`
	// Query's references are tables, views and, as far as they are known, columns.
	Query       schema.Expr
	CheckOption string // CASCADED, LOCAL; empty for none
	// ConnectionCollation is the collation_connection under which it was written,
	// which the texts in its query have; empty if not said.
	ConnectionCollation string `schema:"derived"`
}

func (v *View) ID() schema.ID      { return v.Self }
func (v *View) Owner() schema.ID   { return schema.ID{} }
func (v *View) Refs() []schema.Ref { return within(nil, v.Query) }

// Claims: tables, views and sequences share their names.
func (v *View) Claims() []string { return claim("relation", v.Self) }
