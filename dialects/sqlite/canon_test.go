package sqlite

import (
	"database/sql"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/trueup-sql/trueup/parser/liteparse"
)

// TestCanonMeansTheSame evaluates random expressions, which need their
// precedences to be read aright, and their canonical forms.
func TestCanonMeansTheSame(t *testing.T) {
	h, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	h.SetMaxOpenConns(1)
	if _, err := h.Exec(`CREATE TABLE t (a, b, c TEXT COLLATE NOCASE, "order" INT);
		INSERT INTO t VALUES (1, 2, 'x', 3), (0, NULL, 'X', -1), (-5, 2.5, 'y', 0), ('1', x'01', '', 7)`); err != nil {
		t.Fatal(err)
	}
	scope := liteparse.Scope{Table: "t", Columns: map[string]bool{"a": true, "b": true, "c": true, "order": true}}
	value := func(text string) string {
		rows, err := h.Query("SELECT quote(" + text + ") FROM t")
		if err != nil {
			return "error"
		}
		defer rows.Close()
		out := ""
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return "error"
			}
			out += s + " "
		}
		return out
	}
	evaluated := 0
	rapid.Check(t, func(t *rapid.T) {
		for i := range 20 {
			text := randomExpr(t, fmt.Sprint(i), 3)
			want := value(text)
			if want == "error" {
				continue
			}
			evaluated++
			canon := scope.Canon(text)
			if got := value(canon); got != want {
				t.Fatalf("%s is %s\n%s is %s", text, want, canon, got)
			}
			if again := scope.Canon(canon); again != canon {
				t.Fatalf("%s is not canonical: %s", canon, again)
			}
		}
	})
	enough := 500
	if testing.Short() { // rapid checks a fifth
		enough = 100
	}
	if evaluated < enough {
		t.Errorf("only %d expressions could be evaluated", evaluated)
	}
}

func randomExpr(t *rapid.T, label string, depth int) string {
	pick := func(list ...string) string { return rapid.SampledFrom(list).Draw(t, label) }
	sub := func() string {
		s := randomExpr(t, label, depth-1)
		if pick("", "", "()") != "" {
			return "(" + s + ")"
		}
		return s
	}
	if depth == 0 || pick("leaf", "", "", "") != "" {
		return pick("a", "b", "c", `"order"`, "t.a", `[b]`, "1", "2.5", "'x'", "'X'", "x'01'", "NULL", `"no name"`, "-3", "0")
	}
	switch pick("binary", "binary", "binary", "unary", "between", "in", "like", "is", "case", "call", "collate", "postfix") {
	case "unary":
		return pick("-", "NOT ", "~", "+ ") + sub()
	case "between":
		return sub() + pick(" BETWEEN ", " not between ") + sub() + " AND " + sub()
	case "in":
		return sub() + pick(" IN (", " NOT IN (") + sub() + ", " + sub() + ")"
	case "like":
		return sub() + pick(" LIKE ", " NOT LIKE ", " GLOB ") + sub()
	case "is":
		return sub() + pick(" IS ", " IS NOT ", " IS NOT DISTINCT FROM ", " is distinct from ") + sub()
	case "case":
		return "CASE " + pick("", sub()+" ") + "WHEN " + sub() + " THEN " + sub() + pick("", " ELSE "+sub()) + " END"
	case "call":
		return pick("abs(", "Coalesce(1, ", "typeof (") + sub() + ")"
	case "collate":
		return sub() + " COLLATE " + pick("nocase", "BINARY")
	case "postfix":
		return sub() + pick(" ISNULL", " NOTNULL", " NOT NULL")
	}
	return sub() + pick(" AND ", " OR ", " = ", "==", "<>", "!=", " < ", ">=", "+", " - ", "*", "/", "%", "||", " & ", "|", "<<", ">>") + sub()
}
