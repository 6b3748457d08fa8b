package planner

// components finds the strongly connected components of more than one group
// (Tarjan's algorithm, without recursion), and returns the acts of each.
func components(n int, group []int, edges ...[][]int) [][]int {
	members := make([][]int, n)
	for i := range n {
		members[group[i]] = append(members[group[i]], i)
	}
	next := make([][]int, n) // edges between groups
	for u := range n {
		for _, e := range edges {
			if e == nil {
				continue
			}
			for _, v := range e[u] {
				if group[u] != group[v] {
					next[group[u]] = append(next[group[u]], group[v])
				}
			}
		}
	}
	const unseen = -1
	index, low, on := make([]int, n), make([]int, n), make([]bool, n)
	for i := range index {
		index[i] = unseen
	}
	var out [][]int
	var stack []int
	type frame struct{ node, edge int }
	count := 0
	for root := range n {
		if len(members[root]) == 0 || index[root] != unseen {
			continue
		}
		calls := []frame{{root, 0}}
		for len(calls) > 0 {
			f := &calls[len(calls)-1]
			u := f.node
			if f.edge == 0 {
				index[u], low[u] = count, count
				count++
				stack = append(stack, u)
				on[u] = true
			}
			descended := false
			for f.edge < len(next[u]) {
				v := next[u][f.edge]
				f.edge++
				if index[v] == unseen {
					calls = append(calls, frame{v, 0})
					descended = true
					break
				}
				if on[v] {
					low[u] = min(low[u], index[v])
				}
			}
			if descended {
				continue
			}
			if low[u] == index[u] {
				var knot []int
				groups := 0
				for {
					v := stack[len(stack)-1]
					stack = stack[:len(stack)-1]
					on[v] = false
					knot = append(knot, members[v]...)
					groups++
					if v == u {
						break
					}
				}
				if groups > 1 {
					out = append(out, knot)
				}
			}
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				p := calls[len(calls)-1].node
				low[p] = min(low[p], low[u])
			}
		}
	}
	return out
}
