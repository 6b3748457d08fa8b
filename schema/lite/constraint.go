package lite

import "github.com/trueup-sql/trueup/schema"

// ConstraintType is what a constraint is, in the words of the grammar.
type ConstraintType string

const (
	PrimaryKey ConstraintType = "PRIMARY KEY"
	Unique     ConstraintType = "UNIQUE"
	ForeignKey ConstraintType = "FOREIGN KEY"
	Check      ConstraintType = "CHECK"
)

// Constraint is a constraint of a table, wherever it is written: behind a
// column or by itself. NOT NULL is a property of its column instead.
//
// SQLite gives constraints no names of its own, and lets several have the same
// one. The ID's name is therefore only a label: the author's name, or else the
// definition; where a database has the constraint under another label, the
// dialect gives the desired one that label.
type Constraint struct {
	Self schema.ID
	Type ConstraintType
	// Name is the author's name in lower case, which SQLite shows in the error
	// of a failing CHECK and nowhere else; empty if there is none.
	Name string
	// Key are the columns of a PRIMARY KEY, UNIQUE or FOREIGN KEY.
	Key []KeyColumn
	// Autoincrement: of a PRIMARY KEY.
	Autoincrement bool
	// NotAlias: an INTEGER PRIMARY KEY DESC that is written behind its column
	// does not make the column an alias of the rowid (an old mistake that
	// SQLite keeps for compatibility).
	NotAlias bool
	// OnConflict is the conflict clause in lower case; empty for ABORT, the default.
	OnConflict string

	// References is the parent table of a FOREIGN KEY, and ReferencedKey its
	// columns in lower case; none if the parent's primary key is meant.
	References    schema.ID
	ReferencedKey []string
	// OnDelete and OnUpdate are in lower case; empty for NO ACTION, the default.
	OnDelete, OnUpdate string
	Match              string // parsed and ignored by SQLite
	// Deferred: DEFERRABLE INITIALLY DEFERRED; all other forms are immediate.
	Deferred bool

	// Expression is that of a CHECK, without the outer parentheses.
	Expression schema.Expr

	// Spelling is the author's name as written; Column is the column behind
	// which the constraint stands; ReferencesName is the parent's name as written.
	Spelling       string `schema:"derived"`
	Column         string `schema:"derived"`
	ReferencesName string `schema:"derived"`
	// Uses are the columns that the key and the expression name.
	Uses []schema.ID `schema:"derived"`
}

// KeyColumn is a column of a key.
type KeyColumn struct {
	Name      string // in lower case
	Collation string // in lower case; empty for the column's own
	Desc      bool
	Spelling  string `schema:"derived"`
}

func (c *Constraint) ID() schema.ID    { return c.Self }
func (c *Constraint) Owner() schema.ID { return TableOf(c.Self) }

// Refs: the table and the columns. The parent table of a foreign key does not
// have to be there when the table is created, nor its columns.
func (c *Constraint) Refs() []schema.Ref {
	refs := exist(exist(nil, c.Owner()), c.Uses...)
	if c.References != c.Owner() {
		refs = schema.Refer(refs, schema.Late, c.References)
	}
	for _, name := range c.ReferencedKey {
		refs = schema.Refer(refs, schema.Late, Part(KindColumn, c.References, name), Part(KindGenerated, c.References, name))
	}
	return refs
}

// Needs is the parent table of a foreign key: without it, every change of a row fails.
func (c *Constraint) Needs() []schema.ID {
	if c.References.IsZero() {
		return nil
	}
	return []schema.ID{c.References}
}
