package lint

import "fmt"

// enough is the number of rows below which a counter will do for nobody's lifetime.
const enough = 1 << 32

// keyOverflow: a numbered key of four bytes is used up after two thousand
// million inserts, failed ones among them.
var keyOverflow = Rule{
	Name: "key-overflow", Severity: Note, Title: "A numbered primary key can run out of numbers.",
	Check: func(f *Facts, _ Config) (out []Finding) {
		for _, t := range f.Tables {
			k := t.PrimaryKey()
			if k == nil || len(k.Keys) != 1 {
				continue
			}
			if c := t.Column(k.Keys[0].Column); c != nil && c.Counter > 0 && c.Counter < enough {
				out = append(out, Finding{Object: c.ID, Message: fmt.Sprintf("%s (%s) has no numbers left after %d", path(c.ID), c.Type, c.Counter), Hint: "use bigint"})
			}
		}
		return out
	},
}
