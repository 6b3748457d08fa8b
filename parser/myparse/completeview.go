package myparse

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// CompleteViews brings the queries of all views of a catalog into their
// canonical form, and notes what they refer to. A view may select from another
// one that is defined later.
func CompleteViews(c *schema.Catalog, o Options) {
	v := newViews(c, o)
	for w := range schema.Each[*my.View](c) {
		v.complete(w)
	}
}

// views resolves the names in the queries of a catalog's views.
type views struct {
	opts    Options
	tables  map[string]schema.ID
	columns map[schema.ID][]string
	hidden  map[schema.ID][]string // INVISIBLE columns
	// implied are columns of a table that are no objects.
	implied map[schema.ID]bool
	views   map[string]*my.View
	done    map[*my.View]*Query
	// functions are the stored functions, by their names in lower case.
	functions map[string]schema.ID
	// missing collects what is named and not there.
	missing map[*my.View][]schema.ID
	unknown map[*my.View][]string
	// opaque are the views whose queries are only compared word by word.
	opaque map[*my.View]bool
	// modes are those of the views that were written under another sql_mode.
	modes map[*my.View]mode
}

func newViews(c *schema.Catalog, o Options) *views {
	v := &views{opts: o, tables: map[string]schema.ID{}, columns: map[schema.ID][]string{}, hidden: map[schema.ID][]string{}, implied: map[schema.ID]bool{}, views: map[string]*my.View{},
		functions: map[string]schema.ID{}, done: map[*my.View]*Query{}, missing: map[*my.View][]schema.ID{}, unknown: map[*my.View][]string{}, opaque: map[*my.View]bool{}}
	for o := range c.All() {
		switch o := o.(type) {
		case *my.Table:
			v.tables[v.opts.fold(o.Self.Name)] = o.Self
			v.period(o)
		case *my.Sequence:
			v.tables[v.opts.fold(o.Self.Name)] = o.Self
		case *my.Column:
			list := v.columns
			if o.Invisible {
				list = v.hidden
			}
			t := o.Table()
			list[t] = append(list[t], o.Self.Name)
		case *my.View:
			v.views[v.opts.fold(o.Self.Name)] = o
		case *my.Routine:
			if o.Self.Kind == my.KindFunction {
				v.functions[strings.ToLower(o.Self.Name)] = o.Self
			}
		}
	}
	return v
}

// period: a table WITH SYSTEM VERSIONING has two INVISIBLE columns, even if
// nobody wrote them.
func (v *views) period(t *my.Table) {
	if !t.WithSystemVersioning || t.SystemTime != nil {
		return
	}
	for _, name := range [...]string{"row_start", "row_end"} {
		v.hidden[t.Self] = append(v.hidden[t.Self], name)
		v.implied[my.ColumnID(t.Self, name)] = true
	}
}

// resolve is a [Resolver].
func (v *views) resolve(id schema.ID) (schema.ID, []string, []string, bool) {
	if id.Schema != "" {
		return id, nil, nil, false
	}
	name := v.opts.fold(id.Name)
	if t, ok := v.tables[name]; ok {
		return t, v.columns[t], v.hidden[t], true
	}
	if w := v.views[name]; w != nil {
		if q := v.complete(w); q != nil {
			if q.opaque { // there may be others
				return w.Self, nil, nil, true
			}
			return w.Self, q.Columns, nil, true
		}
	}
	return id, nil, nil, false
}

// complete completes a view once; nil if it is being completed, or cannot be read.
func (v *views) complete(w *my.View) *Query {
	if q, ok := v.done[w]; ok {
		return q
	}
	v.done[w] = nil // a view cannot select from itself
	m, other := v.modes[w]
	if !other {
		m = newMode(v.opts.SQLMode)
	}
	p, err := v.opts.parseQuery(w.Query.Text, m)
	if err != nil {
		return nil
	}
	q := p.canonical(v.opts, w.Columns, v.resolve)
	if other && !q.opaque { // the text means something else under the target's own sql_mode
		w.Query.Text = q.Canon
		if len(w.Columns) == 0 {
			w.Columns = q.Columns // whose names keep their case
		}
	}
	q.Refs = slices.DeleteFunc(q.Refs, func(r schema.Ref) bool { return v.implied[r.To] })
	for _, name := range q.functions { // they have to be there when the view is created
		q.Refs = schema.Refer(q.Refs, schema.Late, v.functions[name])
	}
	w.Query.Canon, w.Query.Refs = q.Canon, q.Refs
	v.done[w] = q
	v.missing[w], v.opaque[w] = q.Missing, q.opaque
	if !q.opaque {
		v.unknown[w] = q.Unknown
	}
	return q
}
