package postgres

import (
	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// comparer answers the planner's questions about two states of an object.
type comparer struct{ parsing pgparse.Options }

func newComparer(o pgparse.Options) comparer { return comparer{o} }

// Compare runs the kind's Alter on paper: what it does not account for makes
// the object be replaced, or, where that would lose data, is refused.
func (c comparer) Compare(old, new schema.Object) (planner.Verdict, error) {
	e := &emitter{version: c.parsing.Version, act: planner.Act{Change: &planner.Change{Verb: planner.Alter, Old: old, New: new}, Half: planner.AlterHalf}}
	state := schema.Clone(old)
	handlerOf(new).alter(state, new, e)
	if e.refusal != nil {
		e.refusal.Fields = schema.Differing(old, new)
		return planner.Verdict{}, e.refusal
	}
	v := planner.Verdict{Disturbs: e.disturbs, Loses: e.loses, Kept: e.kept}
	if !schema.Equal(state, new) {
		v.Moves = e.moving
		if c.Weight(new) == planner.Data && !v.Moves {
			return planner.Verdict{}, &planner.UnsupportedError{ID: new.ID(), Fields: schema.Differing(state, new), Reason: "it holds data, and PostgreSQL has no command for this",
				Hint: "make the change by hand, in the way that suits the data"}
		}
		v.Replace, v.Disturbs = true, schema.Late
	}
	return v, nil
}

// Renamed: see [planner.Comparer].
func (c comparer) Renamed(o schema.Object, from, to schema.ID) schema.Object {
	return pgparse.Renamed(o, from, to)
}

// Followers: see [planner.Follower].
func (c comparer) Followers(catalog *schema.Catalog, from, to schema.ID) [][2]schema.ID {
	return followers(catalog, from, to)
}

// Weight says what a drop loses. A generated column is computed from others. An
// extension takes along everything that it made.
func (c comparer) Weight(o schema.Object) planner.Weight {
	switch o := o.(type) {
	case *pg.Table, *pg.Sequence, *pg.Extension, *pg.Namespace:
		return planner.Data
	case *pg.Column:
		if o.Generated.IsZero() {
			return planner.Data
		}
	case *pg.Default, *pg.SequenceOwner, *pg.Ownership, *pg.Privilege, *pg.DefaultPrivilege, *pg.Comment, *pg.Validation:
		return planner.Attribute
	case *pg.Constraint:
		if o.Type == pg.NotNull {
			return planner.Attribute
		}
	case *pg.Trigger:
		if !o.Of.IsZero() {
			return planner.Attribute
		}
	}
	return planner.Definition
}

// Whole folds what belongs to a table into the table's statement, the sequence
// of a serial column included, and the constraints of a domain into the domain's.
func (c comparer) Whole(o schema.Object) schema.ID {
	switch o := o.(type) {
	case *pg.Table:
		return o.ID()
	case *pg.Column:
		return o.Table
	case *pg.Default:
		return tableOf(o.Column)
	case *pg.Constraint:
		if o.Only || len(o.Unproven) > 0 { // its partitions are there first
			return schema.ID{}
		}
		return o.Table
	case *pg.Validation:
		return o.Table
	case *pg.Sequence:
		if !o.OwnedBy.IsZero() {
			return tableOf(o.OwnedBy)
		}
	case *pg.SequenceOwner:
		return tableOf(o.Column)
	case *pg.Domain:
		return o.ID()
	case *pg.DomainConstraint:
		return o.Domain
	}
	return schema.ID{}
}

// tableOf is the table of a column.
func tableOf(column schema.ID) schema.ID {
	return schema.ID{Kind: pg.KindTable, Schema: column.Schema, Name: column.Parent}
}
