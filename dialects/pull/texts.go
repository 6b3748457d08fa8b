package pull

import (
	"fmt"
	"strings"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// rename is an object of the files that goes by another name in the database.
type rename struct{ from, to schema.ID }

// renames guesses what was renamed in the database: from what would go and come
// otherwise. A wrong guess costs no data here: the files say the same in the end.
func (p *puller) renames(live, desired *schema.Catalog) (out []rename) {
	for range 3 { // wholes, then their parts
		d, err := planner.Diff(live, desired, p.Bound, nil)
		if err != nil {
			return out
		}
		found := false
		for _, l := range planner.Lookalikes(d, p.Bound, "table", "column", "index", "view") {
			r := rename{l.New.ID(), l.Old.ID()}
			if !desired.Has(r.from) || desired.Has(r.to) {
				continue
			}
			desired = planner.Renamed(desired, p.Bound, r.from, r.to)
			out = append(out, r)
			found = true
		}
		if !found {
			break
		}
	}
	return out
}

// carried is a catalog after the renames; moved are the objects that these
// have changed.
func (p *puller) carried(c *schema.Catalog, renames []rename) (out *schema.Catalog, moved map[schema.ID]bool) {
	moved = map[schema.ID]bool{}
	for _, r := range renames {
		next := planner.Renamed(c, p.Bound, r.from, r.to)
		for o := range next.All() {
			if old := c.Object(o.ID()); old == nil || !schema.Equal(old, o) {
				moved[o.ID()] = true
			}
		}
		c = next
	}
	return c, moved
}

// concerned are all objects for whose sake something may have to be edited.
func (p *puller) concerned(changed map[schema.ID]bool) map[schema.ID]bool {
	if len(p.renamed) == 0 {
		return changed
	}
	out := differing(p.live, p.desired)
	for id := range p.renamed {
		out[id] = true
	}
	return out
}

// read makes the texts.
func (p *puller) read(live, desired *schema.Catalog, renames []rename) (err error) {
	o, ok := p.Bound.(dialect.Outliner)
	if !ok {
		return fmt.Errorf("pull does not support %s", p.Dialect)
	}
	p.outliner, p.live = o, live
	p.desired, p.renamed = p.carried(desired, renames)
	if len(renames) > 0 { // what has no name of its own finds its counterpart now
		if err := p.Bound.Reconcile(p.live, p.desired); err != nil {
			return err
		}
	}
	if p.author, err = newText(o, p.Sources, p.desired); err != nil {
		return err
	}
	if err = p.readLive(nil); err != nil {
		return err
	}
	spelled := worded(p.said, desired, schema.Spell)
	if p.aim, err = p.own(spelled, nil); err == nil {
		// What was renamed has its old name in here, and is found by its new one.
		p.before, err = p.own(worded(desired, live, schema.Spell), renames)
	}
	if err != nil {
		p.aim = p.after
		if p.before, err = p.own(clone(desired), renames); err != nil {
			p.before = nil // there is no merging then
		}
	}
	return nil
}

// readLive makes the text of the live schema, in the author's words where these
// say the same; but not for objects for which that has not worked out. What a
// word means may depend on what changed beside it.
func (p *puller) readLive(level map[schema.ID]int) (err error) {
	p.said = worded(p.Live, p.desired, func(o, like schema.Object) schema.Object {
		if level[p.root(o.ID())] > merging {
			return o
		}
		if !p.renamed[o.ID()] { // like's words have old names in them
			o = schema.Reword(o, like)
		}
		return schema.Written(o, like)
	})
	if p.after, err = p.own(p.said, nil); err != nil {
		return fmt.Errorf("reading the export of the database: %w", err)
	}
	return nil
}

// worded is a copy of a catalog whose objects are worded after those of another.
func worded(c, like *schema.Catalog, word func(o, like schema.Object) schema.Object) *schema.Catalog {
	out := clone(c)
	for o := range c.All() {
		if other := like.Object(o.ID()); other != nil {
			out.Put(word(o, other))
		}
	}
	return out
}

// own is the dialect's own text for a catalog, with what was renamed under its
// new name.
func (p *puller) own(c *schema.Catalog, renames []rename) (*text, error) {
	plan, err := dialect.Export(p.Dialect, p.Bound, c)
	if err != nil {
		return nil, err
	}
	src, chunks := script(plan)
	about := make([]schema.ID, len(plan.Statements))
	for i, st := range plan.Statements {
		about[i] = st.Object
	}
	again, err := dialect.Read(p.Dialect, p.Bound, []parser.Source{src})
	if err != nil {
		return nil, err
	}
	clear(again.Renames)
	if err := p.Bound.Reconcile(clone(c), again); err != nil {
		return nil, err
	}
	again, _ = p.carried(again, renames)
	t, err := newText(p.outliner, []parser.Source{src}, again)
	if err == nil {
		t.chunks, t.about = chunks, about
	}
	return t, err
}

// script is a plan as one source, with the place of each statement in it.
func script(plan *planner.Plan) (parser.Source, []parser.Span) {
	var b strings.Builder
	var chunks []parser.Span
	for _, s := range plan.Statements {
		from := b.Len()
		b.WriteString(s.InScript())
		chunks = append(chunks, parser.Span{Start: from, End: b.Len()})
		b.WriteString("\n\n")
	}
	return parser.Source{Name: "export", Text: b.String()}, chunks
}
