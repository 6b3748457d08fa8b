package lint

import "github.com/trueup-sql/trueup/schema"

// avoidType: a type that the dialect's manual itself advises against, or that
// does not do what its name says.
var avoidType = Rule{
	Name: "avoid-type", Severity: Warning, Title: "A column's type has a better alternative.",
	Check: func(f *Facts, _ Config) (out []Finding) {
		for _, t := range f.Tables {
			for _, c := range t.Columns {
				out = advised(out, c.ID, path(c.ID)+" is "+c.Type, c.Concern)
			}
		}
		return out
	},
}

// advised adds a finding for a piece of advice, if there is one.
func advised(out []Finding, about schema.ID, what string, a Advice) []Finding {
	if a.Severity == "" || a.Severity == Off {
		return out
	}
	f := Finding{Object: about, Severity: a.Severity, Message: what + ": " + a.Reason}
	if a.Instead != "" {
		f.Hint = "use " + a.Instead
	}
	return append(out, f)
}
