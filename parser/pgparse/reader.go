package pgparse

import (
	"errors"
	"fmt"
	"slices"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
)

// reader amends a catalog statement by statement, in the order of the text.
type reader struct {
	Options
	catalog *schema.Catalog
	errs    []error
	missed  []error // what was not there in the end

	// The source that is read, and the statement in it.
	source parser.Source
	lines  []int // offsets at which the source's lines begin
	split  *splitter
	// offset of the statement's first token in the source; end is behind its
	// last one (without the semicolon).
	offset, end int
	newer       newer
	lexed       []token // what tokens returns

	// path is the search_path in force, as SET and set_config left it, without
	// pg_catalog.
	path []string
	// tablespace and accessMethod are default_tablespace and
	// default_table_access_method, if the text sets them.
	tablespace, accessMethod string
	// escapes: standard_conforming_strings is off.
	escapes bool
	// again tells that this is the last try: the whole text is read.
	again    bool
	deferred []waiting

	directives    []*directive // of the source
	allDirectives []*directive
	starts        []start              // of the statement
	relations     map[string]schema.ID // by schema.name: tables, views, sequences, indexes, composite types
	types         map[string]schema.ID // by schema.name: types of the catalog
	tables        map[schema.ID]*parts
	routines      map[string][]schema.ID    // by schema.name
	defaults      []schema.ID               // default privileges, in order
	columnAccess  map[schema.ID][]schema.ID // privileges on columns, by relation
	implicit      map[schema.ID]schema.ID   // the columns whose identity sequences these are
	constraints   map[string]int            // how many constraints of a schema have a name
}

// waiting is a statement whose object is not known yet, with what has to be in
// force when it is read again.
type waiting struct {
	parsed
	scene
}

// scene is the part of a reader that depends on the place in the text.
type scene struct {
	source                   parser.Source
	lines                    []int
	split                    *splitter
	directives               []*directive
	path                     []string
	tablespace, accessMethod string
	escapes                  bool
}

func (r *reader) scene() scene {
	return scene{r.source, r.lines, r.split, r.directives, slices.Clone(r.path), r.tablespace, r.accessMethod, r.escapes}
}

func (r *reader) enter(s scene) {
	r.source, r.lines, r.split, r.directives = s.source, s.lines, s.split, s.directives
	r.path, r.tablespace, r.accessMethod, r.escapes = slices.Clone(s.path), s.tablespace, s.accessMethod, s.escapes
}

func newReader(o Options) *reader {
	r := &reader{Options: o, catalog: schema.NewCatalog(), relations: map[string]schema.ID{}, types: map[string]schema.ID{}, tables: map[schema.ID]*parts{}, routines: map[string][]schema.ID{}, columnAccess: map[schema.ID][]schema.ID{}, constraints: map[string]int{}, implicit: map[schema.ID]schema.ID{}}
	r.path = r.searchPath()
	return r
}

// open begins to read a source. Each has the target's own search_path at first.
func (r *reader) open(s parser.Source) {
	r.enter(scene{source: s, lines: lineStarts(s.Text), split: split(s), path: r.searchPath()})
	r.errs = append(r.errs, r.split.errs...)
	r.directives = r.readDirectives()
	r.allDirectives = append(r.allDirectives, r.directives...)
}

func lineStarts(text string) []int {
	lines := []int{0}
	for i := range len(text) {
		if text[i] == '\n' {
			lines = append(lines, i+1)
		}
	}
	return lines
}

// pos is the place of an offset in the source.
func (r *reader) pos(offset int) schema.Pos {
	line, found := slices.BinarySearch(r.lines, offset)
	if found {
		line++
	}
	return schema.Pos{File: r.source.Name, Line: line, Col: offset - r.lines[line-1] + 1}
}

// statement reads one statement into the catalog, or keeps it for later.
func (r *reader) statement(p parsed) {
	r.offset, r.end, r.newer, r.starts, r.lexed = p.start, p.end, p.newer, r.starts[:0], r.lexed[:0]
	switch err := r.escaped(); {
	case p.err != nil:
		r.fail(p.err)
	case err != nil:
		r.fail(err)
	default:
		r.element(p.node)
	}
	r.attachDirectives()
}

// element reads a statement, or one that stands inside another (CREATE SCHEMA).
func (r *reader) element(n *pg_query.Node) {
	err := r.dispatch(n)
	_, missing := errors.AsType[*missingError](err)
	switch {
	case missing && !r.again:
		p := parsed{statement: statement{r.offset, r.end}, node: n, newer: r.newer}
		r.deferred = append(r.deferred, waiting{p, r.scene()})
	case missing:
		r.missed = append(r.missed, err)
	default:
		r.fail(err)
	}
}

// fail notes an error.
func (r *reader) fail(err error) {
	if e, ok := errors.AsType[*syntaxError](err); ok {
		err = r.errorf(int32(e.at), syntaxHint(r.source.Text[r.offset:r.end], e), "%s", e.message)
	}
	if err != nil {
		r.errs = append(r.errs, err)
	}
}

// skipped notes that IF NOT EXISTS found something.
func (r *reader) skipped(id schema.ID) {
	r.note(fmt.Sprintf("%s exists already (IF NOT EXISTS), this definition is skipped", id))
}

// note is a remark for the user about the statement.
func (r *reader) note(text string) {
	r.catalog.Notes = append(r.catalog.Notes, r.pos(r.offset).String()+": "+text)
}

// retry reads the statements that waited for something, until none of those
// that are left finds what it waits for.
func (r *reader) retry() {
	for len(r.deferred) > 0 {
		before := len(r.deferred)
		r.replay()
		if len(r.deferred) == before {
			r.again = true
			r.replay()
			return
		}
	}
}

func (r *reader) replay() {
	list := r.deferred
	r.deferred = nil
	for _, w := range list {
		r.enter(w.scene)
		r.statement(w.parsed)
	}
}

// errorf is an error at a place in the source. location is an AST node's: it
// counts from the start of the statement; -1 is that start.
func (r *reader) errorf(location int32, hint, format string, args ...any) error {
	e := r.source.Errorf(0, hint, format, args...)
	e.Pos = r.pos(min(r.offset+max(0, int(location)), len(r.source.Text)))
	return e
}

// missingError: something that the statement needs is not defined, or not yet.
// A handler must return it before it changes the catalog: the statement is read
// again when the rest of the text is known.
type missingError struct{ error }

func (e *missingError) Unwrap() error { return e.error }

// missing is the error for a name that is not there (yet).
func (r *reader) missing(location int32, format string, args ...any) error {
	return &missingError{r.errorf(location, "", format, args...)}
}

// unmanaged is the error for a statement that has no place in a desired state.
func (r *reader) unmanaged(what, hint string) error {
	return r.errorf(-1, hint, "%s is not part of a desired state", what)
}

// add puts a newly defined object into the catalog. location is where its
// definition begins: that is where its errors point to, and what directives in
// comments beside it or above it concern.
func (r *reader) add(o schema.Object, location int32) error {
	if err := r.unclaimed(o); err != nil {
		return r.errorf(location, "rename one of the two", "%v", err)
	}
	if err := r.catalog.Add(o); err != nil {
		return r.errorf(location, "define it once, or remove one of the two", "%v", err)
	}
	r.index(o)
	r.begin(o.ID(), location)
	r.applyDefaults(o)
	return nil
}

// unclaimed checks that nothing else has the name of a new object.
func (r *reader) unclaimed(o schema.Object) error {
	id := o.ID()
	for _, kind := range claims(o) {
		var other schema.ID
		switch kind {
		case "relation":
			other = r.relations[key(id.Schema, id.Name)]
		case "type":
			other = r.types[key(id.Schema, id.Name)]
		}
		if !other.IsZero() && other != id {
			return fmt.Errorf("the name of %s is taken by %s%s", id, other, at(r.catalog.Origin[other]))
		}
	}
	return nil
}

// at says where something is, if that is known.
func at(p schema.Pos) string {
	if p.IsZero() {
		return ""
	}
	return " (" + p.String() + ")"
}

// put is add for what may replace an earlier definition (OR REPLACE).
func (r *reader) put(o schema.Object, location int32) {
	r.catalog.Put(o)
	r.index(o)
	r.begin(o.ID(), location)
}

// begin notes where the definition of an object begins.
func (r *reader) begin(id schema.ID, location int32) {
	at := r.offset + max(0, int(location))
	r.catalog.Origin[id] = r.pos(at)
	if len(r.directives) > 0 && !undirected[id.Kind] {
		r.starts = append(r.starts, start{id: id, at: at})
	}
}

// remove takes an object out, with all that is known of it.
func (r *reader) remove(id schema.ID) {
	r.catalog.Remove(id)
	delete(r.catalog.Origin, id)
	delete(r.catalog.Renames, id)
	delete(r.catalog.Directives, id)
	r.unindex(id)
}

// text is a part of the statement.
func (r *reader) text(from, to int) string { return r.source.Text[r.offset+from : r.offset+to] }

// tokens are the statement's, without comments; their places count from its start.
func (r *reader) tokens() []token {
	if len(r.lexed) == 0 {
		s := scanner{text: r.source.Text[r.offset:r.end]}
		for t := s.next(); t.kind != tokenEnd; t = s.next() {
			if t.kind != tokenComment {
				r.lexed = append(r.lexed, t)
			}
		}
	}
	return r.lexed
}

// str is the text of a String node, or "".
func str(n *pg_query.Node) string { return n.GetString_().GetSval() }

// strs are the texts of String nodes.
func strs(list []*pg_query.Node) []string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = str(n)
	}
	return out
}

// nameParts splits a list of String nodes into schema and name; a database's
// name in front is dropped.
func nameParts(list []*pg_query.Node) (namespace, name string) {
	s := strs(list)
	if len(s) == 0 {
		return "", ""
	}
	if len(s) > 1 {
		namespace = s[len(s)-2]
	}
	return namespace, s[len(s)-1]
}
