// Package pull edits SQL files in place so that they describe a live schema:
// the opposite direction of a plan. It changes the statements, or the elements
// of a CREATE TABLE, that say otherwise, and leaves every other byte as it is.
//
// It compares three texts: the author's files, what the dialect would export
// for the schema that the files describe, and what it would export for the live
// one. Objects are found in them by the places of their definitions
// ([schema.Catalog.Origin]) and the outline of statements ([parser.Statement]).
// What it has written is read back and compared; where that does not hold, it
// tries again with less finesse, and fails rather than write anything wrong.
//
// It knows no dialect's grammar and touches no file.
package pull

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
)

// Request is what to pull from where.
type Request struct {
	Dialect string
	Bound   dialect.Bound
	// Server judges expressions; nil if the live side is not a server.
	Server dialect.Server
	Live   *schema.Catalog // normalized
	// Sources are the files, without byte order marks.
	Sources []parser.Source
	// Policy narrows what is compared; Allow has no meaning here.
	Policy dialect.Policy
	// Place names the file of a new object, for files that hold one object each.
	Place func(schema.ID) string
}

// File is a file that has to change.
type File struct {
	Name          string
	Before, After string
	New           bool // there is no such file yet
	Emptied       bool // nothing is left in it but space
}

// How hard an object's statements are worked on.
const (
	merging   = iota // only the words that differ
	replacing        // the elements and statements that differ
	rendering        // all that concerns the object, anew
	ending           // .. at the end, where no setting of the author's is in force any more
)

// NotExpressibleError: no edit of the files was found after which they describe
// the live schema.
type NotExpressibleError struct {
	Left  []schema.ID
	Cause error // what reading the edited text said, if it could not be read
}

func (e *NotExpressibleError) Error() string {
	if e.Cause != nil {
		return "the files were left as they are: what was to be written cannot be read back: " + e.Cause.Error()
	}
	names := make([]string, len(e.Left))
	for i, id := range e.Left {
		names[i] = id.String()
	}
	return "the files were left as they are: after the edit these would still differ: " + strings.Join(names, ", ")
}

func (e *NotExpressibleError) Unwrap() error { return e.Cause }

// Run returns the files that have to change, and how. Nothing means that the
// files describe the live schema already.
func Run(ctx context.Context, r Request) ([]File, error) {
	p := &puller{Request: r}
	live, desired, err := p.match(ctx, r.Sources)
	if err != nil {
		return nil, err
	}
	changed := differing(live, desired)
	if len(changed) == 0 {
		return nil, nil
	}
	renames := p.renames(live, desired)
	if err := p.read(live, desired, renames); err != nil {
		return nil, err
	}
	files, err := p.edit(ctx, p.concerned(changed))
	if _, failed := errors.AsType[*NotExpressibleError](err); failed && len(renames) > 0 { // what goes and what comes, then
		if err := p.read(live, desired, nil); err != nil {
			return nil, err
		}
		return p.edit(ctx, changed)
	}
	return files, err
}

// edit tries until the files describe the live schema.
func (p *puller) edit(ctx context.Context, changed map[schema.ID]bool) ([]File, error) {
	level := map[schema.ID]int{}
	for try := range 4 * (ending + 1) {
		if try > 0 {
			if err := p.readLive(level); err != nil {
				return nil, err
			}
		}
		e := newEditor(p, changed, level)
		sources := e.edit()
		for root := range e.harder {
			level[root] = max(level[root], rendering)
		}
		left, err := p.check(ctx, sources)
		if err != nil {
			cause, ok := errors.AsType[*unreadableError](err)
			if !ok {
				return nil, err
			}
			if !p.raise(level, changed, e.rootsIn(cause)) {
				return nil, &NotExpressibleError{Cause: cause.error}
			}
			continue
		}
		if len(left) == 0 {
			return p.files(sources), nil
		}
		if !p.settle(level, changed, left) {
			return nil, &NotExpressibleError{Left: slices.SortedFunc(keys(left), schema.ID.Compare)}
		}
	}
	return nil, errors.New("the files were left as they are: no edit was found")
}

// puller holds the three texts and what is known of the two schemas.
type puller struct {
	Request
	outliner dialect.Outliner
	live     *schema.Catalog // as compared
	desired  *schema.Catalog // with the live names for what was renamed
	renamed  map[schema.ID]bool
	author   *text           // the files
	before   *text           // the dialect's own text for them; nil if there is none
	after    *text           // the dialect's own text for the live schema
	aim      *text           // after as before is written: both with canonical expressions where these differ
	said     *schema.Catalog // what after is made of
}

// match reads sources and compares them with the live schema.
func (p *puller) match(ctx context.Context, sources []parser.Source) (live, desired *schema.Catalog, err error) {
	desired, err = dialect.Read(p.Dialect, p.Bound, sources)
	if err != nil {
		return nil, nil, err
	}
	clear(desired.Renames) // the live names are the right ones
	live = clone(p.Live)
	if p.Server != nil {
		err = dialect.Match(ctx, p.Bound, p.Server, live, desired, p.Policy)
	} else {
		err = dialect.Match(ctx, p.Bound, nil, live, desired, p.Policy)
	}
	return live, desired, err
}

// unreadableError: the edited text cannot be read.
type unreadableError struct{ error }

// check reads edited sources back; left are the objects that still differ.
func (p *puller) check(ctx context.Context, sources []parser.Source) (left map[schema.ID]bool, err error) {
	live, desired, err := p.match(ctx, sources)
	if err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		return nil, &unreadableError{err}
	}
	return differing(live, desired), nil
}

// raise works harder on these objects; false if it cannot be worked any harder.
func (p *puller) raise(level map[schema.ID]int, changed map[schema.ID]bool, roots map[schema.ID]bool) bool {
	if len(roots) == 0 {
		for id := range changed {
			roots[p.root(id)] = true
		}
	}
	raised := false
	for root := range roots {
		if level[root] < rendering {
			level[root]++
			raised = true
		}
	}
	return raised
}

// settle works harder on what is left.
func (p *puller) settle(level map[schema.ID]int, changed, left map[schema.ID]bool) bool {
	raised := false
	roots := map[schema.ID]bool{}
	for id := range left {
		root := p.root(id)
		if roots[root] {
			continue
		}
		roots[root] = true
		switch {
		case !p.touched(changed, root):
			raised = true
		case level[root] < ending:
			level[root]++
			raised = true
		}
	}
	for id := range left {
		if !changed[id] {
			changed[id] = true
			raised = true
		}
	}
	return raised
}

func (p *puller) touched(changed map[schema.ID]bool, root schema.ID) bool {
	for id := range changed {
		if p.root(id) == root {
			return true
		}
	}
	return false
}

// root is the object that stands alone and holds this one, on either side.
func (p *puller) root(id schema.ID) schema.ID {
	for range 10 {
		o := p.live.Object(id)
		if o == nil {
			o = p.desired.Object(id)
		}
		if o == nil || o.Owner().IsZero() || !p.live.Has(o.Owner()) && !p.desired.Has(o.Owner()) {
			return id
		}
		id = o.Owner()
	}
	return id
}

// files lists the sources that are not as they were.
func (p *puller) files(sources []parser.Source) []File {
	var out []File
	for i, s := range sources {
		f := File{Name: s.Name, After: s.Text, New: i >= len(p.Sources)}
		if !f.New {
			f.Before = p.Sources[i].Text
		}
		f.Emptied = strings.TrimSpace(f.After) == ""
		if f.Before != f.After {
			out = append(out, f)
		}
	}
	return out
}

// differing are the objects that are not alike on both sides.
func differing(live, desired *schema.Catalog) map[schema.ID]bool {
	out := map[schema.ID]bool{}
	for o := range desired.All() {
		if old := live.Object(o.ID()); old == nil || !schema.Equal(old, o) {
			out[o.ID()] = true
		}
	}
	for o := range live.All() {
		if !desired.Has(o.ID()) {
			out[o.ID()] = true
		}
	}
	return out
}

// clone copies a catalog with its objects, which comparing may change.
func clone(c *schema.Catalog) *schema.Catalog {
	out := c.Clone()
	for o := range c.All() {
		out.Put(schema.Clone(o))
	}
	return out
}

func keys(m map[schema.ID]bool) func(yield func(schema.ID) bool) {
	return func(yield func(schema.ID) bool) {
		for id := range m {
			if !yield(id) {
				return
			}
		}
	}
}
