package lint

import (
	"fmt"

	"github.com/trueup-sql/trueup/schema"
)

// foreignKeyType: MySQL refuses such a key, PostgreSQL converts at every check,
// SQLite compares by the parent's affinity.
var foreignKeyType = Rule{
	Name: "foreign-key-type", Severity: Warning, Title: "A foreign key's column has another type than the one that it refers to.",
	Check: func(f *Facts, _ Config) (out []Finding) {
		tables := map[schema.ID]*Table{}
		for _, t := range f.Tables {
			tables[t.ID] = t
		}
		for _, t := range f.Tables {
			for _, k := range t.ForeignKeys {
				other := tables[k.RefTable]
				if other == nil || len(k.RefColumns) != len(k.Columns) {
					continue
				}
				for i := range k.Columns {
					a, b := t.Column(k.Columns[i]), other.Column(k.RefColumns[i])
					if a != nil && b != nil && a.Match != b.Match {
						out = append(out, Finding{Object: k.ID, Near: k.Columns[i : i+1],
							Message: fmt.Sprintf("%s is %s, but refers to %s, which is %s", path(a.ID), a.Type, path(b.ID), b.Type), Hint: "give both the same type"})
					}
				}
			}
		}
		return out
	},
}
