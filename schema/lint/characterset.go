package lint

// characterSet: utf8mb3 cannot hold all of Unicode, and MySQL deprecates it.
var characterSet = Rule{
	Name: "character-set", Severity: Warning, Title: "A character set cannot hold all characters, or is going away.",
	Check: func(f *Facts, _ Config) (out []Finding) {
		for _, t := range f.Tables {
			out = advised(out, t.ID, path(t.ID), t.Charset)
			for _, c := range t.Columns {
				out = advised(out, c.ID, path(c.ID), c.Charset)
			}
		}
		return out
	},
}
