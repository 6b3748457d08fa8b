package schema

import (
	"fmt"
	"slices"
)

// Bind says how firmly an object holds on to another one that it refers to.
// Each level includes the ones before it.
type Bind uint8

const (
	// Late: resolved only when the object is used, as names in the body of a
	// function are. It prefers an order and forces nothing.
	Late Bind = iota
	// Once: the target must be there when I am created or change, and may go
	// afterwards: MySQL's views, which complain when they are used.
	Once
	// Exist: the target must exist for as long as I do. If it has to be
	// dropped and created again, I go before it and come back after it.
	Exist
	// Steady: besides, I do not survive a change of the target's nature (a
	// column that turns from text into an integer), but survive a small one (a
	// longer varchar).
	Steady
	// Fixed: besides, I do not survive any change of the target's shape: a
	// view and the columns that it selects.
	Fixed
)

var bindNames = [...]string{Late: "late", Once: "once", Exist: "exist", Steady: "steady", Fixed: "fixed"}

func (b Bind) String() string { return bindNames[b] }

// MarshalText writes the name, so that a snapshot does not depend on the order
// of the levels.
func (b Bind) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

func (b *Bind) UnmarshalText(text []byte) error {
	i := slices.Index(bindNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("unknown firmness of a reference: %q", text)
	}
	*b = Bind(i)
	return nil
}

// Ref is a reference from one object to another. A target that neither side's
// catalog holds (a built-in or an extension's object) is no concern of the planner.
type Ref struct {
	To   ID   `json:"to"`
	Bind Bind `json:"bind"`
}

// Object is one object of a database. Implementations are pointers to plain
// exported structs, so that [Equal] and [Clone] can walk them.
//
// The catalog is flat: a column, default, constraint, index, trigger, comment
// or grant is an object of its own, and holds its owner's ID.
type Object interface {
	ID() ID
	// Owner is the object that this one is a part of and vanishes with; zero
	// for one that stands alone.
	Owner() ID
	// Refs are all objects that this one needs, its owner among them. Every
	// edge of the plan's order comes from here.
	Refs() []Ref
}

// Claimer is an object that occupies names in a namespace that is shared by
// several kinds or parents: PostgreSQL's relations, indexes, and types of one
// schema. A name has to be free before it is claimed.
type Claimer interface {
	Claims() []string
}

// Claims lists the shared names that o occupies.
func Claims(o Object) []string {
	if c, ok := o.(Claimer); ok {
		return c.Claims()
	}
	return nil
}

// Namesake is an object that others of its kind may share its name with, told
// apart by something else, as a function by its arguments. A use may mean either,
// so that one which goes is best gone before another one comes.
type Namesake interface{ Namesake() string }

// Portioned is an object whose data is a portion of another one's, as a
// partition's is: when that one is made anew and its data moves over, so does
// this.
type Portioned interface{ PortionOf() ID }

// Needer is an object that can be made without others, and is of no use until
// they are there: SQLite's foreign keys.
type Needer interface{ Needs() []ID }

// Needs lists what o is of no use without.
func Needs(o Object) []ID {
	var out []ID
	for _, r := range o.Refs() {
		if r.Bind > Late {
			out = append(out, r.To)
		}
	}
	if n, ok := o.(Needer); ok {
		out = append(out, n.Needs()...)
	}
	return out
}

// Provider is an object that brings things which others may use and which no
// catalog lists, as an extension does: it comes before all that it does not
// need itself, and goes after all.
type Provider interface{ Provides() }

// Expr is a piece of SQL inside an object: a default, a check, a view's query,
// the body of a function. Two are equal if and only if their canonical forms
// are; what is emitted is the text.
type Expr struct {
	// Text is what its author wrote, or what the server printed; it means the
	// same on the target with the target's own settings (search_path).
	Text string `json:"text"`
	// Canon is the canonical form; empty until the catalog was normalized.
	Canon string `json:"canon,omitempty"`
	// Refs are the objects that the text names.
	Refs []Ref `json:"refs,omitempty"`
}

// IsZero tells whether there is no expression.
func (e Expr) IsZero() bool { return e.Text == "" && e.Canon == "" }

// Equal tells whether two expressions are the same to the planner.
func (e Expr) Equal(o Expr) bool { return e.key() == o.key() }

// key is what equality goes by.
func (e Expr) key() string {
	if e.Canon != "" {
		return e.Canon
	}
	return e.Text
}
