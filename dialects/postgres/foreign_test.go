package postgres

import (
	"context"
	"testing"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/dialecttest"
	"github.com/trueup-sql/trueup/parser"
)

// Foreign tables are left alone, and what is managed may use them.
func TestForeignTable(t *testing.T) {
	ctx := context.Background()
	url := dialecttest.Postgres(t, 17)
	const desired = `
CREATE VIEW v AS SELECT * FROM f WHERE a > 1 AND b = 'x';
CREATE VIEW w AS SELECT v.a, f.b FROM v JOIN f USING (a);
CREATE FUNCTION g(f) RETURNS SETOF f LANGUAGE sql AS 'SELECT * FROM f';
`
	run(t, url, `CREATE FOREIGN DATA WRAPPER none; CREATE SERVER s FOREIGN DATA WRAPPER none; CREATE FOREIGN TABLE f (a int, b varchar(10)) SERVER s;`+desired)
	s := opened(t, url, dialect.Options{})
	for text, want := range map[string]int{desired: 0, desired + "CREATE VIEW x AS SELECT a FROM f;": 1} {
		p, err := dialect.Prepare(ctx, "postgres", s, []parser.Source{{Name: "desired.sql", Text: text}}, dialect.Policy{})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Statements) != want {
			t.Errorf("want %d statements: %v", want, p.Statements)
		}
	}
}
