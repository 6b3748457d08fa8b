package lint

import "fmt"

// quotedName: in PostgreSQL, "userId" without quotes is userid, and not found.
var quotedName = Rule{
	Name: "quoted-name", Severity: Note, Title: "A name needs quotes wherever it is used.",
	Check: func(f *Facts, _ Config) (out []Finding) {
		for _, n := range f.Names {
			if n.Quoted && !n.Reserved {
				out = append(out, Finding{Object: n.ID, Message: fmt.Sprintf("%s: %q needs quotes wherever it is used", path(n.ID), n.Text), Hint: "choose a plain name"})
			}
		}
		return out
	},
}
