package mysql

import (
	"sort"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// placeColumns says of the columns of every table that is there which have to
// be put somewhere: the new ones, unless they come last, and the fewest of the
// others that have to move so that the order is the desired one.
func placeColumns(current, desired *schema.Catalog) {
	have, want := columnsOf(current), columnsOf(desired)
	for t := range schema.Each[*my.Table](desired) {
		old := oldTable(current, desired, t.Self)
		if !current.Has(old) {
			continue
		}
		place := map[schema.ID]int{}
		byID := map[schema.ID]*my.Column{}
		for i, c := range have[old] {
			place[c.Self], byID[c.Self] = i, c
		}
		columns := want[t.Self]
		again := remadeColumns(current, desired, byID, columns)
		was := make([]int, len(columns)) // where each column is now; -1 for a new one
		for i, c := range columns {
			was[i] = -1
			id := counterpart(current, desired, c.Self)
			if p, ok := place[id]; ok && !again[id] {
				was[i] = p
			}
		}
		stays := longestIncreasing(was)
		last := len(columns) // from here on, all are new
		for last > 0 && was[last-1] < 0 && !remadeFrom(current, desired, columns[last-1]) {
			last--
		}
		for i, c := range columns {
			if stays[i] || i >= last {
				continue
			}
			c.Place = &my.Place{}
			if i > 0 {
				c.Place.After = columns[i-1].Self
			}
		}
	}
}

// remadeColumns are the current columns that are dropped and added again: those
// that cannot be altered, and those that are computed from them.
func remadeColumns(current, desired *schema.Catalog, byID map[schema.ID]*my.Column, columns []*my.Column) map[schema.ID]bool {
	again := map[schema.ID]bool{}
	for _, c := range columns {
		id := counterpart(current, desired, c.Self)
		if old := byID[id]; old != nil && remade(old, c) {
			again[id] = true
		}
	}
	for grown := len(again) > 0; grown; {
		grown = false
		for id, c := range byID {
			if again[id] {
				continue
			}
			for _, r := range c.Refs() {
				if again[r.To] && r.Bind > schema.Late {
					again[id], grown = true, true
				}
			}
		}
	}
	return again
}

// remadeFrom tells whether a column that counts as new is one that is dropped
// and added again. It would come last only behind columns that are there.
func remadeFrom(current, desired *schema.Catalog, c *my.Column) bool {
	return current.Has(counterpart(current, desired, c.Self))
}

// longestIncreasing marks the members of a longest increasing subsequence;
// negative numbers are no members.
func longestIncreasing(list []int) []bool {
	var tails []int // tails[l]: the place where a subsequence of length l+1 ends lowest
	before := make([]int, len(list))
	for i, v := range list {
		if v < 0 {
			continue
		}
		l := sort.Search(len(tails), func(l int) bool { return list[tails[l]] >= v })
		before[i] = -1
		if l > 0 {
			before[i] = tails[l-1]
		}
		if l == len(tails) {
			tails = append(tails, i)
		} else {
			tails[l] = i
		}
	}
	in := make([]bool, len(list))
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = before[i] {
			in[i] = true
		}
	}
	return in
}

// triggerGroup are triggers that fire one after the other.
type triggerGroup struct {
	table         schema.ID
	timing, event string
}

// placeTriggers says of the triggers of one group which have to be put behind
// or before another one, so that they fire in the desired order. A trigger that
// is created comes last by itself.
func placeTriggers(current, desired *schema.Catalog) {
	have, want := triggerGroups(current), triggerGroups(desired)
	for t := range schema.Each[*my.Trigger](desired) { // in the order of the catalog
		k := groupOf(t)
		list := want[k]
		if list == nil {
			continue
		}
		delete(want, k) // once for each group
		old := k
		old.table = oldTable(current, desired, k.table)
		placeGroup(have[old], list)
	}
}

func placeGroup(have, want []*my.Trigger) {
	place := map[string]int{}
	for i, t := range have {
		place[t.Self.Name] = i
	}
	was := make([]int, len(want))
	for i, t := range want {
		was[i] = -1
		if p, ok := place[t.Self.Name]; ok && sameTrigger(have[p], t) {
			was[i] = p
		}
	}
	stays := longestIncreasing(was)
	last := len(want)
	for last > 0 && !stays[last-1] {
		last--
	}
	for i, t := range want {
		switch {
		case stays[i]:
		case i >= last && was[i] < 0 && createdLast(have, want[i:]):
		case i > 0:
			t.Follows = want[i-1].Self
		default:
			for j := range want {
				if stays[j] {
					t.Precedes = want[j].Self
					break
				}
			}
		}
	}
}

// createdLast tells whether none of these is there yet, so that they come last
// in the order of their creation.
func createdLast(have, rest []*my.Trigger) bool {
	for _, t := range rest {
		for _, h := range have {
			if h.Self.Name == t.Self.Name {
				return false
			}
		}
	}
	return true
}

func sameTrigger(a, b *my.Trigger) bool {
	x := *a
	x.Table = b.Table
	return schema.Equal(&x, b)
}

func groupOf(t *my.Trigger) triggerGroup { return triggerGroup{t.Table, t.Timing, t.Event} }

func triggerGroups(c *schema.Catalog) map[triggerGroup][]*my.Trigger {
	m := map[triggerGroup][]*my.Trigger{}
	for t := range schema.Each[*my.Trigger](c) {
		m[groupOf(t)] = append(m[groupOf(t)], t)
	}
	for _, list := range m {
		sort.SliceStable(list, func(i, j int) bool { return list[i].Ordinal.Int() < list[j].Ordinal.Int() })
	}
	return m
}
