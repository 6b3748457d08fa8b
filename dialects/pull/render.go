package pull

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
)

// renderAll writes all that concerns some objects anew, in the place of the
// first statement that did.
func (e *editor) renderAll() {
	var roots []schema.ID
	for root, level := range e.level {
		if level >= rendering {
			roots = append(roots, root)
		}
	}
	slices.SortFunc(roots, schema.ID.Compare)
	for _, root := range roots {
		e.render(root)
	}
}

func (e *editor) render(root schema.ID) {
	var old, now []*statement
	of := func(s *statement) bool {
		return slices.ContainsFunc(s.ids(), func(id schema.ID) bool { return e.root(id) == root })
	}
	for _, d := range e.author.docs {
		for _, s := range d.statements {
			if !e.done[s] && (of(s) || len(s.ids()) == 0 && e.amends(s, root)) {
				old = append(old, s)
			}
		}
	}
	take := func(s *statement) {
		if !e.done[s] && slices.ContainsFunc(s.ids(), e.live.Has) {
			e.done[s] = true
			now = append(now, s)
		}
	}
	for _, s := range e.after.docs[0].statements {
		if of(s) {
			take(s)
		}
		if len(s.ids()) == 0 && s.word(0) != "set" && e.root(e.after.subject(s)) == root && e.live.Has(root) {
			e.done[s] = true
			now = append(now, s)
		}
	}
	for _, s := range old { // what a statement said of other objects, too
		e.done[s] = true
		for _, id := range s.ids() {
			if u := e.after.home[id]; u != nil && e.live.Has(id) {
				take(u.statement)
			}
		}
	}
	if e.level[root] == ending && len(now) > 0 {
		d := e.author.docs[len(e.author.docs)-1]
		if len(old) > 0 {
			d = old[len(old)-1].doc
		}
		for _, s := range now {
			text := e.after.script(s)
			if scene, ok := e.Bound.(dialect.Scene); ok {
				setting := s.setting()
				if setting == "" {
					setting = scene.Scene()
				}
				text = setting + "\n" + text
			}
			e.ends[d] = append(e.ends[d], text)
		}
		now = nil
	}
	if len(now) == 0 {
		for _, s := range old {
			e.at(s, root).remove = true
		}
		return
	}
	if len(old) == 0 {
		for _, s := range now {
			e.putStatement(&unit{statement: s, element: -1, ids: []schema.ID{root}}, e.after.script(s))
		}
		return
	}
	at := 0
	if home := e.author.home[root]; home != nil && slices.Contains(old, home.statement) {
		at = slices.Index(old, home.statement)
	}
	var texts []string
	for _, s := range now {
		texts = append(texts, e.after.script(s))
	}
	text := strings.Join(texts, "\n\n")
	for i, s := range old {
		ed := e.at(s, root)
		if i == at {
			ed.text, ed.whole = &text, true
		} else {
			ed.remove = true
		}
	}
}

// amends tells whether a statement that defines nothing is about an object.
func (e *editor) amends(s *statement, root schema.ID) bool {
	return slices.ContainsFunc(s.Subjects, func(name string) bool { return strings.EqualFold(name, root.Name) })
}

// remark adds what the new text says of changed objects in statements that
// define nothing (ENABLE ROW LEVEL SECURITY), and takes out what it says no more.
func (e *editor) remark() {
	e.forget()
	if e.before == nil {
		return
	}
	was, is := e.before.nameless(e.root), e.after.nameless(e.root)
	seen := map[schema.ID]bool{}
	var roots []schema.ID
	for id := range e.changed {
		if root := e.root(id); !seen[root] && e.level[root] < rendering && e.live.Has(root) && e.author.home[root] != nil {
			seen[root] = true
			roots = append(roots, root)
		}
	}
	slices.SortFunc(roots, schema.ID.Compare)
	for _, root := range roots {
		before, after := sayings(was[root]), sayings(is[root])
		for _, x := range after {
			if !x.in(before) {
				e.putStatement(&unit{statement: x.statement, element: x.element, ids: []schema.ID{root}}, e.sentence(x))
			}
		}
		for _, x := range before {
			if !x.in(after) {
				e.unsay(root, x)
			}
		}
	}
}

// sayings are what statements that define nothing say: their clauses, or they.
func sayings(list []*statement) (out []*unit) {
	for _, s := range list {
		if len(s.elements) == 0 {
			out = append(out, s.frame)
		}
		out = append(out, s.elements...)
	}
	return out
}

// in tells whether one of the list says the same.
func (u *unit) in(list []*unit) bool {
	return slices.ContainsFunc(list, func(o *unit) bool { return slices.Equal(o.saying(), u.saying()) })
}

// saying are the words of a statement, or of it with a single clause.
func (u *unit) saying() []string {
	if !u.isElement() {
		return piece{u.doc.Text, u.Tokens}.folded()
	}
	head := piece{u.doc.Text, u.within(parser.Span{Start: u.Start, End: u.List.Start})}
	return append(head.folded(), piece{u.doc.Text, u.within(u.span())}.folded()...)
}

// sentence is a saying as a statement of its own.
func (e *editor) sentence(u *unit) string {
	if len(u.elements) < 2 {
		return e.after.script(u.statement)
	}
	return strings.TrimRight(u.doc.Text[u.Start:u.List.Start], " \t\r\n") + " " + u.doc.Text[u.span().Start:u.span().End] + ";"
}

// unsay removes the author's words that say the same as the dialect's, with or
// without the schema before the name.
func (e *editor) unsay(root schema.ID, x *unit) {
	want := strings.Join(x.saying(), " ")
	bare := strings.ReplaceAll(want, strings.ToLower(root.Schema)+" . ", "")
	for _, d := range e.author.docs {
		for _, f := range d.statements {
			if len(f.ids()) > 0 {
				continue
			}
			for _, u := range sayings([]*statement{f}) {
				if text := strings.Join(u.saying(), " "); text == want || text == bare {
					e.drop(&unit{statement: f, element: u.element, ids: []schema.ID{root}})
				}
			}
		}
	}
}

// forget removes what the author's statements that define nothing say of
// objects that are gone.
func (e *editor) forget() {
	gone := map[string]schema.ID{}
	parts := map[string][]schema.ID{} // by the name of their whole
	for id := range e.changed {
		switch {
		case e.live.Has(id):
		case id.Parent == "":
			gone[strings.ToLower(id.Name)] = id
		default:
			parts[strings.ToLower(id.Parent)] = append(parts[strings.ToLower(id.Parent)], id)
		}
	}
	for o := range e.live.All() {
		if id := o.ID(); id.Parent == "" {
			delete(gone, strings.ToLower(id.Name))
		}
	}
	for _, d := range e.author.docs {
		for _, s := range d.statements {
			if len(s.Subjects) == 0 || s.word(0) == "drop" {
				continue
			}
			e.forgetSubjects(s, gone)
			e.forgetParts(s, parts[strings.ToLower(s.Subjects[0])])
		}
	}
}

func (e *editor) forgetSubjects(s *statement, gone map[string]schema.ID) {
	if len(s.ids()) > 0 {
		return
	}
	for i, name := range s.Subjects {
		id, ok := gone[strings.ToLower(name)]
		if !ok {
			if s.word(0) == "grant" || s.word(0) == "revoke" { // of several
				return
			}
			continue
		}
		if i == len(s.Subjects)-1 || s.word(0) == "comment" {
			e.at(s, id).remove = true
		}
	}
}

// forgetParts takes out the clauses of an ALTER TABLE that are about parts that
// are gone: ALTER COLUMN c SET STORAGE.
func (e *editor) forgetParts(s *statement, parts []schema.ID) {
	if s.word(0) != "alter" {
		return
	}
	for _, u := range s.elements {
		if len(u.ids) > 0 {
			continue
		}
		words := u.piece().folded()
		for _, id := range parts {
			if n := slices.Index(words, strings.ToLower(id.Name)); n > 0 && n <= 4 && u.piece().tokens[n].Kind <= parser.TokenQuoted {
				e.drop(&unit{statement: s, element: u.element, ids: []schema.ID{id}})
				break
			}
		}
	}
}
