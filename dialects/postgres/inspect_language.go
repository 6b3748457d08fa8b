package postgres

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// readLanguages reads pg_language. Those that are built in, or an extension's,
// are no objects of the catalog.
func (in *inspection) readLanguages() []query {
	sql := `SELECT l.oid, l.lanname, l.lanpltrusted, l.lanplcallfoid, l.laninline, l.lanvalidator, pg_get_userbyid(l.lanowner), l.lanacl
 FROM pg_language l WHERE l.oid >= 16384 ORDER BY l.lanname`
	return []query{{sql, func(r row) error {
		at := address{classLanguage, r.oid(0), 0}
		if in.members[at] || len(in.options.Schemas) > 0 {
			return nil
		}
		l := &pg.Language{Name: r.text(1), Trusted: r.bool(2)}
		for i, f := range [...]struct {
			id   *schema.ID
			name *string
		}{{&l.Handler, &l.HandlerName}, {&l.Inline, &l.InlineName}, {&l.Validator, &l.ValidatorName}} {
			x := in.routines[r.oid(3+i)]
			if *f.id = x.id; x.id.IsZero() {
				*f.name = x.name
			}
		}
		id := l.ID()
		in.add(l, id)
		in.targets[at] = target{id: id, root: id}
		in.owned(id, r.text(6), id)
		in.granted(id, schema.ID{}, r.text(6), r.array(7), !r.null(7), id)
		return nil
	}}}
}
