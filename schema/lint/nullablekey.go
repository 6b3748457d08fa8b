package lint

import "fmt"

// nullableKey: SQLite takes NULL into a primary key, any number of times,
// unless it is the rowid or the table is STRICT or WITHOUT ROWID.
var nullableKey = Rule{
	Name: "nullable-key", Severity: Warning, Title: "A column of a primary key may hold NULL.",
	Check: func(f *Facts, _ Config) (out []Finding) {
		for _, t := range f.Tables {
			k := t.PrimaryKey()
			if k == nil {
				continue
			}
			for _, key := range k.Keys {
				if c := t.Column(key.Column); c != nil && c.Nullable {
					out = append(out, Finding{Object: c.ID, Message: fmt.Sprintf("column %s of the primary key may hold NULL", c.Name), Hint: "add NOT NULL"})
				}
			}
		}
		return out
	},
}
