package my

import "github.com/trueup-sql/trueup/schema"

// Check is a CHECK constraint of a table. Those that MariaDB keeps with a column
// are in [Column].
type Check struct {
	Self schema.ID
	// Unnamed: see [Index]. MySQL names it t_chk_N, MariaDB CONSTRAINT_N.
	Unnamed Aside
	// DatabaseWide: its name is unique in the database (MySQL), not only in the
	// table (MariaDB).
	DatabaseWide Aside

	Expr        schema.Expr // without the outer parentheses
	NotEnforced bool        // MySQL 8.0.16
}

func (c *Check) ID() schema.ID      { return c.Self }
func (c *Check) Owner() schema.ID   { return TableOf(c.Self) }
func (c *Check) Refs() []schema.Ref { return within(exist(c.Owner()), c.Expr) }

// Table is the table whose rows are checked.
func (c *Check) Table() schema.ID { return TableOf(c.Self) }

// Claims: see DatabaseWide.
func (c *Check) Claims() []string {
	if c.DatabaseWide.Is() {
		return claim("check", c.Self)
	}
	return nil
}
