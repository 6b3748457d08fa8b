package pgparse

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// A routine whose body is a text works whenever all that it names is there,
// which the server looks up when it runs. So what a body seems to name comes
// before it where that is possible; a wrong guess does no harm.

// routineUses notes what the bodies of routines name, once all is known.
func (r *reader) routineUses() {
	for f := range schema.Each[*pg.Function](r.catalog) {
		if f.Body == "" || f.ObjectFile != "" || f.Language == "internal" {
			continue
		}
		path := r.searchPath()
		for _, o := range f.Settings {
			if o.Name == "search_path" {
				path = splitPath(o.Value)
			}
		}
		f.Uses = r.named(f, path)
	}
}

// named are the objects whose names stand in a body.
func (r *reader) named(f *pg.Function, path []string) []schema.Ref {
	var refs []schema.Ref
	seen := map[schema.ID]bool{f.ID(): true}
	add := func(ids ...schema.ID) {
		for _, id := range ids {
			if !seen[id] && r.catalog.Has(id) {
				seen[id] = true
				refs = append(refs, schema.Ref{To: id, Bind: schema.Late})
			}
		}
	}
	list := lex(f.Body)
	for i := 0; i < len(list); i++ {
		name, ok := identifier(f.Body, list[i])
		if !ok {
			continue
		}
		schemas := path
		if i+2 < len(list) && list[i+1].is(f.Body, ".") {
			if second, ok := identifier(f.Body, list[i+2]); ok {
				if _, ok := r.first([]string{name}, second); ok {
					schemas, name = []string{name}, second
					i += 2
				}
			}
		}
		if k, ok := r.first(schemas, name); ok {
			add(r.relations[k], r.types[k])
			add(r.routines[k]...)
		}
	}
	return refs
}

// lex are the tokens of a text, without comments.
func lex(text string) []token {
	var out []token
	s := scanner{text: text}
	for t := s.next(); t.kind != tokenEnd; t = s.next() {
		if t.kind != tokenComment {
			out = append(out, t)
		}
	}
	return out
}

// first is the key of a name in the first of some schemas that has it.
func (r *reader) first(schemas []string, name string) (string, bool) {
	for _, s := range schemas {
		k := key(s, name)
		_, relation := r.relations[k]
		_, typ := r.types[k]
		if relation || typ || len(r.routines[k]) > 0 {
			return k, true
		}
	}
	return "", false
}

// identifier is the name that a token stands for.
func identifier(text string, t token) (string, bool) {
	s := text[t.start:t.end]
	switch t.kind {
	case tokenWord:
		return strings.ToLower(s), true
	case tokenQuoted:
		if strings.HasPrefix(s, `"`) {
			return strings.ReplaceAll(s[1:len(s)-1], `""`, `"`), true
		}
	}
	return "", false
}

// splitPath reads a search_path as pg_proc.proconfig has it.
func splitPath(value string) []string {
	var out []string
	for _, name := range SettingNames(value) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// settleObjects does what can only be done once the whole text is read.
func (r *reader) settleObjects() {
	clear(r.routines) // signatures may have changed
	for o := range r.catalog.All() {
		if isRoutine(o.ID().Kind) {
			r.noteRoutine(o.ID())
		}
	}
	r.settleComments()
	r.settleFamilies()
	r.settleOwners()
	r.routineUses()
}
