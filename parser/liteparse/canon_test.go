package liteparse

import (
	"strings"
	"testing"
)

var scope = Scope{Table: "t", Columns: map[string]bool{"a": true, "b": true, "c": true, "order": true, "rowid": true}}

// Each line holds spellings of one expression, apart by " ~ ".
const same = `
a > 0 ~ (a>0) ~ ((A) > 0) ~ "a" > 0 ~ [a] > 0 ~ t.a > 0 ~ "T"."A" > /* zero */ 0 ~ a > 0 -- no
a = 1 ~ a == 1
a <> 1 ~ a != 1 ~ (a) != (1)
a AND b OR c ~ (a AND b) OR c ~ ((a AND (b))) or c
a AND (b AND c) ~ a AND b AND c ~ (a AND b) AND c
a OR b OR c ~ a OR (b OR c)
NOT a = 1 ~ NOT (a = 1)
a IS NOT NULL ~ a NOTNULL ~ a NOT NULL ~ (a) is not null
a IS NULL ~ a ISNULL
a IS b ~ a IS NOT DISTINCT FROM b
a IS NOT b ~ a IS DISTINCT FROM b
a BETWEEN 1 AND 2 AND b ~ (a BETWEEN 1 AND 2) AND b ~ (a between (1) and (2)) and b
a IN (1, 2) ~ a IN (1,2) ~ (a) in ((1), (2))
a LIKE 'x%' ESCAPE '\' ~ a like 'x%' escape '\'
lower(a) || 'X' ~ LOWER(a)||'X' ~ (lower(a)) || 'X'
a + b * c ~ a + (b * c)
a - b - c ~ (a - b) - c
- 1 ~ -1 ~ -(1)
a COLLATE nocase = b ~ (a COLLATE NOCASE) = b
CASE WHEN a > 1 THEN 'x' ELSE 'Y' END ~ case when (a > 1) then 'x' else 'Y' end
CAST(a AS varchar(10)) ~ cast((a) as VARCHAR (10))
"nope" ~ 'nope'
"order" > 1 ~ [ORDER] > 1 ~ t."order" > 1
(a, b) = (1, 2) ~ (a,b) == ((1),(2))
x'0A' ~ X'0a'
1E5 ~ 1e5
json_extract(a, '$.b') ~ JSON_EXTRACT((a), '$.b')
a->>'$.x' ~ a ->> '$.x' ~ (a ->> '$.x')
CURRENT_TIMESTAMP ~ (current_timestamp)
a IN (SELECT b FROM c WHERE (b = 1)) ~ a in (select b from c where (b == 1))
count(DISTINCT a) ~ COUNT(distinct a)
`

// Each line holds two different expressions.
const different = `
a > 0 ~ b > 0
a - (b - c) ~ a - b - c
a AND (b OR c) ~ a AND b OR c
'X' ~ 'x'
"Nope" ~ "nope"
(a = 1) = 1 ~ a = (1 = 1)
NOT (a AND b) ~ NOT a AND b
-a ~ a
a COLLATE nocase ~ a COLLATE rtrim
a IS b ~ a = b
a BETWEEN 1 AND 2 ~ a NOT BETWEEN 1 AND 2
1 ~ 1.0
"current_timestamp" ~ current_timestamp
count(a) ~ count(DISTINCT a)
a || (b -> 'x') ~ (a || b) -> 'x'
`

func lines(s string, yield func([]string)) {
	for line := range strings.Lines(strings.TrimSpace(s)) {
		yield(strings.Split(strings.TrimSuffix(line, "\n"), " ~ "))
	}
}

func TestCanon(t *testing.T) {
	lines(same, func(forms []string) {
		want := scope.Canon(forms[0])
		for _, f := range forms {
			if got := scope.Canon(f); got != want {
				t.Errorf("%s is %s, but %s is %s", f, got, forms[0], want)
			}
			if again := scope.Canon(want); again != want {
				t.Errorf("%s is not canonical: %s", want, again)
			}
		}
	})
	lines(different, func(forms []string) {
		if a, b := scope.Canon(forms[0]), scope.Canon(forms[1]); a == b {
			t.Errorf("%s and %s are both %s", forms[0], forms[1], a)
		}
	})
}

func TestBodies(t *testing.T) {
	for _, forms := range [][2]string{
		{"CREATE VIEW v AS SELECT a, \"b\" FROM [t] WHERE ((a == 1))", "create view if not exists V as\n select a,b -- all\n from t where (a=1);"},
		{"CREATE TRIGGER x DELETE ON t BEGIN SELECT 1; END", "create trigger x before delete on \"t\" for each row begin select 1; end;"},
		{"CREATE TRIGGER x AFTER UPDATE OF a, b ON t WHEN (new.a) > 1 BEGIN SELECT CASE WHEN 1 THEN 2 END; END", "CREATE TRIGGER x AFTER UPDATE OF a,b ON t WHEN new.a>1 BEGIN SELECT case when 1 then 2 end; END"},
	} {
		if a, b := canonOf(t, forms[0]), canonOf(t, forms[1]); a != b {
			t.Errorf("%s\nis not\n%s", a, b)
		}
	}
}

func canonOf(t *testing.T, text string) string {
	t.Helper()
	isName := func(s string) bool { return s != "nope" }
	if v, err := View(text); err == nil {
		v.Canonical(isName)
		return v.View.Query.Canon
	}
	x, err := Trigger(text)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	x.Canonical(isName)
	return x.Trigger.Definition.Canon
}

func FuzzCanon(f *testing.F) {
	lines(same, func(forms []string) {
		for _, s := range forms {
			f.Add(s)
		}
	})
	f.Fuzz(func(t *testing.T, text string) {
		// a bare name is always that of a column
		scope := Scope{Table: "t", Columns: map[string]bool{}}
		ts := Code(text)
		for i, tok := range ts {
			if tok.Class == Word || tok.Class == Quoted || tok.Class == Double && i > 0 && ts[i-1].Is(".") {
				scope.Columns[fold(tok)] = true
			}
		}
		once := scope.Canon(text)
		if twice := scope.Canon(once); twice != once && valid(text) {
			t.Errorf("%q is %q, and that is %q", text, once, twice)
		}
	})
}

// valid tells whether a text could be an expression at all.
func valid(text string) bool {
	p := &expr{scope: scope, ts: Code(text)}
	p.parse(0)
	for _, t := range p.ts {
		if t.Class == Invalid || strings.Contains(t.Text, "\x00") {
			return false
		}
	}
	return !p.failed && p.at == len(p.ts)
}
