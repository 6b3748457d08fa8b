package postgres

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// standardPublicComment is what initdb says of the schema public.
const standardPublicComment = "standard public schema"

// readComments reads pg_description. Comments on what is not an object of the
// catalog, or comes with one, are left out.
func (in *inspection) readComments() []query {
	sql := `SELECT d.classoid, d.objoid, d.objsubid, d.description FROM pg_description d
 WHERE d.objoid >= 16384 OR d.classoid = 2615 AND d.objoid = (SELECT oid FROM pg_namespace WHERE nspname = 'public')
 ORDER BY d.classoid, d.objoid, d.objsubid`
	return []query{{sql, func(r row) error {
		at := address{r.oid(0), r.oid(1), r.int(2)}
		t, ok := in.targets[at]
		if x := in.indexes[at.object]; !ok && x != nil && at.class == classRelation && at.sub == 0 {
			t, ok = target{id: x.object.ID(), root: x.object.Table}, true
		}
		if key, found := in.keyIDs[at.object]; !ok && found && at.class == classRelation && at.sub == 0 {
			table := schema.ID{Kind: pg.KindTable, Schema: key.Schema, Name: key.Parent}
			t, ok = target{id: schema.ID{Kind: pg.KindIndex, Schema: key.Schema, Name: key.Name}, relation: key, root: table}, true
		}
		if !ok || t.id == pg.SchemaID(publicSchema) && r.text(3) == standardPublicComment {
			return nil
		}
		c := &pg.Comment{Target: t.id, Relation: t.relation, Text: r.text(3)}
		if rel := in.relations[at.object]; rel != nil && at.sub > 0 && c.Relation.IsZero() && !in.owns(rel, rel.columns[at.sub-1]) {
			c.Relation = rel.id // the column is its parent's
		}
		in.add(c, t.root)
		return nil
	}}}
}

// readUnmanaged lists what the tool does not manage, so that nobody believes
// that it did. Foreign tables and base types are found elsewhere.
func (in *inspection) readUnmanaged() []query {
	sql := `SELECT 2328, oid, 0, 'foreign data wrapper', fdwname FROM pg_foreign_data_wrapper
UNION ALL SELECT 1417, oid, 0, 'server', srvname FROM pg_foreign_server
UNION ALL SELECT 1418, u.umid, 0, 'user mapping', u.usename || ' on ' || u.srvname FROM pg_user_mappings u
UNION ALL SELECT 6100, oid, 0, 'subscription', subname FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL SELECT 2607, c.oid, c.connamespace, 'conversion', conname FROM pg_conversion c WHERE c.oid >= 16384
UNION ALL SELECT 3576, t.oid, 0, 'transform', format_type(t.trftype, NULL) || ' language ' || l.lanname FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang WHERE t.oid >= 16384
UNION ALL SELECT 2601, oid, 0, 'access method', amname FROM pg_am WHERE oid >= 16384
UNION ALL SELECT 3596, objoid, 0, 'security label', provider || ' on ' || objtype || ' ' || objname FROM pg_seclabels WHERE objtype NOT IN ('database', 'role', 'tablespace', 'subscription')
ORDER BY 4, 5`
	return []query{{sql, func(r row) error {
		ns := in.namespaces[r.oid(2)]
		if in.members[address{r.oid(0), r.oid(1), 0}] || r.oid(2) != 0 && !ns.managed {
			return nil
		}
		in.alien = append(in.alien, schema.ID{Kind: schema.Kind(r.text(3)), Schema: ns.name, Name: r.text(4)})
		return nil
	}}}
}
