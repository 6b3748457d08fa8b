package safety

import (
	"fmt"
	"slices"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema/filter"
)

// dataLoss: a statement that changes values (a narrowed type) needs the
// permission for everything, or its author's for the object. Drops, and other
// losses that a dialect tells the planner, never get this far without theirs.
var dataLoss = Rule{Name: "data-loss", Check: func(p *planner.Plan, policy Policy) []Finding {
	if policy.EnableDrop {
		return nil
	}
	var out []Finding
	for _, s := range p.Statements {
		if !slices.Contains(s.Hazards, planner.HazardConverts) {
			continue
		}
		if o := p.Delta.Desired.Object(s.Object); o != nil && filter.Allowed(p.Delta.Desired, o) {
			continue
		}
		out = append(out, Finding{Rule: "data-loss", Statement: s,
			Message: fmt.Sprintf("changing %s loses data: %s", s.Object, s.SQL),
			Hint:    "allow it with --enable-drop, or write above it: -- @allow drop"})
	}
	return out
}}
