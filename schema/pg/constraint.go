package pg

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
)

// ConstraintType is pg_constraint.contype in words.
type ConstraintType string

const (
	PrimaryKey ConstraintType = "primary key"
	Unique     ConstraintType = "unique"
	ForeignKey ConstraintType = "foreign key"
	Check      ConstraintType = "check"
	Exclusion  ConstraintType = "exclude"
	// NotNull is only there for what a column's NOT NULL flag cannot say: since
	// 18 such a constraint can have a name of its own, be NOT VALID or NO
	// INHERIT. The column's flag is set besides.
	NotNull ConstraintType = "not null"
)

// Constraint is a constraint of a table. One that a partition or child
// inherits from its parent is not in the catalog.
type Constraint struct {
	Table schema.ID
	Name  string
	// Unnamed: the author gave no name; Name is what the server would choose.
	Unnamed bool `schema:"derived"`
	Type    ConstraintType

	Columns []schema.ID // but for checks and exclusions
	Check   schema.Expr
	// NoInherit, NotValid, NotEnforced: checks, foreign keys, not-null (18).
	NoInherit, NotValid, NotEnforced bool
	Deferrable, InitiallyDeferred    bool

	// Of primary keys, unique and exclusion constraints: their index.
	Include          []schema.ID
	NullsNotDistinct bool
	WithoutOverlaps  bool // since 18; PERIOD of a foreign key
	Options          []Option
	Tablespace       string
	Method           string      // exclusion: index access method
	Elements         []Excluded  // exclusion
	Predicate        schema.Expr // exclusion
	// Only: on a partitioned table, a primary key or unique constraint that was
	// added ONLY there, and that not all partitions have: its index is invalid.
	Only bool
	// Unproven are the tables that have a NOT VALID check from this one's table,
	// and no [Validation] of it: it comes when they are there.
	Unproven []schema.ID `schema:"derived" json:"-"`
	// Attached are the partitions whose constraint was attached to this one.
	Attached []schema.ID `schema:"derived" json:"-"`
	// Covers are the claims of the indexes that partitions have for this one's.
	Covers []string `schema:"derived" json:"-"`
	// Backs is the parent's index, not a constraint's, that the index of a
	// partition's key is a part of. It is decided when the one of the two is made
	// that comes later, or when the table becomes a partition.
	Backs schema.ID `schema:"derived" json:"-"`
	// UsingIndex: the author adopts an existing index of that name.
	UsingIndex string `schema:"derived"`

	// Of foreign keys.
	RefTable   schema.ID
	RefColumns []schema.ID
	OnUpdate   string // "no action", "restrict", "cascade", "set null", "set default"
	OnDelete   string
	SetColumns []schema.ID // ON DELETE SET NULL (columns)
	MatchFull  bool
	// RefKey is the constraint or unique index that a foreign key relies on.
	RefKey schema.ID `schema:"derived"`
}

// Excluded is an element of an exclusion constraint.
type Excluded struct {
	IndexKey
	Operator string // qualified unless in pg_catalog
}

func (c *Constraint) ID() schema.ID    { return Part(KindConstraint, c.Table, c.Name) }
func (c *Constraint) Owner() schema.ID { return c.Table }
func (c *Constraint) Refs() []schema.Ref {
	bind := schema.Exist
	if c.Type == ForeignKey {
		// There may be no operator for a new pair of types, and no foreign key
		// from a logged table to an unlogged one.
		bind = schema.Steady
	}
	refs := schema.Refer(nil, bind, c.Table)
	refs = schema.Refer(refs, bind, c.Columns...)
	refs = schema.Refer(refs, schema.Exist, c.Include...)
	refs = schema.Refer(refs, bind, c.RefTable)
	refs = schema.Refer(refs, schema.Exist, c.RefKey)
	refs = schema.Refer(refs, bind, c.RefColumns...)
	refs = schema.Refer(refs, schema.Exist, c.SetColumns...)
	refs = schema.Refer(refs, schema.Late, c.Unproven...)
	for _, e := range c.Elements {
		refs = append(refs, e.refs()...)
	}
	return slices.Concat(refs, c.Check.Refs, c.Predicate.Refs)
}

// Claims: constraints with an index occupy a relation's name.
func (c *Constraint) Claims() []string {
	switch c.Type {
	case PrimaryKey, Unique, Exclusion:
		return append([]string{relationClaim(c.Table.Schema, c.Name)}, c.Covers...)
	}
	return nil
}
