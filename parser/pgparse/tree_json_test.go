package pgparse

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	pg_query "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"
)

// readBoth reads a text's tree from its JSON, and tells whether that is certain. It
// must be what the library reads, then.
func readBoth(t *testing.T, text string) (certain, parses bool) {
	t.Helper()
	want, err := pg_query.Parse(text)
	if err != nil {
		return false, false
	}
	json, err := pg_query.ParseToJSON(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	got, err := readTree(text, json)
	switch {
	case err == nil && !proto.Equal(got, want):
		t.Errorf("%s\n%v\nas the library reads it: %v", text, got, want)
	case err != nil && !errors.Is(err, errUnclear):
		t.Errorf("%s: %v", text, err)
	}
	return err == nil, true
}

// What is read from JSON is what the library reads.
func TestReadTree(t *testing.T) {
	for _, text := range []string{
		"", "-- nothing", "SELECT", "SELECT 0, 00, 0x0, 0.0, 1, NULL, TRUE, FALSE, B'01', X'1F', $1, 99999999999",
		`SELECT '"\/{}[]:,<>&''', e'\n\r\t\b\f\x01\x7f', 'ü 漢 😀', "a ""b"" \", U&'\0061', ''`,
		"SELECT +0, 1 - 1, - a, -1.5", "SELECT a FROM b JOIN c USING (x) WHERE NOT a AND b >= 0 OR c <> 0 LIMIT 0",
		"CREATE TABLE t (a numeric(10, 0) DEFAULT 0 CHECK (a >= 0), b interval(0), c bit(3)); CREATE INDEX ON t ((a + 0) DESC NULLS LAST)",
		"CREATE FUNCTION f(a int = 0, VARIADIC b text = '') RETURNS SETOF int LANGUAGE sql STRICT COST 1 AS $$ SELECT '\n' $$",
		"GRANT SELECT (a), UPDATE ON t TO PUBLIC WITH GRANT OPTION", "SELECT count(*) FILTER (WHERE true) OVER (PARTITION BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
	} {
		if certain, parses := readBoth(t, text); !parses || !certain {
			t.Errorf("%s: parses: %v, certain: %v", text, parses, certain)
		}
	}
	for _, text := range []string{"ALTER TABLE t ALTER c SET STATISTICS -1", "CREATE SEQUENCE s INCREMENT -1 MINVALUE -5", "SELECT -1", "SELECT - 5",
		"CREATE SEQUENCE s MINVALUE 0", "CREATE TABLE t (a text[])"} {
		if certain, parses := readBoth(t, text); !parses || certain {
			t.Errorf("%s: parses: %v, certain: %v", text, parses, certain)
		}
		tree, err := parseTree(text)
		if want, _ := pg_query.Parse(text); err != nil || !proto.Equal(tree, want) {
			t.Errorf("%s: %v, %v", text, tree, err)
		}
	}
}

// So it is for all that the cases of PostgreSQL hold; little of it is not certain.
func TestReadTreeOfCases(t *testing.T) {
	texts, uncertain := 0, 0
	cases := os.DirFS("../../dialects/postgres/testdata")
	err := fs.WalkDir(cases, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(cases, path)
		for text := range strings.SplitSeq(string(b), ";\n") {
			if _, after, ok := strings.Cut(text, " --\n"); ok { // a file of the case begins
				text = after
			}
			certain, parses := readBoth(t, text)
			if parses {
				texts++
			}
			if parses && !certain {
				uncertain++
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if t.Logf("%d texts, %d of them not certain", texts, uncertain); texts < 1000 || uncertain*10 > texts {
		t.Errorf("%d texts, %d of them not certain", texts, uncertain)
	}
}
