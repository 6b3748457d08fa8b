package postgres

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// readViews reads what pg_rewrite holds: the queries of views, and rules. What
// they refer to is read from pg_depend, which knows it better than the text.
func (in *inspection) readViews() []query {
	return []query{
		{`SELECT r.ev_class, d.refclassid, d.refobjid, d.refobjsubid FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class c ON c.oid = r.ev_class
 WHERE d.classid = 2618 AND d.deptype = 'n' AND d.refobjid >= 16384 AND d.refclassid IN (1259, 1255, 1247) AND r.rulename = '_RETURN' AND c.relkind IN ('v','m')
 ORDER BY r.ev_class, d.refclassid, d.refobjid, d.refobjsubid`, func(r row) error {
			in.viewUses[r.oid(0)] = in.refer(in.viewUses[r.oid(0)], address{r.oid(1), r.oid(2), r.int(3)})
			return nil
		}},
		{`SELECT c.oid, pg_get_viewdef(c.oid) FROM pg_class c WHERE c.relkind IN ('v','m') AND c.relnamespace IN ` + ours, func(r row) error {
			rel := in.relations[r.oid(0)]
			query := schema.Expr{Text: strings.TrimSuffix(strings.TrimSpace(r.text(1)), ";"), Refs: in.viewUses[r.oid(0)]}
			switch o := rel.object.(type) {
			case *pg.View:
				o.Query = query
			case *pg.MaterializedView:
				o.Query = query
			}
			return nil
		}},
		{`SELECT r.oid, r.ev_class, r.rulename, r.ev_enabled, pg_get_ruledef(r.oid) FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
 WHERE r.rulename <> '_RETURN' AND c.relnamespace IN ` + ours + ` ORDER BY r.rulename`, func(r row) error {
			rel := in.relations[r.oid(1)]
			if rel == nil || !rel.managed {
				return nil
			}
			id, enabled := pg.Part(pg.KindRule, rel.id, r.text(2)), enabledStates[r.char(3)]
			in.scripts = append(in.scripts, fragment{sql: r.text(4), root: rel.id, id: id, then: func(o schema.Object) { o.(*pg.Rule).Enabled = enabled }})
			in.targets[address{classRewrite, r.oid(0), 0}] = target{id: id, root: rel.id}
			return nil
		}},
	}
}

// refer adds a reference to what an address stands for, if it is an object of
// the catalog: to columns Fixed, to all else Exist.
func (in *inspection) refer(refs []schema.Ref, at address) []schema.Ref {
	switch at.class {
	case classRelation:
		rel := in.relations[at.object]
		if rel == nil {
			return refs
		}
		refs = schema.Refer(refs, schema.Exist, rel.id)
		if at.sub > 0 && (rel.kind == 'r' || rel.kind == 'p') {
			refs = schema.Refer(refs, schema.Fixed, in.column(at.object, at.sub))
		}
		return refs
	case classProc:
		return schema.Refer(refs, schema.Exist, in.routines[at.object].id)
	case classType:
		if t := in.types[at.object]; t != nil {
			return schema.Refer(refs, schema.Exist, t.ref)
		}
	}
	return refs
}
