package lint

import (
	"cmp"
	"slices"
	"testing"
)

// TestRules: the list is sorted, so that two rules cannot have one name, and
// every rule says what it is about.
func TestRules(t *testing.T) {
	if !slices.IsSortedFunc(Rules, func(a, b Rule) int {
		if a.Name == b.Name {
			t.Errorf("%s is there twice", a.Name)
		}
		return cmp.Compare(a.Name, b.Name)
	}) {
		t.Error("not sorted")
	}
	for _, r := range Rules {
		if r.Title == "" || r.Severity.rank() <= 0 || r.Check == nil {
			t.Errorf("%s is incomplete", r.Name)
		}
	}
}

// TestPattern: braces and groups of a pattern stay what they are.
func TestPattern(t *testing.T) {
	p, err := ParsePattern(`ix_{table}|x{2}`)
	if err != nil {
		t.Fatal(err)
	}
	re, err := p.expr("a.b")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"ix_a.b": true, "ix_aXb": false, "xx": true, "xxx": false, "my_ix_a.b": false} {
		if re.MatchString(name) != want {
			t.Errorf("%q matches: %v", name, !want)
		}
	}
	if _, err := ParsePattern("("); err == nil {
		t.Error("a broken pattern is taken")
	}
}
