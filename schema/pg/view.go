package pg

import "github.com/trueup-sql/trueup/schema"

// View is a view. Its query's references are Fixed on the columns it selects.
type View struct {
	Schema, Name string
	Query        schema.Expr
	Options      []Option // security_barrier, security_invoker, check_option
	Recursive    bool     `schema:"derived"` // how it was written
	// Aliases are names for the first output columns, as CREATE VIEW name (..)
	// gives them; the canonical form has them worked in.
	Aliases []string `schema:"derived"`
	// Columns are the output columns; types may be unknown on the author's side.
	Columns []ViewColumn `schema:"derived"`
	// Defaults are ALTER VIEW .. ALTER COLUMN .. SET DEFAULT, by column.
	Defaults []ViewDefault
}

// ViewColumn is an output column. Source is the canonical text of its
// expression, if it is known.
type ViewColumn struct {
	Name   string
	Type   Type
	Source string
}

// ViewDefault is a default of a view's column.
type ViewDefault struct {
	Column string
	Value  schema.Expr
}

func (v *View) ID() schema.ID    { return schema.ID{Kind: KindView, Schema: v.Schema, Name: v.Name} }
func (v *View) Owner() schema.ID { return schema.ID{} }
func (v *View) Refs() []schema.Ref {
	refs := append(schema.Refer(nil, schema.Exist, SchemaID(v.Schema)), v.Query.Refs...)
	for _, d := range v.Defaults {
		refs = append(refs, d.Value.Refs...)
	}
	return refs
}
func (v *View) Claims() []string {
	return []string{relationClaim(v.Schema, v.Name), typeClaim(v.Schema, v.Name)}
}

// MaterializedView is a materialized view; its indexes are objects of their own.
type MaterializedView struct {
	Schema, Name string
	Query        schema.Expr
	AccessMethod string
	Tablespace   string
	Options      []Option
	// Unpopulated: WITH NO DATA, and not refreshed since. A live view that has
	// data is as good as one that a file wants without.
	Unpopulated bool
	ClusterOn   string
	Aliases     []string     `schema:"derived"` // as View's
	Columns     []ViewColumn `schema:"derived"`
}

func (v *MaterializedView) ID() schema.ID {
	return schema.ID{Kind: KindMaterializedView, Schema: v.Schema, Name: v.Name}
}
func (v *MaterializedView) Owner() schema.ID { return schema.ID{} }
func (v *MaterializedView) Refs() []schema.Ref {
	return append(schema.Refer(nil, schema.Exist, SchemaID(v.Schema)), v.Query.Refs...)
}
func (v *MaterializedView) Claims() []string {
	return []string{relationClaim(v.Schema, v.Name), typeClaim(v.Schema, v.Name)}
}

// Rule is a rewrite rule, but for the one that makes a view (pg_rewrite).
type Rule struct {
	Relation schema.ID
	Name     string
	Event    string // "select", "insert", "update", "delete"
	Instead  bool
	Where    schema.Expr
	// Action is what follows DO [INSTEAD|ALSO]: NOTHING, or statements.
	Action  schema.Expr
	Enabled string // as Trigger's
}

func (r *Rule) ID() schema.ID    { return Part(KindRule, r.Relation, r.Name) }
func (r *Rule) Owner() schema.ID { return r.Relation }
func (r *Rule) Refs() []schema.Ref {
	refs := append(schema.Refer(nil, schema.Exist, r.Relation), r.Where.Refs...)
	return append(refs, r.Action.Refs...)
}
