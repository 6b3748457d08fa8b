package dialect

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/trueup-sql/trueup/dialects/executor"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/filter"
)

// Policy is what the user allows and leaves alone.
type Policy struct {
	// Allow says which objects may be dropped; nil allows all.
	Allow func(schema.Object) bool
	// Adjust are changes to both sides, in order, before they are compared:
	// filters, and differences that were accepted. They get normalized catalogs
	// that are theirs to change, and must leave alike what is alike.
	Adjust []func(current, desired *schema.Catalog) error
	// Renames are the user's besides those of the files: new IDs to old ones.
	Renames map[schema.ID]schema.ID
}

// mayDrop tells whether the user, or a directive of the files, allows a drop.
func (p Policy) mayDrop(desired *schema.Catalog, o schema.Object) bool {
	return p.Allow(o) || filter.Allowed(desired, o)
}

// Keeper is a Bound with objects that mean something else where a part of what they
// use stays because it may not be dropped: SELECT * has the columns that are there.
// Both catalogs are normalized; it changes desired, but does not put into it what
// stays.
type Keeper interface {
	Keep(current, desired *schema.Catalog, stays func(schema.Object) bool) error
}

// Agreer is a Bound that can tell of two normalized catalogs, neither of which is
// to be renamed or directed, that [Bound.Reconcile] would find nothing to do: they
// hold the same objects, also in what does not count when objects are compared but
// bears on others. It may fill in what Reconcile would. For large schemas, that saves
// the time of all that looks for differences.
type Agreer interface {
	Agree(current, desired *schema.Catalog) bool
}

// Prepare makes the plan that takes the server's database to the desired state
// of the sources.
func Prepare(ctx context.Context, name string, s Server, sources []parser.Source, policy Policy) (*planner.Plan, error) {
	var current, desired *schema.Catalog
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		current, err = s.Inspect(gctx)
		if err == nil {
			err = s.Normalize(current)
		}
		return err
	})
	g.Go(func() (err error) {
		desired, err = Read(name, s, sources)
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return compare(ctx, name, s, s, current, desired, policy)
}

// settler is the part of a server or a session that judges expressions.
type settler interface {
	Settle(ctx context.Context, current, desired *schema.Catalog) error
}

// compare plans from one normalized catalog to another.
func compare(ctx context.Context, name string, b Bound, s settler, current, desired *schema.Catalog, policy Policy) (*planner.Plan, error) {
	agreed, err := match(ctx, b, s, current, desired, policy)
	if err != nil {
		return nil, err
	}
	p := &planner.Plan{Dialect: name, Delta: &planner.Delta{Current: current, Desired: desired}}
	if !agreed {
		allow := policy.Allow
		if allow != nil {
			allow = func(o schema.Object) bool { return policy.mayDrop(desired, o) }
		}
		if p, err = planner.New(name, current, desired, b, b, allow); err != nil {
			return nil, err
		}
	}
	p.Notes = slices.Concat(p.Notes, current.Notes, desired.Notes, broken(desired))
	return p, nil
}

// broken are remarks on what a catalog holds and cannot be used.
func broken(c *schema.Catalog) (notes []string) {
	for o := range c.All() {
		if reason, ok := c.Broken[o.ID()]; ok {
			at := ""
			if pos := c.Origin[o.ID()]; !pos.IsZero() {
				at = pos.String() + ": "
			}
			notes = append(notes, fmt.Sprintf("%s%s cannot be used as it is: %s", at, o.ID(), reason))
		}
	}
	return notes
}

// match makes two normalized catalogs comparable. It tells whether they agreed
// from the first, in every object.
func match(ctx context.Context, b Bound, s settler, current, desired *schema.Catalog, policy Policy) (agreed bool, err error) {
	if err := ownName(desired); err != nil {
		return false, err
	}
	withoutJournal(current)
	withoutJournal(desired) // it may come from a database, too
	maps.Copy(desired.Renames, policy.Renames)
	if agreed = agree(b, current, desired); !agreed {
		if err := reconcile(ctx, b, s, current, desired, policy); err != nil {
			return false, err
		}
	}
	if err := filter.Ignore(current, desired); err != nil {
		return false, err
	}
	for _, adjust := range policy.Adjust {
		if err := adjust(current, desired); err != nil {
			return false, err
		}
	}
	return agreed, nil
}

// agree tells whether there is nothing to reconcile.
func agree(b Bound, current, desired *schema.Catalog) bool {
	a, ok := b.(Agreer)
	return ok && len(desired.Renames) == 0 && len(desired.Directives) == 0 && a.Agree(current, desired)
}

// reconcile does what needs both sides.
func reconcile(ctx context.Context, b Bound, s settler, current, desired *schema.Catalog, policy Policy) error {
	if k, ok := b.(Keeper); ok && policy.Allow != nil {
		stays := func(o schema.Object) bool { return b.Weight(o) != planner.Attribute && !policy.mayDrop(desired, o) }
		if err := k.Keep(current, desired, stays); err != nil {
			return err
		}
	}
	if err := b.Reconcile(current, desired); err != nil || s == nil {
		return err
	}
	return s.Settle(ctx, current, desired)
}

// Match makes two normalized catalogs comparable object by object, as every
// plan does first; s, if it is not nil, judges the expressions that still
// differ. It changes both.
func Match(ctx context.Context, b Bound, s Server, current, desired *schema.Catalog, policy Policy) (err error) {
	if s == nil {
		_, err = match(ctx, b, nil, current, desired, policy)
	} else {
		_, err = match(ctx, b, s, current, desired, policy)
	}
	return err
}

// Compare plans from one normalized catalog to another without a server.
func Compare(name string, b Bound, current, desired *schema.Catalog, policy Policy) (*planner.Plan, error) {
	return compare(context.Background(), name, b, nil, current, desired, policy)
}

// Founder is a Bound that arranges a catalog which is to be created from nothing:
// what would take other ways where parts of it are there. It may put other objects
// into the catalog, and changes none.
type Founder interface {
	Found(c *schema.Catalog)
}

// Export is the plan from nothing to a normalized catalog, with what was said of
// that when it was read: what could not be, above all.
func Export(name string, b Bound, c *schema.Catalog) (*planner.Plan, error) {
	c = c.Clone()
	withoutJournal(c)
	if f, ok := b.(Founder); ok {
		f.Found(c)
	}
	nothing := schema.NewCatalog()
	nothing.Unmanaged = c.Unmanaged
	p, err := planner.New(name, nothing, c, b, b, nil)
	if p != nil {
		p.Notes = slices.Concat(p.Notes, c.Notes)
	}
	return p, err
}

// NotConvergedError: after all statements ran, the database is not as desired.
type NotConvergedError struct {
	Left *planner.Plan
}

func (e *NotConvergedError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "the statements ran, but the database is not in the desired state; %d would still be needed:", len(e.Left.Statements))
	for _, s := range e.Left.Statements {
		fmt.Fprintf(&b, "\n  %s;", strings.ReplaceAll(s.SQL, "\n", "\n  "))
	}
	return b.String()
}

// Verify returns the check that an executor runs before it commits: it reads
// the catalogs through the session, and plans again.
func Verify(name string, s Server, session Session, sources []parser.Source, policy Policy) executor.Check {
	policy.Renames = nil // they are done
	return func(ctx context.Context) error {
		current, err := session.Inspect(ctx)
		if err != nil {
			return fmt.Errorf("reading the catalogs again: %w", err)
		}
		if err := s.Normalize(current); err != nil {
			return err
		}
		desired, err := Read(name, s, sources)
		if err != nil {
			return err
		}
		clear(desired.Renames) // they are done; names that were swapped would be swapped again
		left, err := compare(ctx, name, s, session, current, desired, policy)
		if err != nil {
			return err
		}
		if !left.Empty() {
			return &NotConvergedError{left}
		}
		return nil
	}
}
