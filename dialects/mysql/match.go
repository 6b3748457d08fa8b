package mysql

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// matching finds, table by table, which current part a desired part is, where
// names alone do not tell: names of parts are not case sensitive, and an author
// may have left them to the server.
type matching struct {
	*bound
	current, desired *schema.Catalog
	// moved are desired objects that take the name of their counterpart.
	moved map[schema.ID]schema.ID
	// found are the desired objects that have one.
	found map[schema.ID]bool
}

func (m *matching) match() {
	have, want := m.current.Parts(), m.desired.Parts()
	for t := range schema.Each[*my.Table](m.desired) {
		old := oldTable(m.current, m.desired, t.Self)
		if !m.current.Has(old) {
			continue
		}
		m.columns(old, t.Self, have[old], want[t.Self])
		m.parts(old, t.Self, have[old], want[t.Self])
	}
}

// columns: another spelling of a column's name is a rename, since the server
// shows the new one.
func (m *matching) columns(old, table schema.ID, have, want []schema.Object) {
	spelling := map[string]schema.ID{}
	for _, o := range have {
		if id := o.ID(); id.Kind == my.KindColumn {
			spelling[strings.ToLower(id.Name)] = id
		}
	}
	for _, o := range want {
		id := o.ID()
		if _, renamed := m.desired.Renames[id]; renamed || id.Kind != my.KindColumn {
			continue
		}
		if is, ok := spelling[strings.ToLower(id.Name)]; ok && is.Name != id.Name {
			m.desired.Renames[id] = is
		}
	}
}

// candidate is a current part, as it will be after the renames.
type candidate struct {
	id    schema.ID     // as it is
	after schema.Object // as it will be
	taken bool
}

// parts matches indexes, foreign keys and checks.
func (m *matching) parts(old, table schema.ID, have, want []schema.Object) {
	candidates := map[schema.Kind][]*candidate{}
	renames := m.renamesOf(old, table, want)
	for _, o := range have {
		switch k := o.ID().Kind; k {
		case my.KindIndex, my.KindForeignKey, my.KindCheck:
			after := o
			for _, r := range renames {
				after = m.Renamed(after, r[0], r[1])
			}
			candidates[k] = append(candidates[k], &candidate{id: o.ID(), after: after})
		}
	}
	var open []schema.Object // those without a name of their own
	for _, o := range want {
		id := o.ID()
		if candidates[id.Kind] == nil {
			continue
		}
		if unnamed(o) {
			open = append(open, o)
			continue
		}
		m.named(id, candidates[id.Kind])
	}
	for _, k := range []schema.Kind{my.KindForeignKey, my.KindIndex, my.KindCheck} {
		m.leftOpen(k, open, candidates[k])
	}
}

// leftOpen matches the unnamed parts of one kind with those that have the same
// definition. If that leaves nothing over on either side, each keeps the name
// that it has. Otherwise the table's parts change anyhow, and get the names that
// a server would give them all anew.
func (m *matching) leftOpen(k schema.Kind, open []schema.Object, all []*candidate) {
	pairs := map[schema.ID]*candidate{}
	over := false
	for _, o := range open {
		if o.ID().Kind != k {
			continue
		}
		c := bySameDefinition(o, all)
		if c == nil {
			over = true
			continue
		}
		c.taken = true
		m.found[o.ID()] = true
		pairs[o.ID()] = c
	}
	for _, c := range all {
		over = over || !c.taken
	}
	for _, o := range open {
		if c := pairs[o.ID()]; c != nil && o.ID().Kind == k {
			m.pair(o, c, all, over)
		}
	}
}

// renamesOf are the renames of a table and its columns, in order.
func (m *matching) renamesOf(old, table schema.ID, want []schema.Object) [][2]schema.ID {
	var out [][2]schema.ID
	if old != table {
		out = append(out, [2]schema.ID{old, table})
	}
	for _, o := range want {
		if from, ok := m.desired.Renames[o.ID()]; ok && o.ID().Kind == my.KindColumn {
			out = append(out, [2]schema.ID{my.ColumnID(table, from.Name), o.ID()})
		}
	}
	return out
}

// unnamed tells whether the author left the name to the server.
func unnamed(o schema.Object) bool {
	switch o := o.(type) {
	case *my.Index:
		return o.Unnamed.Is() || !o.ForForeignKey.IsZero()
	case *my.ForeignKey:
		return o.Unnamed.Is()
	case *my.Check:
		return o.Unnamed.Is()
	}
	return false
}

// named: the counterpart has the same name, whatever its case, or the one that
// it is renamed from.
func (m *matching) named(id schema.ID, all []*candidate) {
	name := id.Name
	if from, ok := m.desired.Renames[id]; ok {
		name = from.Name
	}
	for _, c := range all {
		if c.taken || !strings.EqualFold(c.after.ID().Name, name) {
			continue
		}
		c.taken = true
		m.found[id] = true
		if is := c.after.ID(); name == id.Name && is.Name != id.Name {
			m.moved[id] = is
		}
		return
	}
}

// bySameDefinition finds the counterpart of an unnamed part; one with the name
// that the server would choose comes first.
func bySameDefinition(o schema.Object, all []*candidate) *candidate {
	var found *candidate
	for _, c := range all {
		if c.taken || !sameDefinition(c.after, o) {
			continue
		}
		if strings.EqualFold(c.after.ID().Name, o.ID().Name) {
			return c
		}
		if found == nil {
			found = c
		}
	}
	return found
}

// pair settles the name of an unnamed part and its counterpart. Only an index
// can be renamed for nothing; that is done if a person chose its name, and took
// it back.
func (m *matching) pair(o schema.Object, c *candidate, all []*candidate, over bool) {
	id, is := o.ID(), c.after.ID()
	x, isIndex := o.(*my.Index)
	switch {
	case is.Name == id.Name:
	case isIndex && m.renameIndex && (over || !serverChose(x, is.Name) || m.nameKnown(x)):
		m.desired.Renames[id] = c.id
	case over && !isIndex: // dropped and added under the new name
	default:
		m.moved[id] = is
	}
}

// nameKnown tells whether an index has the only name that the server can give
// it: that of a foreign key which its author named, or which is new.
func (m *matching) nameKnown(x *my.Index) bool {
	k, ok := schema.Lookup[*my.ForeignKey](m.desired, x.ForForeignKey)
	return ok && (!k.Unnamed.Is() || !m.found[k.Self])
}

// serverChose tells whether a server could have given an index this name: that
// of its first column, perhaps with a number.
func serverChose(x *my.Index, name string) bool {
	base := "functional_index"
	if len(x.Parts) > 0 && !x.Parts[0].Column.IsZero() {
		base = x.Parts[0].Column.Name
	}
	if strings.EqualFold(name, base) {
		return true
	}
	i := strings.LastIndexByte(name, '_')
	return i > 0 && strings.EqualFold(name[:i], base) && isNumber(name[i+1:])
}

// sameDefinition compares two parts of the same table, but for their names.
func sameDefinition(a, b schema.Object) bool {
	switch a := a.(type) {
	case *my.Index:
		x := *a
		x.Self = b.ID()
		y, ok := b.(*my.Index)
		if !ok {
			return false
		}
		x.ForForeignKey = y.ForForeignKey
		return schema.Equal(&x, b)
	case *my.ForeignKey:
		x := *a
		x.Self = b.ID()
		return schema.Equal(&x, b)
	case *my.Check:
		x := *a
		x.Self = b.ID()
		return schema.Equal(&x, b)
	}
	return false
}
