package lint

// brokenReference: SQLite takes a foreign key to a table or a key that is not
// there, or a view of such a table, and fails only when it is used.
var brokenReference = Rule{
	Name: "broken-reference", Severity: Error, Title: "A foreign key or a view refers to something that is not there.",
	Check: func(f *Facts, _ Config) (out []Finding) {
		for _, t := range f.Tables {
			for _, k := range t.ForeignKeys {
				if k.Broken != "" {
					out = append(out, Finding{Object: k.ID, Near: k.Columns, Message: "foreign key of " + path(t.ID) + ": " + k.Broken})
				}
			}
		}
		for _, b := range f.Broken {
			out = append(out, Finding{Object: b.ID, Message: path(b.ID) + " cannot be used: " + b.Reason})
		}
		return out
	},
}
