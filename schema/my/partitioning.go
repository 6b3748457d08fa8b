package my

import "github.com/trueup-sql/trueup/schema"

// Partitioning says how a table's rows are spread over partitions. It is one
// object of the table, so that what has become of the partitions can be told
// from two lists.
type Partitioning struct {
	Self schema.ID
	Scheme
	// Sub is the scheme of the subpartitions; nil if there are none.
	Sub *Scheme
	// Partitions are in the order of their definition; for HASH and KEY they
	// may be left out, and Count alone says how many there are.
	Partitions []Partition

	// Of SYSTEM_TIME partitions (MariaDB): rotate by rows or by time.
	Limit    string
	Interval schema.Expr // 1 WEEK
	Starts   schema.Expr
	Auto     bool

	// Excludes are the foreign keys that there cannot be together with it, and
	// that are still there: the dialect finds them when it compares.
	Excludes []schema.ID `schema:"derived"`
}

// Scheme is a way to choose a partition.
type Scheme struct {
	// Method is RANGE, RANGE COLUMNS, LIST, LIST COLUMNS, HASH, LINEAR HASH,
	// KEY, LINEAR KEY or SYSTEM_TIME.
	Method string
	Expr   schema.Expr // of RANGE, LIST and HASH, without the parentheses
	// Columns of the others; none for KEY() on the primary key.
	Columns []schema.ID
	// Algorithm of KEY: 1 or 2; 0 if not said.
	Algorithm int
	// Count is PARTITIONS n or SUBPARTITIONS n; 0 if not said.
	Count int
}

// Partition is one partition, or a subpartition, which has no values.
type Partition struct {
	Name string
	// Less: RANGE, the values of VALUES LESS THAN, each an expression or
	// MAXVALUE. In: LIST, the rows of VALUES IN; Default: VALUES IN (DEFAULT) of
	// MariaDB and TiDB. Current, History: SYSTEM_TIME.
	Less    []schema.Expr
	In      [][]schema.Expr
	Default bool
	Current bool
	History bool

	Engine         string
	Comment        string
	DataDirectory  string
	IndexDirectory string
	MinRows        string
	MaxRows        string
	Tablespace     string
	Options        []Option

	Sub []Partition
}

func (p *Partitioning) ID() schema.ID    { return p.Self }
func (p *Partitioning) Owner() schema.ID { return TableOf(p.Self) }

// Table is the table that is partitioned.
func (p *Partitioning) Table() schema.ID { return TableOf(p.Self) }

// Refs: the table, and the columns of the schemes; and what it has to wait for.
func (p *Partitioning) Refs() []schema.Ref {
	refs := schema.Refer(exist(p.Owner()), schema.Exist, p.Columns...)
	refs = within(refs, p.Expr)
	if p.Sub != nil {
		refs = within(schema.Refer(refs, schema.Exist, p.Sub.Columns...), p.Sub.Expr)
	}
	return schema.Refer(refs, schema.Late, p.Excludes...)
}
