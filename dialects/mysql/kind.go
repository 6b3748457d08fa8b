package mysql

import (
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// kind writes the SQL for one kind of object. The parts of a table write
// clauses of its ALTER TABLE; see [emitter.clause].
type kind[T schema.Object] interface {
	create(o T, e *emitter)
	drop(o T, e *emitter)
	rename(old, new T, e *emitter)
	// alter writes what takes old to new, and sets every field of old whose
	// change it wrote to new's. What still differs afterwards cannot be altered.
	// It also tells the emitter what the change disturbs and loses.
	alter(old, new T, e *emitter)
}

// handler is a kind without its type parameter.
type handler interface {
	create(o schema.Object, e *emitter)
	drop(o schema.Object, e *emitter)
	rename(old, new schema.Object, e *emitter)
	alter(old, new schema.Object, e *emitter)
}

type handled[T schema.Object] struct{ kind[T] }

func (h handled[T]) create(o schema.Object, e *emitter)        { h.kind.create(o.(T), e) }
func (h handled[T]) drop(o schema.Object, e *emitter)          { h.kind.drop(o.(T), e) }
func (h handled[T]) rename(old, new schema.Object, e *emitter) { h.kind.rename(old.(T), new.(T), e) }
func (h handled[T]) alter(old, new schema.Object, e *emitter)  { h.kind.alter(old.(T), new.(T), e) }

// handlers are in the order of [my.Kinds]; a kind without one does not compile.
var handlers = [...]handler{
	handled[*my.Database]{databases{}},
	handled[*my.Table]{tables{}},
	handled[*my.Column]{columns{}},
	handled[*my.Index]{indexes{}},
	handled[*my.ForeignKey]{foreignKeys{}},
	handled[*my.Check]{checks{}},
	handled[*my.Partitioning]{partitionings{}},
	handled[*my.View]{views{}},
	handled[*my.Trigger]{triggers{}},
	handled[*my.Routine]{routines{}},
	handled[*my.Routine]{routines{}},
	handled[*my.Event]{events{}},
	handled[*my.Sequence]{sequences{}},
}

var _ [len(my.Kinds)]handler = handlers

var handlerOf = func() map[schema.Kind]handler {
	m := map[schema.Kind]handler{}
	for i, k := range my.Kinds {
		m[k] = handlers[i]
	}
	return m
}()

// Compare says how old becomes new: it has the handler write the change, and
// looks at what is left.
func (b *bound) Compare(old, new schema.Object) (planner.Verdict, error) {
	e := &emitter{bound: b, act: planner.Act{Change: &planner.Change{Verb: planner.Alter, Old: old, New: new}, Half: planner.AlterHalf}}
	rest := schema.Clone(old)
	handlerOf[new.ID().Kind].alter(rest, new, e)
	v := e.verdict
	if e.err != nil {
		return v, e.err
	}
	if left := schema.Differing(rest, new); len(left) > 0 {
		if b.Weight(old) == planner.Data {
			return v, &planner.UnsupportedError{ID: new.ID(), Fields: left, Reason: "the server has no way to change this in place"}
		}
		v.Replace = true
	}
	return v, nil
}

// Weight: tables, their columns and sequences hold data. A generated column
// holds nothing that its expression would not give again, and the server's own
// row number nothing that anybody put there.
func (b *bound) Weight(o schema.Object) planner.Weight {
	switch o := o.(type) {
	case *my.Database, *my.Table, *my.Sequence:
		return planner.Data
	case *my.Column:
		switch {
		case b.rowIDs && isRowID(o):
			return planner.Attribute
		case !o.IsGenerated():
			return planner.Data
		}
	}
	return planner.Definition
}

// Whole: the parts of a table are written into its statement.
func (b *bound) Whole(o schema.Object) schema.ID {
	switch o.(type) {
	case *my.Table:
		return o.ID()
	case *my.Column, *my.Index, *my.ForeignKey, *my.Check, *my.Partitioning:
		return o.Owner()
	}
	return schema.ID{}
}
