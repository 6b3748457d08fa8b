package planner_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// tables makes a catalog of tables with columns; the type is the length of the
// column's name modulo 3.
func tables(list map[string][]string) *schema.Catalog {
	c := schema.NewCatalog()
	for _, name := range []string{"users", "people", "app_users", "notes", "orders"} {
		columns, ok := list[name]
		if !ok {
			continue
		}
		t := &table{name}
		c.Put(t)
		for _, col := range columns {
			c.Put(&column{t.ID(), col, len(col) % 3})
		}
	}
	return c
}

func TestLookalikes(t *testing.T) {
	type m = map[string][]string
	for _, c := range []struct {
		name       string
		old, new   m
		want       []string
		permission bool
	}{
		{"table", m{"users": {"id", "name"}}, m{"people": {"id", "name"}}, []string{"users -> people"}, true},
		{"kept for want of permission", m{"users": {"id", "name"}}, m{"people": {"id", "name"}}, []string{"users -> people (stays)"}, false},
		{"one column more", m{"users": {"id", "name", "email"}}, m{"people": {"id", "name", "email", "city"}}, []string{"users -> people"}, true},
		{"another table", m{"users": {"id", "name", "email"}}, m{"notes": {"id", "text", "written", "by"}}, nil, true},
		{"namesake", m{"users": {"id", "name"}}, m{"app_users": {"id", "city", "name", "mail"}}, []string{"users -> app_users"}, true},
		{"best of two", m{"users": {"id", "name", "a", "b"}, "orders": {"id", "x", "yy", "z"}}, m{"people": {"id", "name", "a", "b"}, "notes": {"id", "x", "yy", "z"}}, []string{"orders -> notes", "users -> people"}, true},
		{"column", m{"users": {"id", "name"}}, m{"users": {"id", "mail"}}, []string{"users.name -> users.mail"}, true},
		{"column by name", m{"users": {"id", "email", "phone"}}, m{"users": {"id", "fixed", "emails"}}, []string{"users.email -> users.emails", "users.phone -> users.fixed"}, true},
		{"column of another table", m{"users": {"id", "name"}, "notes": {"id"}}, m{"users": {"id"}, "notes": {"id", "name"}}, nil, true},
		{"column of a new table", m{"users": {"id", "name"}}, m{"users": {"id"}, "notes": {"id", "name"}}, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := planner.Diff(tables(c.old), tables(c.new), toy{}, func(schema.Object) bool { return c.permission })
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, l := range planner.Lookalikes(d, toy{}, "table", "column") {
				s := fmt.Sprintf("%s -> %s", l.Old.ID().Path(), l.New.ID().Path())
				if l.Stays {
					s += " (stays)"
				}
				got = append(got, s)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestManyLookalikes: 5,000 tables with a new name each take no time to speak
// of, also when all of them are alike.
func TestManyLookalikes(t *testing.T) {
	const n = 5000
	for _, same := range []bool{false, true} {
		make := func(prefix string) *schema.Catalog {
			c := schema.NewCatalog()
			for i := range n {
				tb := &table{fmt.Sprintf("%s%04d", prefix, i)}
				c.Put(tb)
				c.Put(&column{tb.ID(), "id", 0})
				if !same {
					c.Put(&column{tb.ID(), fmt.Sprint("c", i), 1})
				}
			}
			return c
		}
		d := &planner.Delta{Current: make("old"), Desired: make("new")}
		for o := range d.Current.All() {
			d.Changes = append(d.Changes, &planner.Change{Verb: planner.Drop, Old: o})
		}
		for o := range d.Desired.All() {
			d.Changes = append(d.Changes, &planner.Change{Verb: planner.Create, New: o})
		}
		start := time.Now()
		got := planner.Lookalikes(d, toy{}, "table")
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("same %v: took %s", same, took)
		}
		if len(got) != n {
			t.Errorf("same %v: %d pairs, want %d", same, len(got), n)
		}
		for _, l := range got {
			if l.Old.ID().Name[3:] != l.New.ID().Name[3:] {
				t.Fatalf("same %v: %s -> %s", same, l.Old.ID(), l.New.ID())
			}
		}
	}
}
