package planner

import (
	"github.com/trueup-sql/trueup/schema"
)

// fold joins the acts on one whole, and takes apart again what would make a
// circle.
func (g *graph) fold(c Comparer) error {
	g.group = make([]int, len(g.acts))
	alone := make([]bool, len(g.acts))
	for {
		g.regroup(c, alone)
		knots := components(len(g.acts), g.group, g.after[must], nil)
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
		for _, v := range g.after[must][u] {
			if g.group[u] == g.group[v] || size[g.group[v]] == 0 {
				continue
			}
			if g.acts[u].Change == g.acts[v].Change { // it is gone before it comes back, folded or not
				continue
			}
			// what only waits for it to be gone comes later instead
			if g.acts[u].Half == DropHalf && !g.parting[[2]int{u, v}] {
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
