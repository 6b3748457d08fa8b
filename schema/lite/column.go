package lite

import "github.com/trueup-sql/trueup/schema"

// Column is a column, plain or generated: its own properties, without the
// constraints that may be written behind it.
type Column struct {
	Self schema.ID
	// Type is the declared type in lower case with single spaces; empty if
	// there is none. The affinity follows from it.
	Type    string
	NotNull bool
	// NotNullConflict is the conflict clause of NOT NULL in lower case; empty
	// for ABORT, the default.
	NotNullConflict string
	// Default is what stands behind DEFAULT: a literal, or an expression with
	// its parentheses.
	Default schema.Expr
	// Collation is in lower case; empty for BINARY, the default.
	Collation string
	// Generated is the expression, without the outer parentheses.
	Generated schema.Expr
	Stored    bool // of a generated column: STORED, or else VIRTUAL

	// Name, TypeName and CollationName are in the author's spelling.
	Name          string `schema:"derived"`
	TypeName      string `schema:"derived"`
	CollationName string `schema:"derived"`
	// SQL is the whole definition, with the constraints that are written behind it.
	SQL string `schema:"derived"`
	// Uses are the columns that Generated names.
	Uses []schema.ID `schema:"derived"`
}

// NewColumnID identifies a column by its name and by whether it is generated.
func NewColumnID(table schema.ID, name string, generated bool) schema.ID {
	if generated {
		return Part(KindGenerated, table, name)
	}
	return Part(KindColumn, table, name)
}

func (c *Column) ID() schema.ID    { return c.Self }
func (c *Column) Owner() schema.ID { return TableOf(c.Self) }
func (c *Column) Refs() []schema.Ref {
	return exist(exist(nil, c.Owner()), c.Uses...)
}

// Claims: a plain and a generated column of the same name cannot both be there.
func (c *Column) Claims() []string { return []string{"column " + c.Self.Path()} }

// IsGenerated tells whether the column is computed from others.
func (c *Column) IsGenerated() bool { return c.Self.Kind == KindGenerated }
