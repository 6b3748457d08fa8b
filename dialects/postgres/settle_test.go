package postgres

import (
	"context"
	"testing"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/dialecttest"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
)

// everySite has an expression in every place where one can be.
const everySite = `
CREATE SCHEMA s;
CREATE DOMAIN s.d AS numeric(10,2) DEFAULT 1 + 1 CHECK (VALUE > 0 AND VALUE < 1000);
CREATE TABLE s.t (
  id integer DEFAULT 1 + 2 PRIMARY KEY,
  a text DEFAULT 'x' || 'y',
  b varchar(10) COLLATE "C",
  c s.d,
  span int4range,
  total integer GENERATED ALWAYS AS (id * 2) STORED,
  CHECK (a IN ('a', 'b') AND id BETWEEN 1 AND 9),
  EXCLUDE USING gist (span WITH &&, int4range(id, id + 1) WITH =) WHERE (id > 3)
);
CREATE INDEX t_a ON s.t (lower(a), (id + 1)) WHERE a LIKE 'x%' OR b IS NULL;
CREATE STATISTICS s.st ON lower(a), (id % 7) FROM s.t;
CREATE VIEW s.v AS SELECT t.id, upper(a) AS a FROM s.t WHERE id IN (1, 2) ORDER BY 1;
CREATE MATERIALIZED VIEW s.m AS SELECT count(*) AS n FROM s.t GROUP BY a HAVING count(*) > 1;
CREATE RULE r AS ON UPDATE TO s.t WHERE new.id > 3 DO ALSO INSERT INTO s.t (id) VALUES (new.id + 1);
CREATE FUNCTION s.trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER tr BEFORE UPDATE ON s.t FOR EACH ROW WHEN (old.a IS DISTINCT FROM new.a OR new.id IN (1, 2)) EXECUTE FUNCTION s.trg();
CREATE TRIGGER st AFTER INSERT ON s.t WHEN (1 + 1 = 2) EXECUTE FUNCTION s.trg();
ALTER TABLE s.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON s.t USING (a = current_user AND EXISTS (SELECT FROM s.t x WHERE x.id = t.id)) WITH CHECK (id IN (1, 2));
CREATE FUNCTION s.f(x integer, y integer DEFAULT 1 + 1, z text DEFAULT lower('A')) RETURNS integer RETURN x + y;
CREATE FUNCTION s.g(n integer) RETURNS TABLE (o integer) BEGIN ATOMIC SELECT id FROM s.t WHERE id = n; END;
CREATE TABLE s.p (k integer, at date) PARTITION BY RANGE ((k + 1), at);
CREATE TABLE s.p1 PARTITION OF s.p FOR VALUES FROM (1, '2020-01-01') TO (2, '2020-02-01');
`

// The server itself says that the author's text means what is there, for every
// kind of expression; a text that means something else stays different.
func TestSettle(t *testing.T) {
	for _, version := range []int{14, 18} {
		ctx := context.Background()
		url := dialecttest.Postgres(t, version)
		s := opened(t, url, dialect.Options{})
		run(t, url, everySite)
		current, err := s.Inspect(ctx)
		if err != nil {
			t.Fatal(err)
		}
		desired, err := s.Parse([]parser.Source{{Name: "s.sql", Text: everySite}})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []*schema.Catalog{current, desired} {
			if err := s.Normalize(c); err != nil {
				t.Fatal(err)
			}
		}
		sites := 0
		for o := range desired.All() {
			for _, e := range expressions(o) {
				if !e.IsZero() {
					e.Canon = "not known to be the same"
					sites++
				}
			}
		}
		if sites < 25 {
			t.Errorf("%d: only %d expressions", version, sites)
		}
		changed := schema.ID{Kind: "view", Schema: "s", Name: "v"}
		expressions(desired.Object(changed))[0].Text = "SELECT t.id, upper(a) AS a FROM s.t WHERE id IN (1, 3) ORDER BY 1"
		if err := s.Settle(ctx, current, desired); err != nil {
			t.Fatal(err)
		}
		for o := range desired.All() {
			same := schema.Equal(o, current.Object(o.ID()))
			if o.ID() == changed && same {
				t.Errorf("%d: a changed view was settled", version)
			}
			if o.ID() != changed && !same {
				t.Errorf("%d: %s was not settled: %v", version, o.ID(), schema.Differing(o, current.Object(o.ID())))
			}
		}
		if left := value(t, url, "SELECT count(*)::text FROM pg_class WHERE relnamespace = pg_my_temp_schema() OR relname LIKE '\\_\\_trueup%'"); left != "0" {
			t.Errorf("%d: %s twins are left over", version, left)
		}
	}
}

// Without temporary objects, the plan says what could not be judged.
func TestSettleReadOnly(t *testing.T) {
	ctx := context.Background()
	url := dialecttest.Postgres(t, 17)
	run(t, url, "CREATE TABLE t (a integer CHECK (a > 0))")
	s := opened(t, url, dialect.Options{ReadOnly: true})
	current, err := s.Inspect(ctx)
	if err != nil {
		t.Fatal(err)
	}
	desired := schema.NewCatalog()
	for o := range current.All() {
		o := schema.Clone(o)
		for _, e := range expressions(o) {
			if !e.IsZero() {
				e.Canon = "?"
			}
		}
		desired.Put(o)
	}
	if err := s.Settle(ctx, current, desired); err != nil {
		t.Fatal(err)
	}
	if len(desired.Notes) != 1 {
		t.Errorf("notes: %q", desired.Notes)
	}
}
