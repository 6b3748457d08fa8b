package postgres

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// typ is a row of pg_type.
type typ struct {
	ref        schema.ID // of a type of the catalog
	multirange string    // its name, if it is the one that comes with ref, a range type
	name       string    // of any other, as format_type prints it
	element    oid       // of a true array
	row        *relation // whose rows are of this type
}

// typeOf makes the use of a type; modified is what format_type prints if there
// is a type modifier, and empty else.
func (in *inspection) typeOf(id oid, modified string) pg.Type {
	t := in.types[id]
	if t == nil {
		return pg.Type{}
	}
	var out pg.Type
	if t.element != 0 {
		out.Array = true
		modified = strings.TrimSuffix(modified, "[]")
		if t = in.types[t.element]; t == nil {
			return pg.Type{}
		}
	}
	switch {
	case !t.ref.IsZero():
		out.Ref, out.Multirange = t.ref, t.multirange
	case modified != "":
		out.Name = modified
	default:
		out.Name = t.name
	}
	return out
}

// typesOf makes the uses of several types.
func (in *inspection) typesOf(ids []int) []pg.Type {
	out := make([]pg.Type, len(ids))
	for i, id := range ids {
		out[i] = in.typeOf(oid(id), "")
	}
	return out
}

// readTypes reads pg_type and what completes it. Arrays, multiranges, and the
// row types of relations come with other objects.
func (in *inspection) readTypes() []query {
	return []query{
		{`SELECT t.oid, t.typnamespace, t.typname, t.typtype, t.typrelid,
 CASE WHEN t.typelem <> 0 AND t.typlen = -1 AND t.typstorage <> 'p' AND t.typsubscript = 'array_subscript_handler'::regproc THEN t.typelem ELSE 0 END,
 format_type(t.oid, NULL) FROM pg_type t`, in.typeRow},
		{`SELECT r.rngmultitypid, r.rngtypid, m.typname FROM pg_range r JOIN pg_type m ON m.oid = r.rngmultitypid WHERE m.typnamespace IN ` + ours, func(r row) error {
			if of := in.types[r.oid(1)]; of != nil && !of.ref.IsZero() {
				in.types[r.oid(0)].ref, in.types[r.oid(0)].multirange = of.ref, r.text(2)
			}
			return nil
		}},
		{`SELECT t.oid, t.typbasetype, CASE WHEN t.typtypmod <> -1 THEN format_type(t.typbasetype, t.typtypmod) END,
 CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation END, t.typnotnull, pg_get_expr(t.typdefaultbin, 0)
 FROM pg_type t JOIN pg_type b ON b.oid = t.typbasetype WHERE t.typtype = 'd' AND t.typnamespace IN ` + ours + ` ORDER BY t.typname`, in.domain},
		{`SELECT t.oid, (SELECT array_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)
 FROM pg_type t WHERE t.typtype = 'e' AND t.typnamespace IN ` + ours + ` ORDER BY t.typname`, func(r row) error {
			if id := in.types[r.oid(0)].ref; !id.IsZero() {
				in.add(&pg.Enum{Schema: id.Schema, Name: id.Name, Labels: r.array(1)}, id)
			}
			return nil
		}},
		{`SELECT t.oid, t.typtype, pg_get_userbyid(t.typowner), t.typacl FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
 WHERE t.typnamespace IN ` + ours + ` AND (t.typtype IN ('e','d','r') OR c.relkind = 'c') ORDER BY t.typname`, func(r row) error {
			if id := in.types[r.oid(0)].ref; !id.IsZero() {
				in.owned(id, r.text(2), id)
				in.granted(id, schema.ID{}, r.text(2), r.array(3), !r.null(3), id)
			}
			return nil
		}},
	}
}

// typeKinds are the kinds of types that stand alone, by pg_type.typtype.
var typeKinds = map[byte]schema.Kind{'e': pg.KindEnum, 'd': pg.KindDomain, 'r': pg.KindRange}

func (in *inspection) typeRow(r row) error {
	t := &typ{name: r.text(6), element: r.oid(5), row: in.relations[r.oid(4)]}
	id, ns, kind := r.oid(0), in.namespaces[r.oid(1)], r.char(3)
	in.types[id] = t
	switch rel := t.row; {
	case rel != nil && rel.managed && rel.kind != 'f':
		t.ref = rel.id
		if rel.kind == 'c' {
			in.targets[address{classType, id, 0}] = target{id: rel.id, root: rel.id}
		}
	case rel != nil || !ns.managed || t.element != 0 || in.members[address{classType, id, 0}]:
	case typeKinds[kind] != "":
		t.ref = schema.ID{Kind: typeKinds[kind], Schema: ns.name, Name: r.text(2)}
		in.targets[address{classType, id, 0}] = target{id: t.ref, root: t.ref}
	case kind == 'b' || kind == 'p':
		in.alien = append(in.alien, schema.ID{Kind: "base type", Schema: ns.name, Name: r.text(2)})
	}
	return nil
}

func (in *inspection) domain(r row) error {
	id := in.types[r.oid(0)].ref
	if id.IsZero() {
		return nil
	}
	in.add(&pg.Domain{Schema: id.Schema, Name: id.Name, Type: in.typeOf(r.oid(1), r.text(2)), Collation: r.text(3),
		NotNull: r.bool(4), Default: schema.Expr{Text: r.text(5)}}, id)
	return nil
}

// readRanges reads pg_range, after the functions.
func (in *inspection) readRanges() []query {
	return []query{{`SELECT r.rngtypid, r.rngsubtype, CASE WHEN NOT o.opcdefault THEN ` + qualifiedSQL("o.opcnamespace", "o.opcname") + ` END,
 CASE WHEN r.rngcollation <> s.typcollation THEN r.rngcollation::regcollation END, r.rngcanonical::oid, r.rngsubdiff::oid, m.typname
 FROM pg_range r JOIN pg_type t ON t.oid = r.rngtypid JOIN pg_type s ON s.oid = r.rngsubtype JOIN pg_opclass o ON o.oid = r.rngsubopc
 JOIN pg_type m ON m.oid = r.rngmultitypid WHERE t.typnamespace IN ` + ours + ` ORDER BY t.typname`, func(r row) error {
		id := in.types[r.oid(0)].ref
		if id.IsZero() {
			return nil
		}
		o := &pg.Range{Schema: id.Schema, Name: id.Name, Subtype: in.typeOf(r.oid(1), ""), OpClass: r.text(2), Collation: r.text(3), Multirange: r.text(6)}
		o.Canonical = in.routines[r.oid(4)].id
		diff := in.routines[r.oid(5)]
		o.SubtypeDiff, o.Diff = diff.name, diff.id
		in.add(o, id)
		return nil
	}}}
}

// qualifiedSQL is SQL for an object's name, quoted, and qualified unless it is in
// pg_catalog.
func qualifiedSQL(namespace, name string) string {
	return `(SELECT CASE WHEN nspname = 'pg_catalog' THEN '' ELSE quote_ident(nspname) || '.' END || quote_ident(` + name + `) FROM pg_namespace WHERE oid = ` + namespace + `)`
}
