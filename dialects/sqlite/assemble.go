package sqlite

import (
	"fmt"

	"github.com/trueup-sql/trueup/parser/liteparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

// assemble puts the objects into the catalog, in the order of sqlite_schema.
func (r *reading) assemble() error {
	for _, x := range r.entries {
		name := lite.Fold(x.name)
		if x.typ != "table" && x.typ != "view" {
			continue
		}
		switch r.kind[name] {
		case "table":
			r.relations[name] = lite.TableID(name)
		case "view":
			r.relations[name] = lite.ViewID(name)
		case "virtual":
			r.relations[name] = lite.VirtualTableID(name)
		}
	}
	for _, x := range r.entries {
		if err := r.add(x); err != nil {
			return fmt.Errorf("%s %s: %w: %s", x.typ, x.name, err, x.text)
		}
	}
	return nil
}

func (r *reading) add(x entry) error {
	switch x.typ {
	case "table":
		if v, ok := r.relations[lite.Fold(x.name)]; ok && v.Kind == lite.KindVirtualTable {
			o, _, err := liteparse.VirtualTable(x.text)
			if err != nil {
				return err
			}
			return r.catalog.Add(o)
		}
		if t := r.tables[lite.Fold(x.name)]; t != nil {
			return r.table(t)
		}
	case "index":
		t := r.tables[lite.Fold(x.table)]
		if t == nil {
			return nil // on a shadow table
		}
		i, err := liteparse.Index(x.text)
		if err != nil {
			return err
		}
		i.Resolve(t.Scope(), columnIDs(t))
		return r.catalog.Add(i.Index)
	case "view":
		v, err := liteparse.View(x.text)
		if err != nil {
			return err
		}
		relations, words := v.Names()
		v.Canonical(r.scope(v.View.Query.Text, relations))
		v.View.Uses = r.uses(relations, words)
		return r.catalog.Add(v.View)
	case "trigger":
		return r.trigger(x)
	}
	return nil
}

func (r *reading) trigger(x entry) error {
	t, err := liteparse.Trigger(x.text)
	if err != nil {
		return err
	}
	on, ok := r.relations[lite.Fold(x.table)]
	if !ok || r.internal(x.table) {
		return nil
	}
	relations, words := t.Names()
	relations = append([]string{on.Name}, relations...)
	t.Canonical(r.scope(t.Trigger.Definition.Text, relations))
	t.Trigger.On = on
	t.Trigger.Uses = r.uses(relations, words)
	return r.catalog.Add(t.Trigger)
}

// scope tells what a text in double quotes can be a name of, in a query or a
// body: whatever is named there without such quotes, the relations, and their
// columns. Those of views and virtual tables are taken from all of the
// database, as they are not known here.
func (r *reading) scope(text string, relations []string) func(string) bool {
	names := map[string]bool{}
	for _, t := range liteparse.Code(text) {
		if t.Class == liteparse.Word && !liteparse.Keyword(t.Text) || t.Class == liteparse.Quoted {
			names[lite.Fold(t.Name())] = true
		}
	}
	add := func(name string) {
		names[name] = true
		if t := r.tables[name]; t != nil {
			for _, c := range t.Table.Columns {
				names[c] = true
			}
		}
	}
	for _, name := range relations {
		add(name)
		if id, ok := r.relations[name]; ok && id.Kind != lite.KindTable {
			for other := range r.relations {
				add(other)
			}
		}
	}
	return func(s string) bool { return names[s] }
}

func (r *reading) table(t *liteparse.TableText) error {
	if err := r.catalog.Add(t.Table); err != nil {
		return err
	}
	for _, c := range t.Columns {
		if err := r.catalog.Add(c); err != nil {
			return err
		}
	}
	for _, c := range t.Constraints {
		c.Self = freeLabel(r.catalog, t.Table.Self, liteparse.Label(c))
		if err := r.catalog.Add(c); err != nil {
			return err
		}
	}
	return nil
}

// freeLabel is the ID for a constraint; a second one of the same label gets a
// number.
func freeLabel(c *schema.Catalog, table schema.ID, label string) schema.ID {
	id := schema.ID{Kind: lite.KindConstraint, Parent: table.Name, Name: label}
	for n := 2; c.Has(id); n++ {
		id.Name = fmt.Sprintf("%s #%d", label, n)
	}
	return id
}

func columnIDs(t *liteparse.TableText) map[string]schema.ID {
	ids := map[string]schema.ID{}
	for _, c := range t.Columns {
		ids[lite.Fold(c.Name)] = c.Self
	}
	return ids
}

// uses turns the names in a query into references: the relations, and those of
// their columns that have the name of one of the words.
func (r *reading) uses(relations, words []string) []schema.ID {
	var out []schema.ID
	seen := map[schema.ID]bool{}
	add := func(id schema.ID) {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	word := map[string]bool{}
	for _, w := range words {
		word[w] = true
	}
	for _, name := range relations {
		id, ok := r.relations[name]
		if !ok {
			continue
		}
		add(id)
		if t := r.tables[name]; t != nil {
			for _, c := range t.Columns {
				if word[lite.Fold(c.Name)] {
					add(c.Self)
				}
			}
		}
	}
	return out
}
