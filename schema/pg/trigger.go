package pg

import "github.com/trueup-sql/trueup/schema"

// Trigger is a trigger of a table or view. One that a partition has for its
// parent's is in the catalog only if it is enabled or disabled otherwise.
type Trigger struct {
	Relation schema.ID
	Name     string
	// Of is the parent's trigger that a partition's one is there for; then
	// nothing but Enabled is its own.
	Of schema.ID
	// Constraint: CREATE CONSTRAINT TRIGGER.
	Constraint                    bool
	Timing                        string   // "before", "after", "instead of"
	Events                        []string // "insert", "update", "delete", "truncate", in this order
	UpdateOf                      []schema.ID
	From                          schema.ID // of a constraint trigger: the other table
	Deferrable, InitiallyDeferred bool
	OldTable, NewTable            string // REFERENCING
	ForEachRow                    bool
	When                          schema.Expr
	// Function is the ID of a function of the catalog; FunctionName, qualified,
	// that of one that is not the user's.
	Function     schema.ID
	FunctionName string
	Args         []string
	// Enabled is "" for the default (origin), "disabled", "replica", "always".
	Enabled string
}

func (t *Trigger) ID() schema.ID    { return Part(KindTrigger, t.Relation, t.Name) }
func (t *Trigger) Owner() schema.ID { return t.Relation }
func (t *Trigger) Refs() []schema.Ref {
	refs := schema.Refer(nil, schema.Exist, t.Relation, t.From, t.Function)
	refs = schema.Refer(refs, schema.Steady, t.Of)
	refs = schema.Refer(refs, schema.Fixed, t.UpdateOf...)
	return append(refs, t.When.Refs...)
}

// Policy is a row security policy.
type Policy struct {
	Table       schema.ID
	Name        string
	Restrictive bool
	Command     string   // "all", "select", "insert", "update", "delete"
	Roles       []string // sorted; "public" for everyone
	Using       schema.Expr
	Check       schema.Expr
}

func (p *Policy) ID() schema.ID    { return Part(KindPolicy, p.Table, p.Name) }
func (p *Policy) Owner() schema.ID { return p.Table }
func (p *Policy) Refs() []schema.Ref {
	refs := append(schema.Refer(nil, schema.Exist, p.Table), p.Using.Refs...)
	return append(refs, p.Check.Refs...)
}

// EventTrigger is an event trigger.
type EventTrigger struct {
	Name         string
	Event        string   // "ddl_command_start", ..
	Tags         []string // sorted
	Listed       []string `schema:"derived"` // the tags as their author listed them; the server keeps the order
	Function     schema.ID
	FunctionName string // of a function that is not the user's
	Enabled      string // as Trigger's
}

func (t *EventTrigger) ID() schema.ID    { return schema.ID{Kind: KindEventTrigger, Name: t.Name} }
func (t *EventTrigger) Owner() schema.ID { return schema.ID{} }
func (t *EventTrigger) Refs() []schema.Ref {
	return schema.Refer(nil, schema.Exist, t.Function)
}
