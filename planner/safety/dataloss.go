package safety

import (
	"fmt"
	"slices"

	"github.com/trueup-sql/trueup/planner"
)

// dataLoss: a statement that loses data in another way than by a drop that was
// allowed for its kind (a narrowed type, a removed enum value) needs the
// permission for everything. Drops that are not allowed never get this far.
var dataLoss = Rule{Name: "data-loss", Check: func(p *planner.Plan, policy Policy) []Finding {
	if policy.EnableDrop {
		return nil
	}
	var out []Finding
	for _, s := range p.Statements {
		if !slices.Contains(s.Hazards, planner.HazardDataLoss) || s.Verb == planner.Drop {
			continue
		}
		out = append(out, Finding{Rule: "data-loss", Statement: s,
			Message: fmt.Sprintf("changing %s loses data: %s", s.Object, s.SQL),
			Hint:    "allow it with --enable-drop"})
	}
	return out
}}
