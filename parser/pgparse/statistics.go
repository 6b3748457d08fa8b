package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// createStatistics reads CREATE STATISTICS.
func (r *reader) createStatistics(s *pg_query.CreateStatsStmt) error {
	if len(s.Relations) != 1 || s.Relations[0].GetRangeVar() == nil {
		return r.errorf(-1, "", "only a single relation is allowed in CREATE STATISTICS")
	}
	table, err := r.existing(s.Relations[0].GetRangeVar())
	if err != nil {
		return err
	}
	namespace, name := nameParts(s.Defnames)
	o := &pg.Statistics{Schema: namespace, Name: name, Unnamed: name == "", Table: table, Target: -1}
	if o.Schema == "" {
		if o.Schema = table.Schema; name != "" {
			o.Schema = r.creation("")
		}
	}
	for _, n := range s.StatTypes {
		o.Kinds = append(o.Kinds, strings.ToLower(str(n)))
	}
	at, _ := r.follow(0, "on")
	for i, n := range s.Exprs {
		e := n.GetStatsElem()
		if e.Name != "" {
			o.Columns = append(o.Columns, pg.ColumnID(table, e.Name))
		} else {
			o.Exprs = append(o.Exprs, r.keyExpr(e.Expr, r.commaItem(at, i)))
		}
	}
	slices.SortFunc(o.Columns, schema.ID.Compare)
	// All kinds, if none is named; there are none for a single expression.
	if len(o.Kinds) == 0 && len(o.Columns)+len(o.Exprs) > 1 {
		o.Kinds = []string{"dependencies", "mcv", "ndistinct"}
	}
	slices.Sort(o.Kinds)
	if o.Unnamed {
		var names []string
		for _, n := range s.Exprs {
			if name := n.GetStatsElem().GetName(); name != "" {
				names = append(names, name)
			} else {
				names = append(names, "expr")
			}
		}
		o.Name = r.draft().chooseStatistics(o.Schema, table.Name, names)
	}
	if s.IfNotExists && r.catalog.Has(o.ID()) {
		r.skipped(o.ID())
		return nil
	}
	return r.add(o, -1)
}

// commaItem is where the i-th item of a list without parentheses begins.
func (r *reader) commaItem(from, i int) int {
	tokens, text := r.tokens(), r.source.Text[r.offset:r.end]
	depth := 0
	for k := tokenAt(tokens, from); k < len(tokens) && i > 0; k++ {
		if depth == 0 && tokens[k].is(text, ",") {
			if i--; i == 0 && k+1 < len(tokens) {
				return tokens[k+1].start
			}
		}
		depth += nesting(text, tokens[k])
	}
	return from
}

// chooseStatistics is ChooseExtendedStatisticName.
func (d *draft) chooseStatistics(namespace, table string, names []string) string {
	return choose(table, joinNames(names), "stat", func(name string) bool {
		return d.named[statisticsClaim(namespace, name)] || d.r.catalog.Has((&pg.Statistics{Schema: namespace, Name: name}).ID())
	})
}

// columnNames are names of columns, and "expr" for each expression.
func columnNames(columns []schema.ID, exprs int) []string {
	var out []string
	for _, c := range columns {
		out = append(out, c.Name)
	}
	for range exprs {
		out = append(out, "expr")
	}
	return out
}

// alterStatistics reads ALTER STATISTICS .. SET STATISTICS.
func (r *reader) alterStatistics(s *pg_query.AlterStatsStmt) error {
	namespace, name := nameParts(s.Defnames)
	path := r.path
	if namespace != "" {
		path = []string{namespace}
	}
	for _, p := range path {
		if o, ok := schema.Lookup[*pg.Statistics](r.catalog, (&pg.Statistics{Schema: p, Name: name}).ID()); ok {
			o.Target = int(s.Stxstattarget)
			return nil
		}
	}
	return r.missing(-1, "statistics object %s does not exist", pg.Qualify(namespace, name))
}
