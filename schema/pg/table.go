package pg

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// Option is a storage parameter, in the letter case and spelling of
// pg_class.reloptions. Lists of options are sorted by name.
type Option struct {
	Name, Value string
	// Place is that in the author's list, from 1; the server keeps the order, but
	// it is no difference.
	Place int `schema:"derived" json:"-"`
	// Written is the value as its author spelled it, where that is not Value.
	Written string `schema:"derived" json:",omitempty"`
}

// StorageParameter is an option of a relation; truth values have one spelling,
// though the server keeps the author's.
func StorageParameter(name, value string) Option {
	o := Option{Name: name, Value: value}
	if truths[strings.TrimPrefix(name, "toast.")] {
		switch v := strings.ToLower(value); {
		case v == "":
		case v == "1" || v == "on" || strings.HasPrefix("true", v) || strings.HasPrefix("yes", v):
			o.Value = "true"
		case v == "0" || v == "of" || v == "off" || strings.HasPrefix("false", v) || strings.HasPrefix("no", v):
			o.Value = "false"
		}
		if o.Value != value {
			o.Written = value
		}
	}
	return o
}

// truths are the storage parameters that are on or off (reloptions.c).
var truths = map[string]bool{
	"autosummarize": true, "autovacuum_enabled": true, "deduplicate_items": true, "fastupdate": true,
	"security_barrier": true, "security_invoker": true, "user_catalog_table": true, "vacuum_truncate": true,
}

// Table is an ordinary or partitioned table, or a partition. Columns,
// defaults, constraints and indexes are objects of their own.
type Table struct {
	Schema, Name string
	Unlogged     bool
	AccessMethod string   // empty for the default, heap
	Tablespace   string   // empty for the database's own
	Options      []Option // toast.* among them
	OfType       schema.ID
	Inherits     []schema.ID // in order; empty for a partition

	// PartitionBy is set for a partitioned table.
	PartitionBy *PartitionKey
	// PartitionOf and Bound are set for a partition. The text of Bound is FOR
	// VALUES .. or DEFAULT.
	PartitionOf schema.ID
	Bound       schema.Expr
	// Given are the indexes and constraints that the server made on a partition
	// for its parent's. They are no objects of the catalog.
	Given []Given `schema:"derived" json:"-"`
	// Brought are the indexes that the table had when a text attached it.
	Brought []schema.ID `schema:"derived" json:"-"`
	// Tied are parts of the table that it cannot do without for as long as it has
	// the parents that it has: they are theirs. They are the table's own after.
	Tied []schema.ID `schema:"derived" json:"-"`

	RowSecurity, ForceRowSecurity bool
	// ReplicaIdentity is "" for the default (the primary key), "full", "nothing",
	// or "index", and then ReplicaIndex is the name of the index.
	ReplicaIdentity string
	ReplicaIndex    string
	// ClusterOn is the name of the index that CLUSTER uses.
	ClusterOn string
}

// Given is an index or a constraint of a partition, and the parent's that it is
// there for; of a NOT NULL (18), the table's own column.
type Given struct {
	Name string
	For  schema.ID
}

// PartitionKey is a table's PARTITION BY.
type PartitionKey struct {
	Strategy string // "range", "list", "hash"
	Keys     []IndexKey
}

func (t *Table) ID() schema.ID    { return schema.ID{Kind: KindTable, Schema: t.Schema, Name: t.Name} }
func (t *Table) Owner() schema.ID { return schema.ID{} }

// PortionOf: see [schema.Portioned].
func (t *Table) PortionOf() schema.ID { return t.PartitionOf }
func (t *Table) Refs() []schema.Ref {
	refs := schema.Refer(nil, schema.Exist, SchemaID(t.Schema), t.OfType, t.PartitionOf)
	refs = schema.Refer(refs, schema.Exist, t.Inherits...)
	refs = schema.Refer(refs, schema.Exist, t.Tied...)
	return append(refs, t.Bound.Refs...)
}
func (t *Table) Claims() []string {
	return []string{relationClaim(t.Schema, t.Name), typeClaim(t.Schema, t.Name)}
}

// Column is a column of a table. A column that a partition or child inherits
// unchanged is not in the catalog.
type Column struct {
	Table     schema.ID
	Name      string
	Type      Type
	Collation string // qualified and quoted; empty for the type's own
	NotNull   bool
	Identity  *Identity
	// Generated is the expression of a generated column; its type change or a
	// change of expression has rules of its own, so it is no [Default].
	Generated   schema.Expr
	Virtual     bool   // since 18: computed when read
	Storage     string // "plain", "external", "extended", "main"; empty for the type's own
	Compression string // "pglz", "lz4"; empty for the server's default
	// Statistics is the target of ALTER COLUMN SET STATISTICS; -1 for the default.
	Statistics int
	Options    []Option // n_distinct, n_distinct_inherited
	// Inherited: the column comes from a parent, and only what differs from the
	// parent's column is the child's own.
	Inherited bool
	// From is the parent's column whose NOT NULL comes in the place of this one's
	// own, which it is best rid of before.
	From schema.ID `schema:"derived" json:"-"`
	// Using is the author's expression for a change of type (-- @using).
	Using string `schema:"derived"`
	// Number is the position among the table's columns, from 1; the order of
	// columns is no difference.
	Number int `schema:"derived"`
}

// Identity is GENERATED .. AS IDENTITY with its sequence's parameters.
type Identity struct {
	Always bool
	Sequence
}

func (c *Column) ID() schema.ID    { return ColumnID(c.Table, c.Name) }
func (c *Column) Owner() schema.ID { return c.Table }
func (c *Column) Refs() []schema.Ref {
	refs := schema.Refer(schema.Refer(nil, schema.Exist, c.Table), schema.Steady, c.Type.Ref, CollationID(c.Collation))
	refs = schema.Refer(refs, schema.Late, c.From)
	return append(refs, c.Generated.Refs...)
}

// Claims: an identity column's sequence occupies a relation's name.
func (c *Column) Claims() []string {
	if c.Identity == nil {
		return nil
	}
	name, namespace := c.Identity.Name, c.Identity.Schema
	if name == "" {
		name = c.Table.Name + "_" + c.Name + "_seq"
	}
	if namespace == "" {
		namespace = c.Table.Schema
	}
	return []string{relationClaim(namespace, name)}
}

// Default is a column's default (pg_attrdef): an object of its own, since it
// needs other things than its column does and has to step aside when the
// column's type changes.
type Default struct {
	Column schema.ID
	Value  schema.Expr
}

func (d *Default) ID() schema.ID {
	return schema.ID{Kind: KindDefault, Schema: d.Column.Schema, Parent: d.Column.Parent, Name: d.Column.Name}
}
func (d *Default) Owner() schema.ID { return d.Column }
func (d *Default) Refs() []schema.Ref {
	table := schema.ID{Kind: KindTable, Schema: d.Column.Schema, Name: d.Column.Parent}
	refs := schema.Refer(nil, schema.Steady, d.Column)
	return append(schema.Refer(refs, schema.Exist, table), d.Value.Refs...)
}
