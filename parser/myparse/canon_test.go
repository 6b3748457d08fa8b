package myparse

import (
	"os"
	"strings"
	"testing"
)

// classes reads a file of expressions: a "# options:" line sets options for what
// follows; blocks divided by empty lines hold texts that mean the same.
func classes(t testing.TB, file string) (out [][]string, opts []Options) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{}
	var block []string
	flush := func() {
		if len(block) > 0 {
			out, opts = append(out, block), append(opts, o)
		}
		block = nil
	}
	for _, line := range strings.Split(string(b), "\n") {
		switch {
		case strings.HasPrefix(line, "# options:"):
			flush()
			tt, ok := t.(*testing.T)
			if !ok {
				tt = &testing.T{}
			}
			o = optionsOf(tt, strings.TrimPrefix(line, "# "))
		case strings.HasPrefix(line, "# "):
		case strings.TrimSpace(line) == "":
			flush()
		default:
			block = append(block, line)
		}
	}
	flush()
	return out, opts
}

// TestExpressionClasses: the texts of a block have one canonical form, no two
// blocks have the same, and a canonical form is its own.
func TestExpressionClasses(t *testing.T) {
	blocks, opts := classes(t, "testdata/expressions.txt")
	seen := map[string]string{}
	for i, block := range blocks {
		o := opts[i]
		first := ""
		for _, text := range block {
			canon, _, err := o.Expression(text)
			if err != nil {
				t.Errorf("%s: %v", text, err)
				continue
			}
			again, _, err := o.Expression(canon)
			if err != nil || again != canon {
				t.Errorf("%s\n  is       %s\n  and then %s (%v)", text, canon, again, err)
			}
			if first == "" {
				first = canon
			}
			if canon != first {
				t.Errorf("%s\n  is   %s\n  want %s", text, canon, first)
			}
		}
		key := o.Flavor + " " + first
		if other, ok := seen[key]; ok {
			t.Errorf("two blocks have the same form %s:\n  %s\n  %s", first, other, block[0])
		}
		seen[key] = block[0]
	}
}

// FuzzExpression: no text makes the reader panic, and a canonical form is its own.
func FuzzExpression(f *testing.F) {
	blocks, opts := classes(f, "testdata/expressions.txt")
	for i, b := range blocks {
		for _, s := range b {
			f.Add(s, opts[i].Flavor == MariaDB)
		}
	}
	f.Fuzz(func(t *testing.T, text string, maria bool) {
		o := Options{Flavor: MySQL, Version: 80400}
		if maria {
			o = Options{Flavor: MariaDB, Version: 101100}
		}
		canon, _, err := o.Expression(text)
		if err != nil {
			return
		}
		again, _, err := o.Expression(canon)
		if err != nil {
			t.Fatalf("%q\n  is %q\n  which cannot be read: %v", text, canon, err)
		}
		if again != canon {
			t.Fatalf("%q\n  is       %q\n  and then %q", text, canon, again)
		}
	})
}
