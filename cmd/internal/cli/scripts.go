package cli

import (
	"context"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/scripts"
	"github.com/trueup-sql/trueup/planner"
)

// scriptFlags are for data scripts, each of which is run once per database.
type scriptFlags struct {
	Migrations string `placeholder:"DIR" help:"Run the scripts (*.sql) of this folder that this database has not had yet: each begins with -- trueup: before (the schema changes), or after, and no-transaction behind that if it cannot run in one."`
}

// add puts the pending scripts around the plan.
func (f scriptFlags) add(ctx context.Context, p *planner.Plan, b dialect.Bound, session dialect.Session, recordOnly bool) error {
	if f.Migrations == "" {
		return nil
	}
	list, err := scripts.Load(f.Migrations)
	if err != nil {
		return err
	}
	j, err := session.Journal(ctx)
	if err != nil {
		return err
	}
	return scripts.Add(p, list, j, b, recordOnly)
}
