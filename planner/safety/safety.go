// Package safety decides whether a plan may run: one rule per file, each of
// which looks at changes, hazards and locks, and never at SQL. It knows no
// dialect.
package safety

import (
	"fmt"
	"strings"

	"github.com/trueup-sql/trueup/planner"
)

// Policy is what the user allowed.
type Policy struct {
	// EnableDrop allows everything that loses something.
	EnableDrop bool
	// AllowDrop lists kinds that may be dropped besides.
	AllowDrop []string
}

// Finding is one objection.
type Finding struct {
	Rule      string
	Statement planner.Statement
	Message   string
	Hint      string
}

// Rule looks at a plan.
type Rule struct {
	Name  string
	Check func(*planner.Plan, Policy) []Finding
}

// Rules are all rules.
var Rules = []Rule{dataLoss}

// RefusedError holds the findings that stop a plan.
type RefusedError struct{ Findings []Finding }

func (e *RefusedError) Error() string {
	var b strings.Builder
	b.WriteString("refused; nothing was changed:")
	for _, f := range e.Findings {
		fmt.Fprintf(&b, "\n  %s", f.Message)
		if !f.Statement.Origin.IsZero() {
			fmt.Fprintf(&b, " (%s)", f.Statement.Origin)
		}
		if f.Hint != "" {
			fmt.Fprintf(&b, "\n    hint: %s", f.Hint)
		}
	}
	return b.String()
}

// Check returns a [*RefusedError] if a rule objects.
func Check(p *planner.Plan, policy Policy) error {
	var found []Finding
	for _, r := range Rules {
		found = append(found, r.Check(p, policy)...)
	}
	if len(found) == 0 {
		return nil
	}
	return &RefusedError{found}
}
