package my

import "github.com/trueup-sql/trueup/schema"

// Database is the managed database itself: what its new tables inherit. A
// desired state that does not speak of it has none, and leaves it as it is.
type Database struct {
	Charset   string
	Collation string
	Comment   string // MariaDB 10.5
}

func (d *Database) ID() schema.ID      { return DatabaseID }
func (d *Database) Owner() schema.ID   { return schema.ID{} }
func (d *Database) Refs() []schema.Ref { return nil }
