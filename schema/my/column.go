package my

import "github.com/trueup-sql/trueup/schema"

// Column is a column with all that MySQL keeps in its definition: a change of
// any of it is a MODIFY that repeats the whole.
type Column struct {
	Self schema.ID
	// Ordinal is its place in the table.
	Ordinal Ordinal
	// Place says where the column has to be put, if it has to be: the dialect
	// sets it when it compares two tables, for new and for moved columns.
	Place *Place `schema:"place"`

	Type      Type
	Charset   string // of character types; empty: the table's
	Collation string
	// BinaryCollation: the attribute BINARY, which asks for the _bin collation
	// of a character set that may be inherited. The normal form has none.
	BinaryCollation bool

	NotNull bool
	// Default is a literal, an expression in parentheses, or CURRENT_TIMESTAMP,
	// ready to stand behind DEFAULT. DEFAULT NULL is no default: every column
	// that may be null has it.
	Default  schema.Expr
	OnUpdate schema.Expr // CURRENT_TIMESTAMP, with its precision

	AutoIncrement bool
	// AutoRandom: TiDB's AUTO_RANDOM(shard bits, range bits).
	AutoRandom *AutoRandom

	// Generated is the expression, without the outer parentheses.
	Generated schema.Expr
	Stored    bool // of a generated column: STORED (MariaDB: PERSISTENT), or else VIRTUAL

	// Check is MariaDB's column-level CHECK, which belongs to the column's
	// definition and bears its name, without the outer parentheses. MySQL has
	// only checks that are objects of their own.
	Check schema.Expr

	Invisible bool
	Comment   string
	SRID      *uint32 // MySQL SRID, MariaDB REF_SYSTEM_ID
	Format    string  // COLUMN_FORMAT: FIXED, DYNAMIC
	Storage   string  // DISK, MEMORY
	// Compressed: MariaDB; the method, or "zlib" if none was named.
	Compressed string
	// RowStart and RowEnd: MariaDB, GENERATED ALWAYS AS ROW START/END.
	RowStart, RowEnd bool
	// Versioning: MariaDB, "WITH" or "WITHOUT" SYSTEM VERSIONING.
	Versioning string

	EngineAttribute          string // MySQL 8.0.21, JSON
	SecondaryEngineAttribute string
	// Options are all others, by name.
	Options []Option
}

// Place is FIRST, if After is zero, or AFTER a column.
type Place struct {
	After schema.ID
}

// AutoRandom holds TiDB's numbers of bits; 0 if not said.
type AutoRandom struct {
	ShardBits, RangeBits int
}

func (c *Column) ID() schema.ID    { return c.Self }
func (c *Column) Owner() schema.ID { return TableOf(c.Self) }

// Table is the table that the column is in.
func (c *Column) Table() schema.ID { return TableOf(c.Self) }

// IsGenerated tells whether the column is computed from others.
func (c *Column) IsGenerated() bool { return !c.Generated.IsZero() }

// Refs: the table, and the columns and functions that expressions name. The
// column behind which it is put has no say in what may be replaced.
func (c *Column) Refs() []schema.Ref {
	refs := within(exist(c.Owner()), c.Default, c.OnUpdate, c.Generated, c.Check)
	if c.Place != nil {
		refs = schema.Refer(refs, schema.Late, c.Place.After)
	}
	return refs
}
