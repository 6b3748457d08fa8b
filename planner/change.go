// Package planner turns two catalogs into an ordered list of steps: it matches
// objects, finds what differs, spreads a replacement to everything that cannot
// survive it, orders by references, and replays the result on paper.
//
// It knows identity, references and equality, and nothing else: no dialect, no
// kind of object, no SQL, no driver. What a change of two objects means is the
// dialect's answer, through [Comparer].
package planner

import (
	"fmt"
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// Verb says what happens to an object.
type Verb uint8

const (
	Create Verb = iota + 1
	Alter
	// Replace drops the object and creates it again, in two acts.
	Replace
	Drop
	Rename
)

var verbs = [...]string{Create: "create", Alter: "alter", Replace: "replace", Drop: "drop", Rename: "rename"}

func (v Verb) String() string { return verbs[v] }

// MarshalText gives the verb's word.
func (v Verb) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Change is what has to happen to one object.
type Change struct {
	Verb Verb
	// Old is the object as it is, with the names that it has after all
	// renames (but for a Rename itself); nil for a Create. New is the object as
	// it will be; nil for a Drop.
	Old, New schema.Object
	// Fields are the properties that differ, by the names of the struct's fields.
	Fields []string
	// Disturbs says which referrers do not survive an Alter: those that hold on
	// at least this firmly. [schema.Late] means that all do.
	Disturbs schema.Bind
	// Moves: a Replace of an object that holds data, which is carried over from
	// the old object to the new one.
	Moves bool
	// Because is the change that forces this one on an object that would
	// otherwise have stayed as it is, or been altered. An Alter because of
	// another one goes along with it, and may have no Fields of its own.
	Because *Change
}

// Object is the new state, or the old one of what goes.
func (c *Change) Object() schema.Object {
	if c.New != nil {
		return c.New
	}
	return c.Old
}

// ID identifies the object by its new name.
func (c *Change) ID() schema.ID { return c.Object().ID() }

// disturbs is the firmness from which on referrers have to go.
func (c *Change) disturbs() (schema.Bind, bool) {
	switch c.Verb {
	case Drop, Replace:
		return schema.Exist, true
	case Alter:
		return c.Disturbs, c.Disturbs > schema.Late
	}
	return 0, false
}

// Half tells the acts of a change apart.
type Half uint8

const (
	RenameHalf Half = iota
	DropHalf
	AlterHalf
	CreateHalf
)

// Act is one elementary thing to do: a whole change, or one half of a Replace.
type Act struct {
	Change *Change
	Half   Half
}

// Object is the state that the act is about: the old one for a drop.
func (a Act) Object() schema.Object {
	if a.Half == DropHalf {
		return a.Change.Old
	}
	return a.Change.New
}

// Step is what one statement (or a few) will do: one act, or several that fold
// into one, such as a table with its columns, or all changes of one table.
type Step struct {
	// Whole is the object that the acts are folded into: the table that is
	// created, altered or dropped. For a lone act it is that act's object.
	Whole schema.ID
	// Acts are in an order in which they could also be run one by one.
	Acts []Act
}

// Weight says what is lost if an object is dropped.
type Weight uint8

const (
	// Attribute: a property in its own right (a default, a comment, a grant);
	// its removal needs no permission.
	Attribute Weight = iota
	// Definition: nothing but its text is lost (a view, an index, a function).
	Definition
	// Data: it holds data (a table, a column, a sequence), and is therefore
	// never dropped in order to be created again.
	Data
)

// Verdict is what a dialect says of an object that differs.
type Verdict struct {
	// Replace: it cannot be altered into the new state.
	Replace bool
	// Moves: it holds data, and the renderer can replace it with all that it
	// holds. As much as it is carried over, that needs the permission to drop it.
	Moves bool
	// Disturbs: see [Change].
	Disturbs schema.Bind
	// Loses says what of the old object's data does not make it into the new
	// one (an enum's value, a column that becomes generated); that needs the
	// same permission as dropping the object. Empty: nothing is lost.
	Loses string
	// Kept is what the object becomes if that permission is missing; nil means
	// that it stays as it is.
	Kept schema.Object
}

// Comparer is what the planner asks a dialect.
type Comparer interface {
	// Compare says how old becomes new; they have the same ID and differ. It
	// fails with an [*UnsupportedError] if there is no way.
	Compare(old, new schema.Object) (Verdict, error)
	// Renamed returns o as the server has it after from was renamed to to:
	// references and canonical expressions follow. It must not change o.
	Renamed(o schema.Object, from, to schema.ID) schema.Object
	// Weight classifies an object.
	Weight(o schema.Object) Weight
	// Whole is the object into whose statement changes of o may be folded: the
	// table for a column, and for the table itself. Zero if o stands alone.
	Whole(o schema.Object) schema.ID
}

// Follower is a Comparer whose server renames other things along with one: the
// column of a child table with its parent's, the indexes of a table that moves to
// another schema, all that is in a schema. Followers gives the old and the new ID
// of each, in the order in which an object is to be told of them; they need not be
// objects of the catalog. Followers of a follower are listed, too.
type Follower interface {
	Followers(catalog *schema.Catalog, from, to schema.ID) [][2]schema.ID
}

// UnsupportedError: an object cannot be brought to its new state without a
// loss, or at all.
type UnsupportedError struct {
	ID     schema.ID
	Fields []string // what differs
	Reason string   // why it is not possible
	Hint   string   // what the user can do
	Pos    schema.Pos
}

func (e *UnsupportedError) Error() string {
	var b strings.Builder
	if !e.Pos.IsZero() {
		fmt.Fprintf(&b, "%s: ", e.Pos)
	}
	fmt.Fprintf(&b, "%s cannot be changed in place", e.ID)
	if len(e.Fields) > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(e.Fields, ", "))
	}
	if e.Reason != "" {
		fmt.Fprintf(&b, ": %s", e.Reason)
	}
	if e.Hint != "" {
		fmt.Fprintf(&b, "\n  hint: %s", e.Hint)
	}
	return b.String()
}
