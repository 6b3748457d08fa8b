package pgparse_test

import (
	"testing"

	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// The texts are as PostgreSQL 17 prints them; what is wanted, it prints alike
// again once it is loaded.
func TestReloadable(t *testing.T) {
	for _, c := range []struct{ printed, want string }{
		{`SELECT EXTRACT(YEAR FROM now()) AS y, EXTRACT(day FROM now()) AS d, "EXTRACT"(Q) AS q FROM t`,
			`SELECT EXTRACT('YEAR' FROM now()) AS y, EXTRACT(day FROM now()) AS d, "EXTRACT"(Q) AS q FROM t`},
		{`SELECT a.x, a.y FROM a UNION ALL SELECT b.x, NULL::integer FROM b`,
			`SELECT a.x, a.y FROM a UNION ALL SELECT b.x, NULL::integer AS "?column?" FROM b`},
		{`SELECT 1 AS a, b.x FROM b WHERE (EXISTS ( SELECT 'x'::text FROM c WHERE (c.y IS DISTINCT FROM 1))) OR ('q'::text IN ( SELECT 'r'::text))`,
			`SELECT 1 AS a, b.x FROM b WHERE (EXISTS ( SELECT 'x'::text AS "?column?" FROM c WHERE (c.y IS DISTINCT FROM 1))) OR ('q'::text IN ( SELECT 'r'::text AS "?column?"))`},
		{`SELECT 1, (b.x + 1), b.* FROM b`, `SELECT 1, (b.x + 1), b.* FROM b`},
		{`SELECT a.x AS p FROM a UNION SELECT percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY b.x) FROM b GROUP BY b.y`,
			`SELECT a.x AS p FROM a UNION SELECT percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY b.x) AS "?column?" FROM b GROUP BY b.y`},
	} {
		v := &pg.View{Schema: "public", Name: "v", Query: schema.Expr{Text: c.printed}}
		if got := pgparse.Reloadable(v).(*pg.View).Query.Text; got != c.want {
			t.Errorf("%s\n got: %s\nwant: %s", c.printed, got, c.want)
		}
		if v.Query.Text != c.printed {
			t.Errorf("%s: the object that was given was changed", c.printed)
		}
	}
	d := &pg.Default{Column: pg.ColumnID(schema.ID{Kind: pg.KindTable, Schema: "public", Name: "t"}, "c"), Value: schema.Expr{Text: `EXTRACT(Dow FROM now())`}}
	if got := pgparse.Reloadable(d).(*pg.Default).Value.Text; got != `EXTRACT('Dow' FROM now())` {
		t.Error(got)
	}
}
