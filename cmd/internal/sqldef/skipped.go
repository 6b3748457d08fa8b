package sqldef

import (
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// dropped is the SQL of the drops and revocations that were not allowed.
func (s *scope) dropped(name string, b dialect.Bound, plan *planner.Plan) ([]string, error) {
	if plan.Delta == nil {
		return nil, nil
	}
	var out []string
	add := func(is, would schema.Object) error {
		before, after := schema.NewCatalog(), schema.NewCatalog()
		if owner := plan.Delta.Current.Object(is.Owner()); owner != nil {
			before.Put(owner)
			after.Put(owner)
		}
		before.Put(is)
		if would != nil {
			after.Put(would)
		}
		p, err := planner.New(name, before, after, b, b, nil)
		if err != nil {
			return err
		}
		for _, st := range p.Statements {
			out = append(out, st.SQL)
		}
		return nil
	}
	for _, x := range plan.Delta.Skipped {
		if x.Part != "" {
			out = append(out, x.Object.ID().String()+": "+x.Part)
			continue
		}
		if err := add(x.Object, nil); err != nil {
			return nil, err
		}
	}
	for _, k := range s.kept {
		var would schema.Object
		if k.would != nil {
			// What is only granted is not skipped.
			less := *k.would
			less.Names, less.Grantable = intersection(less.Names, k.is.Names), intersection(less.Grantable, k.is.Grantable)
			would = &less
		}
		if err := add(k.is, would); err != nil {
			return nil, err
		}
	}
	return out, nil
}
