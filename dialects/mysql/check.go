package mysql

import (
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema/my"
)

// checks writes the CHECK constraints of tables.
type checks struct{}

func (checks) create(c *my.Check, e *emitter) {
	x := clause{position: atCheck, text: checkDefinition(c)}
	if !e.creating {
		x.text = "ADD " + x.text
		x.facts = facts{hazards: []planner.Hazard{planner.HazardMayFail}, lock: planner.LockWrite, scan: true}
	}
	e.clause(x)
}

func (checks) drop(c *my.Check, e *emitter) {
	e.clause(clause{position: atDropCheck, text: e.dropCheck(c)})
}

func (b *bound) dropCheck(c *my.Check) string {
	if b.dropConstraint {
		return "DROP CONSTRAINT " + quote(c.Self.Name)
	}
	return "DROP CHECK " + quote(c.Self.Name)
}

func (checks) rename(old, new *my.Check, e *emitter) {
	e.statement("ALTER TABLE "+quote(new.Self.Parent)+"\n  "+e.dropCheck(old)+",\n  ADD "+checkDefinition(new)+e.online(",\n  "), facts{lock: planner.LockWrite, scan: true})
}

// alter: MySQL can stop and begin to enforce a check.
func (checks) alter(old, new *my.Check, e *emitter) {
	if old.NotEnforced != new.NotEnforced && e.notEnforced {
		word := " ENFORCED"
		if new.NotEnforced {
			word = " NOT ENFORCED"
		}
		e.clause(clause{position: atCheck, text: "ALTER CHECK " + quote(new.Self.Name) + word})
		old.NotEnforced = new.NotEnforced
	}
}

func checkDefinition(c *my.Check) string {
	s := "CONSTRAINT " + quote(c.Self.Name) + " CHECK (" + c.Expr.Text + ")"
	if c.NotEnforced {
		s += " NOT ENFORCED"
	}
	return s
}
