package my

import "github.com/trueup-sql/trueup/schema"

// Sequence is a MariaDB sequence. A number that is nil was not said.
type Sequence struct {
	Self      schema.ID
	Type      Type // MariaDB 11.5; bigint before
	Start     *int64
	Increment *int64
	Min       *int64
	Max       *int64
	Cache     *int64
	Cycle     bool
	Engine    string
	Comment   string
}

func (s *Sequence) ID() schema.ID      { return s.Self }
func (s *Sequence) Owner() schema.ID   { return schema.ID{} }
func (s *Sequence) Refs() []schema.Ref { return nil }

// Claims: tables, views and sequences share their names.
func (s *Sequence) Claims() []string { return claim("relation", s.Self) }
