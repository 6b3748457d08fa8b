package my

import "github.com/trueup-sql/trueup/schema"

// ForeignKey is a foreign key. Its index is an [Index] of its own, written or
// implied.
type ForeignKey struct {
	Self schema.ID
	// Unnamed: see [Index]. The server names it t_ibfk_N.
	Unnamed Aside
	// IndexName is the name written behind FOREIGN KEY: that of the implied
	// index, if the constraint itself has none, and nothing else.
	IndexName string `json:",omitempty"`

	Columns    []schema.ID
	RefTable   schema.ID
	RefColumns []schema.ID
	Match      string // FULL, PARTIAL; empty for SIMPLE
	// OnDelete and OnUpdate are RESTRICT, CASCADE, SET NULL, NO ACTION or SET
	// DEFAULT; empty if not said. In InnoDB the first, the fourth and nothing are
	// the same, but MySQL 8 prints them as written.
	OnDelete string
	OnUpdate string

	// RefIndex is the index of the other table that the foreign key relies on,
	// which cannot go before it. Which one that is, the server does not say: the
	// dialect finds it.
	RefIndex schema.ID `schema:"derived"`
}

func (k *ForeignKey) ID() schema.ID    { return k.Self }
func (k *ForeignKey) Owner() schema.ID { return TableOf(k.Self) }

// Table is the table that refers.
func (k *ForeignKey) Table() schema.ID { return TableOf(k.Self) }

// Refs: both tables, the index, and the columns, whose types cannot change as long as the
// foreign key is there (ER_FK_COLUMN_CANNOT_CHANGE). The partitions of either
// table have to be gone before it comes.
func (k *ForeignKey) Refs() []schema.Ref {
	refs := exist(k.Owner(), k.RefTable, k.RefIndex)
	refs = schema.Refer(refs, schema.Steady, k.Columns...)
	refs = schema.Refer(refs, schema.Steady, k.RefColumns...)
	return schema.Refer(refs, schema.Late, PartitioningID(k.Owner()), PartitioningID(k.RefTable))
}

// Claims: the names of foreign keys are unique in a database.
func (k *ForeignKey) Claims() []string { return claim("foreign key", k.Self) }
