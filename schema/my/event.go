package my

import "github.com/trueup-sql/trueup/schema"

// Event is an event of the scheduler.
type Event struct {
	Self schema.ID
	// At is the moment of a one-time event; Every, such as 1 DAY or '1:30'
	// HOUR_MINUTE, the interval of a recurring one, between Starts and Ends.
	At, Every, Starts, Ends schema.Expr

	Preserve bool   // ON COMPLETION PRESERVE
	Status   string // ENABLE (also if not said), DISABLE, DISABLE ON SLAVE
	Comment  string
	Definer  string // as [Trigger]'s
	SQLMode  SQLMode
	TimeZone string // empty if unknown
	Body     schema.Expr
}

func (e *Event) ID() schema.ID    { return e.Self }
func (e *Event) Owner() schema.ID { return schema.ID{} }

// Refs are those of the body, late.
func (e *Event) Refs() []schema.Ref { return within(nil, e.Body) }
