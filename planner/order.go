package planner

import (
	"container/heap"
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
	if knots := components(len(g.acts), g.alone(), g.hard, nil); len(knots) > 0 {
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
	hard   [][]int           // hard[a]: acts that must come after a
	soft   [][]int           // should come after a
	group  []int             // the act's group; groups are named by one of their acts
	wholes map[int]schema.ID // of groups: what their acts are folded into
	rank   []rank            // tie-breaker of each act
	at     map[key]int
	delta  *Delta
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
	g := &graph{at: map[key]int{}, delta: d}
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
	g.hard, g.soft = make([][]int, len(g.acts)), make([][]int, len(g.acts))
	return g
}

func (g *graph) add(a Act, r rank) {
	g.at[key{a.Change.ID(), a.Half}] = len(g.acts)
	g.acts = append(g.acts, a)
	g.rank = append(g.rank, r)
}

// before puts an edge from the act (u) to the act v, if there are both.
func (g *graph) before(u, v int, soft bool) {
	switch {
	case u < 0 || v < 0 || u == v:
	case soft:
		g.soft[u] = append(g.soft[u], v)
	default:
		g.hard[u] = append(g.hard[u], v)
	}
}

// find is the act of a half on an object, or -1.
func (g *graph) find(id schema.ID, h Half) int {
	if i, ok := g.at[key{id, h}]; ok {
		return i
	}
	return -1
}

func (g *graph) connect() {
	renamed := -1
	parts := map[schema.ID][]int{}
	for i, a := range g.acts {
		if a.Half != RenameHalf {
			parts[a.Object().Owner()] = append(parts[a.Object().Owner()], i)
		}
	}
	for i, a := range g.acts {
		switch a.Half {
		case RenameHalf:
			g.before(renamed, i, false) // renames keep their order
			renamed = i
			continue
		case CreateHalf:
			g.uses(i, a.Change.New)
			g.before(g.find(a.Change.ID(), DropHalf), i, false)
		case AlterHalf:
			g.uses(i, a.Change.New)
			g.letsGo(i, a.Change)
			g.joins(i, a.Change, parts)
		case DropHalf:
			g.leaves(i, a.Change.Old)
		}
		g.afterRename(i, a)
	}
	g.claim()
	g.provide()
}

// provide puts what brings things that no reference names at the ends, if the
// references allow it.
func (g *graph) provide() {
	for p, a := range g.acts {
		if _, ok := a.Object().(schema.Provider); !ok {
			continue
		}
		for i, other := range g.acts {
			switch {
			case a.Half == CreateHalf && (other.Half == CreateHalf || other.Half == AlterHalf):
				if !refersTo(a.Object(), other.Change.ID(), schema.Late) {
					g.before(p, i, true)
				}
			case a.Half == DropHalf && (other.Half == DropHalf || other.Half == AlterHalf):
				g.before(i, p, true)
			}
		}
	}
}

// afterRename: whatever mentions a renamed object uses its new name.
func (g *graph) afterRename(i int, a Act) {
	o := a.Object()
	g.before(g.find(o.ID(), RenameHalf), i, false)
	for _, r := range o.Refs() {
		g.before(g.find(r.To, RenameHalf), i, false)
	}
}

// uses: everything that the new state needs is there, in its new state. What it
// mentions and is to go (a column that a SELECT * must not find) is gone.
func (g *graph) uses(i int, o schema.Object) {
	for _, r := range o.Refs() {
		soft := r.Bind == schema.Late
		if soft {
			g.before(g.find(r.To, DropHalf), i, true)
		}
		g.before(g.find(r.To, CreateHalf), i, soft)
		g.before(g.find(r.To, AlterHalf), i, soft)
		if soft { // a state without the target is a state of it, too
			g.before(g.find(r.To, DropHalf), i, soft)
		}
	}
}

// leaves: what goes is gone before what it used goes or changes.
func (g *graph) leaves(i int, o schema.Object) {
	for _, r := range o.Refs() {
		soft := r.Bind == schema.Late
		g.before(i, g.find(r.To, DropHalf), soft)
		g.before(i, g.find(r.To, AlterHalf), soft)
	}
}

// letPartsStay forgets that parts which are dropped go before their owner is
// altered, where that would make a circle and the alteration does not disturb
// them: they may as well be dropped afterwards.
func (g *graph) letPartsStay() {
	for _, knot := range components(len(g.acts), g.alone(), g.hard, nil) {
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
			g.hard[u] = slices.DeleteFunc(g.hard[u], func(v int) bool { return v == owner })
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

// letsGo: an alteration that ends a reference comes before its target goes, or
// changes in a way that the reference would not survive.
func (g *graph) letsGo(i int, ch *Change) {
	for _, r := range ch.Old.Refs() {
		if r.Bind == schema.Late {
			continue
		}
		g.before(i, g.find(r.To, DropHalf), false)
		if alter := g.find(r.To, AlterHalf); alter >= 0 && !refersTo(ch.New, r.To, schema.Exist) {
			if from, ok := g.acts[alter].Change.disturbs(); ok && r.Bind >= from {
				g.before(i, alter, false)
			}
		}
	}
}

// joins: an alteration that ends a reference to a whole, or begins one, finds
// the whole best as it was before its parts change, or as it is after (a
// partition that leaves a table, or becomes one of it, and the table's columns).
func (g *graph) joins(i int, ch *Change, parts map[schema.ID][]int) {
	for _, r := range ch.Old.Refs() {
		if r.Bind > schema.Late && !refersTo(ch.New, r.To, schema.Exist) {
			for _, id := range line(g.delta.Current, r.To) {
				for _, p := range parts[id] {
					g.before(i, p, true)
				}
			}
		}
	}
	for _, r := range ch.New.Refs() {
		if r.Bind > schema.Late && !refersTo(ch.Old, r.To, schema.Exist) {
			for _, id := range line(g.delta.Desired, r.To) {
				for _, p := range parts[id] {
					g.before(p, i, true)
				}
			}
		}
	}
}

// line is an object with those of its kind that it refers to, and they in turn.
func line(c *schema.Catalog, id schema.ID) []schema.ID {
	out := []schema.ID{id}
	for i := 0; i < len(out); i++ {
		o := c.Object(out[i])
		if o == nil {
			continue
		}
		for _, r := range o.Refs() {
			if r.To.Kind == id.Kind && !slices.Contains(out, r.To) {
				out = append(out, r.To)
			}
		}
	}
	return out
}

// claim: a name that several kinds share is given up before it is taken.
func (g *graph) claim() {
	freed := map[string][]int{}
	for i, a := range g.acts {
		if a.Half != CreateHalf {
			for _, n := range without(a.Change.Old, a.Half, a.Change.New) {
				freed[n] = append(freed[n], i)
			}
		}
	}
	for i, a := range g.acts {
		if a.Half == DropHalf {
			continue
		}
		for _, n := range without(a.Change.New, a.Half, a.Change.Old) {
			for _, j := range freed[n] {
				// renames have an order already; and what drops the renamed object
				// itself, to create it again, comes after
				if a.Half != RenameHalf || g.acts[j].Half != RenameHalf && g.acts[j].Change.ID() != a.Change.ID() {
					g.before(j, i, false)
				}
			}
		}
	}
}

// moved: what a replaced object holds is put back before it is used. So what
// holds data and refers to it (its partitions, which take it in) comes before
// what refers to either and holds none (triggers, views).
func (g *graph) moved(c Comparer) {
	for _, ch := range g.delta.Changes {
		if !ch.Moves || ch.New.Owner() != (schema.ID{}) {
			continue
		}
		holds := map[schema.ID]bool{ch.ID(): true}
		refers := func(o schema.Object) bool {
			return slices.ContainsFunc(o.Refs(), func(r schema.Ref) bool { return r.Bind > schema.Late && holds[r.To] })
		}
		var takes, uses []int
		for more := true; more; {
			more = false
			for i, a := range g.acts {
				o := a.Object()
				if (a.Half == CreateHalf || a.Half == AlterHalf) && c.Weight(o) == Data && !holds[o.ID()] && refers(o) {
					holds[o.ID()], more = true, true
					takes = append(takes, i)
				}
			}
		}
		for i, a := range g.acts {
			if o := a.Object(); a.Half == CreateHalf && c.Weight(o) != Data && c.Whole(o) != ch.ID() && refers(o) {
				uses = append(uses, i)
			}
		}
		for _, t := range takes {
			for _, u := range uses {
				g.before(t, u, true)
			}
		}
	}
}

// without lists the names that o occupies, and, in an alteration, other does not.
func without(o schema.Object, half Half, other schema.Object) []string {
	names := schema.Claims(o)
	if half != AlterHalf || len(names) == 0 {
		return names
	}
	same := schema.Claims(other)
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(same, n) })
}

// fold joins the acts on one whole, and takes apart again what would make a
// circle.
func (g *graph) fold(c Comparer) error {
	g.group = make([]int, len(g.acts))
	alone := make([]bool, len(g.acts))
	for {
		g.regroup(c, alone)
		knots := components(len(g.acts), g.group, g.hard, nil)
		if len(knots) == 0 {
			return nil
		}
		loosened := false
		for _, knot := range knots {
			loosened = g.loosen(knot, alone) || loosened
		}
		if !loosened {
			return g.cycle(knots[0])
		}
	}
}

// regroup names the group of every act that does not have to stay alone.
func (g *graph) regroup(c Comparer, alone []bool) {
	first := map[key]int{}
	g.wholes = map[int]schema.ID{}
	for i, a := range g.acts {
		g.group[i] = i
		if alone[i] || a.Half == RenameHalf {
			continue
		}
		k, ok := g.whole(c, a)
		if !ok {
			continue
		}
		head := g.find(k.id, k.half)
		if head < 0 {
			if f, ok := first[k]; ok {
				head = f
			} else {
				first[k], head = i, i
			}
		}
		g.group[i] = head
		if _, ok := g.wholes[head]; !ok || i == head {
			g.wholes[head] = k.id
		}
	}
	for i := range g.group { // a dropped column, with what goes along, folds into its table
		for g.group[g.group[i]] != g.group[i] {
			g.group[i] = g.group[g.group[i]]
		}
	}
}

// whole is the act that an act folds into: the drop of an owner, the creation
// of a whole, or the alteration of one that stays (whether or not the whole
// itself is altered).
func (g *graph) whole(c Comparer, a Act) (key, bool) {
	if a.Half == DropHalf {
		top, found := a.Change.Old, false
		for {
			up := g.find(top.Owner(), DropHalf)
			if up < 0 {
				break
			}
			top, found = g.acts[up].Change.Old, true
		}
		if found {
			return key{top.ID(), DropHalf}, true
		}
	}
	w := c.Whole(a.Object())
	if w.IsZero() {
		return key{}, false
	}
	if a.Half == CreateHalf && g.find(w, CreateHalf) >= 0 {
		return key{w, CreateHalf}, true
	}
	if g.find(w, CreateHalf) >= 0 || g.find(w, DropHalf) >= 0 {
		return key{}, false
	}
	return key{w, AlterHalf}, true
}

// loosen takes acts of a knot out of their groups; it tells whether it found
// any. First those by whose moving the knot gives way: a drop that another
// group waits for goes ahead, a creation or alteration that waits for another
// group comes later. Then whatever is not the head of its group.
func (g *graph) loosen(knot []int, alone []bool) bool {
	size := map[int]int{}
	for _, i := range knot {
		size[g.group[i]]++
	}
	found := false
	take := func(i int) {
		if size[g.group[i]] > 1 && g.group[i] != i && !alone[i] {
			alone[i], found = true, true
		}
	}
	for _, u := range knot {
		for _, v := range g.hard[u] {
			if g.group[u] == g.group[v] || size[g.group[v]] == 0 {
				continue
			}
			if g.acts[u].Change == g.acts[v].Change { // it is gone before it comes back, folded or not
				continue
			}
			if g.acts[u].Half == DropHalf {
				take(u)
			}
			if g.acts[v].Half != DropHalf {
				take(v)
			}
		}
	}
	if found {
		return true
	}
	for _, i := range knot {
		take(i)
	}
	for _, i := range knot { // a group without a head is named by its first act
		if !found && size[g.group[i]] > 1 && !alone[i] && g.acts[i].Half == AlterHalf {
			alone[i], found = true, true
		}
	}
	return found
}

// cycle describes one circle in a knot.
func (g *graph) cycle(knot []int) error {
	in := map[int]bool{}
	for _, i := range knot {
		in[i] = true
	}
	next := func(u int) int {
		for _, v := range g.hard[u] {
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

// relax forgets the soft edges that would make a circle.
func (g *graph) relax() {
	where := make([]int, len(g.acts))
	for i := range where {
		where[i] = -1
	}
	for n, knot := range components(len(g.acts), g.group, g.hard, g.soft) {
		for _, i := range knot {
			where[i] = n
		}
	}
	for u := range g.soft {
		g.soft[u] = slices.DeleteFunc(g.soft[u], func(v int) bool {
			return g.group[u] == g.group[v] || where[u] >= 0 && where[u] == where[v]
		})
	}
}

// sort is Kahn's algorithm over the groups, with a heap for the ties, and once
// more within each group, where what goes is first.
func (g *graph) sort() []Step {
	members := map[int][]int{}
	for i := range g.acts {
		members[g.group[i]] = append(members[g.group[i]], i)
	}
	best := map[int]rank{}
	for i := range g.acts {
		if r, ok := best[g.group[i]]; !ok || g.rank[i].less(r) {
			best[g.group[i]] = g.rank[i]
		}
	}
	for id := range best { // a whole stands where it stands itself
		if g.acts[id].Half == CreateHalf || g.acts[id].Half == DropHalf {
			best[id] = g.rank[id]
		}
	}
	var steps []Step
	g.kahn(sortedKeys(members), func(i int) int { return g.group[i] }, func(n int) []int { return members[n] }, func(n int) rank { return best[n] }, func(n int) {
		s := Step{}
		ms := members[n]
		inside := map[int]bool{}
		for _, m := range ms {
			inside[m] = true
		}
		g.kahn(ms, func(i int) int {
			if inside[i] {
				return i
			}
			return -1
		}, func(n int) []int { return []int{n} }, func(n int) rank { return rank{int(g.acts[n].Half), g.rank[n].place} }, func(i int) { s.Acts = append(s.Acts, g.acts[i]) })
		s.Whole = g.acts[n].Object().ID()
		if k, ok := g.wholes[n]; ok && len(ms) > 1 {
			s.Whole = k
		}
		steps = append(steps, s)
	})
	return steps
}

func sortedKeys(m map[int][]int) []int {
	out := make([]int, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// kahn visits nodes in topological order. node maps an act to its node (-1:
// not among these), acts is the reverse.
func (g *graph) kahn(nodes []int, node func(int) int, acts func(int) []int, rank func(int) rank, visit func(int)) {
	waits := map[int]int{}
	each := func(n int, f func(int)) {
		for _, u := range acts(n) {
			for _, edges := range [...][]int{g.hard[u], g.soft[u]} {
				for _, v := range edges {
					if m := node(v); m >= 0 && m != n {
						f(m)
					}
				}
			}
		}
	}
	for _, n := range nodes {
		each(n, func(m int) { waits[m]++ })
	}
	q := &queue{rank: rank}
	for _, n := range nodes {
		if waits[n] == 0 {
			heap.Push(q, n)
		}
	}
	for q.Len() > 0 {
		n := heap.Pop(q).(int)
		visit(n)
		each(n, func(m int) {
			if waits[m]--; waits[m] == 0 {
				heap.Push(q, m)
			}
		})
	}
}

type queue struct {
	items []int
	rank  func(int) rank
}

func (q *queue) Len() int { return len(q.items) }
func (q *queue) Less(i, j int) bool {
	a, b := q.rank(q.items[i]), q.rank(q.items[j])
	if a != b {
		return a.less(b)
	}
	return q.items[i] < q.items[j]
}
func (q *queue) Swap(i, j int) { q.items[i], q.items[j] = q.items[j], q.items[i] }
func (q *queue) Push(x any)    { q.items = append(q.items, x.(int)) }
func (q *queue) Pop() any {
	n := len(q.items) - 1
	x := q.items[n]
	q.items = q.items[:n]
	return x
}
