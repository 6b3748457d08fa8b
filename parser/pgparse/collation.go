package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// createCollation reads CREATE COLLATION. The provider's version is what the
// server recorded, no part of the definition.
func (r *reader) createCollation(s *pg_query.DefineStmt) error {
	c := &pg.Collation{Provider: "libc", Deterministic: true}
	c.Schema, c.Name = r.newName(s.Defnames)
	if s.IfNotExists && r.catalog.Has(c.ID()) {
		return nil
	}
	locale := ""
	for _, d := range elements(s.Definition) {
		switch d.Defname {
		case "from":
			if err := r.copyCollation(c, d); err != nil {
				return err
			}
		case "locale":
			locale = word(d)
		case "lc_collate":
			c.LcCollate = word(d)
		case "lc_ctype":
			c.LcCtype = word(d)
		case "provider":
			c.Provider = strings.ToLower(word(d))
		case "deterministic":
			c.Deterministic = boolean(d)
		case "rules":
			c.Rules = word(d)
		case "version":
		default:
			return r.errorf(d.Location, "", "collation attribute %q is unknown", d.Defname)
		}
	}
	switch {
	case locale == "":
	case c.Provider == "libc":
		c.LcCollate, c.LcCtype = locale, locale
	case c.Provider == "icu" && r.Version >= 160000: // the server keeps a language tag
		c.Locale = strings.ReplaceAll(locale, "_", "-")
	default:
		c.Locale = locale
	}
	return r.add(c, -1)
}

// copyCollation reads CREATE COLLATION .. FROM: of the text's own, or of a
// built-in one, whose name tells what it is.
func (r *reader) copyCollation(c *pg.Collation, d *pg_query.DefElem) error {
	namespace, name := nameParts(nameList(d.Arg))
	if id, ok := r.known(pg.KindCollation, namespace, name, ""); ok {
		from, _ := schema.Lookup[*pg.Collation](r.catalog, id)
		own := *c
		*c = *from
		c.Schema, c.Name = own.Schema, own.Name
		return nil
	}
	switch {
	case name == "C" || name == "POSIX":
		c.LcCollate, c.LcCtype, c.AnyEncoding = name, name, true
	case strings.HasSuffix(name, "-x-icu"):
		c.Provider, c.Locale = "icu", strings.TrimSuffix(name, "-x-icu")
	default:
		return r.errorf(d.Location, "give its locale: CREATE COLLATION .. (locale = '..')", "collation %q is not defined in the files", name)
	}
	return nil
}

// alterCollation refuses ALTER COLLATION .. REFRESH VERSION.
func (r *reader) alterCollation(*pg_query.AlterCollationStmt) error {
	return r.notManaged(-1, "a collation's version (ALTER COLLATION .. REFRESH VERSION)")
}
