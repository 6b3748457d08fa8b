package my

import "github.com/trueup-sql/trueup/schema"

// IndexType tells the sorts of indexes apart.
type IndexType string

const (
	Plain    IndexType = "INDEX"
	Primary  IndexType = "PRIMARY KEY"
	Unique   IndexType = "UNIQUE"
	Fulltext IndexType = "FULLTEXT"
	Spatial  IndexType = "SPATIAL"
	Vector   IndexType = "VECTOR" // MariaDB 11.7
)

// PrimaryName is the name of every primary key.
const PrimaryName = "PRIMARY"

// Index is an index, the primary key, or a unique constraint, which in MySQL is
// the same as a unique index.
type Index struct {
	Self schema.ID
	Type IndexType
	// Unnamed: the author gave it no name; it has the one that the server would
	// choose, as far as that can be told, and is matched by its definition.
	Unnamed Aside
	// ForForeignKey: the server would make it for this foreign key, which no
	// other index serves; its author wrote nothing. See myparse.ImplyIndexes.
	ForForeignKey schema.ID
	// Ordinal is its place among the table's indexes.
	Ordinal Ordinal

	Parts []IndexPart
	// WithoutOverlaps: MariaDB, the last part is this application-time period.
	WithoutOverlaps string

	Using        string // BTREE, HASH, RTREE; empty if not said
	Parser       string // FULLTEXT .. WITH PARSER
	KeyBlockSize string
	Comment      string
	Invisible    bool   // MySQL INVISIBLE, MariaDB IGNORED
	Clustered    string // TiDB: CLUSTERED, NONCLUSTERED
	Global       bool   // TiDB

	// Of VECTOR indexes: M and DISTANCE (euclidean, cosine).
	M        string
	Distance string

	EngineAttribute          string // MySQL 8.0.21, JSON
	SecondaryEngineAttribute string
	// Options are all others, by name (MariaDB: CLUSTERING).
	Options []Option
}

// IndexPart is a column, a prefix of one, or an expression.
type IndexPart struct {
	Column schema.ID
	Length int // of a prefix, in characters; 0 for the whole column
	// Expr is a functional key part, without the outer parentheses.
	Expr schema.Expr
	Desc bool
}

func (x *Index) ID() schema.ID    { return x.Self }
func (x *Index) Owner() schema.ID { return TableOf(x.Self) }

// Table is the table that the index is on.
func (x *Index) Table() schema.ID { return TableOf(x.Self) }

// IsUnique tells whether it forbids duplicates.
func (x *Index) IsUnique() bool { return x.Type == Primary || x.Type == Unique }

// Refs: the table and the columns. A column's type may change under an index.
func (x *Index) Refs() []schema.Ref {
	refs := exist(x.Owner())
	for _, p := range x.Parts {
		refs = within(schema.Refer(refs, schema.Exist, p.Column), p.Expr)
	}
	return schema.Refer(refs, schema.Late, x.ForForeignKey)
}
