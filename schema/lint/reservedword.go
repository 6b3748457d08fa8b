package lint

import "fmt"

// reservedWord: such a name fails wherever somebody forgets the quotes.
var reservedWord = Rule{
	Name: "reserved-word", Severity: Warning, Title: "A name is a reserved word.",
	Check: func(f *Facts, _ Config) (out []Finding) {
		for _, n := range f.Names {
			if n.Reserved {
				out = append(out, Finding{Object: n.ID, Message: fmt.Sprintf("%s: %q is a reserved word of %s, and needs quotes wherever it is used", path(n.ID), n.Text, f.Dialect), Hint: "choose another name"})
			}
		}
		return out
	},
}
