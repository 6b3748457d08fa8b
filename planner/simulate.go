package planner

import (
	"fmt"

	"github.com/trueup-sql/trueup/schema"
)

// SimulationError: a plan would not run, or not lead where it should. It is
// trueup's own mistake, found before the database is touched.
type SimulationError struct {
	Act    Act
	Reason string
}

func (e *SimulationError) Error() string {
	if e.Act.Change == nil {
		return "internal error: the plan does not lead to the desired state: " + e.Reason
	}
	return fmt.Sprintf("internal error: the plan is in a wrong order at %s %s: %s", e.Act.Change.Verb, e.Act.Change.ID(), e.Reason)
}

// Simulate replays the steps on the catalog before the renames, and fails with
// a [*SimulationError] if an act lacks what it needs, breaks what still refers
// to its object, or if the outcome is not the desired catalog.
func Simulate(before *schema.Catalog, d *Delta, steps []Step, c Comparer) error {
	s := &simulation{state: before.Clone(), comparer: c, desired: d.Desired}
	s.count()
	for _, step := range steps {
		for _, a := range step.Acts {
			if reason := s.act(a); reason != "" {
				return &SimulationError{a, reason}
			}
		}
	}
	for o := range d.Desired.All() {
		have := s.state.Object(o.ID())
		if have == nil {
			return &SimulationError{Reason: fmt.Sprintf("%s is missing", o.ID())}
		}
		if !schema.Equal(have, o) {
			return &SimulationError{Reason: fmt.Sprintf("%s differs in %v", o.ID(), schema.Differing(have, o))}
		}
	}
	if s.state.Len() != d.Desired.Len() {
		for o := range s.state.All() {
			if !d.Desired.Has(o.ID()) {
				return &SimulationError{Reason: fmt.Sprintf("%s is left over", o.ID())}
			}
		}
	}
	return nil
}

type simulation struct {
	state    *schema.Catalog
	desired  *schema.Catalog
	comparer Comparer
	// held counts the referrers of each object by how firmly they hold.
	held   map[schema.ID]*[schema.Fixed + 1]int
	claims map[string]schema.ID
}

func (s *simulation) count() {
	s.held, s.claims = map[schema.ID]*[schema.Fixed + 1]int{}, map[string]schema.ID{}
	for o := range s.state.All() {
		s.hold(o, 1)
	}
}

// hold adds or takes away an object's references and claims.
func (s *simulation) hold(o schema.Object, n int) {
	for _, r := range o.Refs() {
		if r.To == o.ID() {
			continue
		}
		h := s.held[r.To]
		if h == nil {
			h = &[schema.Fixed + 1]int{}
			s.held[r.To] = h
		}
		h[r.Bind] += n
	}
	for _, name := range schema.Claims(o) {
		if n > 0 {
			s.claims[name] = o.ID()
		} else {
			delete(s.claims, name)
		}
	}
}

// holders counts who holds on to id at least that firmly.
func (s *simulation) holders(id schema.ID, from schema.Bind) int {
	n := 0
	if h := s.held[id]; h != nil {
		for b := from; b <= schema.Fixed; b++ {
			n += h[b]
		}
	}
	return n
}

func (s *simulation) act(a Act) string {
	ch := a.Change
	switch a.Half {
	case RenameHalf:
		if !s.state.Has(ch.Old.ID()) {
			return "there is no " + ch.Old.ID().String()
		}
		if s.state.Has(ch.New.ID()) {
			return ch.New.ID().String() + " exists already"
		}
		renameIn(s.state, s.comparer, ch.Old.ID(), ch.New.ID())
		s.count()
	case DropHalf:
		id := ch.Old.ID()
		if !s.state.Has(id) {
			return "it does not exist"
		}
		if n := s.holders(id, schema.Exist); n > 0 {
			return fmt.Sprintf("%d objects still use it, %s among them", n, s.referrer(id, schema.Exist))
		}
		s.hold(ch.Old, -1)
		s.state.Remove(id)
	case CreateHalf:
		if s.state.Has(ch.ID()) {
			return "it exists already"
		}
		for _, name := range schema.Claims(ch.New) {
			if by, taken := s.claims[name]; taken {
				return fmt.Sprintf("its name is taken by %s", by)
			}
		}
		return s.put(ch.New)
	case AlterHalf:
		have := s.state.Object(ch.ID())
		if have == nil {
			return "it does not exist"
		}
		if !schema.Equal(have, ch.Old) {
			return fmt.Sprintf("it is not in the expected state: %v", schema.Differing(have, ch.Old))
		}
		if from, ok := ch.disturbs(); ok {
			if s.holders(ch.ID(), from) > 0 {
				if r := s.referrer(ch.ID(), from); !r.IsZero() {
					return fmt.Sprintf("%s does not survive this", r)
				}
			}
		}
		s.hold(have, -1)
		return s.put(ch.New)
	}
	return ""
}

// put puts in a new state whose needs are met.
func (s *simulation) put(o schema.Object) string {
	for _, r := range o.Refs() {
		if r.Bind > schema.Late && r.To != o.ID() && !s.state.Has(r.To) && s.desired.Has(r.To) {
			return fmt.Sprintf("%s is not there yet", r.To)
		}
	}
	s.hold(o, 1)
	s.state.Put(o)
	return ""
}

// referrer is one that holds on to id at least that firmly, and has not been
// altered along with it.
func (s *simulation) referrer(id schema.ID, from schema.Bind) schema.ID {
	for o := range s.state.All() {
		if o.ID() != id && refersTo(o, id, from) && !(from > schema.Exist && s.comparer.Weight(o) == Data) {
			return o.ID()
		}
	}
	return schema.ID{}
}
