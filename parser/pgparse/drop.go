package pgparse

import (
	"errors"

	pg_query "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// drop reads DROP: what the text said before does not count any more. It does
// not wait for what is defined further down.
func (r *reader) drop(s *pg_query.DropStmt) error {
	switch s.RemoveType {
	case pg_query.ObjectType_OBJECT_FOREIGN_TABLE, pg_query.ObjectType_OBJECT_FDW, pg_query.ObjectType_OBJECT_FOREIGN_SERVER,
		pg_query.ObjectType_OBJECT_ACCESS_METHOD, pg_query.ObjectType_OBJECT_CONVERSION, pg_query.ObjectType_OBJECT_TRANSFORM:
		return r.refuse(&pg_query.Node{Node: &pg_query.Node_DropStmt{DropStmt: s}})
	}
	for _, n := range s.Objects {
		id, err := r.object(s.RemoveType, n)
		if _, missing := errors.AsType[*missingError](err); missing {
			if s.MissingOk {
				continue
			}
			// Not deferred: a later definition is another object.
			r.missed = append(r.missed, err)
			continue
		}
		if err != nil {
			return err
		}
		if id.Kind == pg.KindIndex && !r.catalog.Has(id) {
			return r.errorf(-1, "drop the constraint instead", "%s belongs to a constraint", id)
		}
		r.dropTree(id, s.Behavior == pg_query.DropBehavior_DROP_CASCADE)
	}
	return nil
}

// dropTree removes an object with all that is a part of it, and, if it
// cascades, all that needs it.
func (r *reader) dropTree(id schema.ID, cascade bool) {
	gone := map[schema.ID]bool{id: true}
	for again := true; again; {
		again = false
		for o := range r.catalog.All() {
			if !gone[o.ID()] && r.falls(o, id, gone, cascade) {
				gone[o.ID()] = true
				again = true
			}
		}
	}
	for g := range gone {
		r.remove(g)
	}
}

// falls tells whether an object goes because of others that do.
func (r *reader) falls(o schema.Object, dropped schema.ID, gone map[schema.ID]bool, cascade bool) bool {
	if gone[o.Owner()] && !o.Owner().IsZero() {
		return true
	}
	switch o := o.(type) {
	case *pg.SequenceOwner:
		return gone[o.Column]
	case *pg.Validation:
		return gone[o.Of]
	case *pg.Sequence: // it vanishes with the column that owns it
		owner, ok := schema.Lookup[*pg.SequenceOwner](r.catalog, (&pg.SequenceOwner{Sequence: o.ID()}).ID())
		return ok && gone[owner.ID()]
	case *pg.Constraint:
		// With a column go the constraints and indexes that it is in.
		for _, c := range append(append([]schema.ID{}, o.Columns...), o.Include...) {
			if gone[c] {
				return true
			}
		}
		if dropped.Kind == pg.KindColumn && o.Table.Name == dropped.Parent && o.Type == pg.Check && r.mentions(o.Check.Text, dropped.Name) {
			return true
		}
	case *pg.Index:
		for _, k := range o.Keys {
			if gone[k.Column] && !k.Column.IsZero() {
				return true
			}
		}
		for _, c := range o.Include {
			if gone[c] {
				return true
			}
		}
	}
	if !cascade {
		return false
	}
	for _, ref := range o.Refs() {
		if ref.Bind >= schema.Exist && gone[ref.To] {
			return true
		}
	}
	return r.queries(o, gone)
}

// mentions tells whether an expression names a column.
func (r *reader) mentions(text, column string) bool {
	found := false
	tree, err := parseTree("SELECT " + text)
	if err != nil || len(tree.Stmts) != 1 {
		return false
	}
	eachColumnRef(tree.Stmts[0].Stmt, func(c *pg_query.ColumnRef) {
		f := strs(c.Fields)
		found = found || f[len(f)-1] == column
	})
	return found
}

// queries tells whether an object is a view over something that goes.
func (r *reader) queries(o schema.Object, gone map[schema.ID]bool) bool {
	var query string
	switch o := o.(type) {
	case *pg.View:
		query = o.Query.Text
	case *pg.MaterializedView:
		query = o.Query.Text
	default:
		return false
	}
	tree, err := parseTree(query)
	if err != nil {
		return false
	}
	found := false
	eachMessage(tree.ProtoReflect(), func(m protoreflect.Message) {
		if v, ok := m.Interface().(*pg_query.RangeVar); ok {
			id, known := r.find(r.relations, v.Schemaname, v.Relname)
			found = found || known && gone[id]
		}
	})
	return found
}
