package planner

import (
	"container/heap"
	"slices"
)

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
			for _, edges := range g.after {
				for _, v := range edges[u] {
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
