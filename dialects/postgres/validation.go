package postgres

import (
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type validationKind struct{}

// Create has the server look through the rows, unless the table was created
// after the check.
func (validationKind) Create(v *pg.Validation, e *emitter) {
	if k, ok := e.delta.Desired.Object(v.Of).(*pg.Constraint); !ok || !k.NotValid || e.proven[v.ID()] {
		return
	}
	e.alterTable(v.Table, "VALIDATE CONSTRAINT "+ident(v.Of.Name), locks(planner.Lock{Object: v.Table, Scan: true}), hazard(planner.HazardScan, planner.HazardMayFail))
}

// Drop: no command takes back what is known, nor is there any need for one.
func (validationKind) Drop(*pg.Validation, *emitter) {}

// Alter: it has no properties.
func (validationKind) Alter(_, _ *pg.Validation, _ *emitter) {}

// prove notes the checks from above that a table has when it is created, which
// it therefore satisfies.
func (e *emitter) prove(t *pg.Table) {
	for _, a := range e.step.Acts {
		if v, ok := a.Change.New.(*pg.Validation); ok && a.Half == planner.CreateHalf && v.Table == t.ID() && !e.awaited(v.Of) {
			if e.proven == nil {
				e.proven = map[schema.ID]bool{}
			}
			e.proven[v.ID()] = true
		}
	}
}
