package planner

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
)

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
			g.before(renamed, i, must) // renames keep their order
			renamed = i
			continue
		case CreateHalf:
			g.uses(i, a.Change.New)
			g.before(g.find(a.Change.ID(), DropHalf), i, must)
			g.parts(i, a.Change)
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
	g.namesakes()
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
					g.before(p, i, would)
				}
			case a.Half == DropHalf && (other.Half == DropHalf || other.Half == AlterHalf):
				g.before(i, p, would)
			}
		}
	}
}

// afterRename: whatever mentions a renamed object uses its new name.
func (g *graph) afterRename(i int, a Act) {
	o := a.Object()
	g.before(g.find(o.ID(), RenameHalf), i, must)
	for _, r := range o.Refs() {
		g.before(g.find(r.To, RenameHalf), i, must)
	}
}

// uses: everything that the new state needs is there, in its new state. What it
// mentions and is to go (a column that a SELECT * must not find) is gone.
func (g *graph) uses(i int, o schema.Object) {
	for _, r := range o.Refs() {
		made, f := must, held(r)
		if r.Bind == schema.Late {
			made = should
		}
		g.before(g.find(r.To, CreateHalf), i, made)
		g.before(g.find(r.To, AlterHalf), i, f)
		if f == should { // a state without the target is a state of it, too
			g.before(g.find(r.To, DropHalf), i, f)
		}
	}
}

// held: only what holds on to another object stands in the way of its changes.
func held(r schema.Ref) force {
	if r.Bind < schema.Exist {
		return should
	}
	return must
}

// leaves: what goes is gone before what it used goes or changes.
func (g *graph) leaves(i int, o schema.Object) {
	for _, r := range o.Refs() {
		g.before(i, g.find(r.To, DropHalf), held(r))
		g.before(i, g.find(r.To, AlterHalf), held(r))
	}
}

// parts: what is created again without what it used before comes back when that
// is gone. As long as it is there it may be found and used again (the index that
// a foreign key relies on). What moves needs it for that long.
func (g *graph) parts(i int, ch *Change) {
	if ch.Verb != Replace || g.goesAlong(ch) {
		return
	}
	for _, r := range ch.Old.Refs() {
		d := g.find(r.To, DropHalf)
		if r.Bind < schema.Exist || d < 0 || g.acts[d].Change.Verb != Drop || refersTo(ch.New, r.To, schema.Exist) {
			continue
		}
		if !slices.Contains(g.after[must][d], i) {
			g.parting[[2]int{d, i}] = true
			g.before(d, i, must)
		}
	}
}

// goesAlong tells whether an object, or what it is a part of, moves with what it
// holds.
func (g *graph) goesAlong(ch *Change) bool {
	for {
		if ch.Moves {
			return true
		}
		i := g.find(ch.New.Owner(), CreateHalf)
		if i < 0 {
			return false
		}
		ch = g.acts[i].Change
	}
}

// forgo forgets the edges of parts that are in a circle.
func (g *graph) forgo() {
	if len(g.parting) == 0 {
		return
	}
	for _, knot := range components(len(g.acts), g.alone(), g.after[must]) {
		in := map[int]bool{}
		for _, i := range knot {
			in[i] = true
		}
		for _, u := range knot {
			g.after[must][u] = slices.DeleteFunc(g.after[must][u], func(v int) bool { return in[v] && g.parting[[2]int{u, v}] })
		}
	}
}

// letsGo: an alteration that ends a reference comes before its target goes, or
// changes in a way that the reference would not survive.
func (g *graph) letsGo(i int, ch *Change) {
	for _, r := range ch.Old.Refs() {
		switch r.Bind {
		case schema.Late:
			continue
		case schema.Once:
			g.before(i, g.find(r.To, DropHalf), would)
			continue
		}
		g.before(i, g.find(r.To, DropHalf), must)
		if alter := g.find(r.To, AlterHalf); alter >= 0 && !refersTo(ch.New, r.To, schema.Exist) {
			if from, ok := g.acts[alter].Change.disturbs(); ok && r.Bind >= from {
				g.before(i, alter, must)
			}
		}
	}
}

// joins: an alteration that ends a reference to a whole, or begins one, finds
// the whole best as it was before its parts change, or as it is after (a
// partition that leaves a table, or becomes one of it, and the table's columns).
func (g *graph) joins(i int, ch *Change, parts map[schema.ID][]int) {
	for _, r := range ch.Old.Refs() {
		if r.Bind >= schema.Exist && !refersTo(ch.New, r.To, schema.Exist) {
			for _, id := range line(g.delta.Current, r.To) {
				for _, p := range parts[id] {
					g.before(i, p, would)
				}
			}
		}
	}
	for _, r := range ch.New.Refs() {
		if r.Bind >= schema.Exist && !refersTo(ch.Old, r.To, schema.Exist) {
			for _, id := range line(g.delta.Desired, r.To) {
				for _, p := range parts[id] {
					g.before(p, i, would)
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
					g.before(j, i, must)
				}
			}
		}
	}
}

// moved: what a replaced object holds is put back before it is used. So what
// holds data and refers to it (its partitions, which take it in) comes before
// what refers to either and holds none (triggers, views); and all that comes
// before what the old state needs (the type of a column) goes.
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
				g.before(t, u, should)
			}
		}
		needed := g.needed(ch, c)
		for i, a := range g.acts {
			if a.Half == DropHalf && a.Change.Verb == Drop && needed[a.Change.ID()] {
				for _, t := range append(takes, g.find(ch.ID(), CreateHalf)) {
					g.before(t, i, should)
				}
			}
		}
	}
}

// needed are the objects that what moves along with a change needs.
func (g *graph) needed(moving *Change, c Comparer) map[schema.ID]bool {
	out := map[schema.ID]bool{}
	for _, ch := range g.delta.Changes {
		if !ch.Moves || c.Weight(ch.Old) != Data || ch != moving && ch.Because != moving && !within(ch.Old, moving.ID()) {
			continue
		}
		for _, r := range ch.Old.Refs() {
			if r.Bind >= schema.Exist {
				out[r.To] = true
			}
		}
	}
	return out
}

// namesakes: what goes gives way to what comes under the same name.
func (g *graph) namesakes() {
	going := map[string][]int{}
	name := func(a Act, half Half) string {
		if n, ok := a.Object().(schema.Namesake); ok && a.Half == half {
			return n.Namesake()
		}
		return ""
	}
	for i, a := range g.acts {
		if n := name(a, DropHalf); n != "" {
			going[n] = append(going[n], i)
		}
	}
	for i, a := range g.acts {
		if n := name(a, CreateHalf); n != "" {
			for _, j := range going[n] {
				g.before(j, i, should)
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
