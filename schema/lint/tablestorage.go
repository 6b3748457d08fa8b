package lint

// tableStorage: a storage that lacks transactions or foreign keys, or that a
// crash empties.
var tableStorage = Rule{
	Name: "table-storage", Severity: Warning, Title: "A table is stored in a way that gives up safety.",
	Check: func(f *Facts, _ Config) (out []Finding) {
		for _, t := range f.Tables {
			out = advised(out, t.ID, path(t.ID), t.Storage)
		}
		return out
	},
}
