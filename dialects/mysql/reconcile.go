package mysql

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// Reconcile fits the two sides together: what the author did not say, and what
// the server alone can know, becomes what it is.
func (b *bound) Reconcile(current, desired *schema.Catalog) error {
	if !desired.Has(my.DatabaseID) {
		current.Remove(my.DatabaseID)
	}
	if b.options.Partitions == "ignore" {
		samePartitions(current, desired)
	}
	if b.lowerCase() != 0 {
		adoptSpelling(current, desired)
	}
	leaveUnread(current, desired)
	forgetDone(current, desired)
	for x := range schema.Each[*my.Index](current) {
		x.ForForeignKey = schema.ID{} // it is there, whoever made it
	}
	b.keepRowIDs(current, desired)
	m := &matching{bound: b, current: current, desired: desired, moved: map[schema.ID]schema.ID{}, found: map[schema.ID]bool{}}
	m.match()
	rekey(desired, m.moved)
	for o := range desired.All() {
		b.unsaid(current.Object(counterpart(current, desired, o.ID())), o)
	}
	placeColumns(current, desired)
	awaitDrops(current, desired)
	placeTriggers(current, desired)
	excludeForeignKeys(current, desired)
	relink(current, desired)
	return nil
}

// leaveUnread: what is there and cannot be read, for want of a privilege, counts
// as what is desired. A note of the inspection says so.
func leaveUnread(current, desired *schema.Catalog) {
	for _, id := range current.Unmanaged {
		if o := desired.Object(id); o != nil && !current.Has(id) {
			current.Put(schema.Clone(o))
		}
	}
}

// forgetDone takes out the renames that must have been done already, since the
// old name is wanted for something else and both are there.
func forgetDone(current, desired *schema.Catalog) {
	var notes []string
	pass := func(parts bool) {
		for to, from := range desired.Renames {
			if (to.Parent != "") != parts {
				continue
			}
			is, was, wanted := to, from, from
			if parts {
				wanted.Parent = to.Parent
				is.Parent = oldTable(current, desired, my.TableOf(to)).Name
				was.Parent = is.Parent
			}
			if to != wanted && current.Has(is) && current.Has(was) && desired.Has(wanted) {
				delete(desired.Renames, to)
				notes = append(notes, fmt.Sprintf("%s: both it and %s exist and are wanted, so it counts as renamed already (a swap takes two steps, through a third name)", to, from.Name))
			}
		}
	}
	pass(false)
	pass(true)
	slices.Sort(notes)
	desired.Notes = append(desired.Notes, notes...)
}

// counterpart is the ID that an object has in the current catalog, before the
// renames that the author asks for.
func counterpart(current, desired *schema.Catalog, id schema.ID) schema.ID {
	if old, ok := desired.Renames[id]; ok {
		if id.Parent != "" && !current.Has(old) { // the old name with the new parent's
			old.Parent = oldTable(current, desired, my.TableOf(old)).Name
		}
		if current.Has(old) {
			return old
		}
	}
	if id.Parent != "" {
		id.Parent = oldTable(current, desired, my.TableOf(id)).Name
	}
	return id
}

// oldTable is the ID of a desired table in the current catalog.
func oldTable(current, desired *schema.Catalog, table schema.ID) schema.ID {
	if old, ok := desired.Renames[table]; ok && current.Has(old) {
		return old
	}
	return table
}

// adoptSpelling: where names of tables are not case sensitive, a desired table
// or view is the current one with another spelling.
func adoptSpelling(current, desired *schema.Catalog) {
	spelling := map[schema.ID]schema.ID{}
	for o := range current.All() {
		if id := o.ID(); id.Kind == my.KindTable || id.Kind == my.KindView {
			spelling[lowered(id)] = id
		}
	}
	moved := map[schema.ID]schema.ID{}
	for o := range desired.All() {
		id := o.ID()
		if is, ok := spelling[lowered(id)]; ok && is != id && !current.Has(id) {
			moved[id] = is
		}
	}
	rekey(desired, moved)
}

// respell gives the tables that foreign keys refer to the spelling of their own:
// under lower_case_table_names = 2 the server keeps references in lower case.
func respell(c *schema.Catalog) {
	spelling := map[schema.ID]schema.ID{}
	for t := range schema.Each[*my.Table](c) {
		spelling[lowered(t.Self)] = t.Self
	}
	moved := map[schema.ID]schema.ID{}
	for k := range schema.Each[*my.ForeignKey](c) {
		if is, ok := spelling[lowered(k.RefTable)]; ok && is != k.RefTable {
			moved[k.RefTable] = is
		}
	}
	rekey(c, moved)
}

func lowered(id schema.ID) schema.ID {
	id.Name, id.Parent = strings.ToLower(id.Name), strings.ToLower(id.Parent)
	return id
}

// rekey gives objects of a catalog other IDs, wherever they are mentioned.
func rekey(c *schema.Catalog, moved map[schema.ID]schema.ID) {
	if len(moved) == 0 {
		return
	}
	move := func(id schema.ID) schema.ID {
		if to, ok := moved[id]; ok {
			return to
		}
		if id.Parent != "" {
			if to, ok := moved[my.TableOf(id)]; ok {
				id.Parent = to.Name
			}
		}
		return id
	}
	next := schema.NewCatalog()
	for o := range c.All() {
		touched := move(o.ID()) != o.ID()
		for _, r := range o.Refs() {
			touched = touched || move(r.To) != r.To
		}
		if touched {
			o = schema.Rewrite(o, move)
		}
		next.Put(o)
	}
	for to, from := range c.Renames {
		next.Renames[move(to)] = from
	}
	for id, p := range c.Origin {
		next.Origin[move(id)] = p
	}
	for id, d := range c.Directives {
		next.Directives[move(id)] = d
	}
	next.Unmanaged, next.Notes = c.Unmanaged, c.Notes
	*c = *next
}

// awaitDrops lets views come after the columns of their tables that go: SELECT *
// means the columns that are there when the view is created.
func awaitDrops(current, desired *schema.Catalog) {
	stays := map[schema.ID]bool{}
	for c := range schema.Each[*my.Column](desired) {
		stays[counterpart(current, desired, c.Self)] = true
	}
	gone := map[schema.ID][]schema.ID{}
	for c := range schema.Each[*my.Column](current) {
		if !stays[c.Self] {
			gone[c.Table()] = append(gone[c.Table()], c.Self)
		}
	}
	if len(gone) == 0 {
		return
	}
	for v := range schema.Each[*my.View](desired) {
		for _, r := range v.Query.Refs {
			if r.To.Kind != my.KindTable {
				continue
			}
			for _, c := range gone[oldTable(current, desired, r.To)] {
				v.Query.Refs = schema.Refer(v.Query.Refs, schema.Late, my.ColumnID(r.To, c.Name))
			}
		}
	}
}

// excludeForeignKeys lets the partitioning of a table wait until the foreign
// keys of the table, and those of others that refer to it, are gone.
func excludeForeignKeys(current, desired *schema.Catalog) {
	keys := map[schema.ID][]schema.ID{}
	for k := range schema.Each[*my.ForeignKey](current) {
		for _, t := range [...]schema.ID{k.Table(), k.RefTable} {
			keys[t] = append(keys[t], k.Self)
		}
	}
	renamed := map[schema.ID]schema.ID{}
	for t := range schema.Each[*my.Table](desired) {
		renamed[oldTable(current, desired, t.Self)] = t.Self
	}
	for p := range schema.Each[*my.Partitioning](desired) {
		for _, k := range keys[oldTable(current, desired, p.Table())] {
			from := my.TableOf(k)
			if to, ok := renamed[from]; ok && to != from {
				k = renamedKey(mover(from, to)(k), from, to)
			}
			p.Excludes = append(p.Excludes, k)
		}
	}
}

// samePartitions desires the partitions that tables have.
func samePartitions(current, desired *schema.Catalog) {
	for _, c := range []*schema.Catalog{current, desired} {
		var gone []schema.ID
		for p := range schema.Each[*my.Partitioning](c) {
			if current.Has(p.Owner()) && desired.Has(p.Owner()) {
				gone = append(gone, p.ID())
			}
		}
		for _, id := range gone {
			c.Remove(id)
		}
	}
}
