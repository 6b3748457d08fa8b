package myparse

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// tooMany mistakes end a run.
const tooMany = 20

// builder carries out the statements of all sources, one after the other, on a
// model in memory.
type builder struct {
	opts Options
	// items are tables and other objects, in the order of the text; nil where
	// something was dropped.
	items  []item
	tables map[string]*table // by folded name
	others map[schema.ID]int // views, programs, ...: index into items, by folded ID
	// database is what the sources say of the database itself.
	database *my.Database
	// home is the name of the database that the sources speak of: Options.Database
	// and the first one that a source uses.
	home     string
	named    bool   // a source has named its database
	engine   string // of SET default_storage_engine
	timeZone string
	// collation of SET NAMES .. COLLATE, or SET collation_connection.
	collation string
	// modes are the sql_modes of the views that were read under another one than
	// the target's.
	modes map[*my.View]mode
	// loader is the statement prepared to load rows; see [reader.dumpLoader].
	loader string
	// variables are user variables that hold a text.
	variables map[string]string

	defined    []definition
	directives []directive
	places     map[any]schema.Pos
	notes      []string
	later      []func() // what has to wait for everything to be read
	errs       []error
}

// item is a table, or an object that stands alone.
type item struct {
	table  *table
	object schema.Object
}

// table is a table under construction, with its parts in order.
type table struct {
	*my.Table
	columns []*my.Column
	indexes []*my.Index
	keys    []*my.ForeignKey
	checks  []*my.Check
	parts   *my.Partitioning
	// numbered is the highest number in a name of its foreign keys that InnoDB
	// has made, or could have, before the statement that is being read.
	numbered int
}

// definition is the place where a source defines an object; directives are
// attached by it. A statement's own end is one too, with its first object.
type definition struct {
	source int
	off    int
	end    int // of the statement, for the object that it is about
	object any // *my.Table, *my.Column, ...
}

type directive struct {
	*parser.Directive
	source int
	src    parser.Source
}

func newBuilder(o Options) *builder {
	return &builder{opts: o, home: o.Database, tables: map[string]*table{}, others: map[schema.ID]int{}, places: map[any]schema.Pos{}, modes: map[*my.View]mode{}, variables: map[string]string{}}
}

// reader is a builder at one statement of a source.
type reader struct {
	cursor
	*builder
	source int
	// incomplete: names of columns are not resolved yet, and what has no name is
	// not named, since the rest of the statement can still add columns and keys.
	incomplete bool
	implied    []implied
}

// notUTF8 is the offset of the first byte that belongs to no character; -1 if
// there is none.
func notUTF8(s string) int {
	if utf8.ValidString(s) {
		return -1
	}
	for i, c := range s {
		if c == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return -1
}

// read carries out a source.
func (b *builder) read(src parser.Source) {
	if i := notUTF8(src.Text); i >= 0 && !b.opts.Relaxed {
		b.errs = append(b.errs, src.Errorf(i, "save the file as UTF-8; bytes of a text can be written as x'ff'", "this is no UTF-8"))
		return
	}
	l := newLexer(src, b.opts)
	source := 0
	if n := len(b.directives); n > 0 {
		source = b.directives[n-1].source + 1
	}
	if n := len(b.defined); n > 0 {
		source = max(source, b.defined[n-1].source+1)
	}
	for len(b.errs) < tooMany {
		toks := l.statement()
		if l.err != nil {
			b.errs = append(b.errs, l.err)
			break
		}
		if len(toks) == 0 {
			break
		}
		r := &reader{cursor: cursor{lexer: l, toks: toks}, builder: b, source: source}
		if err := protect(r.statement); err != nil {
			b.errs = append(b.errs, err)
		}
	}
	for _, d := range l.directives {
		b.directives = append(b.directives, directive{d, source, src})
	}
}

// define notes where an object is defined.
func (r *reader) define(at token, o any) {
	if !r.opts.Relaxed {
		r.places[o] = r.position(at.off)
	}
	r.defined = append(r.defined, definition{source: r.source, off: at.off, object: o})
}

// about notes which object the whole statement is about.
func (r *reader) about(o any) {
	last := r.toks[len(r.toks)-1]
	r.defined = append(r.defined, definition{source: r.source, off: r.toks[0].off, end: last.end, object: o})
}

func (b *builder) note(pos schema.Pos, text string) {
	if !b.opts.Relaxed {
		b.notes = append(b.notes, pos.String()+": "+text)
	}
}

// qualified reads a name with or without a database before it.
func (r *reader) qualified(kind schema.Kind) schema.ID {
	at := r.peek()
	r.accept(".") // .name is a name of the default database
	name := r.name("a name")
	id := schema.ID{Kind: kind, Name: name}
	if r.accept(".") {
		id.Schema, id.Name = name, r.name("a name")
		if r.ours(id.Schema) {
			id.Schema = ""
		}
	}
	if id.Name == "" {
		r.fail(at.off, "", "a name cannot be empty")
	}
	if kind == my.KindTable && r.opts.LowerCaseTableNames == 1 {
		id.Name, id.Schema = strings.ToLower(id.Name), strings.ToLower(id.Schema)
	}
	return id
}

// own reads the name of an object that is to be managed.
func (r *reader) own(kind schema.Kind) (schema.ID, token) {
	at := r.peek()
	id := r.qualified(kind)
	if id.Schema != "" {
		r.fail(at.off, "one run manages one database; leave the name of the database out, or use a file of its own for each",
			"%s %s is in another database than %s", kind, id.Name, r.homeName())
	}
	return id, at
}

func (b *builder) homeName() string {
	if b.home == "" {
		return "the managed one"
	}
	return b.home
}

// ours tells whether a database's name means the managed one.
func (b *builder) ours(name string) bool {
	same := func(s string) bool { return s != "" && b.opts.fold(s) == b.opts.fold(name) }
	return same(b.home) || same(b.opts.Database)
}

// key is the key of an object that stands alone: names of views are compared as
// those of tables, all others without case.
func (b *builder) key(id schema.ID) schema.ID {
	switch id.Kind {
	case my.KindView, my.KindTable, my.KindSequence:
		id.Name, id.Schema = b.opts.fold(id.Name), b.opts.fold(id.Schema)
	case my.KindTrigger: // files on disk, but unique without case in MySQL 8
		id.Name = strings.ToLower(id.Name)
	default:
		id.Name = strings.ToLower(id.Name)
	}
	return id
}

// relation finds what has the name of a table, view or sequence.
func (b *builder) relation(id schema.ID) any {
	if t := b.table(id); t != nil {
		return t
	}
	for _, k := range [...]schema.Kind{my.KindView, my.KindSequence} {
		id.Kind = k
		if i, ok := b.others[b.key(id)]; ok {
			return b.items[i].object
		}
	}
	return nil
}

// table finds a table of the managed database.
func (b *builder) table(id schema.ID) *table {
	if id.Schema != "" {
		return nil
	}
	return b.tables[b.opts.fold(id.Name)]
}

func (b *builder) addTable(t *table) {
	b.tables[b.opts.fold(t.Self.Name)] = t
	b.items = append(b.items, item{table: t})
}

func (b *builder) dropTable(t *table) {
	delete(b.tables, b.opts.fold(t.Self.Name))
	for i := range b.items {
		if b.items[i].table == t {
			b.items[i] = item{}
		}
		if g, ok := b.items[i].object.(*my.Trigger); ok && b.table(g.Table) == nil && b.opts.fold(g.Table.Name) == b.opts.fold(t.Self.Name) {
			b.dropObject(g.Self)
		}
	}
}

func (b *builder) object(id schema.ID) schema.Object {
	if i, ok := b.others[b.key(id)]; ok {
		return b.items[i].object
	}
	return nil
}

func (b *builder) addObject(o schema.Object) {
	b.others[b.key(o.ID())] = len(b.items)
	b.items = append(b.items, item{object: o})
}

func (b *builder) dropObject(id schema.ID) {
	if i, ok := b.others[b.key(id)]; ok {
		b.items[i] = item{}
		delete(b.others, b.key(id))
	}
}

// finish completes the model and hands it out.
func (b *builder) finish() (*schema.Catalog, error) {
	c := schema.NewCatalog()
	if len(b.errs) == 0 {
		b.complete()
	}
	if len(b.errs) == 0 {
		b.fill(c)
		b.completeViews(c)
		b.attach(c)
	}
	return c, errors.Join(b.errs...)
}

// fill puts everything into a catalog.
func (b *builder) fill(c *schema.Catalog) {
	add := func(o schema.Object) {
		if err := c.Add(o); err != nil {
			b.errs = append(b.errs, &parser.Error{Pos: b.places[o], Message: err.Error()})
			return
		}
		if p, ok := b.places[o]; ok {
			c.Origin[o.ID()] = p
		}
	}
	if b.database != nil {
		add(b.database)
	}
	for _, it := range b.items {
		if it.object != nil {
			add(it.object)
		}
		if it.table == nil {
			continue
		}
		add(it.table.Table)
		for i, o := range it.table.columns {
			o.Ordinal = my.Nth(i + 1)
			add(o)
		}
		for i, o := range it.table.indexes {
			o.Ordinal = my.Nth(i + 1)
			add(o)
		}
		for _, o := range it.table.keys {
			add(o)
		}
		for _, o := range it.table.checks {
			add(o)
		}
		if it.table.parts != nil {
			add(it.table.parts)
		}
	}
	c.Notes = slices.Clone(b.notes)
}

// column finds a column; names of columns are compared without case.
func (t *table) column(name string) *my.Column {
	for _, c := range t.columns {
		if strings.EqualFold(c.Self.Name, name) {
			return c
		}
	}
	return nil
}

func (t *table) index(name string) *my.Index {
	for _, x := range t.indexes {
		if strings.EqualFold(x.Self.Name, name) {
			return x
		}
	}
	return nil
}

func (t *table) key(name string) *my.ForeignKey {
	for _, k := range t.keys {
		if strings.EqualFold(k.Self.Name, name) {
			return k
		}
	}
	return nil
}

func (t *table) check(name string) *my.Check {
	for _, k := range t.checks {
		if strings.EqualFold(k.Self.Name, name) {
			return k
		}
	}
	return nil
}

// without removes one element of a slice.
func without[T comparable](s []T, v T) []T {
	return slices.DeleteFunc(s, func(x T) bool { return x == v })
}
