package pgparse

import (
	"errors"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// form says what an expression's text is a piece of.
type form uint8

const (
	scalar form = iota // an expression
	query              // a SELECT
	bound              // FOR VALUES .. or DEFAULT of a partition
	action             // NOTHING or statements, of a rule
	body               // RETURN .. or BEGIN ATOMIC .. END of a function
)

// site is one expression of an object, and what the names in it mean.
type site struct {
	object   schema.Object
	expr     *schema.Expr
	form     form
	relation schema.ID   // whose columns are in scope; zero for none
	rows     []string    // if the columns are reached through OLD and NEW only
	bare     bool        // they are reached without, too
	columns  schema.Bind // how firmly the columns are held
	function *pg.Function
	value    pg.Type // of VALUE in a domain's check
	// target is the type that the expression is converted to: a default's.
	target   pg.Type
	assigned typed // the same, for a column
	truth    bool  // the expression must be a truth value
	key      bool  // of an index or a partitioned table
}

// normalizer is one run of [Normalize].
type normalizer struct {
	Options
	*types
	catalog     *schema.Catalog
	trees       map[parsedKey]parsedText
	views       map[schema.ID]*viewed
	keyMemo     map[schema.ID][]typed        // of partitioned tables
	primaryKeys map[schema.ID]*pg.Constraint // by table
	recent      recent
	listed      []site // the memory of sites
}

func newNormalizer(c *schema.Catalog, o Options) *normalizer {
	keys := map[schema.ID]*pg.Constraint{}
	for k := range schema.Each[*pg.Constraint](c) {
		if k.Type == pg.PrimaryKey {
			keys[k.Table] = k
		}
	}
	return &normalizer{Options: o, primaryKeys: keys, types: newTypes(c, o, newNames(c, o)), catalog: c, trees: map[parsedKey]parsedText{},
		views: map[schema.ID]*viewed{}, keyMemo: map[schema.ID][]typed{}}
}

// located gives an error the place of the object that it is about.
func (n *normalizer) located(err error, id schema.ID) error {
	if e, ok := errors.AsType[*parser.Error](err); ok {
		if e.Pos.IsZero() {
			e.Pos = n.catalog.Origin[id]
		}
		return e
	}
	return &parser.Error{Pos: n.catalog.Origin[id], Message: id.String() + ": " + err.Error()}
}

// sites lists the expressions of an object, until it is called again.
func (n *normalizer) sites(o schema.Object) []site {
	out := n.listed[:0]
	add := func(e *schema.Expr, s site) {
		if e.Text == "" {
			return
		}
		s.object, s.expr = o, e
		out = append(out, s)
	}
	keys := func(keys []pg.IndexKey, relation schema.ID) {
		for i := range keys {
			n.strip(&keys[i], relation)
			add(&keys[i].Expr, site{key: true, relation: relation, columns: schema.Steady})
		}
	}
	switch o := o.(type) {
	case *pg.Table:
		add(&o.Bound, site{form: bound, relation: o.PartitionOf})
		if o.PartitionBy != nil {
			keys(o.PartitionBy.Keys, o.ID())
		}
	case *pg.Column:
		add(&o.Generated, site{relation: o.Table, columns: schema.Fixed, target: o.Type})
	case *pg.Default:
		add(&o.Value, site{assigned: n.columnType(o.Column)})
	case *pg.Constraint:
		add(&o.Check, site{truth: true, relation: o.Table, columns: schema.Steady})
		for i := range o.Elements {
			n.strip(&o.Elements[i].IndexKey, o.Table)
			add(&o.Elements[i].Expr, site{key: true, relation: o.Table, columns: schema.Steady})
		}
		add(&o.Predicate, site{truth: true, relation: o.Table, columns: schema.Steady})
	case *pg.Index:
		keys(o.Keys, o.Table)
		add(&o.Predicate, site{truth: true, relation: o.Table, columns: schema.Steady})
	case *pg.Statistics:
		for i := range o.Exprs {
			add(&o.Exprs[i], site{relation: o.Table, columns: schema.Steady})
		}
	case *pg.View:
		add(&o.Query, site{form: query, columns: schema.Fixed})
		for i := range o.Defaults {
			add(&o.Defaults[i].Value, site{target: viewColumnType(o.Columns, o.Defaults[i].Column)})
		}
	case *pg.MaterializedView:
		add(&o.Query, site{form: query, columns: schema.Fixed})
	case *pg.Rule:
		// The condition sees the one row of an INSERT or DELETE without NEW or OLD.
		rows := map[string][]string{"insert": {"new"}, "delete": {"old"}, "select": {"old"}}[o.Event]
		if rows == nil {
			rows = []string{"old", "new"}
		}
		s := site{relation: o.Relation, rows: rows, bare: len(rows) == 1, truth: true, columns: schema.Fixed}
		add(&o.Where, s)
		s.form, s.truth, s.bare = action, false, false
		add(&o.Action, s)
	case *pg.Trigger:
		add(&o.When, site{truth: true, relation: o.Relation, rows: []string{"old", "new"}, columns: schema.Fixed})
	case *pg.Publication:
		for i := range o.Tables {
			add(&o.Tables[i].Where, site{relation: o.Tables[i].Table, columns: schema.Fixed})
		}
	case *pg.Policy:
		add(&o.Using, site{truth: true, relation: o.Table, columns: schema.Fixed})
		add(&o.Check, site{truth: true, relation: o.Table, columns: schema.Fixed})
	case *pg.Domain:
		add(&o.Default, site{target: o.Type})
	case *pg.DomainConstraint:
		s := site{truth: true}
		if d, ok := schema.Lookup[*pg.Domain](n.catalog, o.Domain); ok {
			s.value = d.Type
		}
		add(&o.Check, s)
	case *pg.Function:
		for i := range o.Args {
			add(&o.Args[i].Default, site{target: o.Args[i].Type})
		}
		add(&o.SQLBody, site{form: body, columns: schema.Fixed, function: o})
	}
	n.listed = out
	return out
}

func viewColumnType(list []pg.ViewColumn, name string) pg.Type {
	for _, c := range list {
		if c.Name == name {
			return c.Type
		}
	}
	return pg.Type{}
}
