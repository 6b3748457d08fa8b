package sqlite

import (
	"slices"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/parser/liteparse"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

// bound is all that needs no file.
type bound struct {
	target  dialect.Target
	options dialect.Options
}

var _ dialect.Bound = (*bound)(nil)

func (b *bound) Target() dialect.Target { return b.target }

// Normalize has nothing to do where both sides were read by this package, which
// gives canonical forms at once. A snapshot has none; there they are made from
// the objects' texts.
func (b *bound) Normalize(c *schema.Catalog) error {
	for o := range c.All() {
		if bare(o) {
			return reread(c)
		}
	}
	return nil
}

// Compare: tables, columns and constraints can always be altered, if need be by
// a rebuild of the table; indexes, views and triggers are created anew; virtual
// tables belong to their modules.
func (b *bound) Compare(old, new schema.Object) (planner.Verdict, error) {
	switch old.(type) {
	case *lite.Table, *lite.Column, *lite.Constraint:
		return planner.Verdict{}, nil
	case *lite.VirtualTable:
		return planner.Verdict{}, &planner.UnsupportedError{ID: old.ID(), Fields: schema.Differing(old, new),
			Reason: "SQLite has no way to change the arguments of a virtual table, which holds data",
			Hint:   "create one of another name, copy the rows, and drop the old one"}
	}
	return planner.Verdict{Replace: true}, nil
}

// Weight: tables and plain columns hold data.
func (b *bound) Weight(o schema.Object) planner.Weight {
	switch o.ID().Kind {
	case lite.KindTable, lite.KindColumn, lite.KindVirtualTable:
		return planner.Data
	}
	return planner.Definition
}

// Whole: a table with its columns and constraints.
func (b *bound) Whole(o schema.Object) schema.ID {
	switch o := o.(type) {
	case *lite.Table:
		return o.Self
	case *lite.Column:
		return o.Owner()
	case *lite.Constraint:
		return o.Owner()
	}
	return schema.ID{}
}

// stale marks the canonical form of a view or trigger that mentions what was
// renamed. SQLite changes its text in its own way, or leaves it if it cannot
// resolve all names, so that it counts as different from anything.
const stale = "renamed under it: "

// Renamed follows ALTER TABLE .. RENAME: IDs everywhere, and names in the
// expressions of the table.
func (b *bound) Renamed(o schema.Object, from, to schema.ID) schema.Object {
	isColumn := from.Parent != ""
	o = schema.Rewrite(o, func(id schema.ID) schema.ID {
		switch {
		case id == from:
			return to
		case from.Kind == lite.KindTable && id.Parent == from.Name && isPart(id):
			id.Parent = to.Name
		}
		return id
	})
	rename := func(e *schema.Expr) {
		if isColumn {
			e.Text, e.Canon = liteparse.RenameColumn(e.Text, from.Name, to.Name), liteparse.RenameColumn(e.Canon, from.Name, to.Name)
		} else {
			e.Text = liteparse.RenameTable(e.Text, from.Name, to.Name)
		}
	}
	inTable := func(table schema.ID) bool { // the table's name is the new one by now
		return isColumn && table.Name == from.Parent || !isColumn && table == to
	}
	switch o := o.(type) {
	case *lite.Table:
		switch {
		case o.Self == to:
			o.Name = to.Name
		case isColumn && o.Self.Name == from.Parent:
			replaceName(o.Order, from.Name, to.Name)
			replaceName(o.Columns, from.Name, to.Name)
		}
	case *lite.Column:
		if o.Self == to {
			o.Name = to.Name
		}
		if inTable(o.Owner()) {
			rename(&o.Generated)
		}
	case *lite.Constraint:
		renameConstraint(o, from, to, isColumn)
		if inTable(o.Owner()) {
			rename(&o.Expression)
		}
	case *lite.Index:
		if o.Self == to {
			o.Name = to.Name
		}
		if inTable(o.Table) {
			for i := range o.Terms {
				rename(&o.Terms[i])
			}
			rename(&o.Where)
		}
	case *lite.View:
		if o.Self == to {
			o.Name = to.Name
		} else {
			o.Query.Canon = stale + o.Query.Text
		}
	case *lite.Trigger:
		if o.Self == to {
			o.Name = to.Name
		} else {
			o.Definition.Canon = stale + o.Definition.Text
		}
	case *lite.VirtualTable:
		if o.Self == to {
			o.Name = to.Name
		}
	}
	return o
}

func isPart(id schema.ID) bool {
	switch id.Kind {
	case lite.KindColumn, lite.KindGenerated, lite.KindConstraint:
		return true
	}
	return false
}

func renameConstraint(o *lite.Constraint, from, to schema.ID, isColumn bool) {
	if !isColumn {
		if o.References == to {
			o.ReferencesName = to.Name
		}
		return
	}
	if o.Owner().Name == from.Parent {
		for i, k := range o.Key {
			if k.Name == from.Name {
				o.Key[i].Name, o.Key[i].Spelling = to.Name, to.Name
			}
		}
		if o.Column == from.Name {
			o.Column = to.Name
		}
	}
	if o.References.Name == from.Parent {
		replaceName(o.ReferencedKey, from.Name, to.Name)
	}
}

func replaceName(list []string, from, to string) {
	if i := slices.Index(list, from); i >= 0 {
		list[i] = to
	}
}

// Commands cuts a script into statements.
func (*bound) Commands(source parser.Source) ([]parser.Command, error) {
	return liteparse.Commands(source)
}

// Directed: rows are copied when a column changes, and @using says how.
func (*bound) Directed() map[string][]schema.Kind {
	return map[string][]schema.Kind{"using": {lite.KindColumn}}
}
