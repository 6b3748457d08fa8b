package sqldef

import (
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

type adjuster = func(current, desired *schema.Catalog) error

func adjusters(a ...adjuster) []adjuster { return a }

// dropped is the SQL of the drops that were not allowed.
func dropped(name string, b dialect.Bound, plan *planner.Plan) ([]string, error) {
	if plan.Delta == nil {
		return nil, nil
	}
	var out []string
	for _, s := range plan.Delta.Skipped {
		before, after := schema.NewCatalog(), schema.NewCatalog()
		if owner := plan.Delta.Current.Object(s.Object.Owner()); owner != nil {
			before.Put(owner)
			after.Put(owner)
		}
		before.Put(s.Object)
		p, err := planner.New(name, before, after, b, b, nil)
		if err != nil {
			return nil, err
		}
		for _, st := range p.Statements {
			out = append(out, st.SQL)
		}
	}
	return out, nil
}
