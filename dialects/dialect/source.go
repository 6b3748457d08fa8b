package dialect

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/snapshot"
)

// Builder is a Bound whose catalogs can be written as snapshots and read back:
// New makes an empty object of a kind, or nil if there is no such kind.
type Builder interface {
	New(kind schema.Kind) schema.Object
}

// Outliner is a Bound that tells where the statements of a source stand, for
// editing texts in place.
type Outliner interface {
	Outline(src parser.Source) ([]parser.Statement, error)
}

// Trailer is a Bound some of whose statements bear on what is created behind
// them, so that in a folder their files have to come last.
type Trailer interface {
	Trails(kind schema.Kind) bool
}

// Scene is a Bound for which settings that a source makes change what the
// statements behind them mean.
type Scene interface {
	// Scene is the statement that brings back the settings of a new session.
	Scene() string
}

// Read reads a desired state: SQL, or one snapshot. It is normalized.
func Read(name string, b Bound, sources []parser.Source) (*schema.Catalog, error) {
	c, err := read(name, b, sources)
	if err == nil {
		err = b.Normalize(c)
	}
	if err == nil {
		err = errors.Join(clashes(c), misdirected(name, b, c))
	}
	return c, err
}

// misdirected finds directives that mean nothing where they stand.
func misdirected(name string, b Bound, c *schema.Catalog) error {
	if len(c.Directives) == 0 {
		return nil
	}
	var errs []error
	for o := range c.All() {
		for _, d := range c.Directives[o.ID()] {
			kinds, limited := b.Directed()[d.Name]
			if d.Name != "using" && d.Name != "concurrently" || slices.Contains(kinds, o.ID().Kind) {
				continue
			}
			e := &parser.Error{Pos: d.Pos, Message: fmt.Sprintf("@%s has no meaning in %s", d.Name, name), Hint: "remove it"}
			if limited {
				e = &parser.Error{Pos: d.Pos, Message: fmt.Sprintf("@%s has no meaning for %s", d.Name, o.ID()), Hint: fmt.Sprintf("it is for a %s", kinds[0])}
			}
			errs = append(errs, e)
		}
	}
	return errors.Join(errs...)
}

// clashes finds two objects of different kinds or tables that want one name.
func clashes(c *schema.Catalog) error {
	by := map[string]schema.ID{}
	var errs []error
	for o := range c.All() {
		for _, name := range schema.Claims(o) {
			if other, taken := by[name]; taken {
				errs = append(errs, &parser.Error{Pos: c.Origin[o.ID()], Message: fmt.Sprintf("%s has the name of %s", o.ID(), other), Hint: "give one of the two another name"})
				continue
			}
			by[name] = o.ID()
		}
	}
	return errors.Join(errs...)
}

func read(name string, b Bound, sources []parser.Source) (*schema.Catalog, error) {
	for i, s := range sources {
		if !snapshot.Is(s.Text) {
			continue
		}
		if len(sources) > 1 {
			return nil, fmt.Errorf("%s: a snapshot is a whole schema and cannot be joined with %s", s.Name, sources[(i+1)%len(sources)].Name)
		}
		snap, err := ReadSnapshot(name, b, s)
		if err != nil {
			return nil, err
		}
		return snap.Catalog, nil
	}
	return b.Parse(sources)
}

// ReadSnapshot reads a snapshot of a dialect's catalog.
func ReadSnapshot(name string, b Bound, s parser.Source) (*snapshot.Snapshot, error) {
	return snapshot.Read(s.Name, s.Text, func(h snapshot.Header) (snapshot.Constructor, error) {
		if h.Dialect != name {
			return nil, fmt.Errorf("a snapshot of %s cannot be compared with %s", h.Dialect, name)
		}
		builder, ok := b.(Builder)
		if !ok {
			return nil, fmt.Errorf("snapshots of %s are not supported", name)
		}
		return builder.New, nil
	})
}

// NewDefiner makes a function that gives the statements which create one object
// of a normalized catalog with everything that belongs to it, each as word
// says, unless that is nil. It indexes each catalog once.
func NewDefiner(name string, b Bound) func(c *schema.Catalog, id schema.ID, word func(schema.Object) schema.Object) ([]planner.Statement, error) {
	parts := map[*schema.Catalog]map[schema.ID][]schema.Object{}
	return func(c *schema.Catalog, id schema.ID, word func(schema.Object) schema.Object) ([]planner.Statement, error) {
		if parts[c] == nil {
			parts[c] = c.Parts()
		}
		o := c.Object(id)
		if o == nil {
			return nil, nil
		}
		one := schema.NewCatalog()
		var put func(schema.Object)
		put = func(o schema.Object) {
			if word != nil {
				o = word(o)
			}
			one.Put(o)
			for _, p := range parts[c][o.ID()] {
				put(p)
			}
		}
		put(o)
		p, err := planner.New(name, schema.NewCatalog(), one, b, b, nil)
		if err != nil {
			return nil, err
		}
		return p.Statements, nil
	}
}

// CompareSides plans from one catalog to another; s, if it is not nil, judges
// the expressions that still differ.
func CompareSides(ctx context.Context, name string, b Bound, s Server, current, desired *schema.Catalog, policy Policy) (*planner.Plan, error) {
	if s == nil {
		return compare(ctx, name, b, nil, current, desired, policy)
	}
	return compare(ctx, name, b, s, current, desired, policy)
}

// UsingDone is the note on a directive @using of a column that has its type already.
func UsingDone(column schema.ID) string {
	return fmt.Sprintf("%s: it has its type already; the directive @using can be removed", column)
}
