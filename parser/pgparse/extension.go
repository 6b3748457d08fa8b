package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// createExtension reads CREATE EXTENSION. What CASCADE creates besides is not
// known here.
func (r *reader) createExtension(s *pg_query.CreateExtensionStmt) error {
	e := &pg.Extension{Name: s.Extname}
	for _, d := range elements(s.Options) {
		switch d.Defname {
		case "schema":
			e.Schema = word(d)
		case "new_version":
			e.Version = word(d)
		case "cascade":
			e.Cascade = true
		default:
			return r.notManaged(d.Location, "CREATE EXTENSION .. "+d.Defname)
		}
	}
	if s.IfNotExists && r.catalog.Has(e.ID()) {
		return nil
	}
	return r.add(e, -1)
}

// alterExtension reads ALTER EXTENSION .. UPDATE.
func (r *reader) alterExtension(s *pg_query.AlterExtensionStmt) error {
	e, ok := schema.Lookup[*pg.Extension](r.catalog, schema.ID{Kind: pg.KindExtension, Name: s.Extname})
	if !ok {
		return r.missing(-1, "extension %s does not exist", pg.Quote(s.Extname))
	}
	for _, d := range elements(s.Options) {
		if d.Defname == "new_version" {
			e.Version = word(d)
		}
	}
	return nil
}

// alterExtensionContents refuses ALTER EXTENSION .. ADD and DROP.
func (r *reader) alterExtensionContents(*pg_query.AlterExtensionContentsStmt) error {
	return r.notManaged(-1, "what belongs to an extension (ALTER EXTENSION .. ADD/DROP)")
}

// createLanguage reads CREATE LANGUAGE. Without a handler it means the
// extension of that name (since 13).
func (r *reader) createLanguage(s *pg_query.CreatePLangStmt) error {
	if len(s.Plhandler) == 0 {
		return r.createExtension(&pg_query.CreateExtensionStmt{Extname: s.Plname, IfNotExists: s.Replace})
	}
	l := &pg.Language{Name: s.Plname, Trusted: s.Pltrusted}
	var errs [3]error
	l.HandlerName, l.Handler, errs[0] = r.foreignFunction(s.Plhandler, "")
	l.InlineName, l.Inline, errs[1] = r.foreignFunction(s.Plinline, "internal")
	l.ValidatorName, l.Validator, errs[2] = r.foreignFunction(s.Plvalidator, "oid")
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return r.addOrReplace(l, s.Replace)
}

// foreignFunction is function for a use that has either a name or an ID.
func (r *reader) foreignFunction(names []*pg_query.Node, types string) (string, schema.ID, error) {
	name, id, err := r.function(names, types, false)
	if !id.IsZero() {
		name = ""
	}
	return name, id, err
}
