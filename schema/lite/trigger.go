package lite

import "github.com/trueup-sql/trueup/schema"

// Trigger is a trigger on a table or a view. SQLite looks at its body only when
// it is used.
type Trigger struct {
	Self schema.ID
	// On is the table or view.
	On schema.ID
	// Definition is everything behind the name: when, on what, and the body.
	Definition schema.Expr

	Name string `schema:"derived"`
	// SQL is the whole CREATE TRIGGER, as sqlite_schema holds it.
	SQL string `schema:"derived"`
	// Uses are the tables and views of the body, and the columns that it names.
	Uses []schema.ID `schema:"derived"`
}

// TriggerID identifies a trigger.
func TriggerID(name string) schema.ID { return schema.ID{Kind: KindTrigger, Name: Fold(name)} }

func (t *Trigger) ID() schema.ID      { return t.Self }
func (t *Trigger) Owner() schema.ID   { return t.On }
func (t *Trigger) Refs() []schema.Ref { return exist(exist(nil, t.On), t.Uses...) }
