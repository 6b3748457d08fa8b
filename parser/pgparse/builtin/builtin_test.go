package builtin

import "testing"

func TestFacts(t *testing.T) {
	for major := 14; major <= 18; major++ {
		f := For(major * 10000)
		if f.Types["int4"].Array != f.Types["_int4"] || f.Types["_int4"].Elem != f.Types["int4"] {
			t.Errorf("%d: int4 and its array do not belong together", major)
		}
		if c := f.Casts[[2]*Type{f.Types["int4"], f.Types["numeric"]}]; c.Context != 'i' || c.Method != 'f' {
			t.Errorf("%d: cast from int4 to numeric: %+v", major, c)
		}
		if n := len(f.Functions["lower"]); n < 2 {
			t.Errorf("%d: lower has %d overloads", major, n)
		}
		if len(f.Relations["pg_catalog.pg_class"].Columns) < 30 {
			t.Errorf("%d: pg_class has too few columns", major)
		}
	}
	if _, ok := For(140000).Functions["uuidv7"]; ok {
		t.Error("uuidv7 came with 18")
	}
	if _, ok := For(180000).Functions["uuidv7"]; !ok {
		t.Error("18 has uuidv7")
	}
}

func BenchmarkLoad(b *testing.B) {
	for range b.N {
		load(15)
	}
}
