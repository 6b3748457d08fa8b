package lint

import (
	"fmt"
	"slices"
)

// duplicateIndex: the second of two equal indexes costs time with every write
// and is never of use.
var duplicateIndex = Rule{
	Name: "duplicate-index", Severity: Warning, Title: "Two indexes of a table are equal.",
	Check: func(f *Facts, _ Config) (out []Finding) {
		for _, t := range f.Tables {
			for i, x := range t.Indexes {
				if other := twin(t.Indexes, i); other != nil {
					out = append(out, Finding{Object: x.ID, Message: fmt.Sprintf("%s is the same as %s", path(x.ID), path(other.ID)), Hint: "remove one of the two"})
				}
			}
		}
		return out
	},
}

// twin is an index that makes the one at i needless, being equal: an earlier
// one, unless only this one belongs to a constraint.
func twin(all []*Index, i int) *Index {
	x := all[i]
	if x.Implied {
		return nil
	}
	for j, y := range all {
		if i == j || !same(x, y) || x.Primary {
			continue
		}
		if y.Primary || y.Constraint && !x.Constraint || y.Constraint == x.Constraint && j < i {
			return y
		}
	}
	return nil
}

// same tells whether two indexes hold the same, and forbid the same.
func same(x, y *Index) bool {
	return x.Unique == y.Unique && x.Method == y.Method && x.Where == y.Where && slices.Equal(texts(x), texts(y)) && slices.Equal(x.Include, y.Include)
}

func texts(x *Index) []string {
	out := make([]string, len(x.Keys))
	for i, k := range x.Keys {
		out[i] = k.Text
	}
	return out
}
