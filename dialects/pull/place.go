package pull

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
)

// putStatement adds a statement of the new text: behind those of the same
// object, or where the object's like are.
func (e *editor) putStatement(u *unit, text string) {
	root := e.root(u.ids[0])
	if slot := e.slots[root]; slot != nil {
		slot(text)
		return
	}
	list := u.doc.statements
	for i := u.index - 1; i >= 0; i-- {
		for _, id := range list[i].ids() {
			if e.root(id) != root {
				break
			}
			if f := e.author.home[id]; f != nil && !e.gone(f.statement) {
				ed := e.at(f.statement, u.ids...)
				ed.after = append(ed.after, text)
				return
			}
		}
	}
	if f := e.author.home[root]; f != nil {
		ed := e.at(f.statement, u.ids...)
		ed.after = append(ed.after, text)
		return
	}
	e.slots[root] = e.slot(u, root)
	e.slots[root](text)
}

func (e *editor) gone(s *statement) bool { return e.edits[s] != nil && e.edits[s].remove }

// slot finds the place of a new object.
func (e *editor) slot(u *unit, root schema.ID) func(text string) {
	like := e.like(u, root)
	if e.Place != nil && e.split(like) {
		d := e.source(e.fileFor(root, like))
		return func(text string) { e.ends[d] = append(e.ends[d], text) }
	}
	if len(like) > 0 {
		s := e.last(lowest(like))
		return func(text string) {
			ed := e.at(s, root)
			ed.after = append(ed.after, text)
		}
	}
	d := e.author.docs[len(e.author.docs)-1]
	if o := e.live.Object(root); o != nil {
		for _, r := range o.Refs() {
			if f := e.author.home[r.To]; f != nil {
				d = f.doc
			}
		}
	}
	return func(text string) { e.ends[d] = append(e.ends[d], text) }
}

// fileFor names the file of a new object: beside those of its like, and as they
// are named.
func (e *editor) fileFor(root schema.ID, like []*statement) string {
	name := e.Place(root)
	if len(like) == 0 {
		like = e.goneLike(root)
	}
	if len(like) == 0 {
		return name
	}
	dir, base := filepath.Split(like[0].doc.Name)
	own := filepath.Base(name)
	if bare, ok := strings.CutPrefix(own, root.Schema+"."); ok && root.Schema != "" {
		for _, id := range like[0].ids() {
			if stem := strings.TrimSuffix(base, filepath.Ext(base)); stem == id.Name && e.root(id) == id && !e.taken(filepath.Join(dir, bare)) {
				own = bare
			}
		}
	}
	return filepath.Join(dir, own)
}

// taken tells whether a file is there, or about to be.
func (e *editor) taken(name string) bool {
	return slices.ContainsFunc(append(slices.Clone(e.author.docs), e.fresh...), func(d *doc) bool { return strings.EqualFold(d.Name, name) })
}

// like are the author's statements that define objects of the same kind, the
// nearest by the order of the new text first: those before it, and those of the
// same schema, come before others.
func (e *editor) like(u *unit, root schema.ID) []*statement {
	var same, other []*statement
	look := func(s *statement) {
		for _, id := range s.ids() {
			f := e.author.home[id]
			switch {
			case id.Kind != root.Kind || e.root(id) != id || f == nil || e.gone(f.statement):
			case id.Schema == root.Schema:
				same = append(same, f.statement)
			default:
				other = append(other, f.statement)
			}
		}
	}
	list := u.doc.statements
	for i := u.index - 1; i >= 0; i-- {
		look(list[i])
	}
	for i := u.index + 1; i < len(list); i++ {
		look(list[i])
	}
	return append(same, other...)
}

// goneLike are statements that define objects of the same kind, and go.
func (e *editor) goneLike(root schema.ID) (out []*statement) {
	for _, d := range e.author.docs {
		for _, s := range d.statements {
			if slices.ContainsFunc(s.ids(), func(id schema.ID) bool { return id.Kind == root.Kind && e.root(id) == id }) {
				out = append(out, s)
			}
		}
	}
	return out
}

// split tells whether the author has one file for each object, by those that
// are like the new one, or else by all.
func (e *editor) split(like []*statement) bool {
	docs := e.author.docs
	if len(like) > 0 {
		docs = nil
		for _, s := range like {
			docs = append(docs, s.doc)
		}
	}
	if len(e.author.docs) < 2 {
		return false
	}
	for _, d := range docs {
		roots := map[schema.ID]bool{}
		for _, s := range d.statements {
			for _, id := range s.ids() {
				root := e.root(id)
				root.Args = "" // overloads share a file
				roots[root] = true
			}
		}
		if len(roots) > 1 {
			return false
		}
	}
	return true
}

// source is a new source, or the one of that name.
func (e *editor) source(name string) *doc {
	for _, d := range append(slices.Clone(e.author.docs), e.fresh...) {
		if d.Name == name {
			return d
		}
	}
	d := newDoc(parser.Source{Name: name}, len(e.author.docs)+len(e.fresh), nil)
	e.fresh = append(e.fresh, d)
	return d
}

// last is the last of the statements behind s that are about the same object.
func (e *editor) last(s *statement) *statement {
	root := e.root(s.ids()[0])
	for _, next := range s.doc.statements[s.index+1:] {
		ids := next.ids()
		if len(ids) == 0 || e.root(ids[0]) != root || e.gone(next) {
			break
		}
		s = next
	}
	return s
}

// lowest is the last statement in the source of the first one.
func lowest(list []*statement) *statement {
	s := list[0]
	for _, x := range list {
		if x.doc == s.doc && x.index > s.index {
			s = x
		}
	}
	return s
}
