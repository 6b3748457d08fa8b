package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

func (r *reader) createRange(s *pg_query.CreateRangeStmt) error {
	g := &pg.Range{}
	g.Schema, g.Name = r.newName(s.TypeName)
	var diff []*pg_query.Node
	for _, d := range elements(s.Params) {
		switch d.Defname {
		case "subtype":
			g.Subtype = r.typeName(typeOf(d.Arg))
		case "subtype_opclass":
			g.OpClass = r.rangeClass(nameParts(nameList(d.Arg)))
		case "collation":
			g.Collation = r.collationName(nameList(d.Arg))
		case "canonical":
			var err error
			if _, g.Canonical, err = r.function(nameList(d.Arg), g.Schema+"."+g.Name, true); err != nil {
				return err
			}
		case "subtype_diff":
			diff = nameList(d.Arg)
		case "multirange_type_name":
			_, g.Multirange = nameParts(nameList(d.Arg))
		default:
			return r.errorf(d.Location, "", "type attribute %q is unknown", d.Defname)
		}
	}
	if g.Subtype.IsZero() {
		return r.errorf(-1, "", "range type %s needs a subtype", g.Name)
	}
	subtype := pg.Argument{Type: g.Subtype}
	var err error
	if g.SubtypeDiff, g.Diff, err = r.function(diff, pg.InputTypes(subtype, subtype), true); err != nil {
		return err
	}
	if g.Multirange == "" {
		g.Multirange = multirangeName(g.Name)
	}
	return r.add(g, -1)
}

// rangeClass is the name of a range's operator class, or "" for one that its
// type has by default.
func (r *reader) rangeClass(namespace, name string) string {
	for _, c := range builtin.For(r.Version).Classes["btree"] {
		if c.Name == name && c.Default && c.Extension == "" && (namespace == "" || namespace == "pg_catalog") {
			return ""
		}
	}
	if id, ok := r.known(pg.KindOperatorClass, namespace, name, "btree"); ok {
		c, _ := schema.Lookup[*pg.OperatorClass](r.catalog, id)
		if c.Default {
			return ""
		}
		namespace = id.Schema
	}
	return pg.Qualify(namespace, name)
}

// multirangeName is what the server calls a range's multirange type:
// "range" becomes "multirange", or "_multirange" is put behind the name.
func multirangeName(name string) string {
	if i := strings.Index(name, "range"); i >= 0 {
		return clip(name[:i]+"multi"+name[i:], maxName)
	}
	return clip(name, maxName-len("_multirange")) + "_multirange"
}
