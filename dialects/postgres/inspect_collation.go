package postgres

import "github.com/trueup-sql/trueup/schema/pg"

var providers = map[byte]string{'i': "icu", 'c': "libc", 'b': "builtin"}

// readCollations reads pg_collation. Before 15 an ICU locale was kept in
// collcollate, from 15 in colliculocale, from 17 in colllocale.
func (in *inspection) readCollations() []query {
	locale, rules := "c.colllocale", "c.collicurules"
	switch {
	case in.version < 150000:
		locale = "CASE WHEN c.collprovider = 'i' THEN c.collcollate END"
	case in.version < 170000:
		locale = "c.colliculocale"
	}
	if in.version < 160000 {
		rules = "NULL"
	}
	sql := `SELECT c.oid, c.collnamespace, c.collname, c.collprovider, CASE WHEN c.collprovider = 'c' THEN c.collcollate END,
 CASE WHEN c.collprovider = 'c' THEN c.collctype END, ` + locale + `, ` + rules + `, c.collisdeterministic, pg_get_userbyid(c.collowner),
 c.collprovider = 'c' AND c.collencoding = -1
 FROM pg_collation c WHERE c.collnamespace IN ` + ours + ` ORDER BY c.collname`
	return []query{{sql, func(r row) error {
		ns, at := in.namespaces[r.oid(1)], address{classCollation, r.oid(0), 0}
		if !ns.managed || in.members[at] {
			return nil
		}
		c := &pg.Collation{Schema: ns.name, Name: r.text(2), Provider: providers[r.char(3)], LcCollate: r.text(4), LcCtype: r.text(5),
			Locale: r.text(6), Rules: r.text(7), Deterministic: r.bool(8), AnyEncoding: r.bool(10)}
		in.add(c, c.ID())
		in.targets[at] = target{id: c.ID(), root: c.ID()}
		in.owned(c.ID(), r.text(9), c.ID())
		return nil
	}}}
}
