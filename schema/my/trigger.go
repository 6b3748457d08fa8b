package my

import "github.com/trueup-sql/trueup/schema"

// Trigger is a trigger.
type Trigger struct {
	Self  schema.ID // without a Parent: the name is unique in the database
	Table schema.ID
	// Timing is BEFORE or AFTER, Event INSERT, UPDATE or DELETE.
	Timing, Event string
	// Ordinal is its place among the table's triggers of the same timing and
	// event. FOLLOWS and PRECEDES are only ways to say it.
	Ordinal Ordinal
	// Follows and Precedes say where the trigger has to be put, if it has to be:
	// the dialect sets one of them when it compares.
	Follows, Precedes schema.ID

	// Definer is user@host with the quotes off, "CURRENT_USER", or a MariaDB
	// role; empty if not said.
	Definer string
	// SQLMode under which the body was written; empty if unknown.
	SQLMode SQLMode
	Body    schema.Expr
}

func (t *Trigger) ID() schema.ID    { return t.Self }
func (t *Trigger) Owner() schema.ID { return t.Table }

// Refs: the table, the neighbour, and, late, what the body names.
func (t *Trigger) Refs() []schema.Ref {
	return within(exist(t.Table, t.Follows, t.Precedes), t.Body)
}

// Claims: the names of triggers are unique in a database.
func (t *Trigger) Claims() []string { return claim("trigger", t.Self) }
