package lint

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// foreignKeyIndex: without an index on the referring columns, deleting a row of
// the other table reads the whole table that refers.
var foreignKeyIndex = Rule{
	Name: "foreign-key-index", Severity: Warning, Title: "No index begins with the columns of a foreign key.",
	Check: func(f *Facts, _ Config) (out []Finding) {
		for _, t := range f.Tables {
			for _, k := range t.ForeignKeys {
				if slices.ContainsFunc(t.Indexes, func(x *Index) bool { return leads(x, k.Columns) }) {
					continue
				}
				names := make([]string, len(k.Columns))
				for i, id := range k.Columns {
					names[i] = id.Name
				}
				list := strings.Join(names, ", ")
				out = append(out, Finding{Object: k.ID, Near: k.Columns, Message: "no index of " + path(t.ID) + " begins with the foreign key's columns (" + list + ")",
					Hint: "CREATE INDEX .. ON " + t.Name + " (" + list + ")"})
			}
		}
		return out
	},
}

// leads tells whether an index finds rows by these columns, in whichever order.
func leads(x *Index, columns []schema.ID) bool {
	if x.Where != "" || len(x.Keys) < len(columns) || !x.Ordered && len(x.Keys) > len(columns) {
		return false
	}
	for _, k := range x.Keys[:len(columns)] {
		if !slices.Contains(columns, k.Column) {
			return false
		}
	}
	return true
}
