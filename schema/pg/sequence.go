package pg

import "github.com/trueup-sql/trueup/schema"

// Sequence is a sequence (pg_sequence). For an identity column, Schema and
// Name are those of its implicit sequence, and empty if the author does not say.
type Sequence struct {
	Schema, Name string
	Type         string // "smallint", "integer", "bigint"
	Start        int64
	Increment    int64
	Min, Max     int64
	Cache        int64
	Cycle        bool
	Unlogged     bool // since 15
	// OwnedBy is the column that [LinkSequences] found; the sequence vanishes
	// with it.
	OwnedBy schema.ID `schema:"derived"`
}

func (s *Sequence) ID() schema.ID {
	return schema.ID{Kind: KindSequence, Schema: s.Schema, Name: s.Name}
}
func (s *Sequence) Owner() schema.ID   { return s.OwnedBy }
func (s *Sequence) Refs() []schema.Ref { return schema.Refer(nil, schema.Exist, SchemaID(s.Schema)) }
func (s *Sequence) Claims() []string   { return []string{relationClaim(s.Schema, s.Name)} }

// SequenceOwner is OWNED BY: an object of its own, since the column's default
// uses the sequence that the column owns. The sequence vanishes with the column.
type SequenceOwner struct {
	Sequence, Column schema.ID
	// After is the owner of the column's table, which has to be that of a
	// sequence that is there already.
	After schema.ID `schema:"derived" json:"-"`
}

func (o *SequenceOwner) ID() schema.ID {
	return schema.ID{Kind: KindSequenceOwner, Schema: o.Sequence.Schema, Name: o.Sequence.Name}
}
func (o *SequenceOwner) Owner() schema.ID { return o.Sequence }
func (o *SequenceOwner) Refs() []schema.Ref {
	return schema.Refer(nil, schema.Exist, o.Sequence, o.Column, o.After)
}

// LinkSequences tells every sequence which column owns it, as the catalog's
// [SequenceOwner] objects say.
func LinkSequences(c *schema.Catalog) {
	for s := range schema.Each[*Sequence](c) {
		s.OwnedBy = schema.ID{}
	}
	for o := range schema.Each[*SequenceOwner](c) {
		if s, ok := schema.Lookup[*Sequence](c, o.Sequence); ok {
			s.OwnedBy = o.Column
		}
	}
}
