package planner

import (
	"fmt"

	"github.com/trueup-sql/trueup/schema"
)

// Summary counts what a plan does, as its reader would: an object with all its
// parts is one, a change of an attribute is one of the object that has it, and
// what only goes along with something else does not count.
type Summary struct{ Add, Change, Drop int }

func (s Summary) String() string {
	return fmt.Sprintf("%d to add, %d to change, %d to drop", s.Add, s.Change, s.Drop)
}

// Summarize counts.
func Summarize(d *Delta, c Comparer) Summary {
	verbs := map[schema.ID]Verb{}
	for _, ch := range d.Changes {
		if ch.Verb == Create || ch.Verb == Drop {
			verbs[ch.ID()] = ch.Verb
		}
	}
	var s Summary
	counted := map[schema.ID]bool{}
	for _, ch := range d.Changes {
		if ch.Because != nil {
			continue
		}
		o := ch.Object()
		verb := ch.Verb
		for c.Weight(o) == Attribute && !o.Owner().IsZero() {
			up := d.Desired.Object(o.Owner())
			if up == nil {
				up = d.Current.Object(o.Owner())
			}
			if up == nil {
				break
			}
			o, verb = up, Alter
		}
		if counted[o.ID()] {
			continue
		}
		switch {
		case verb == Create && verbs[o.Owner()] == Create, verb == Drop && verbs[o.Owner()] == Drop, verb == Alter && verbs[o.ID()] != 0:
			continue
		case verb == Create:
			s.Add++
		case verb == Drop:
			s.Drop++
		default:
			s.Change++
		}
		counted[o.ID()] = true
	}
	return s
}
