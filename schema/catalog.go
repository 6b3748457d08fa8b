package schema

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

// Pos is a place in a source: a file's name (or "<stdin>"), a line, and a
// column, both counted from 1; the column counts bytes.
type Pos struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
}

// IsZero tells whether the place is unknown.
func (p Pos) IsZero() bool { return p == Pos{} }

func (p Pos) String() string {
	if p.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Directive is what an author said about an object in a comment.
type Directive struct {
	Name string // "ignore", "allow", "concurrently", "using"
	Arg  string
	Pos  Pos
}

// Catalog is the whole schema of a database: a flat set of objects in a stable
// order (that of the text, or of the inspection).
type Catalog struct {
	index index
	list  []Object // nil where an object was removed
	holes int

	// Renames maps an object's new ID to the one that it has in the database,
	// by its author's word (-- @renamed from=x).
	Renames map[ID]ID
	// Origin tells where an object was defined.
	Origin map[ID]Pos
	// Directives holds the other directives.
	Directives map[ID][]Directive
	// Unmanaged lists objects that are there, but of a kind that is not managed.
	Unmanaged []ID
	// Broken are objects that the server takes, but that cannot be used as they
	// are, with the reason.
	Broken map[ID]string
	// Notes are remarks for the user that came up while reading.
	Notes []string
}

// NewCatalog makes an empty catalog.
func NewCatalog() *Catalog { return NewCatalogOf(0) }

// NewCatalogOf makes an empty catalog with room for about that many objects.
func NewCatalogOf(size int) *Catalog {
	return &Catalog{index: newIndex(size), list: make([]Object, 0, size), Renames: map[ID]ID{}, Origin: map[ID]Pos{}, Directives: map[ID][]Directive{}, Broken: map[ID]string{}}
}

// DuplicateError reports a second definition of an object.
type DuplicateError struct {
	ID    ID
	First Pos
}

func (e *DuplicateError) Error() string {
	if e.First.IsZero() {
		return fmt.Sprintf("%s is defined twice", e.ID)
	}
	return fmt.Sprintf("%s is defined twice (first at %s)", e.ID, e.First)
}

// Add puts in a new object, or fails with a [*DuplicateError].
func (c *Catalog) Add(o Object) error {
	id := o.ID()
	if c.Has(id) {
		return &DuplicateError{ID: id, First: c.Origin[id]}
	}
	c.Put(o)
	return nil
}

// Put puts in an object, in the place of the one with the same ID if there is one.
func (c *Catalog) Put(o Object) {
	id := o.ID()
	if i, ok := c.index.find(id, c.list); ok {
		c.list[i] = o
		return
	}
	c.index.put(id, len(c.list))
	c.list = append(c.list, o)
}

// Remove takes an object out; its parts stay.
func (c *Catalog) Remove(id ID) {
	i, ok := c.index.find(id, c.list)
	if !ok {
		return
	}
	c.index.remove(id, c.list)
	c.list[i] = nil
	if c.holes++; c.holes > len(c.list)/2 {
		c.compact()
	}
}

func (c *Catalog) compact() {
	list := make([]Object, 0, c.Len())
	c.index = newIndex(c.Len())
	for _, o := range c.list {
		if o != nil {
			c.index.put(o.ID(), len(list))
			list = append(list, o)
		}
	}
	c.list, c.holes = list, 0
}

// Object returns the object with this ID, or nil.
func (c *Catalog) Object(id ID) Object {
	if i, ok := c.index.find(id, c.list); ok {
		return c.list[i]
	}
	return nil
}

// Has tells whether there is an object with this ID.
func (c *Catalog) Has(id ID) bool { _, ok := c.index.find(id, c.list); return ok }

// Len is the number of objects.
func (c *Catalog) Len() int { return len(c.list) - c.holes }

// All yields the objects in order. The catalog may be changed meanwhile: what
// is put in is not visited, what is removed is not visited any more.
func (c *Catalog) All() iter.Seq[Object] {
	return func(yield func(Object) bool) {
		list := c.list
		// What is removed is nil in the list, unless that was copied meanwhile.
		copied := func() bool { return cap(c.list) == 0 || &c.list[:1][0] != &list[0] }
		for i := range list {
			o := list[i]
			if o == nil || copied() && !c.Has(o.ID()) {
				continue
			}
			if !yield(o) {
				return
			}
		}
	}
}

// portions yields n parts of the list, which has holes.
func (c *Catalog) portions(n int) iter.Seq[[]Object] {
	return slices.Chunk(c.list, max(1, (len(c.list)+n-1)/n))
}

// Clone copies the catalog; the objects themselves are shared.
func (c *Catalog) Clone() *Catalog {
	n := *c
	n.index, n.list = c.index.clone(), slices.Clone(c.list)
	n.Renames, n.Origin, n.Directives, n.Broken = maps.Clone(c.Renames), maps.Clone(c.Origin), maps.Clone(c.Directives), maps.Clone(c.Broken)
	return &n
}

// Lookup returns the object with this ID if it is a T.
func Lookup[T Object](c *Catalog, id ID) (T, bool) {
	o, ok := c.Object(id).(T)
	return o, ok
}

// Each yields the objects of type T in order.
func Each[T Object](c *Catalog) iter.Seq[T] {
	return func(yield func(T) bool) {
		for o := range c.All() {
			if t, ok := o.(T); ok && !yield(t) {
				return
			}
		}
	}
}

// Parts maps every owner to its parts, in order.
func (c *Catalog) Parts() map[ID][]Object {
	m := map[ID][]Object{}
	for o := range c.All() {
		if w := o.Owner(); !w.IsZero() {
			m[w] = append(m[w], o)
		}
	}
	return m
}
