package report

import (
	"slices"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// Changes are the objects that a plan changes, and what they belong to. What is
// only recreated for another object's sake is not among them.
type Changes map[schema.ID]changed

type changed struct {
	owner  schema.ID
	itself bool // and not only something that belongs to it
}

// NewChanges lists those of a plan.
func NewChanges(p *planner.Plan) Changes {
	out := Changes{}
	if p.Delta == nil {
		return out
	}
	b := builder{delta: p.Delta}
	for _, ch := range p.Delta.Changes {
		if stepsAside(ch) {
			continue
		}
		for o := ch.Object(); o != nil; o = b.owner(o) {
			out[o.ID()] = changed{o.Owner(), o.ID() == ch.ID() || out[o.ID()].itself}
		}
	}
	return out
}

// has tells whether an object, or something that belongs to it, is changed.
func (c Changes) has(id schema.ID) bool {
	_, ok := c[id]
	return ok
}

func (c Changes) itself(id schema.ID) bool { return c[id].itself }

// Classify says of every difference who changed the object since the last
// deployment: live and wanted are what the live and the expected side differ in
// from what was deployed. What both sides changed alike is no difference, and
// is listed in Settled.
func (r *Report) Classify(live, wanted Changes) {
	differs := map[schema.ID]bool{}
	for i := range r.Differences {
		d := &r.Differences[i]
		id := d.Object.id()
		whole := classOf(live.has(id), wanted.has(id), ChangedInProduction)
		differs[id] = true
		d.Class = ""
		for j := range d.Items {
			item := &d.Items[j]
			part := item.Object.id()
			item.Class = classOf(live.itself(part), wanted.itself(part), whole)
			differs[part] = true
			if d.Class == "" {
				d.Class = item.Class
			} else if d.Class != item.Class { // both sides were at it
				d.Class = Conflict
			}
		}
		if len(d.Items) == 0 {
			d.Class = whole
		}
	}
	r.settle(live, wanted, differs)
}

func classOf(live, wanted bool, unknown Class) Class {
	switch {
	case live && wanted:
		return Conflict
	case wanted:
		return NotDeployedYet
	case live:
		return ChangedInProduction
	}
	return unknown
}

// settle lists what both sides changed and does not differ: of objects that do
// not differ at all, only these; of others, the parts.
func (r *Report) settle(live, wanted Changes, differs map[schema.ID]bool) {
	settled := func(id schema.ID) bool { return live.has(id) && wanted.has(id) && !differs[id] }
	missing := map[schema.ID]bool{} // with all their parts
	for _, d := range r.Differences {
		missing[d.Object.id()] = d.Change != Changed
	}
	within := func(id schema.ID) bool { // of something that is listed, or gone, as a whole
		for up := live[id].owner; !up.IsZero(); up = live[up].owner {
			if settled(up) || missing[up] {
				return true
			}
		}
		return false
	}
	for id := range live {
		if settled(id) && !within(id) {
			r.Settled = append(r.Settled, object(id))
		}
	}
	slices.SortFunc(r.Settled, func(a, b Object) int { return a.id().Compare(b.id()) })
}
