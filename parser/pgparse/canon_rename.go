package pgparse

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Renamed returns o as the server has it after from was renamed to to: all IDs,
// and the names in canonical forms, follow. o stays as it is.
func Renamed(o schema.Object, from, to schema.ID, opt Options) schema.Object {
	return schema.Rewrite(o, func(id schema.ID) schema.ID {
		switch {
		case id == from:
			return to
		case from.Parent == "" && id.Parent == from.Name && id.Schema == from.Schema:
			id.Schema, id.Parent = to.Schema, to.Name
		}
		return id
	})
}

// ViewReplaceable tells whether CREATE OR REPLACE VIEW turns old into new: the
// old view's columns come first, with the same names and types.
func ViewReplaceable(old, new *pg.View) bool {
	if len(new.Columns) < len(old.Columns) {
		return false
	}
	for i, c := range old.Columns {
		d := new.Columns[i]
		if c.Name != d.Name || (c.Type.IsZero() || c.Type != d.Type) && (c.Source == "" || c.Source != d.Source) {
			return false
		}
	}
	return true
}
