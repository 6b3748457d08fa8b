package mysql

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// Renamed returns an object as the server has it after a rename. Whatever
// belongs to a table, and foreign keys elsewhere, follow; the texts of views
// and stored programs do not, as the server leaves them alone.
func (b *bound) Renamed(o schema.Object, from, to schema.ID) schema.Object {
	move := mover(from, to)
	switch o := o.(type) {
	case *my.View:
		c := *o
		c.Self = move(o.Self)
		return &c
	case *my.Routine:
		c := *o
		c.Self = move(o.Self)
		return &c
	case *my.Event:
		c := *o
		c.Self = move(o.Self)
		return &c
	case *my.Trigger:
		c := *o
		c.Self, c.Table, c.Follows, c.Precedes = move(o.Self), move(o.Table), move(o.Follows), move(o.Precedes)
		return &c
	}
	c := schema.Rewrite(o, func(id schema.ID) schema.ID { return renamedKey(move(id), from, to) })
	if from.Kind == my.KindColumn && o.Owner() == my.TableOf(from) {
		b.renameInExprs(c, from, to)
	}
	return c
}

// mover renames an object, and, if it is a table, whatever lives in it.
func mover(from, to schema.ID) func(schema.ID) schema.ID {
	return func(id schema.ID) schema.ID {
		switch {
		case id == from:
			return to
		case from.Kind == my.KindTable && id.Parent == from.Name && id.Schema == from.Schema:
			id.Parent, id.Schema = to.Name, to.Schema
		}
		return id
	}
}

// renamedKey: with a table, InnoDB renames the foreign keys, and MySQL the
// checks, that bear the table's name because the server named them.
func renamedKey(id, from, to schema.ID) schema.ID {
	if from.Kind != my.KindTable || id.Parent != to.Name {
		return id
	}
	for kind, infix := range map[schema.Kind]string{my.KindForeignKey: "_ibfk_", my.KindCheck: "_chk_"} {
		if rest, ok := strings.CutPrefix(id.Name, from.Name+infix); ok && id.Kind == kind && isNumber(rest) {
			id.Name = to.Name + infix + rest
		}
	}
	return id
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// renameInExprs renames a column in the expressions of its table.
func (b *bound) renameInExprs(o schema.Object, from, to schema.ID) {
	names := map[string]string{strings.ToLower(from.Name): to.Name}
	lower := map[string]string{strings.ToLower(from.Name): strings.ToLower(to.Name)}
	options := b.parserOptions()
	for _, e := range exprs(o) {
		if !e.IsZero() {
			e.Text, e.Canon = options.RenameColumns(e.Text, names), options.RenameColumns(e.Canon, lower)
		}
	}
}

// exprs are the expressions over the columns of an object's table.
func exprs(o schema.Object) []*schema.Expr {
	switch o := o.(type) {
	case *my.Table:
		return []*schema.Expr{&o.TTL}
	case *my.Column:
		return []*schema.Expr{&o.Default, &o.Generated, &o.Check}
	case *my.Check:
		return []*schema.Expr{&o.Expr}
	case *my.Index:
		var out []*schema.Expr
		for i := range o.Parts {
			out = append(out, &o.Parts[i].Expr)
		}
		return out
	case *my.Partitioning:
		out := []*schema.Expr{&o.Expr}
		if o.Sub != nil {
			out = append(out, &o.Sub.Expr)
		}
		return out
	}
	return nil
}
