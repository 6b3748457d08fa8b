package pull

import (
	"slices"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
)

// drop takes a unit out.
func (e *editor) drop(f *unit) {
	if !f.isElement() {
		e.at(f.statement, f.ids...).remove = true
		return
	}
	e.item(f).gone = true
	for _, other := range f.elements {
		if it := e.edits[f.statement].items[other.element]; it == nil || !it.gone || len(it.put) > 0 {
			return
		}
	}
	if f.inAlter() || len(f.statement.frame.ids) > 0 && !slices.ContainsFunc(f.statement.frame.ids, e.live.Has) {
		e.at(f.statement).remove = true
		return
	}
	e.fail(f)
}

// put adds a unit of the new text.
func (e *editor) put(u *unit) {
	switch {
	case u.inAlter():
		e.putStatement(u, u.doc.Text[u.Start:u.List.Start]+" "+u.doc.Text[u.span().Start:u.span().End]+";")
	case !u.isElement():
		e.putStatement(u, e.after.script(u.statement))
	default:
		e.putElement(u)
	}
}

// putElement adds an element to the CREATE TABLE that has the element before it.
func (e *editor) putElement(u *unit) {
	var table *unit
	for _, id := range u.statement.frame.ids {
		if f := e.author.home[id]; f != nil && !f.isElement() {
			table = f
		}
	}
	if table == nil {
		if !slices.ContainsFunc(u.statement.frame.ids, e.isNew) {
			e.fail(u)
		}
		return // it comes with its table
	}
	if len(table.Elements) == 0 {
		e.fail(u)
		return
	}
	at := -1
	for i := u.element - 1; i >= 0 && at < 0; i-- {
		for _, id := range u.statement.elements[i].ids {
			if f := e.author.home[id]; f != nil && f.statement == table.statement && f.isElement() {
				at = f.element
			}
		}
	}
	body := u.definition()
	all := e.at(table.statement, u.ids...).items
	if all[at] == nil {
		all[at] = &itemEdit{}
	}
	all[at].put = append(all[at].put, body)
}

func (e *editor) isNew(id schema.ID) bool { return e.author.home[id] == nil }

// merge carries over the words that differ; false if that is not possible.
func (e *editor) merge(c *component) bool {
	if e.before == nil {
		return false
	}
	type job struct {
		f    *unit
		text []change
	}
	var jobs []job
	for _, f := range c.author {
		d, u, ok := e.pair(f, c)
		if !ok {
			return false
		}
		if d == nil { // what differs is said elsewhere, or it will turn out
			continue
		}
		changes, ok := e.words(f, d, u)
		if !ok || len(changes) == 0 {
			return false
		}
		jobs = append(jobs, job{f, changes})
	}
	for _, j := range jobs {
		if j.f.isElement() {
			body := applied(j.f.doc.Text, j.f.span(), j.text)
			e.item(j.f).body = &body
			continue
		}
		ed := e.at(j.f.statement, j.f.ids...)
		ed.words = append(ed.words, j.text...)
	}
	return true
}

// words are the changes of a unit's text that turn what before says into what
// after says.
func (e *editor) words(f, d, u *unit) (changes []change, ok bool) {
	if f.isElement() || len(f.Elements) == 0 {
		if u.isElement() != d.isElement() {
			return nil, false
		}
		return merge(f.piece(), d.piece(), u.piece(), e.said(u).piece())
	}
	if len(d.Elements) == 0 || len(u.Elements) == 0 || d.isElement() || u.isElement() {
		return nil, false
	}
	for end := range 2 {
		more, ok := merge(f.end(end), d.end(end), u.end(end), u.end(end))
		if !ok {
			return nil, false
		}
		changes = append(changes, more...)
	}
	return changes, true
}

// end is what stands before (0) or behind (1) the elements of a statement.
func (u *unit) end(n int) piece {
	span := parser.Span{Start: u.Start, End: u.List.Start}
	if n == 1 {
		span = parser.Span{Start: u.List.End, End: u.End}
	}
	return piece{u.doc.Text, u.within(span)}
}

// pair finds the one difference of a unit: what it says in the dialect's own
// hand, and what it should say; nil if there is none.
func (e *editor) pair(f *unit, c *component) (before, after *unit, ok bool) {
	var ds []*unit
	for _, id := range f.ids {
		d := e.before.home[id]
		if d == nil {
			continue
		}
		if !slices.Contains(ds, d) {
			ds = append(ds, d)
		}
	}
	used := map[*unit]bool{}
	for _, d := range ds {
		var u *unit
		for _, id := range d.ids {
			if x := e.aim.home[id]; x != nil && e.live.Has(id) {
				u = x
				used[e.after.home[id]] = true
				break
			}
		}
		if u == nil {
			return nil, nil, false
		}
		if e.alike(d, u) {
			continue
		}
		if before != nil {
			return nil, nil, false
		}
		before, after = d, u
	}
	for _, u := range c.after {
		if !used[u] && len(c.author) == 1 {
			return nil, nil, false
		}
	}
	return before, after, len(ds) > 0
}

// said is the unit of the new text that says the same as one of the aim.
func (e *editor) said(u *unit) *unit {
	for _, id := range u.ids {
		if x := e.after.home[id]; x != nil {
			return x
		}
	}
	return u
}

// alike tells whether two units of the dialect's hand say the same.
func (e *editor) alike(d, u *unit) bool {
	if d.isElement() || len(d.Elements) == 0 {
		return same(d.piece(), u.piece())
	}
	return len(u.Elements) > 0 && same(d.end(0), u.end(0)) && same(d.end(1), u.end(1))
}

// replace puts what is new in the place of what was.
func (e *editor) replace(c *component) {
	given := map[*unit]bool{}
	for _, f := range c.author {
		var mine []*unit
		for _, u := range c.after {
			if !given[u] && slices.ContainsFunc(u.ids, func(id schema.ID) bool { return slices.Contains(f.ids, id) }) {
				given[u] = true
				mine = append(mine, u)
			}
		}
		switch {
		case len(mine) == 0:
			e.drop(f)
		case f.inAlter():
			e.replaceClause(f, mine)
		case f.isElement():
			e.replaceElement(f, mine)
		case len(f.Elements) > 0:
			e.replaceFrame(f, mine)
		default:
			e.replaceStatement(f, mine)
		}
	}
	for _, u := range c.after {
		if !given[u] {
			e.put(u)
		}
	}
}

func (e *editor) replaceElement(f *unit, mine []*unit) {
	it := e.item(f)
	for _, u := range mine {
		if !u.isElement() {
			e.put(u)
			continue
		}
		if body := u.definition(); it.body == nil {
			it.body = &body
		} else {
			it.put = append(it.put, body)
		}
	}
	if it.body == nil {
		e.drop(f)
	}
}

func (e *editor) replaceClause(f *unit, mine []*unit) {
	at, adds := f.body()
	it := e.item(f)
	for _, u := range mine {
		_, added := u.body()
		switch {
		case !u.isElement() || it.body != nil:
			e.put(u)
		case adds && added:
			body := f.doc.Text[f.span().Start:at] + u.definition()
			it.body = &body
		case !adds && u.inAlter() && !added:
			body := u.doc.Text[u.span().Start:u.span().End]
			it.body = &body
		default:
			e.fail(f)
			return
		}
	}
	if it.body == nil {
		e.drop(f)
	}
}

// replaceFrame replaces what stands around the elements of a CREATE TABLE.
func (e *editor) replaceFrame(f *unit, mine []*unit) {
	ed := e.at(f.statement, f.ids...)
	for i, u := range mine {
		if i > 0 {
			e.put(u)
			continue
		}
		if u.isElement() || len(u.Elements) == 0 || f.word(0) != u.word(0) {
			e.fail(f)
			return
		}
		ed.words = append(ed.words,
			change{parser.Span{Start: f.Start, End: f.List.Start}, u.doc.Text[u.Start:u.List.Start]},
			change{parser.Span{Start: f.List.End, End: f.End}, u.doc.Text[u.List.End:u.End]})
	}
}

func (e *editor) replaceStatement(f *unit, mine []*unit) {
	ed := e.at(f.statement, f.ids...)
	for _, u := range mine {
		switch {
		case ed.text != nil, u.isElement() && !u.inAlter():
			e.put(u)
		case u.inAlter():
			text := u.doc.Text[u.Start:u.List.Start] + " " + u.doc.Text[u.span().Start:u.span().End]
			ed.text = &text
		default:
			text := u.doc.Text[u.Start:u.End]
			ed.text = &text
		}
	}
	if ed.text == nil {
		ed.remove = true
	}
}
