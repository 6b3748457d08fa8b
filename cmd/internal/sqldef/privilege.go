package sqldef

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// revocation is a privilege as it is, and as it would be if revoking were
// allowed; nil for none at all.
type revocation struct{ is, would *pg.Privilege }

// mayRevoke: by the rule for the grantee, else as every drop.
func (s *scope) mayRevoke(p *pg.Privilege) bool {
	if r, found, controlled := s.first("privilege", role(p), ""); controlled {
		return found && r.Drop
	}
	return s.enableDrop
}

// keepPrivileges adds to the desired side what may not be revoked. What goes
// with its object goes.
func (s *scope) keepPrivileges(current, desired *schema.Catalog) {
	for p := range schema.Each[*pg.Privilege](current) {
		if s.mayRevoke(p) || !desired.Has(p.Owner()) && s.goes(current, p.Owner()) {
			continue
		}
		d, _ := schema.Lookup[*pg.Privilege](desired, p.ID())
		merged := *p
		if d != nil {
			merged = *d
			merged.Names = union(d.Names, p.Names)
			merged.Grantable = union(d.Grantable, p.Grantable)
			if slices.Equal(merged.Names, d.Names) && slices.Equal(merged.Grantable, d.Grantable) {
				continue
			}
		}
		s.kept = append(s.kept, revocation{p, d})
		desired.Put(&merged)
	}
}

// goes tells whether an object that the files do not have may be dropped.
func (s *scope) goes(current *schema.Catalog, id schema.ID) bool {
	o := current.Object(id)
	return o == nil || s.allow(o)
}

func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

func intersection(a, b []string) (out []string) {
	for _, x := range a {
		if slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}
