package pgparse

import (
	"fmt"
	"testing"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// BenchmarkNormalize is the time for 10,000 tables with 5 columns, 3 indexes and
// 2 checks each; every second check has a text of its own.
func BenchmarkNormalize(b *testing.B) {
	for range b.N {
		b.StopTimer()
		c := largeCatalog(10000)
		b.StartTimer()
		if err := Normalize(c, Options{Version: 150000}); err != nil {
			b.Fatal(err)
		}
	}
}

func largeCatalog(tables int) *schema.Catalog {
	c := schema.NewCatalog()
	types := []string{"bigint", "character varying(100)", "numeric(10,2)", "timestamp with time zone", "boolean"}
	defaults := []string{"nextval('public.%s_seq'::regclass)", "'none'", "0", "now()", "false"}
	for i := range tables {
		name := fmt.Sprintf("t%d", i)
		t := &pg.Table{Schema: "public", Name: name}
		c.Put(t)
		c.Put(&pg.Sequence{Schema: "public", Name: name + "_seq"})
		var columns []schema.ID
		for k, typ := range types {
			col := &pg.Column{Table: t.ID(), Name: fmt.Sprintf("c%d", k), Type: pg.Type{Name: typ}, Statistics: -1, Number: k + 1}
			c.Put(col)
			columns = append(columns, col.ID())
			text := defaults[k]
			if k == 0 {
				text = fmt.Sprintf(text, name)
			}
			c.Put(&pg.Default{Column: col.ID(), Value: schema.Expr{Text: text}})
		}
		c.Put(&pg.Constraint{Table: t.ID(), Name: name + "_pkey", Type: pg.PrimaryKey, Columns: columns[:1]})
		c.Put(&pg.Constraint{Table: t.ID(), Name: name + "_c2_check", Type: pg.Check, Check: schema.Expr{Text: "c2 >= 0 AND c1 IN ('a', 'b', 'none')"}})
		c.Put(&pg.Constraint{Table: t.ID(), Name: name + "_check", Type: pg.Check, Check: schema.Expr{Text: fmt.Sprintf("c0 <> %d OR c3 > '2020-01-01 00:00:00+00'", i)}})
		c.Put(&pg.Index{Schema: "public", Name: name + "_i1", Table: t.ID(), Method: "btree", Keys: []pg.IndexKey{{Column: columns[1]}}})
		c.Put(&pg.Index{Schema: "public", Name: name + "_i2", Table: t.ID(), Method: "btree", Keys: []pg.IndexKey{{Column: columns[3]}}, Predicate: schema.Expr{Text: "NOT c4"}})
		c.Put(&pg.Index{Schema: "public", Name: name + "_i3", Table: t.ID(), Method: "btree", Keys: []pg.IndexKey{{Expr: schema.Expr{Text: "lower(c1)"}}}})
	}
	return c
}
