package planner_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// plan goes through the whole pipeline but for the rendering.
func plan(t testing.TB, current, desired *schema.Catalog, allow func(schema.Object) bool) (*planner.Delta, []planner.Step) {
	t.Helper()
	d, err := planner.Diff(current, desired, toy{}, allow)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := planner.Order(d, toy{})
	if err != nil {
		t.Fatal(err)
	}
	if err := planner.Simulate(current, d, steps, toy{}); err != nil {
		t.Fatalf("%v\n%s", err, outline(steps))
	}
	return d, steps
}

func outline(steps []planner.Step) string {
	var b strings.Builder
	for _, s := range steps {
		b.WriteString(s.Whole.String() + ":")
		for _, a := range s.Acts {
			b.WriteString(" " + []string{"rename", "drop", "alter", "create"}[a.Half] + " " + a.Change.ID().String() + ";")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestRandomPairs: between any two catalogs there is a plan that runs on paper,
// and planning again finds nothing. Planning twice gives the same plan.
func TestRandomPairs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := randomCatalog(rt, "a"), randomCatalog(rt, "b")
		d, steps := plan(t, a, b, nil)
		_, again := plan(t, a, b, nil)
		if outline(steps) != outline(again) {
			t.Fatalf("two plans of the same:\n%s\n%s", outline(steps), outline(again))
		}
		left, err := planner.Diff(d.Desired, b, toy{}, nil)
		if err != nil || !left.Empty() {
			t.Fatalf("not empty afterwards: %v %v", left, err)
		}
	})
}

// TestRandomPairsWithoutDrops: nothing that may not be dropped is dropped
// without coming back, and the plan still runs.
func TestRandomPairsWithoutDrops(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := randomCatalog(rt, "a"), randomCatalog(rt, "b")
		for o := range schema.Each[*view](a) { // names must not clash with what stays
			if b.Has(schema.ID{Kind: "table", Name: o.Name}) {
				rt.Skip()
			}
		}
		for o := range schema.Each[*table](a) {
			if b.Has(schema.ID{Kind: "view", Name: o.Name}) {
				rt.Skip()
			}
		}
		d, steps := plan(t, a, b, func(schema.Object) bool { return false })
		for _, s := range steps {
			for _, act := range s.Acts {
				if act.Change.Verb == planner.Drop && (toy{}).Weight(act.Change.Old) != planner.Attribute {
					t.Fatalf("drops %s", act.Change.ID())
				}
			}
		}
		for o := range a.All() {
			if (toy{}).Weight(o) != planner.Attribute && !d.Desired.Has(o.ID()) {
				t.Fatalf("%s is lost", o.ID())
			}
		}
	})
}

func catalog(objects ...schema.Object) *schema.Catalog {
	c := schema.NewCatalog()
	for _, o := range objects {
		c.Put(o)
	}
	return c
}

func TestFolding(t *testing.T) {
	a, b := &table{"a"}, &table{"b"}
	ax, bx := &column{a.ID(), "x", 0}, &column{b.ID(), "x", 0}
	ab := &foreignKey{a.ID(), "ab", ax.ID(), bx.ID(), b.ID()}
	ba := &foreignKey{b.ID(), "ba", bx.ID(), ax.ID(), a.ID()}
	for _, c := range []struct {
		name          string
		current, want *schema.Catalog
		plan          string
	}{
		{"foreign key inline", catalog(), catalog(a, ax, ab, b, bx), `
table b: create table b; create column b.x;
table a: create table a; create column a.x; create fk a.ab;`},
		{"foreign keys in a circle", catalog(), catalog(a, ax, ab, b, bx, ba), `
table a: create table a; create column a.x;
table b: create table b; create column b.x;
fk a.ab: create fk a.ab;
fk b.ba: create fk b.ba;`},
		{"dropped in a circle", catalog(a, ax, ab, b, bx, ba), catalog(), `
fk b.ba: drop fk b.ba;
fk a.ab: drop fk a.ab;
table b: drop column b.x; drop table b;
table a: drop column a.x; drop table a;`},
		{"a view that let go changes after its new table, and not before its old one goes",
			catalog(a, ax, b, bx, &loose{"l", []schema.ID{b.ID()}}), catalog(a, ax, &column{a.ID(), "y", 0}, &loose{"l", []schema.ID{{Kind: "column", Parent: "a", Name: "y"}}}), `
column a.y: create column a.y;
loose l: alter loose l;
table b: drop column b.x; drop table b;`},
		{"all changes of a table in one step", catalog(a, ax, b, bx, ab), catalog(a, &column{a.ID(), "x", 1}, &column{a.ID(), "y", 0}, b, bx), `
table a: drop fk a.ab; alter column a.x; create column a.y;`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, steps := plan(t, c.current, c.want, nil)
			if got := strings.TrimSpace(outline(steps)); got != strings.TrimSpace(c.plan) {
				t.Errorf("got\n%s\nwant%s", got, c.plan)
			}
		})
	}
}

// TestWishesInACircle: where not every late reference finds its target, as few
// as possible do without.
func TestWishesInACircle(t *testing.T) {
	named := func(name string) schema.ID { return schema.ID{Kind: "function", Name: name} }
	a := &table{"a"}
	for _, c := range []struct {
		name      string
		functions []schema.Object
		plan      string
	}{
		{"of three", []schema.Object{
			&function{"f", []schema.ID{named("g"), named("h")}},
			&function{"g", []schema.ID{named("f")}},
			&function{"h", []schema.ID{named("g")}},
		}, "g h f"},
		{"what comes behind circles", []schema.Object{
			&function{"f", []schema.ID{named("g"), named("h")}},
			&function{"g", []schema.ID{named("h")}},
			&function{"h", []schema.ID{named("i")}},
			&function{"i", []schema.ID{named("h")}},
		}, "h g f i"},
		{"two circles, one behind the other", []schema.Object{
			&function{"f", []schema.ID{named("g"), named("h")}},
			&function{"g", []schema.ID{named("f")}},
			&function{"h", []schema.ID{named("i")}},
			&function{"i", []schema.ID{named("h")}},
		}, "h f g i"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, steps := plan(t, catalog(a), catalog(append(c.functions, a)...), nil)
			var got []string
			for _, s := range steps {
				got = append(got, s.Whole.Name)
			}
			if strings.Join(got, " ") != c.plan {
				t.Errorf("got %v, want %s", got, c.plan)
			}
		})
	}
}

func TestReplaceSpreads(t *testing.T) {
	a := &table{"a"}
	ax := &column{a.ID(), "x", 0}
	v := &view{Name: "v", Columns: []schema.ID{ax.ID()}}
	w := &view{Name: "w", Views: []schema.ID{v.ID()}}
	note := &comment{w.ID(), "kept"}
	_, steps := plan(t, catalog(a, ax, v, w, note), catalog(a, &column{a.ID(), "x", 1}, v, w, note), nil)
	const want = `
view w: drop comment w(view); drop view w;
view v: drop view v;
column a.x: alter column a.x;
view v: create view v;
view w: create view w;
comment w(view): create comment w(view);`
	if got := strings.TrimSpace(outline(steps)); got != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant%s", got, want)
	}
}

func TestRenames(t *testing.T) {
	for _, c := range []struct {
		name    string
		current []string
		renames [][2]string // new, old
		desired []string
		fails   string
	}{
		{"plain", []string{"a"}, [][2]string{{"b", "a"}}, []string{"b"}, ""},
		{"swap", []string{"a", "b"}, [][2]string{{"b", "a"}, {"a", "b"}}, []string{"a", "b"}, ""},
		{"chain", []string{"a", "b"}, [][2]string{{"c", "b"}, {"b", "a"}}, []string{"b", "c"}, ""},
		{"chain that was done", []string{"b", "c"}, [][2]string{{"c", "b"}, {"b", "a"}}, []string{"b", "c"}, ""},
		{"done long ago", []string{"b"}, [][2]string{{"b", "a"}}, []string{"b"}, ""},
		{"both exist", []string{"a", "b"}, [][2]string{{"b", "a"}}, []string{"b"}, "both exist"},
	} {
		t.Run(c.name, func(t *testing.T) {
			build := func(names []string) *schema.Catalog {
				out := schema.NewCatalog()
				for _, n := range names {
					tb := &table{n}
					out.Put(tb)
					out.Put(&column{tb.ID(), "x", 0})
				}
				return out
			}
			current, desired := build(c.current), build(c.desired)
			for _, r := range c.renames {
				desired.Renames[(&table{r[0]}).ID()] = (&table{r[1]}).ID()
			}
			if c.fails != "" {
				if _, err := planner.Diff(current, desired, toy{}, nil); err == nil || !strings.Contains(err.Error(), c.fails) {
					t.Fatalf("err = %v, want %q", err, c.fails)
				}
				return
			}
			_, steps := plan(t, current, desired, nil)
			for _, s := range steps {
				for _, a := range s.Acts {
					if a.Half != planner.RenameHalf {
						t.Errorf("more than renames:\n%s", outline(steps))
					}
				}
			}
		})
	}
}

// TestReplacedUnderData: what holds data is not recreated because something
// that it uses is.
func TestDataIsNotReplaced(t *testing.T) {
	v := &view{Name: "v", Columns: []schema.ID{{Kind: "column", Parent: "a", Name: "x"}}}
	a := &table{"a"}
	c := &column{a.ID(), "x", 0}
	child := &clinging{Name: "d", To: v.ID()}
	_, err := planner.Diff(catalog(a, c, v, child), catalog(a, &column{a.ID(), "x", 1}, v, child), clingingToy{}, nil)
	if u, ok := errors.AsType[*planner.UnsupportedError](err); !ok || u.ID != child.ID() {
		t.Errorf("err = %v, want an UnsupportedError of %s", err, child.ID())
	}
}

type clinging struct {
	Name string
	To   schema.ID
}

func (c *clinging) ID() schema.ID      { return schema.ID{Kind: "store", Name: c.Name} }
func (c *clinging) Owner() schema.ID   { return schema.ID{} }
func (c *clinging) Refs() []schema.Ref { return schema.Refer(nil, schema.Exist, c.To) }

type clingingToy struct{ toy }

func (clingingToy) Weight(o schema.Object) planner.Weight {
	if _, ok := o.(*clinging); ok {
		return planner.Data
	}
	return toy{}.Weight(o)
}
