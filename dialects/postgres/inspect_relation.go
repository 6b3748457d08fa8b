package postgres

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// System catalogs by their fixed oids (pg_class.oid in pg_class.dat).
const (
	classType         oid = 1247
	classProc         oid = 1255
	classRelation     oid = 1259
	classNamespace    oid = 2615
	classConstraint   oid = 2606
	classLanguage     oid = 2612
	classOpclass      oid = 2616
	classOperator     oid = 2617
	classRewrite      oid = 2618
	classTrigger      oid = 2620
	classCast         oid = 2605
	classOpfamily     oid = 2753
	classExtension    oid = 3079
	classPolicy       oid = 3256
	classStatistics   oid = 3381
	classCollation    oid = 3456
	classEventTrigger oid = 3466
	classTSDictionary oid = 3600
	classTSParser     oid = 3601
	classTSConfig     oid = 3602
	classTSTemplate   oid = 3764
	classPublication  oid = 6104
)

// relation is a row of pg_class but for indexes.
type relation struct {
	oid     oid
	id      schema.ID
	kind    byte
	managed bool // and not an extension's
	object  schema.Object
	columns []*attribute // by number - 1; nil for dropped ones
	ofType  oid
	isPart  bool // a partition
	owner   string
}

// ours are the schemas whose objects are read at all.
const ours = `(SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')`

// readNamespaces reads pg_namespace. The schema public is there in every new
// database and therefore no object of the catalog, unlike what concerns it.
func (in *inspection) readNamespaces() []query {
	sql := `SELECT n.oid, n.nspname, n.nspacl, pg_get_userbyid(n.nspowner), n.nspowner = 10,
 EXISTS (SELECT FROM pg_depend d WHERE d.classid = 2615 AND d.objid = n.oid AND d.deptype = 'e')
 FROM pg_namespace n WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY nspname`
	return []query{{sql, func(r row) error {
		name, owner := r.text(1), r.text(3)
		managed := len(in.options.Schemas) == 0 || slices.Contains(in.options.Schemas, name)
		in.namespaces[r.oid(0)] = namespace{name, managed}
		if !managed || r.bool(5) {
			return nil
		}
		id := pg.SchemaID(name)
		if name != publicSchema {
			in.add(&pg.Namespace{Name: name}, id)
		}
		in.targets[address{classNamespace, r.oid(0), 0}] = target{id: id, root: id}
		switch {
		case name != publicSchema:
			in.owned(id, owner, id)
		case in.version >= 150000 && owner != publicOwner || in.version < 150000 && !r.bool(4):
			in.add(&pg.Ownership{Target: id, Role: owner}, id)
		}
		in.granted(id, schema.ID{}, owner, r.array(2), !r.null(2), id)
		return nil
	}}}
}

const (
	publicSchema = "public"
	publicOwner  = "pg_database_owner" // since 15; the bootstrap superuser before
)

// readExtensions reads pg_extension, and what belongs to extensions. The
// language plpgsql is there in every new database.
func (in *inspection) readExtensions() []query {
	extensions := map[oid]*pg.Extension{}
	return []query{
		{`SELECT classid, objid FROM pg_depend WHERE deptype = 'e' AND refclassid = 3079`, func(r row) error {
			in.members[address{r.oid(0), r.oid(1), 0}] = true
			return nil
		}},
		{`SELECT e.oid, extname, nspname, extversion, extrelocatable FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace
 WHERE extname <> 'plpgsql' ORDER BY extname`, func(r row) error {
			e := &pg.Extension{Name: r.text(1), Schema: r.text(2), Version: r.text(3), Relocatable: r.bool(4)}
			in.add(e, e.ID())
			extensions[r.oid(0)] = e
			in.targets[address{classExtension, r.oid(0), 0}] = target{id: e.ID(), root: e.ID()}
			return nil
		}},
		{`SELECT objid, refobjid FROM pg_depend WHERE classid = 3079 AND refclassid = 3079 ORDER BY objid, refobjid`, func(r row) error {
			if e, needs := extensions[r.oid(0)], extensions[r.oid(1)]; e != nil && needs != nil { // plpgsql is none of them
				e.Requires = append(e.Requires, needs.ID())
			}
			return nil
		}},
	}
}

// kinds of relations by pg_class.relkind.
var relationKinds = map[byte]schema.Kind{'r': pg.KindTable, 'p': pg.KindTable, 'v': pg.KindView, 'm': pg.KindMaterializedView,
	'S': pg.KindSequence, 'c': pg.KindComposite, 'f': "foreign table"}

func (in *inspection) readRelations() []query {
	sql := `SELECT c.oid, c.relnamespace, c.relname, c.relkind, c.relpersistence, am.amname, s.spcname, c.reloptions, t.reloptions,
 c.reloftype, c.relispartition, pg_get_expr(c.relpartbound, c.oid), c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
 c.relispopulated, pg_get_userbyid(c.relowner), c.relacl, c.reltype
 FROM pg_class c LEFT JOIN pg_am am ON am.oid = c.relam LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
 LEFT JOIN pg_class t ON t.oid = c.reltoastrelid AND t.reloptions IS NOT NULL
 WHERE c.relkind IN ('r','p','v','m','S','c','f') AND c.relnamespace IN ` + ours + ` ORDER BY c.relname`
	return []query{{sql, in.relation}}
}

func (in *inspection) relation(r row) error {
	ns := in.namespaces[r.oid(1)]
	at := address{classRelation, r.oid(0), 0}
	rel := &relation{oid: r.oid(0), kind: r.char(3), ofType: r.oid(9), isPart: r.bool(10), owner: r.text(16)}
	rel.id = schema.ID{Kind: relationKinds[rel.kind], Schema: ns.name, Name: r.text(2)}
	member := in.members[at]
	if rel.kind == 'c' { // it is the type that belongs to an extension
		member = in.members[address{classType, r.oid(18), 0}]
	}
	rel.managed = ns.managed && !member
	in.relations[r.oid(0)] = rel
	if !rel.managed {
		return nil
	}
	options := options(r.array(7), r.array(8))
	switch rel.kind {
	case 'r', 'p':
		rel.object = &pg.Table{Schema: ns.name, Name: rel.id.Name, Unlogged: r.char(4) == 'u', AccessMethod: accessMethod(r.text(5)),
			Tablespace: r.text(6), Options: options, Bound: schema.Expr{Text: r.text(11)},
			RowSecurity: r.bool(12), ForceRowSecurity: r.bool(13), ReplicaIdentity: replicaIdentity[r.char(14)]}
	case 'v':
		rel.object = &pg.View{Schema: ns.name, Name: rel.id.Name, Options: options}
	case 'm':
		rel.object = &pg.MaterializedView{Schema: ns.name, Name: rel.id.Name, AccessMethod: accessMethod(r.text(5)), Tablespace: r.text(6),
			Options: options, Unpopulated: !r.bool(15)}
	case 'c':
		rel.object = &pg.Composite{Schema: ns.name, Name: rel.id.Name}
	case 'S':
		in.sequences[r.oid(0)] = &sequence{relation: rel, unlogged: r.char(4) == 'u', acl: r.array(17), hasACL: !r.null(17)}
		return nil // it may be an identity column's
	case 'f':
		in.alien = append(in.alien, rel.id)
		return nil
	}
	in.ordered = append(in.ordered, rel)
	in.add(rel.object, rel.id)
	in.targets[at] = target{id: rel.id, root: rel.id}
	if rel.kind != 'c' { // owner and privileges of a composite type are its pg_type's
		in.owned(rel.id, rel.owner, rel.id)
		in.granted(rel.id, schema.ID{}, rel.owner, r.array(17), !r.null(17), rel.id)
	}
	return nil
}

var replicaIdentity = map[byte]string{'d': "", 'n': "nothing", 'f': "full", 'i': "index"}

// accessMethod is empty for the default one.
func accessMethod(name string) string {
	if name == "heap" {
		return ""
	}
	return name
}

// options turns reloptions ("name=value") into a list sorted by name.
func options(own, toast []string) []pg.Option {
	if len(own)+len(toast) == 0 {
		return nil
	}
	var out []pg.Option
	for _, s := range own {
		name, value, _ := strings.Cut(s, "=")
		out = append(out, pg.StorageParameter(name, value))
	}
	for _, s := range toast {
		name, value, _ := strings.Cut(s, "=")
		out = append(out, pg.StorageParameter("toast."+name, value))
	}
	for i := range out {
		out[i].Place = i + 1
	}
	slices.SortFunc(out, func(a, b pg.Option) int { return strings.Compare(a.Name, b.Name) })
	return out
}
