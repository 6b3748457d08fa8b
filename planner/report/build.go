package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// New makes the report of a plan that leads from actual to expected. Header
// fields of r are kept.
func New(r Report, p *planner.Plan, define Definer) (*Report, error) {
	r.Version, r.Dialect = Version, p.Dialect
	r.Revert, r.Differences = []string{}, []Difference{}
	var script strings.Builder
	for _, s := range p.Statements {
		r.Revert = append(r.Revert, s.SQL)
		script.WriteString(s.InScript() + "\n")
	}
	r.Script = script.String()
	if p.Delta == nil {
		return &r, nil
	}
	for _, id := range p.Delta.Current.Unmanaged {
		r.Unmanaged = append(r.Unmanaged, object(id))
	}
	b := builder{p.Delta, define, map[schema.ID]*Difference{}}
	for _, ch := range p.Delta.Changes {
		b.add(ch)
	}
	for id, d := range b.byID {
		if err := b.finish(id, d); err != nil {
			return nil, err
		}
		r.Differences = append(r.Differences, *d)
		switch d.Change {
		case Missing:
			r.Summary.Missing++
		case Unexpected:
			r.Summary.Unexpected++
		default:
			r.Summary.Changed++
		}
	}
	slices.SortFunc(r.Differences, func(a, b Difference) int { return a.Object.id().Compare(b.Object.id()) })
	r.identical(b)
	return &r, nil
}

// identical lists what does not differ.
func (r *Report) identical(b builder) {
	for o := range b.delta.Desired.All() {
		if b.owner(o) == nil && b.delta.Current.Has(o.ID()) && b.byID[o.ID()] == nil {
			r.Identical = append(r.Identical, object(o.ID()))
		}
		if pos := b.delta.Desired.Origin[o.ID()]; r.Place == "" && !pos.IsZero() {
			r.Place = pos.File
		}
	}
	slices.SortFunc(r.Identical, func(a, b Object) int { return a.id().Compare(b.id()) })
	r.Summary.Identical = len(r.Identical)
}

type builder struct {
	delta  *planner.Delta
	define Definer
	byID   map[schema.ID]*Difference
}

// stepsAside tells whether an object is only recreated because of another one.
func stepsAside(ch *planner.Change) bool {
	return ch.Because != nil && len(ch.Fields) == 0 && ch.New != nil && ch.Old != nil
}

// owner is what an object belongs to, on either side; nil if it stands alone.
func (b builder) owner(o schema.Object) schema.Object {
	up := b.delta.Desired.Object(o.Owner())
	if up == nil {
		up = b.delta.Current.Object(o.Owner())
	}
	return up
}

// root is the object that stands alone and holds this one.
func (b builder) root(o schema.Object) schema.Object {
	for up := b.owner(o); up != nil; up = b.owner(o) {
		o = up
	}
	return o
}

func (b builder) add(ch *planner.Change) {
	if stepsAside(ch) {
		return
	}
	root := b.root(ch.Object()).ID()
	d := b.byID[root]
	if d == nil {
		d = &Difference{Object: object(root), Change: Changed}
		b.byID[root] = d
	}
	item := Item{Object: object(ch.ID()), Change: Changed, Origin: b.origin(ch.ID())}
	switch ch.Verb {
	case planner.Create:
		item.Change = Missing
	case planner.Drop:
		item.Change = Unexpected
	case planner.Rename:
		item.Properties = []Property{{"Name", ch.New.ID().Path(), ch.Old.ID().Path()}}
	default:
		item.Properties = properties(ch)
	}
	if ch.ID() == root && item.Change != Changed {
		d.Change = item.Change
	}
	d.Items = append(d.Items, item)
}

// origin is where the expected side defines an object.
func (b builder) origin(id schema.ID) *schema.Pos {
	if pos := b.delta.Desired.Origin[id]; !pos.IsZero() {
		return &pos
	}
	return nil
}

func (b builder) finish(id schema.ID, d *Difference) error {
	if d.Change != Changed {
		d.Items = nil
	}
	d.Origin = b.origin(id)
	var expected, actual []planner.Statement
	var err error
	if d.Change != Unexpected {
		if expected, err = b.define(b.delta.Desired, id, nil); err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
	}
	if d.Change != Missing {
		if actual, err = b.define(b.delta.Current, id, b.reworded); err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
	}
	d.ExpectedSQL, d.ActualSQL = joined(expected), joined(inOrderOf(actual, expected))
	return nil
}

// reworded gives an actual object the expected side's words for expressions
// that do not differ: what is the same should look the same.
func (b builder) reworded(o schema.Object) schema.Object {
	want := b.delta.Desired.Object(o.ID())
	if want == nil {
		return o
	}
	return schema.Reword(o, want)
}

// inOrderOf sorts statements about the same objects as others have into their
// order; those that are about anything else stay behind what they follow.
func inOrderOf(list, others []planner.Statement) []planner.Statement {
	rank := map[schema.ID]int{}
	for i, s := range others {
		if _, ok := rank[s.Object]; !ok {
			rank[s.Object] = i
		}
	}
	at := make(map[int]int, len(list))
	index := make([]int, len(list))
	last := -1
	for i, s := range list {
		if n, ok := rank[s.Object]; ok {
			last = n
		}
		at[i], index[i] = last, i
	}
	slices.SortStableFunc(index, func(i, j int) int { return at[i] - at[j] })
	out := make([]planner.Statement, len(list))
	for i, n := range index {
		out[i] = list[n]
	}
	return out
}

func joined(list []planner.Statement) string {
	var b strings.Builder
	for _, s := range list {
		b.WriteString(s.SQL + ";\n")
	}
	return b.String()
}
