package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// Lookalike is an object that goes, or would go if it were allowed, and a new
// one that is probably the same under another name.
type Lookalike struct {
	Old, New schema.Object
	// Stays: dropping the old one was not allowed.
	Stays bool
	// score orders the pairs that compete for an object.
	score float64
}

// Lookalikes pairs what goes with what comes: objects of one of the kinds, of
// the same kind and owner in the same schema, and of like shape. Each object is
// in one pair at most. It takes no longer than sorting them does, unless many
// are alike.
func Lookalikes(d *Delta, c Comparer, kinds ...schema.Kind) []Lookalike {
	l := &lookalikes{Comparer: c, delta: d, kinds: kinds}
	places := l.candidates()
	if len(places) == 0 {
		return nil
	}
	l.currentParts, l.desiredParts = d.Current.Parts(), d.Desired.Parts()
	var pairs []Lookalike
	for _, p := range places {
		pairs = append(pairs, l.pairs(p)...)
	}
	slices.SortStableFunc(pairs, func(a, b Lookalike) int {
		return cmp.Or(cmp.Compare(b.score, a.score), a.New.ID().Compare(b.New.ID()), a.Old.ID().Compare(b.Old.ID()))
	})
	taken := map[schema.ID]bool{}
	pairs = slices.DeleteFunc(pairs, func(p Lookalike) bool {
		if taken[p.Old.ID()] || taken[p.New.ID()] {
			return true
		}
		taken[p.Old.ID()], taken[p.New.ID()] = true, true
		return false
	})
	slices.SortFunc(pairs, func(a, b Lookalike) int { return a.New.ID().Compare(b.New.ID()) })
	return pairs
}

type lookalikes struct {
	Comparer
	delta                      *Delta
	kinds                      []schema.Kind
	currentParts, desiredParts map[schema.ID][]schema.Object
}

// place holds the candidates of one kind with one owner.
type place struct{ gone, new []candidate }

type candidate struct {
	object schema.Object
	stays  bool
}

// candidates are the places where something goes and something comes.
func (l *lookalikes) candidates() []*place {
	type key struct {
		kind   schema.Kind
		schema string
		owner  schema.ID
	}
	at := map[key]*place{}
	var order []*place
	of := func(o schema.Object) *place {
		w := o.Owner()
		if !slices.Contains(l.kinds, o.ID().Kind) || !w.IsZero() && (!l.delta.Current.Has(w) || !l.delta.Desired.Has(w)) {
			return nil // it comes or goes with its owner
		}
		k := key{o.ID().Kind, o.ID().Schema, w}
		if at[k] == nil {
			at[k] = &place{}
			order = append(order, at[k])
		}
		return at[k]
	}
	for _, ch := range l.delta.Changes {
		if ch.Verb != Create && ch.Verb != Drop {
			continue
		}
		if p := of(ch.Object()); p != nil && ch.Verb == Create {
			p.new = append(p.new, candidate{object: ch.New})
		} else if p != nil {
			p.gone = append(p.gone, candidate{object: ch.Old})
		}
	}
	for _, s := range l.delta.Skipped {
		if s.Part != "" || !s.For.IsZero() {
			continue
		}
		if p := of(s.Object); p != nil {
			p.gone = append(p.gone, candidate{s.Object, true})
		}
	}
	return slices.DeleteFunc(order, func(p *place) bool { return len(p.gone) == 0 || len(p.new) == 0 })
}

// pairs are all those of one place that are like enough.
func (l *lookalikes) pairs(p *place) []Lookalike {
	x := index{having: map[uint64][]int{}, same: map[string][]int{}, few: len(p.gone)*len(p.new) <= commonplace*commonplace}
	for i, n := range p.new {
		x.add(i, l.traits(n.object, l.desiredParts))
	}
	var out []Lookalike
	for _, g := range p.gone {
		traits := l.traits(g.object, l.currentParts)
		for _, i := range x.worth(traits) {
			if score := l.score(g.object, p.new[i].object, traits, x.traits[i]); score > 0 {
				out = append(out, Lookalike{Old: g.object, New: p.new[i].object, Stays: g.stays, score: score})
			}
		}
	}
	return out
}

// index finds new objects by their traits.
type index struct {
	traits [][]uint64
	having map[uint64][]int // which have a trait
	same   map[string][]int // which have just these traits
	few    bool             // so few objects that each can be compared with each
}

func (x *index) add(i int, traits []uint64) {
	x.traits = append(x.traits, traits)
	for _, t := range traits {
		x.having[t] = append(x.having[t], i)
	}
	k := fmt.Sprint(traits)
	x.same[k] = append(x.same[k], i)
}

// worth are those worth comparing with an object of these traits: all, if there
// are few; those with an uncommon trait of it; or, if it has none, the next one
// that has just the same ones.
func (x *index) worth(traits []uint64) []int {
	var out []int
	if x.few {
		for i := range x.traits {
			out = append(out, i)
		}
		return out
	}
	for _, t := range traits {
		if list := x.having[t]; len(list) <= commonplace {
			out = append(out, list...)
		}
	}
	if k := fmt.Sprint(traits); len(out) == 0 && len(x.same[k]) > 0 {
		out, x.same[k] = x.same[k][:1], x.same[k][1:]
	}
	slices.Sort(out)
	return slices.Compact(out)
}

const (
	// alike is the share of traits from which on two objects are alike, whatever
	// their names; of what holds data, a smaller share will do if the names
	// resemble each other.
	alike, namesake, somewhat = 0.7, 0.6, 0.3
	// commonplace: a trait that more new objects have than this tells nothing.
	commonplace = 64
)

// score is 0 for two objects that are not alike.
func (l *lookalikes) score(old, new schema.Object, a, b []uint64) float64 {
	share := float64(shared(a, b)) / float64(max(len(a), len(b)))
	names := resemblance(old.ID().Name, new.ID().Name)
	switch {
	case share >= alike:
	case l.Weight(old) != Data || names < namesake:
		return 0
	case len(a) > 1 && share < somewhat: // an object without parts has one trait
		return 0
	}
	return share + 1.5*names
}

// traits are what an object is compared by, sorted: its shape without its
// name, or, if it has parts that hold data, the shapes and the names of those.
func (l *lookalikes) traits(o schema.Object, parts map[schema.ID][]schema.Object) []uint64 {
	nameless := o.ID()
	nameless.Name = "?"
	var out []uint64
	for _, p := range parts[o.ID()] {
		if l.Weight(p) == Data {
			out = append(out, schema.Digest(l.Renamed(p, o.ID(), nameless)), nameTrait(p.ID()))
		}
	}
	if len(out) == 0 {
		out = append(out, schema.Digest(l.Renamed(o, o.ID(), nameless)))
	}
	slices.Sort(out)
	return out
}

// nameTrait is a trait that only the name of a part makes.
func nameTrait(id schema.ID) uint64 {
	return schema.Digest(named{schema.ID{Kind: id.Kind, Name: id.Name}})
}

// named is an object that consists of an ID.
type named struct{ Self schema.ID }

func (n named) ID() schema.ID    { return n.Self }
func (named) Owner() schema.ID   { return schema.ID{} }
func (named) Refs() []schema.Ref { return nil }

// shared counts what two sorted lists have in common.
func shared(a, b []uint64) int {
	n := 0
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			n, a, b = n+1, a[1:], b[1:]
		}
	}
	return n
}

// resemblance of two names, from 0 to 1: the share of neighbouring letters
// that they have in common (Dice's coefficient).
func resemblance(a, b string) float64 {
	pairs := func(s string) map[string]int {
		m := map[string]int{}
		s = strings.ToLower(s)
		for i := range len(s) - 1 {
			m[s[i:i+2]]++
		}
		return m
	}
	if len(a) < 2 || len(b) < 2 {
		return 0
	}
	pa, pb := pairs(a), pairs(b)
	n := 0
	for k, x := range pa {
		n += min(x, pb[k])
	}
	return 2 * float64(n) / float64(len(a)+len(b)-2)
}
