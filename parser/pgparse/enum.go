package pgparse

import (
	"slices"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

func (r *reader) createEnum(s *pg_query.CreateEnumStmt) error {
	e := &pg.Enum{}
	e.Schema, e.Name = r.newName(s.TypeName)
	for _, v := range s.Vals {
		label := v.GetString_().GetSval()
		if slices.Contains(e.Labels, label) {
			return r.errorf(-1, "", "enum %s: label %q is there twice", e.Name, label)
		}
		e.Labels = append(e.Labels, label)
	}
	if err := r.add(e, -1); err != nil {
		return err
	}
	r.beginLabels(e)
	return nil
}

// beginLabels notes where the labels stand, for directives beside them.
func (r *reader) beginLabels(e *pg.Enum) {
	if len(r.directives) == 0 {
		return
	}
	i := 0
	for _, t := range r.tokens() {
		if t.kind == tokenString && i < len(e.Labels) {
			r.starts = append(r.starts, start{id: schema.ID{Kind: kindEnumValue, Schema: e.Schema, Parent: e.Name, Name: e.Labels[i]}, at: r.offset + t.start})
			i++
		}
	}
}

// alterEnum reads ALTER TYPE .. ADD VALUE and RENAME VALUE.
func (r *reader) alterEnum(s *pg_query.AlterEnumStmt) error {
	namespace, name := nameParts(s.TypeName)
	e, err := defined[*pg.Enum](r, pg.KindEnum, namespace, name, "")
	if err != nil {
		return err
	}
	if s.OldVal != "" {
		return r.renameLabel(e, s.OldVal, s.NewVal)
	}
	if slices.Contains(e.Labels, s.NewVal) {
		if s.SkipIfNewValExists {
			return nil
		}
		return r.errorf(-1, "", "enum %s: label %q is there already", e.Name, s.NewVal)
	}
	at := len(e.Labels)
	if s.NewValNeighbor != "" {
		if at = slices.Index(e.Labels, s.NewValNeighbor); at < 0 {
			return r.errorf(-1, "", "enum %s has no label %q", e.Name, s.NewValNeighbor)
		}
		if s.NewValIsAfter {
			at++
		}
	}
	e.Labels = slices.Insert(e.Labels, at, s.NewVal)
	return nil
}

// renameLabel renames a label in place. A database that still has the old one
// has it renamed, too.
func (r *reader) renameLabel(e *pg.Enum, old, new string) error {
	at := slices.Index(e.Labels, old)
	switch {
	case at < 0:
		return r.errorf(-1, "", "enum %s has no label %q", e.Name, old)
	case slices.Contains(e.Labels, new):
		return r.errorf(-1, "", "enum %s: label %q is there already", e.Name, new)
	}
	e.Labels[at] = new
	if e.Renamed == nil {
		e.Renamed = map[string]string{}
	}
	from, again := e.Renamed[old]
	if !again {
		from = old
	}
	delete(e.Renamed, old)
	e.Renamed[new] = from
	return nil
}
