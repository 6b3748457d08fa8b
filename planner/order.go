package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// CycleError: no order satisfies all references.
type CycleError struct {
	Path []schema.ID // each one has to come before the next, the last before the first
}

func (e *CycleError) Error() string {
	names := make([]string, len(e.Path))
	for i, id := range e.Path {
		names[i] = id.String()
	}
	return fmt.Sprintf("these objects depend on each other in a circle, and no order creates them: %s", strings.Join(names, " -> "))
}

// Order puts the changes into an order that the references allow, and folds
// the acts on one whole into one step unless that would make a circle. Ties
// are broken by the order of the catalogs, so that equal input gives an equal
// plan.
//
// The edges, all of them from [schema.Object.Refs]: an object is created or
// altered after what it will use is there in its new state; it is dropped, or
// lets go, before what it used is dropped or changes; a name is free before it
// is taken.
func Order(d *Delta, c Comparer) ([]Step, error) {
	g := newGraph(d, c)
	g.connect()
	g.moved(c)
	g.letPartsStay()
	g.forgo()
	if knots := components(len(g.acts), g.alone(), g.after[must]); len(knots) > 0 {
		return nil, g.cycle(knots[0])
	}
	if err := g.fold(c); err != nil {
		return nil, err
	}
	g.relax()
	return g.sort(), nil
}

// graph holds the acts, the edges between them, and the group of each act.
type graph struct {
	acts   []Act
	after  [forces][][]int   // after[must][a]: acts that must come after a
	group  []int             // the act's group; groups are named by one of their acts
	wholes map[int]schema.ID // of groups: what their acts are folded into
	rank   []rank            // tie-breaker of each act
	// parting are the edges of [graph.parts], which go where they make a circle.
	parting map[[2]int]bool
	at      map[key]int
	delta   *Delta
}

type key struct {
	id   schema.ID
	half Half
}

// rank orders what the references leave open: renames, then what is dropped to
// come back, then creations and alterations as in the desired catalog, and
// what goes for good last, in the reverse order of the current one.
type rank struct{ class, place int }

func (r rank) less(o rank) bool {
	if r.class != o.class {
		return r.class < o.class
	}
	return r.place < o.place
}

func newGraph(d *Delta, c Comparer) *graph {
	g := &graph{at: map[key]int{}, delta: d, parting: map[[2]int]bool{}}
	place := map[schema.ID]int{}
	n := 0
	for o := range d.Desired.All() {
		place[o.ID()] = n
		n++
	}
	back := map[schema.ID]int{}
	n = 0
	for o := range d.Current.All() {
		back[o.ID()] = -n
		n++
	}
	for i, ch := range d.Changes {
		id := ch.ID()
		switch ch.Verb {
		case Rename:
			g.add(Act{ch, RenameHalf}, rank{0, i})
		case Create:
			g.add(Act{ch, CreateHalf}, rank{2, place[id]})
		case Alter:
			g.add(Act{ch, AlterHalf}, rank{2, place[id]})
		case Drop:
			g.add(Act{ch, DropHalf}, rank{3, back[id]})
		case Replace:
			g.add(Act{ch, DropHalf}, rank{1, back[id]})
			g.add(Act{ch, CreateHalf}, rank{2, place[id]})
		}
	}
	for f := range g.after {
		g.after[f] = make([][]int, len(g.acts))
	}
	return g
}

func (g *graph) add(a Act, r rank) {
	g.at[key{a.Change.ID(), a.Half}] = len(g.acts)
	g.acts = append(g.acts, a)
	g.rank = append(g.rank, r)
}

// force says how much an edge weighs.
type force int

const (
	// must: the server refuses any other order.
	must force = iota
	// should: a reference says so that the server may not enforce
	// ([schema.Late]), such as that of a function's body.
	should
	// would: the plan is better for it.
	would
	forces
)

// before puts an edge from the act u to the act v, if there are both.
func (g *graph) before(u, v int, f force) {
	if u >= 0 && v >= 0 && u != v {
		g.after[f][u] = append(g.after[f][u], v)
	}
}

// find is the act of a half on an object, or -1.
func (g *graph) find(id schema.ID, h Half) int {
	if i, ok := g.at[key{id, h}]; ok {
		return i
	}
	return -1
}

// letPartsStay forgets that parts which are dropped go before their owner is
// altered, where that would make a circle and the alteration does not disturb
// them: they may as well be dropped afterwards.
func (g *graph) letPartsStay() {
	for _, knot := range components(len(g.acts), g.alone(), g.after[must]) {
		in := map[int]bool{}
		for _, i := range knot {
			in[i] = true
		}
		for _, u := range knot {
			a := g.acts[u]
			if a.Half != DropHalf {
				continue
			}
			owner := g.find(a.Change.Old.Owner(), AlterHalf)
			if owner < 0 || !in[owner] {
				continue
			}
			if from, ok := g.acts[owner].Change.disturbs(); ok && refersTo(a.Change.Old, g.acts[owner].Change.ID(), from) {
				continue
			}
			g.after[must][u] = slices.DeleteFunc(g.after[must][u], func(v int) bool { return v == owner })
		}
	}
}

// alone puts every act into a group of its own.
func (g *graph) alone() []int {
	out := make([]int, len(g.acts))
	for i := range out {
		out[i] = i
	}
	return out
}

// cycle describes one circle in a knot.
func (g *graph) cycle(knot []int) error {
	in := map[int]bool{}
	for _, i := range knot {
		in[i] = true
	}
	next := func(u int) int {
		for _, v := range g.after[must][u] {
			if in[v] {
				return v
			}
		}
		return -1
	}
	seen := map[int]int{}
	var path []int
	for u := knot[0]; u >= 0; u = next(u) {
		if at, ok := seen[u]; ok {
			path = path[at:]
			break
		}
		seen[u] = len(path)
		path = append(path, u)
	}
	e := &CycleError{}
	for _, u := range path {
		e.Path = append(e.Path, g.acts[u].Object().ID())
	}
	return e
}
