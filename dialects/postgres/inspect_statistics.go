package postgres

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// statisticsKinds are pg_statistic_ext.stxkind; that of expressions is implied.
var statisticsKinds = map[string]string{"d": "ndistinct", "f": "dependencies", "m": "mcv"}

func (in *inspection) readStatistics() []query {
	sql := `SELECT s.oid, s.stxrelid, s.stxnamespace, s.stxname, s.stxkind, s.stxkeys, pg_get_statisticsobjdef_expressions(s.oid),
 coalesce(s.stxstattarget, -1), pg_get_userbyid(s.stxowner) FROM pg_statistic_ext s WHERE s.stxnamespace IN ` + ours + ` ORDER BY s.stxname`
	return []query{{sql, func(r row) error {
		rel, ns, at := in.relations[r.oid(1)], in.namespaces[r.oid(2)], address{classStatistics, r.oid(0), 0}
		if rel == nil || !rel.managed || !ns.managed || in.members[at] {
			return nil
		}
		s := &pg.Statistics{Schema: ns.name, Name: r.text(3), Table: rel.id, Columns: in.columnIDs(r.oid(1), r.vector(5)), Target: r.int(7)}
		slices.SortFunc(s.Columns, schema.ID.Compare) // the server's order is that of the table
		for _, k := range r.array(4) {
			if name := statisticsKinds[k]; name != "" {
				s.Kinds = append(s.Kinds, name)
			}
		}
		slices.Sort(s.Kinds)
		for _, e := range r.array(6) {
			s.Exprs = append(s.Exprs, schema.Expr{Text: e})
		}
		if len(s.Columns) == 0 && len(s.Exprs) == 1 {
			s.Kinds = nil
		}
		in.add(s, rel.id)
		in.targets[at] = target{id: s.ID(), root: rel.id}
		in.owned(s.ID(), r.text(8), rel.id)
		return nil
	}}}
}
