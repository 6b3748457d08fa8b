package pgparse

import (
	"cmp"
	"errors"
	"maps"
	"runtime"
	"slices"
	"sync"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// placed is an object, or an error about it, with its place in the catalog.
type placed[T any] struct {
	place int
	it    T
}

// expressions fills in the canonical forms and references. What all others may
// depend on, views above all, comes first; then the many that nothing depends on,
// on all processors.
func (n *normalizer) expressions() error {
	var many []placed[schema.Object]
	var errs []placed[error]
	place := 0
	for o := range n.catalog.All() {
		place++
		switch o.(type) {
		case *pg.Default, *pg.Constraint, *pg.Index:
			many = append(many, placed[schema.Object]{place, o})
		default:
			errs = append(errs, n.canonicalizeAll(placed[schema.Object]{place, o})...)
		}
	}
	errs = append(errs, n.share(many)...)
	slices.SortStableFunc(errs, func(a, b placed[error]) int { return cmp.Compare(a.place, b.place) })
	list := make([]error, len(errs))
	for i, e := range errs {
		list[i] = e.it
	}
	return errors.Join(list...)
}

// share does objects on all processors, if they are enough to make that worth it.
func (n *normalizer) share(objects []placed[schema.Object]) []placed[error] {
	const enough = 1000
	portion := max(enough, (len(objects)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	portions := slices.Collect(slices.Chunk(objects, portion))
	errs := make([][]placed[error], len(portions))
	var wg sync.WaitGroup
	for i, p := range portions {
		worker := n
		if len(portions) > 1 {
			worker = n.fork()
		}
		wg.Go(func() { errs[i] = worker.canonicalizeAll(p...) })
	}
	wg.Wait()
	return slices.Concat(errs...)
}

// fork makes a normalizer for another goroutine: with all that this one knows, and
// a memory of its own.
func (n *normalizer) fork() *normalizer {
	t := *n.types
	t.byText, t.opaque, t.operatorMemo = maps.Clone(t.byText), maps.Clone(t.opaque), maps.Clone(t.operatorMemo)
	names := *t.names
	names.all = maps.Clone(names.all)
	t.names = &names
	f := *n
	f.types, f.trees, f.views, f.keyMemo = &t, map[parsedKey]parsedText{}, maps.Clone(n.views), maps.Clone(n.keyMemo)
	f.recent, f.listed = recent{}, nil
	return &f
}

// canonicalizeAll does all expressions of some objects.
func (n *normalizer) canonicalizeAll(objects ...placed[schema.Object]) (errs []placed[error]) {
	for _, o := range objects {
		id := o.it.ID()
		for _, s := range n.sites(o.it) {
			var err error
			if s.form == query {
				if _, ok := n.views[id]; !ok {
					n.view(id)
				}
				err = n.views[id].err
			} else {
				err = n.canonicalize(s)
			}
			if err != nil {
				errs = append(errs, placed[error]{o.place, n.located(err, id)})
			}
		}
	}
	return errs
}
