package myparse

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema/my"
)

// implied is the index that a server makes for a foreign key, until the end of
// the statement shows whether it is needed.
type implied struct {
	index *my.Index
	key   *my.ForeignKey
}

// implyIndex adds the index that the server makes for a foreign key, under the
// name of the constraint or the one behind FOREIGN KEY. A text of the server's
// own has it already.
func (r *reader) implyIndex(t *table, at token, k *my.ForeignKey, name string) {
	if r.opts.Relaxed {
		return
	}
	x := &my.Index{Type: my.Plain, Unnamed: my.Remark, Self: my.Part(t.Self, my.KindIndex, name)}
	for _, c := range k.Columns {
		x.Parts = append(x.Parts, my.IndexPart{Column: c})
	}
	r.places[x] = r.position(at.off)
	t.indexes = append(t.indexes, x)
	r.implied = append(r.implied, implied{x, k})
}

// settleImplied drops, at the end of a statement, what servers drop: an index
// made for a foreign key, if an explicit index begins with its columns, or a
// longer one that was made does, or a later one of the same columns. Such an
// index goes also when a later statement adds an explicit one that serves.
func (r *reader) settleImplied(t *table) {
	made := map[*my.Index]bool{}
	for _, x := range t.indexes {
		made[x] = !x.ForForeignKey.IsZero()
	}
	for _, m := range r.implied {
		made[m.index] = true
	}
	gone := map[*my.Index]bool{}
	for i, x := range t.indexes {
		for _, earlier := range t.indexes[:i] {
			if gone[earlier] || !superfluous(x, earlier, made) {
				continue
			}
			if !made[earlier] || made[x] && len(x.Parts) < len(earlier.Parts) {
				gone[x] = true
			} else {
				gone[earlier] = true
			}
			break
		}
	}
	t.indexes = slices.DeleteFunc(t.indexes, func(x *my.Index) bool { return gone[x] })
}

// superfluous tells whether one of two indexes was made for a foreign key, and
// its columns are the first ones of the other.
func superfluous(a, b *my.Index, made map[*my.Index]bool) bool {
	if !made[a] && !made[b] {
		return false
	}
	for _, x := range [...]*my.Index{a, b} {
		if x.Type != my.Plain && x.Type != my.Unique && x.Type != my.Primary {
			return false
		}
	}
	if made[a] && made[b] {
		if len(a.Parts) > len(b.Parts) {
			a, b = b, a
		}
	} else if !made[a] {
		a, b = b, a
	}
	if len(a.Parts) > len(b.Parts) {
		return false
	}
	for i, p := range a.Parts {
		if !strings.EqualFold(p.Column.Name, b.Parts[i].Column.Name) || b.Parts[i].Column.IsZero() || b.Parts[i].Length != 0 {
			return false
		}
	}
	return true
}

// linkImplied notes, when all has a name, which foreign key an index was made for.
func (r *reader) linkImplied() {
	for _, m := range r.implied {
		m.index.ForForeignKey = m.key.Self
	}
	r.implied = nil
}

// settleParts completes a table at the end of a statement about it.
func (r *reader) settleParts(t *table) {
	r.incomplete = false
	r.resolveParts(t)
	r.settleImplied(t)
	r.unique(t)
	t.nameParts(r.opts)
	r.linkImplied()
	t.settle()
}

// unique fails if two indexes have the same name.
func (r *reader) unique(t *table) {
	for i, x := range t.indexes {
		for _, o := range t.indexes[:i] {
			if x.Self.Name != "" && strings.EqualFold(x.Self.Name, o.Self.Name) {
				r.fail(r.placeOf(x), "", "table %s has two indexes %s", t.Self.Name, x.Self.Name)
			}
		}
	}
}

// placeOf is the offset where this statement defines an object.
func (r *reader) placeOf(o any) int {
	for i := len(r.defined) - 1; i >= 0 && r.defined[i].off >= r.toks[0].off && r.defined[i].source == r.source; i-- {
		if r.defined[i].object == o {
			return r.defined[i].off
		}
	}
	return r.toks[0].off
}
