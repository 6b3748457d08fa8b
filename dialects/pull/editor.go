package pull

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
)

// editor makes one attempt at an edit.
type editor struct {
	*puller
	changed map[schema.ID]bool
	level   map[schema.ID]int
	// harder are objects for which the level of this attempt does not do.
	harder map[schema.ID]bool

	edits map[*statement]*edit
	ends  map[*doc][]string // new statements at the end of a source
	slots map[schema.ID]func(text string)
	fresh []*doc // new sources
	done  map[*statement]bool
	roots map[*statement]map[schema.ID]bool // for whose sake a statement is edited
	// regions are the places of what was edited in the new texts.
	regions []region
}

type region struct {
	file string
	parser.Span
	roots map[schema.ID]bool
}

// edit is what happens to a statement.
type edit struct {
	remove bool
	text   *string // instead of the statement, without its terminator
	whole  bool    // text is instead of the terminator, too
	words  []change
	items  map[int]*itemEdit
	after  []string // new statements behind it
}

type itemEdit struct {
	gone bool
	body *string
	put  []string
}

func newEditor(p *puller, changed map[schema.ID]bool, level map[schema.ID]int) *editor {
	return &editor{puller: p, changed: changed, level: level, harder: map[schema.ID]bool{}, edits: map[*statement]*edit{}, ends: map[*doc][]string{},
		slots: map[schema.ID]func(string){}, done: map[*statement]bool{}, roots: map[*statement]map[schema.ID]bool{}}
}

// at is the edit of a statement, for the sake of some objects.
func (e *editor) at(s *statement, ids ...schema.ID) *edit {
	if e.edits[s] == nil {
		e.edits[s] = &edit{items: map[int]*itemEdit{}}
		e.roots[s] = map[schema.ID]bool{}
	}
	for _, id := range ids {
		e.roots[s][e.root(id)] = true
	}
	return e.edits[s]
}

func (e *editor) item(u *unit) *itemEdit {
	all := e.at(u.statement, u.ids...).items
	if all[u.element] == nil {
		all[u.element] = &itemEdit{}
	}
	return all[u.element]
}

// edit makes the new sources: those that were given, and then new ones.
func (e *editor) edit() []parser.Source {
	e.renderAll()
	for _, c := range e.components() {
		e.component(c)
	}
	e.remark()
	var out []parser.Source
	for _, d := range append(slices.Clone(e.author.docs), e.fresh...) {
		out = append(out, parser.Source{Name: d.Name, Text: e.assemble(d)})
	}
	return out
}

// component is a set of units of the author's and of the new text that define
// the same objects.
type component struct{ author, after []*unit }

// components are those in which something changed, in the order of the author's
// text, and then of the new one.
func (e *editor) components() []*component {
	parent := map[*unit]*unit{}
	var find func(u *unit) *unit
	find = func(u *unit) *unit {
		if p := parent[u]; p != nil && p != u {
			parent[u] = find(p)
			return parent[u]
		}
		return u
	}
	changed := map[*unit]bool{}
	mark := func(t *text, id schema.ID) {
		if u := t.unit(id); u != nil && !e.done[u.statement] {
			changed[u] = true
		}
	}
	for id := range e.changed {
		if e.desired.Has(id) {
			mark(e.author, id)
		}
		if e.live.Has(id) {
			mark(e.after, id)
		}
	}
	for u := range e.after.units {
		for _, id := range u.ids {
			if f := e.author.home[id]; f != nil && e.live.Has(id) && !e.done[f.statement] && !e.done[u.statement] {
				parent[find(u)] = find(f)
			}
		}
	}
	hot := map[*unit]bool{}
	for u := range changed {
		hot[find(u)] = true
	}
	var out []*component
	by := map[*unit]*component{}
	of := func(u *unit) *component {
		top := find(u)
		if !hot[top] || e.done[u.statement] {
			return nil
		}
		if by[top] == nil {
			by[top] = &component{}
			out = append(out, by[top])
		}
		return by[top]
	}
	for u := range e.author.units {
		if c := of(u); c != nil {
			c.author = append(c.author, u)
		}
	}
	for u := range e.after.units {
		if !slices.ContainsFunc(u.ids, e.live.Has) {
			continue
		}
		if c := of(u); c != nil {
			c.after = append(c.after, u)
		}
	}
	return out
}

// units are all units in the order of the text.
func (t *text) units(yield func(*unit) bool) {
	for _, d := range t.docs {
		for _, s := range d.statements {
			if !yield(s.frame) {
				return
			}
			for _, u := range s.elements {
				if !yield(u) {
					return
				}
			}
		}
	}
}

func (e *editor) component(c *component) {
	switch {
	case len(c.after) == 0:
		for _, f := range c.author {
			e.drop(f)
		}
	case len(c.author) == 0:
		for _, u := range c.after {
			e.put(u)
		}
	case e.levelOf(c) == merging && (len(c.author) > 1 && e.alone(c) || e.merge(c) || e.alone(c)):
	default:
		e.replace(c)
	}
}

func (e *editor) levelOf(c *component) int {
	level := 0
	for _, u := range append(slices.Clone(c.author), c.after...) {
		for _, id := range u.ids {
			level = max(level, e.level[e.root(id)])
		}
	}
	return level
}

// fail asks for more than this level for the sake of a unit.
func (e *editor) fail(u *unit) {
	for _, id := range u.ids {
		e.harder[e.root(id)] = true
	}
}

// assemble is the new text of a source.
func (e *editor) assemble(d *doc) string {
	var b strings.Builder
	nl := d.newline()
	at := 0
	copyTo := func(to int) {
		if to > at {
			b.WriteString(d.Text[at:to])
			at = to
		}
	}
	for _, s := range d.statements {
		ed := e.edits[s]
		if ed == nil {
			if s.End > at {
				from := b.Len() + s.Start - at
				e.regions = append(e.regions, region{d.Name, parser.Span{Start: from, End: from + s.Stop - s.Start}, e.concerned(s)})
			}
			continue
		}
		from := b.Len()
		if ed.remove {
			cut := s.removal(e.names(s))
			copyTo(cut.Start)
			at = max(at, cut.End)
			if len(ed.after) > 0 { // what would stand behind it takes its place
				b.WriteString(breaks(strings.Join(ed.after, "\n\n"), nl) + nl)
			}
		} else {
			copyTo(s.Start)
			from = b.Len()
			b.WriteString(e.statement(s, ed, nl))
			at = s.End
			if ed.whole {
				at = s.Stop
			}
			if len(ed.after) > 0 {
				copyTo(s.behind())
				for i, text := range ed.after {
					b.WriteString(e.separator(s, i, ed.after, nl) + breaks(text, nl))
				}
				if rest := d.Text[at:]; strings.Contains(ed.after[len(ed.after)-1], "\n") && strings.TrimSpace(rest) != "" &&
					!strings.HasPrefix(rest, nl+nl) {
					b.WriteString(nl)
				}
			}
		}
		e.regions = append(e.regions, region{d.Name, parser.Span{Start: from, End: b.Len()}, e.roots[s]})
	}
	copyTo(len(d.Text))
	if len(e.ends[d]) > 0 {
		from := b.Len()
		if text := strings.TrimRight(b.String(), " \t\r\n"); text != "" {
			end := b.String()[len(text):]
			if !strings.Contains(end, "\n") {
				b.WriteString(nl)
			}
			b.WriteString(nl)
		}
		b.WriteString(breaks(strings.Join(e.ends[d], "\n\n"), nl) + nl)
		e.regions = append(e.regions, region{d.Name, parser.Span{Start: from, End: b.Len()}, nil})
	}
	return b.String()
}

// concerned are the objects that a statement defines or is about.
func (e *editor) concerned(s *statement) map[schema.ID]bool {
	out := map[schema.ID]bool{}
	for _, id := range s.ids() {
		out[e.root(id)] = true
	}
	for id := range e.changed {
		if root := e.root(id); e.amends(s, root) {
			out[root] = true
		}
	}
	return out
}

// names are those of the objects that a statement defines.
func (e *editor) names(s *statement) []string {
	var out []string
	for _, id := range s.ids() {
		out = append(out, id.Name)
	}
	return append(out, s.Subjects...)
}

// statement is the new text of a statement that stays.
func (e *editor) statement(s *statement, ed *edit, nl string) string {
	text := s.doc.Text
	if ed.text != nil {
		return breaks(*ed.text, nl)
	}
	slices.SortStableFunc(ed.words, func(a, b change) int { return cmp.Compare(a.Start, b.Start) })
	for i := range ed.words {
		ed.words[i].text = breaks(ed.words[i].text, nl)
	}
	if len(ed.items) == 0 {
		return applied(text, s.Span, ed.words)
	}
	list, tail := s.items()
	for i, it := range ed.items {
		for _, put := range it.put {
			if i >= 0 {
				list[i].put = append(list[i].put, breaks(put, nl))
			}
		}
		if i < 0 {
			continue
		}
		list[i].gone = it.gone
		if it.body != nil {
			list[i].body = breaks(*it.body, nl)
		}
	}
	middle := join(list, tail, nl)
	if first := ed.items[-1]; first != nil && len(first.put) > 0 {
		middle = join(front(list, first.put, nl), tail, nl)
	}
	var head, foot []change
	for _, c := range ed.words {
		if c.End <= s.List.Start {
			head = append(head, c)
		} else {
			foot = append(foot, c)
		}
	}
	return applied(text, parser.Span{Start: s.Start, End: s.List.Start}, head) + middle + applied(text, parser.Span{Start: s.List.End, End: s.End}, foot)
}

// front puts new elements before the first one.
func front(list []item, put []string, nl string) []item {
	pre, lead := separators(list, 0)
	first := blank(list[0].lead)
	list[0].pre, list[0].lead = pre, insertLead(list[0].lead, lead)
	out := make([]item, 0, len(list)+len(put))
	for i, body := range put {
		it := item{pre: pre, lead: lead, body: breaks(body, nl)}
		if i == 0 {
			it.pre, it.lead = "", first
		}
		out = append(out, it)
	}
	return append(out, list...)
}

// insertLead keeps the comments of a lead.
func insertLead(lead, blank string) string {
	if strings.TrimSpace(lead) == "" {
		return blank
	}
	return lead
}

// separator stands before the i-th new statement behind s.
func (e *editor) separator(s *statement, i int, all []string, nl string) string {
	long := strings.Contains(all[i], "\n")
	if i > 0 {
		if long || strings.Contains(all[i-1], "\n") {
			return nl + nl
		}
		return nl
	}
	if long || strings.Contains(s.doc.Text[s.Start:s.End], "\n") || s.apart() {
		return nl + nl
	}
	return nl
}

// apart tells whether there are blank lines between this statement and the next.
func (s *statement) apart() bool {
	if s.index+1 == len(s.doc.statements) {
		return false
	}
	for _, l := range s.doc.statements[s.index+1].gap() {
		if l.kind == lineBlank {
			return true
		}
	}
	return false
}

// breaks is a new text with the source's own ends of lines, where they are not
// inside of a constant.
func breaks(text, nl string) string {
	if nl == "\n" {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", nl)
}

// rootsIn are the objects whose edits an error is about.
func (e *editor) rootsIn(err error) map[schema.ID]bool {
	out := map[schema.ID]bool{}
	perr, ok := errors.AsType[*parser.Error](err)
	if !ok {
		return out
	}
	for _, r := range e.regions {
		if r.file != perr.Pos.File {
			continue
		}
		if at := e.offsetIn(r.file, perr.Pos); r.Contains(at) || at == r.End { // it may end too early
			for id := range r.roots {
				out[id] = true
			}
		}
	}
	return out
}

func (e *editor) offsetIn(file string, pos schema.Pos) int {
	for _, d := range append(slices.Clone(e.author.docs), e.fresh...) {
		if d.Name == file {
			return newDoc(parser.Source{Name: file, Text: e.assembled(d)}, 0, nil).offset(pos)
		}
	}
	return -1
}

// assembled is assemble without its traces.
func (e *editor) assembled(d *doc) string {
	regions := e.regions
	defer func() { e.regions = regions }()
	return e.assemble(d)
}
