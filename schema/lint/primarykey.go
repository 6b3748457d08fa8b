package lint

// primaryKey: rows without a key cannot be told apart; replication of updates
// and deletes has to look at all columns, or fails.
var primaryKey = Rule{
	Name: "primary-key", Severity: Warning, Title: "A table has no primary key.",
	Check: func(f *Facts, _ Config) (out []Finding) {
		for _, t := range f.Tables {
			if t.Keyless == "" && t.PrimaryKey() == nil {
				out = append(out, Finding{Object: t.ID, Message: path(t.ID) + " has no primary key", Hint: "add PRIMARY KEY (..)"})
			}
		}
		return out
	},
}
