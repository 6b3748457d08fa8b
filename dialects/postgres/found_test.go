package postgres

import (
	"testing"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/dialecttest"
)

// TestFound: what is exported can be created, with the indexes of partitions that
// the parent's took up under names of their own.
func TestFound(t *testing.T) {
	from, to := dialecttest.Postgres(t, 17), dialecttest.Postgres(t, 17)
	run(t, from, `CREATE TABLE p (id int, s int) PARTITION BY RANGE (id);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
CREATE TABLE q1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE r PARTITION OF p FOR VALUES FROM (20) TO (30) PARTITION BY RANGE (id);
CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (20) TO (25);
CREATE INDEX xx ON q1 (s);
CREATE INDEX yy ON r1 (s);
CREATE INDEX zz ON r (s);
CREATE INDEX p_s ON p (s);`)
	s := opened(t, from, dialect.Options{})
	live, err := s.Inspect(t.Context())
	if err == nil {
		err = s.Normalize(live)
	}
	if err != nil {
		t.Fatal(err)
	}
	plan, err := dialect.Export("postgres", s, live)
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range plan.Statements {
		run(t, to, st.SQL)
	}
	copied := opened(t, to, dialect.Options{})
	other, err := copied.Inspect(t.Context())
	if err == nil {
		err = copied.Normalize(other)
	}
	if err != nil {
		t.Fatal(err)
	}
	if plan, err = dialect.Compare("postgres", s, other, live, dialect.Policy{}); err != nil {
		t.Fatal(err)
	}
	for _, st := range plan.Statements {
		t.Error(st.SQL)
	}
}
