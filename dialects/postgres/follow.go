package postgres

import (
	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// followers are what the server renames or moves along with an object, or what is
// identified by its name. Each comes with its new ID.
func followers(c *schema.Catalog, from, to schema.ID) [][2]schema.ID {
	switch o := c.Object(from).(type) {
	case *pg.Namespace:
		return contents(c, from, to)
	case *pg.Table, *pg.MaterializedView:
		return append(luggage(c, from, to), signatures(c, from, to)...)
	case *pg.View, *pg.Enum, *pg.Composite, *pg.Domain, *pg.Range:
		return signatures(c, from, to)
	case *pg.Column:
		return heirs(c, from, to)
	case *pg.Constraint:
		if (o.Type == pg.Check || o.Type == pg.NotNull) && !o.NoInherit {
			return heirs(c, from, to)
		}
	}
	return nil
}

// heirs are the columns, checks and NOT NULLs of the tables that inherit one.
func heirs(c *schema.Catalog, from, to schema.ID) [][2]schema.ID {
	children := map[schema.ID][]schema.ID{}
	for t := range schema.Each[*pg.Table](c) {
		for _, p := range ancestors(t) {
			children[p] = append(children[p], t.ID())
		}
	}
	var out [][2]schema.ID
	seen := map[schema.ID]bool{}
	var below func(table schema.ID)
	below = func(table schema.ID) {
		for _, child := range children[table] {
			if seen[child] {
				continue
			}
			seen[child] = true
			old, new := from, to
			old.Schema, old.Parent = child.Schema, child.Name
			new.Schema, new.Parent = child.Schema, child.Name
			out = append(out, [2]schema.ID{old, new})
			below(child)
		}
	}
	below(tableOf(from))
	return out
}

// luggage is what ALTER TABLE .. SET SCHEMA moves along: the table's indexes, and
// the sequences that its columns own. (Those of identity columns are no objects.)
func luggage(c *schema.Catalog, from, to schema.ID) [][2]schema.ID {
	if from.Schema == to.Schema {
		return nil
	}
	var out [][2]schema.ID
	move := func(id schema.ID) {
		moved := id
		moved.Schema = to.Schema
		out = append(out, [2]schema.ID{id, moved})
	}
	for o := range c.All() {
		switch o := o.(type) {
		case *pg.Index:
			if o.Table == from {
				move(o.ID())
			}
		case *pg.SequenceOwner:
			if tableOf(o.Column) == from {
				move(o.Sequence)
			}
		}
	}
	return out
}

// signatures are the routines, operators and casts that are told apart by a type
// of that name.
func signatures(c *schema.Catalog, from, to schema.ID) [][2]schema.ID {
	var out [][2]schema.ID
	for o := range c.All() {
		if signed(o) {
			if id := pgparse.Renamed(o, from, to).ID(); id != o.ID() {
				out = append(out, [2]schema.ID{o.ID(), id})
			}
		}
	}
	return out
}

// signed tells whether types are in an object's ID.
func signed(o schema.Object) bool {
	switch o.(type) {
	case *pg.Function, *pg.Aggregate, *pg.Operator, *pg.Cast:
		return true
	}
	return false
}

// contents is all that is in a schema, and what is told apart by a type in it.
func contents(c *schema.Catalog, from, to schema.ID) [][2]schema.ID {
	inside := func(id schema.ID) schema.ID {
		if id.Schema == from.Name {
			id.Schema = to.Name
		}
		return id
	}
	var first, out [][2]schema.ID
	for o := range c.All() {
		id := o.ID()
		switch o.(type) {
		case *pg.Function, *pg.Aggregate, *pg.Operator, *pg.Cast:
			if now := inside(pgparse.Rewritten(o, inside).ID()); now != id {
				first = append(first, [2]schema.ID{id, now})
			}
		case *pg.Comment, *pg.Ownership, *pg.Privilege, *pg.DefaultPrivilege, *pg.SequenceOwner, *pg.Default:
		default:
			if id.Parent == "" && id.Schema == from.Name {
				out = append(out, [2]schema.ID{id, inside(id)})
			}
		}
	}
	return append(first, out...) // a routine is found by its old name
}
