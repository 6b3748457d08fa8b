package filter_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/filter"
)

type object struct {
	Self, Of schema.ID
	Uses     []schema.ID
}

func (o *object) ID() schema.ID    { return o.Self }
func (o *object) Owner() schema.ID { return o.Of }
func (o *object) Refs() []schema.Ref {
	return schema.Refer(schema.Refer(nil, schema.Exist, o.Of), schema.Exist, o.Uses...)
}

func id(kind schema.Kind, ns, name string) schema.ID {
	return schema.ID{Kind: kind, Schema: ns, Name: name}
}

func catalog() *schema.Catalog {
	c := schema.NewCatalog()
	users, tmp := id("table", "public", "users"), id("table", "public", "tmp_1")
	c.Put(&object{Self: users})
	c.Put(&object{Self: id("index", "public", "users_name"), Of: users})
	c.Put(&object{Self: tmp})
	c.Put(&object{Self: id("index", "public", "tmp_1_x"), Of: tmp})
	c.Put(&object{Self: id("table", "audit", "log")})
	c.Put(&object{Self: id("view", "public", "active"), Uses: []schema.ID{users}})
	return c
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		include, exclude []string
		left             []string
	}{
		{nil, nil, []string{"users", "users_name", "tmp_1", "tmp_1_x", "log", "active"}},
		{[]string{"users"}, nil, []string{"users", "users_name"}},
		{[]string{"public.*"}, []string{"tmp_*"}, []string{"users", "users_name", "active"}},
		{nil, []string{"table:/^tmp_[0-9]+$/"}, []string{"users", "users_name", "log", "active"}},
		{nil, []string{"view:*", "audit.*"}, []string{"users", "users_name", "tmp_1", "tmp_1_x"}},
		{nil, []string{"index:users_*"}, []string{"users", "tmp_1", "tmp_1_x", "log", "active"}},
	} {
		f := filter.Filter{Include: parse(t, c.include), Exclude: parse(t, c.exclude)}
		got := catalog()
		if err := f.Apply(catalog(), got); err != nil {
			t.Errorf("%v: %v", c, err)
		}
		var left []string
		for o := range got.All() {
			left = append(left, o.ID().Name)
		}
		if diff := cmp.Diff(c.left, left); diff != "" {
			t.Errorf("include %v, exclude %v: %s", c.include, c.exclude, diff)
		}
	}
}

func parse(t *testing.T, texts []string) (out []filter.Pattern) {
	t.Helper()
	for _, s := range texts {
		p, err := filter.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

func TestNeeded(t *testing.T) {
	f := filter.Filter{Exclude: parse(t, []string{"users"})}
	err := f.Apply(schema.NewCatalog(), catalog())
	if e, ok := errors.AsType[*filter.NeededError](err); !ok || e.Object.Name != "active" || e.Needs.Name != "users" {
		t.Errorf("err = %v, want a NeededError of active", err)
	}
	if err := f.Apply(catalog(), catalog()); err != nil {
		t.Errorf("it is in the database: %v", err)
	}
}

func TestBadPatterns(t *testing.T) {
	bad := []string{"", "table:", "/(/", "[", "view:a.["}
	if i := slices.IndexFunc(bad, func(s string) bool { _, err := filter.Parse(s); return err == nil }); i >= 0 {
		t.Errorf("%q is accepted", bad[i])
	}
}

func TestAccept(t *testing.T) {
	users := id("table", "public", "users")
	current, desired := catalog(), catalog()
	desired.Remove(id("table", "audit", "log"))                                           // unexpected
	current.Remove(id("view", "public", "active"))                                        // missing
	desired.Put(&object{Self: id("index", "public", "users_name"), Of: users, Uses: nil}) // the same
	current.Put(&object{Self: id("table", "public", "tmp_1"), Uses: []schema.ID{users}})  // changed
	day := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	entries := []*filter.Accepted{
		{Object: parse(t, []string{"audit.log"})[0]},
		{Object: parse(t, []string{"view:active"})[0]},
		{Object: parse(t, []string{"table:tmp_*"})[0], Properties: []string{"uses"}},
		{Object: parse(t, []string{"nothing"})[0]},
		{Object: parse(t, []string{"*"})[0], Expires: day},
		{Object: parse(t, []string{"*"})[0], Kinds: []string{"domain"}},
	}
	filter.Accept(current, desired, entries, day)
	for o := range current.All() {
		if d := desired.Object(o.ID()); d == nil || !schema.Equal(o, d) {
			t.Errorf("%s still differs", o.ID())
		}
	}
	if current.Len() != desired.Len() {
		t.Errorf("%d objects are desired, there are %d", desired.Len(), current.Len())
	}
	for i, want := range []bool{true, true, true, false, false, false} {
		if entries[i].Used != want {
			t.Errorf("entry %s: used = %v", entries[i].Object, entries[i].Used)
		}
	}
	if !entries[4].Expired(day) || entries[4].Expired(day.Add(-time.Second)) {
		t.Error("an entry expires at the given moment, and not before")
	}
}
