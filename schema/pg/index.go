package pg

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
)

// Index is an index that no constraint owns. An index of a partition that
// belongs to the parent's index is not in the catalog, unless it was attached
// to it by name.
type Index struct {
	Schema, Name string
	// Unnamed: the author gave no name; Name is what the server would choose.
	Unnamed          bool      `schema:"derived"`
	Table            schema.ID // or a materialized view
	Method           string    // "btree", ..
	Unique           bool
	NullsNotDistinct bool
	Keys             []IndexKey
	Include          []schema.ID
	Predicate        schema.Expr
	Options          []Option
	Tablespace       string
	// Only: on a partitioned table, ON ONLY: partitions get no index by it.
	Only bool
	// Invalid: a failed CREATE INDEX CONCURRENTLY left it behind, or a
	// partitioned index lacks partitions.
	Invalid bool
	// Statistics are the targets that ALTER INDEX .. ALTER COLUMN .. SET
	// STATISTICS set, by the key's number.
	Statistics []KeyStatistics
	// AttachedTo is the parent's index (ALTER INDEX .. ATTACH PARTITION).
	AttachedTo schema.ID
	// Adopted: nobody attaches it. It is there first, and the parent's index takes
	// it up when that is created, or when the table becomes a partition.
	Adopted bool `schema:"derived" json:"-"`
	// Covers are the claims of indexes that partitions have for this one, and
	// that are no objects.
	Covers []string `schema:"derived" json:"-"`
}

// KeyStatistics is the statistics target of an index's key, which counts from 1.
type KeyStatistics struct{ Key, Target int }

// IndexKey is a column or an expression of an index or a partition key.
type IndexKey struct {
	Column schema.ID // zero if it is an expression
	Expr   schema.Expr
	// Collation and OpClass are qualified (unless in pg_catalog) and quoted;
	// empty for the default of the column's type.
	Collation      string
	OpClass        string
	OpClassOptions []Option
	Desc           bool
	NullsFirst     bool // the server's default is the value of Desc
}

func (k IndexKey) refs() []schema.Ref {
	refs := schema.Refer(nil, schema.Exist, k.Column)
	return append(schema.Refer(refs, schema.Steady, CollationID(k.Collation)), k.Expr.Refs...)
}

func (i *Index) ID() schema.ID    { return schema.ID{Kind: KindIndex, Schema: i.Schema, Name: i.Name} }
func (i *Index) Owner() schema.ID { return i.Table }
func (i *Index) Refs() []schema.Ref {
	refs := schema.Refer(nil, schema.Exist, i.Table)
	if !i.Adopted {
		refs = schema.Refer(refs, schema.Exist, i.AttachedTo)
	}
	for _, k := range i.Keys {
		refs = append(refs, k.refs()...)
	}
	refs = schema.Refer(refs, schema.Exist, i.Include...)
	return slices.Concat(refs, i.Predicate.Refs)
}
func (i *Index) Claims() []string {
	return append([]string{relationClaim(i.Schema, i.Name)}, i.Covers...)
}

// Statistics is an extended statistics object (pg_statistic_ext).
type Statistics struct {
	Schema, Name string
	Unnamed      bool `schema:"derived"`
	Table        schema.ID
	Kinds        []string // "ndistinct", "dependencies", "mcv", sorted; empty for an expression's only
	Columns      []schema.ID
	Exprs        []schema.Expr
	Target       int // ALTER STATISTICS .. SET STATISTICS; -1 for the default
}

func (s *Statistics) ID() schema.ID {
	return schema.ID{Kind: KindStatistics, Schema: s.Schema, Name: s.Name}
}
func (s *Statistics) Owner() schema.ID { return s.Table }
func (s *Statistics) Refs() []schema.Ref {
	refs := schema.Refer(nil, schema.Exist, SchemaID(s.Schema), s.Table)
	refs = schema.Refer(refs, schema.Steady, s.Columns...)
	for _, e := range s.Exprs {
		refs = append(refs, e.Refs...)
	}
	return refs
}
