package lint

import (
	"fmt"
	"slices"
)

// redundantIndex: an index on (a) serves nothing that one on (a, b) does not.
var redundantIndex = Rule{
	Name: "redundant-index", Severity: Warning, Title: "Another index begins with all keys of an index.",
	Check: func(f *Facts, _ Config) (out []Finding) {
		for _, t := range f.Tables {
			for i, x := range t.Indexes {
				if x.Unique || x.Constraint || x.Implied || !x.Ordered || twin(t.Indexes, i) != nil {
					continue
				}
				for _, y := range t.Indexes {
					if x != y && covers(y, x) {
						out = append(out, Finding{Object: x.ID, Message: fmt.Sprintf("%s is needless: %s begins with the same keys", path(x.ID), path(y.ID)), Hint: "remove it"})
						break
					}
				}
			}
		}
		return out
	},
}

// covers tells whether y, which is not equal to x, serves for everything that x does.
func covers(y, x *Index) bool {
	if !y.Ordered || x.Method != y.Method || x.Where != y.Where || same(x, y) {
		return false
	}
	mine, others := texts(x), texts(y)
	if len(mine) > len(others) || !slices.Equal(mine, others[:len(mine)]) {
		return false
	}
	for _, id := range x.Include {
		if !slices.Contains(y.Include, id) && !slices.ContainsFunc(y.Keys, func(k Key) bool { return k.Column == id }) {
			return false
		}
	}
	return true
}
