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
	for _, o := range open {
		m.unnamed(o, candidates[o.ID().Kind], table)
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
		if is := c.after.ID(); name == id.Name && is.Name != id.Name {
			m.moved[id] = is
		}
		return
	}
}

// unnamed: the counterpart has the same definition; one with the name that the
// server would choose comes first.
func (m *matching) unnamed(o schema.Object, all []*candidate, table schema.ID) {
	id := o.ID()
	var found *candidate
	for _, c := range all {
		if c.taken || !sameDefinition(c.after, o) {
			continue
		}
		if strings.EqualFold(c.after.ID().Name, id.Name) {
			found = c
			break
		}
		if found == nil {
			found = c
		}
	}
	switch {
	case found == nil:
		m.free(id, all)
	case found.after.ID().Name == id.Name:
		found.taken = true
	case m.keepsName(o, found.after.ID().Name, all):
		found.taken = true
		m.moved[id] = found.after.ID()
	default: // a person chose that name, and took it back
		found.taken = true
		m.desired.Renames[id] = found.id
	}
}

// keepsName tells whether an unnamed object takes the name that its counterpart
// has: only an index can be renamed, and one whose name a person chose is.
func (m *matching) keepsName(o schema.Object, name string, all []*candidate) bool {
	x, ok := o.(*my.Index)
	if !ok || !m.renameIndex || serverChose(x, name) {
		return true
	}
	for _, c := range all { // the name is not free
		if strings.EqualFold(c.after.ID().Name, x.Self.Name) {
			return true
		}
	}
	return false
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

// free gives a new unnamed object another name if its own is taken by one that
// stays.
func (m *matching) free(id schema.ID, all []*candidate) {
	taken := func(name string) bool {
		for _, c := range all {
			if c.taken && strings.EqualFold(c.after.ID().Name, name) {
				return true
			}
		}
		other := id
		other.Name = name
		return name != id.Name && m.desired.Has(other)
	}
	base, n := id.Name, 1
	if i := strings.LastIndexByte(base, '_'); i > 0 && isNumber(base[i+1:]) {
		base = base[:i]
	}
	to := id
	for taken(to.Name) {
		n++
		to.Name = base + "_" + itoa(n)
	}
	if to != id {
		m.moved[id] = to
	}
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
