package pg

import "github.com/trueup-sql/trueup/schema"

// Validation says that the rows of a table are known to satisfy a check that it
// has from a parent, although the parent's is NOT VALID: pg_constraint has a row
// with convalidated for each of the tables. A partition or child that is created
// after the check has it so from the start, and VALIDATE CONSTRAINT on the table
// gives it to those that were there before.
type Validation struct {
	Table schema.ID
	Of    schema.ID // the parent's constraint
}

func (v *Validation) ID() schema.ID    { return Part(KindValidation, v.Table, v.Of.Name) }
func (v *Validation) Owner() schema.ID { return v.Table }
func (v *Validation) Refs() []schema.Ref {
	return schema.Refer(nil, schema.Exist, v.Table, v.Of)
}
