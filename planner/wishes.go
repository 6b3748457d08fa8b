package planner

import (
	"cmp"
	"slices"
)

// relax forgets edges that need not hold where not all of them can: as few as
// it can find, and those that only would be better first.
func (g *graph) relax() {
	for f := should; f < forces; f++ {
		for u := range g.after[f] {
			g.after[f][u] = slices.DeleteFunc(g.after[f][u], func(v int) bool { return g.group[u] == g.group[v] })
		}
	}
	for work := components(len(g.acts), g.group, g.after[:]...); len(work) > 0; {
		knot := work[len(work)-1]
		work = append(work[:len(work)-1], g.yield(knot)...)
	}
}

// loss counts the edges that are forgotten, by their force.
type loss [forces]int

func (l loss) compare(o loss) int { return slices.Compare(l[:], o[:]) }

// yield gives one group of a knot the first or the last place in it, whichever
// group loses least by that, and forgets the edges that say otherwise. It
// returns the knots that are left. Some group always can come first, since the
// edges that must hold make no circle.
func (g *graph) yield(knot []int) [][]int {
	local := make(map[int]int, len(knot))
	for k, i := range knot {
		local[i] = k
	}
	in, out := make([]loss, len(knot)), make([]loss, len(knot)) // of groups
	g.within(knot, local, func(f force, u, v int) {
		out[local[g.group[u]]][f]++
		in[local[g.group[v]]][f]++
	})
	first, last := -1, -1
	for k, i := range knot {
		if g.group[i] != i {
			continue
		}
		if in[k][must] == 0 && (first < 0 || cmp.Or(in[k].compare(in[first]), g.compare(i, knot[first])) < 0) {
			first = k
		}
		if out[k][must] == 0 && (last < 0 || cmp.Or(out[k].compare(out[last]), g.compare(knot[last], i)) < 0) {
			last = k
		}
	}
	forget := func(u, v int) bool { return g.group[v] == knot[first] }
	if out[last].compare(in[first]) < 0 {
		forget = func(u, v int) bool { return g.group[u] == knot[last] }
	}
	for f := should; f < forces; f++ {
		for _, u := range knot {
			g.after[f][u] = slices.DeleteFunc(g.after[f][u], func(v int) bool {
				_, inside := local[v]
				return inside && forget(u, v)
			})
		}
	}
	return g.knotsWithin(knot, local)
}

// compare orders groups by the ranks of those they are named by.
func (g *graph) compare(a, b int) int {
	return cmp.Or(cmp.Compare(g.rank[a].class, g.rank[b].class), cmp.Compare(g.rank[a].place, g.rank[b].place), cmp.Compare(a, b))
}

// within visits the edges between the groups of a knot.
func (g *graph) within(knot []int, local map[int]int, visit func(f force, u, v int)) {
	for f := range forces {
		for _, u := range knot {
			for _, v := range g.after[f][u] {
				if _, inside := local[v]; inside && g.group[u] != g.group[v] {
					visit(f, u, v)
				}
			}
		}
	}
}

// knotsWithin finds what still is a knot among the acts of one.
func (g *graph) knotsWithin(knot []int, local map[int]int) [][]int {
	next, group := make([][]int, len(knot)), make([]int, len(knot))
	for k, i := range knot {
		group[k] = local[g.group[i]]
	}
	g.within(knot, local, func(_ force, u, v int) { next[local[u]] = append(next[local[u]], local[v]) })
	knots := components(len(knot), group, next)
	for _, k := range knots {
		for i := range k {
			k[i] = knot[k[i]]
		}
	}
	return knots
}
