package pull

import (
	"slices"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// An export says in the place of a column what authors, and dumps, say in
// statements of their own: a default, a constraint. Such an object is compared
// on its own, by the statements that would add it.

// alone edits the units of a component one by one; false if one of the changed
// objects does not stand alone in the author's text.
func (e *editor) alone(c *component) bool {
	var jobs []func()
	seen := map[schema.ID]bool{}
	for _, u := range append(slices.Clone(c.author), c.after...) {
		for _, id := range u.ids {
			if seen[id] || !e.changed[id] || !e.live.Has(id) && !e.desired.Has(id) {
				continue
			}
			seen[id] = true
			f := e.author.home[id].clause()
			if f == nil || len(f.ids) != 1 || !f.isElement() || e.renamed[id] {
				return false
			}
			job := e.lone(f, id)
			if job == nil {
				return false
			}
			jobs = append(jobs, job)
		}
	}
	for _, job := range jobs {
		job()
	}
	return len(jobs) > 0
}

// clause is the only clause of an ALTER, if the whole of it is the unit.
func (u *unit) clause() *unit {
	if u == nil || u.isElement() || u.word(0) != "alter" || len(u.elements) != 1 || len(u.elements[0].ids) > 0 {
		return u
	}
	return &unit{statement: u.statement, element: 0, ids: u.ids}
}

// lone is the edit of a unit that defines one object; nil if it cannot be told.
func (e *editor) lone(f *unit, id schema.ID) func() {
	now := e.live.Object(id)
	if now == nil {
		return func() { e.drop(f) }
	}
	d, u := e.addition(e.desired, id, nil), e.addition(e.live, id, e.desired.Object(id))
	if d == nil || u == nil {
		return nil
	}
	at, adds := f.body()
	_, added := u.body()
	if adds != added {
		return nil
	}
	text := f.doc.Text
	if changes, ok := merge(f.piece(), d.piece(), u.piece(), u.piece()); ok && len(changes) > 0 {
		body := applied(text, f.span(), changes)
		return func() { e.item(f).body = &body }
	}
	body := text[f.span().Start:at] + u.definition()
	return func() { e.item(f).body = &body }
}

// addition is the clause that adds an object to a catalog; nil if it is not one
// clause. like has the words to use.
func (e *editor) addition(c *schema.Catalog, id schema.ID, like schema.Object) *unit {
	c = without(c, id)
	with := c.Clone()
	o := e.live.Object(id)
	if like == nil {
		o = e.desired.Object(id)
	} else {
		o = schema.Reword(o, like)
	}
	with.Put(o)
	plan, err := planner.New(e.Dialect, c, with, e.Bound, e.Bound, nil)
	if err != nil || len(plan.Statements) != 1 {
		return nil
	}
	src := parser.Source{Name: "addition", Text: plan.Statements[0].InScript()}
	list, err := e.outliner.Outline(src)
	if err != nil || len(list) != 1 || len(list[0].Elements) != 1 {
		return nil
	}
	return newDoc(src, 0, list).statements[0].elements[0]
}

// without is a catalog without an object and whatever needs it.
func without(c *schema.Catalog, id schema.ID) *schema.Catalog {
	gone := map[schema.ID]bool{id: true}
	for grown := true; grown; {
		grown = false
		for o := range c.All() {
			if gone[o.ID()] {
				continue
			}
			if gone[o.Owner()] || slices.ContainsFunc(o.Refs(), func(r schema.Ref) bool { return gone[r.To] }) {
				gone[o.ID()] = true
				grown = true
			}
		}
	}
	out := c.Clone()
	for id := range gone {
		out.Remove(id)
	}
	return out
}
