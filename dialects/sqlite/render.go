package sqlite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/parser/liteparse"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

// Render writes the steps. It keeps account of what is there at each point,
// because the rebuild of a table has to give back the table's indexes and
// triggers as they are at that moment.
func (b *bound) Render(d *planner.Delta, steps []planner.Step) ([]planner.Statement, error) {
	r := &renderer{delta: d, now: map[schema.ID]schema.Object{}, parts: map[schema.ID][]schema.ID{}, verbs: map[schema.ID]planner.Verb{},
		last: map[schema.ID]int{}, deferred: map[schema.ID][]planner.Act{}}
	r.account(d.Current)
	r.account(d.Desired)
	for o := range d.Current.All() {
		r.now[o.ID()] = o
	}
	for _, ch := range d.Changes {
		if ch.Verb != planner.Rename {
			r.verbs[ch.ID()] = ch.Verb
		}
	}
	for i, s := range steps {
		if id := wholeTable(s); !id.IsZero() {
			r.last[id] = i
		}
	}
	r.trace()
	renaming := true
	for i, s := range steps {
		r.at = i
		if renaming && s.Acts[0].Half != planner.RenameHalf {
			renaming = false
			r.views()
		}
		r.step(s)
		if r.err != nil {
			return nil, r.err
		}
	}
	r.views()
	r.giveBack(r.pending)
	return r.out, r.err
}

type renderer struct {
	delta *planner.Delta
	out   []planner.Statement
	err   error
	// now is what is there, by the names after all renames.
	now map[schema.ID]schema.Object
	// parts lists everything that has an owner on either side, in order.
	parts map[schema.ID][]schema.ID
	seen  map[schema.ID]bool
	verbs map[schema.ID]planner.Verb
	// at is the step that is being written, and last the last one on each table:
	// an index or a trigger waits until then, as the table may be rebuilt.
	at       int
	last     map[schema.ID]int
	deferred map[schema.ID][]planner.Act
	// pending are indexes and triggers that a rename has dropped, and that are
	// to come back at the end.
	pending []schema.Object
	// lenient is the pragma of the last tolerant statements, and strictAt the
	// number of statements when it was switched off again.
	lenient  string
	strictAt int
	// former is the name that an object has before all renames, by the one that
	// it has after them; final is the reverse.
	former map[schema.ID]schema.Object
	final  map[schema.ID]schema.ID
}

func (r *renderer) account(c *schema.Catalog) {
	if r.seen == nil {
		r.seen = map[schema.ID]bool{}
	}
	for o := range c.All() {
		if w := o.Owner(); !w.IsZero() && !r.seen[o.ID()] {
			r.seen[o.ID()] = true
			r.parts[w] = append(r.parts[w], o.ID())
		}
	}
}

func (r *renderer) fail(id schema.ID, reason, hint string) {
	if r.err == nil {
		r.err = &planner.UnsupportedError{ID: id, Reason: reason, Hint: hint, Pos: r.delta.Desired.Origin[id]}
	}
}

// emit adds a statement about an object.
func (r *renderer) emit(verb planner.Verb, id schema.ID, format string, args ...any) *planner.Statement {
	r.out = append(r.out, planner.Statement{SQL: fmt.Sprintf(format, args...), Object: id, Verb: verb, Origin: r.delta.Desired.Origin[id]})
	return &r.out[len(r.out)-1]
}

func (r *renderer) step(s planner.Step) {
	if first := s.Acts[0]; first.Half == planner.RenameHalf {
		r.rename(first.Change)
		return
	}
	if id := wholeTable(s); !id.IsZero() {
		r.table(id, s.Acts)
		if r.last[id] == r.at {
			for _, a := range r.deferred[id] {
				r.create(a.Change.Verb, a.Change.New)
			}
		}
		return
	}
	for _, a := range s.Acts {
		if a.Half == planner.DropHalf && a.Change.Old.ID() == s.Whole {
			r.drop(a.Change)
		}
	}
	for _, a := range s.Acts {
		r.act(a)
	}
}

// wholeTable is the table that a step is about, or zero.
func wholeTable(s planner.Step) schema.ID {
	switch {
	case s.Acts[0].Half == planner.RenameHalf:
		return schema.ID{}
	case s.Whole.Kind == lite.KindTable:
		return s.Whole
	case isPart(s.Whole): // the table itself does not change
		return lite.TableOf(s.Whole)
	}
	return schema.ID{}
}

// act creates an object that stands alone, or notes that one is gone.
func (r *renderer) act(a planner.Act) {
	id := a.Change.ID()
	if a.Half == planner.DropHalf {
		delete(r.now, id)
		return
	}
	if last, ok := r.last[a.Change.New.Owner()]; ok && last > r.at {
		r.deferred[a.Change.New.Owner()] = append(r.deferred[a.Change.New.Owner()], a)
		return
	}
	r.create(a.Change.Verb, a.Change.New)
}

// create makes an index, view, trigger or virtual table.
func (r *renderer) create(verb planner.Verb, o schema.Object) {
	s := r.emit(verb, o.ID(), "%s", r.text(o))
	r.now[o.ID()] = o
	if i, ok := o.(*lite.Index); ok && r.delta.Current.Has(i.Table) {
		s.Locks = []planner.Lock{{Object: i.Table, Level: planner.LockWrite, Scan: true}}
		s.Hazards = append(s.Hazards, planner.HazardIndexBuild)
		if i.Unique {
			s.Hazards = append(s.Hazards, planner.HazardMayFail)
		}
	}
}

// drop drops an object that stands alone, with its parts, unless it is gone
// already.
func (r *renderer) drop(ch *planner.Change) {
	id := ch.Old.ID()
	if r.now[id] == nil {
		return
	}
	what := map[schema.Kind]string{lite.KindIndex: "INDEX", lite.KindView: "VIEW", lite.KindTrigger: "TRIGGER", lite.KindVirtualTable: "TABLE"}[id.Kind]
	s := r.emit(ch.Verb, id, "DROP %s %s", what, liteparse.Quote(spelled(ch.Old)))
	if id.Kind == lite.KindVirtualTable {
		s.Hazards = append(s.Hazards, planner.HazardDataLoss)
	}
	r.gone(id)
}

// gone notes that an object and its parts are not there any more.
func (r *renderer) gone(id schema.ID) {
	delete(r.now, id)
	for _, p := range r.parts[id] {
		delete(r.now, p)
	}
}

// leaves tells whether an index or a trigger is dropped, or dropped and made
// anew, by a later step: then it need not come back before.
func (r *renderer) leaves(id schema.ID) bool {
	return r.verbs[id] == planner.Drop || r.verbs[id] == planner.Replace
}

// giveBack creates objects again that went with something else.
func (r *renderer) giveBack(list []schema.Object) {
	for _, o := range list {
		if r.now[o.ID()] != nil || r.leaves(o.ID()) {
			continue
		}
		if n := r.delta.Desired.Object(o.ID()); n != nil && schema.Equal(o, n) {
			o = n
		}
		if strings.HasPrefix(canonOf(o), stale) {
			r.fail(o.ID(), "it uses something that is renamed and is not in the files, but its table has to be rebuilt",
				"add it to the files, or allow to drop it")
			return
		}
		r.create(planner.Create, o)
	}
}

// views gives back the views that were renamed, before anything needs them.
func (r *renderer) views() {
	isView := func(o schema.Object) bool { return o.ID().Kind == lite.KindView }
	for _, o := range r.pending {
		if isView(o) {
			r.giveBack([]schema.Object{o})
		}
	}
	r.pending = slices.DeleteFunc(r.pending, isView)
}

func canonOf(o schema.Object) string {
	switch o := o.(type) {
	case *lite.View:
		return o.Query.Canon
	case *lite.Trigger:
		return o.Definition.Canon
	}
	return ""
}

// dependants are the indexes and triggers of a table that are there, in order.
func (r *renderer) dependants(table schema.ID) []schema.Object {
	var out []schema.Object
	for _, kind := range []schema.Kind{lite.KindIndex, lite.KindTrigger} {
		for _, id := range r.parts[table] {
			if o := r.now[id]; o != nil && id.Kind == kind {
				out = append(out, o)
			}
		}
	}
	return out
}

// text is the whole CREATE statement of an object, in its author's words but
// for directives.
func (r *renderer) text(o schema.Object) string {
	switch o := o.(type) {
	case *lite.Index:
		return tidy(o.SQL)
	case *lite.View:
		return tidy(o.SQL)
	case *lite.Trigger:
		return tidy(o.SQL)
	case *lite.VirtualTable:
		return tidy(o.SQL)
	}
	panic(fmt.Sprintf("no text of %T", o))
}

// spelled is the name of an object as its author writes it.
func spelled(o schema.Object) string {
	switch o := o.(type) {
	case *lite.Table:
		return o.Name
	case *lite.Column:
		return o.Name
	case *lite.Index:
		return o.Name
	case *lite.View:
		return o.Name
	case *lite.Trigger:
		return o.Name
	case *lite.VirtualTable:
		return o.Name
	}
	return o.ID().Name
}

// watched tells whether there is a view or a trigger: SQLite looks at all of
// them when it renames something.
func (r *renderer) watched() bool {
	for id := range r.now {
		if id.Kind == lite.KindView || id.Kind == lite.KindTrigger {
			return true
		}
	}
	return false
}

// tolerant puts statements between two settings of a pragma, if there is any
// view or trigger: SQLite would refuse them as long as one of those cannot be
// resolved, be it before or after.
//
// With writable_schema it leaves the texts of such views and triggers as they
// are; all those that mention what changes are created anew afterwards. With
// legacy_alter_table it does not look at them at all.
func (r *renderer) tolerant(pragma string, id schema.ID, statements func()) {
	if !r.watched() {
		statements()
		return
	}
	if r.lenient == pragma && r.strictAt == len(r.out) { // it was just switched off
		r.out = r.out[:len(r.out)-1]
	} else {
		r.emit(planner.Alter, id, "PRAGMA %s = ON", pragma)
	}
	statements()
	r.emit(planner.Alter, id, "PRAGMA %s = OFF", pragma)
	r.lenient, r.strictAt = pragma, len(r.out)
}

// rename renames a table or a column in place. Indexes, views and triggers are
// dropped, and created again under their new names.
func (r *renderer) rename(ch *planner.Change) {
	old, id := ch.Old.ID(), ch.New.ID()
	name := id.Name
	if n := r.delta.Desired.Object(id); n != nil {
		name = spelled(n)
	}
	switch id.Kind {
	case lite.KindTable, lite.KindVirtualTable:
		r.clear(id)
		r.tolerant("writable_schema", id, func() {
			r.emit(planner.Rename, id, "ALTER TABLE %s RENAME TO %s", liteparse.Quote(spelled(ch.Old)), liteparse.Quote(name))
		})
	case lite.KindColumn, lite.KindGenerated:
		table := old.Parent
		if t := r.delta.Desired.Object(lite.TableOf(id)); t != nil {
			table = spelled(t)
		}
		r.tolerant("writable_schema", id, func() {
			r.emit(planner.Rename, id, "ALTER TABLE %s RENAME COLUMN %s TO %s", liteparse.Quote(table), liteparse.Quote(spelled(ch.Old)), liteparse.Quote(name))
		})
	case lite.KindConstraint: // its label, which the database does not know
	case lite.KindIndex, lite.KindTrigger, lite.KindView:
		r.recreate(ch)
	}
}

// trace follows the renames from the first name to the last one: two that swap
// their names go by a third.
func (r *renderer) trace() {
	r.former, r.final = map[schema.ID]schema.Object{}, map[schema.ID]schema.ID{}
	for _, ch := range r.delta.Changes {
		if ch.Verb != planner.Rename {
			continue
		}
		first, ok := r.former[ch.Old.ID()]
		if !ok {
			first = ch.Old
		}
		delete(r.former, ch.Old.ID())
		r.former[ch.New.ID()] = first
	}
	for last, first := range r.former {
		r.final[first.ID()] = last
	}
}

// clear drops the triggers of a table that is to be renamed, as they are created
// anew anyway. One that SQLite cannot resolve would otherwise keep the old name
// of the table in its text.
func (r *renderer) clear(table schema.ID) {
	for _, o := range r.dependants(table) {
		if o.ID().Kind == lite.KindTrigger && r.verbs[o.ID()] == planner.Replace {
			is := o
			if first, ok := r.former[o.ID()]; ok {
				is = first
			}
			r.emit(planner.Replace, o.ID(), "DROP TRIGGER %s", liteparse.Quote(spelled(is)))
			delete(r.now, o.ID())
		}
	}
}

// recreate drops what cannot be renamed, and sees to it that it comes back:
// views at once, as their triggers need them, all else at the end.
func (r *renderer) recreate(ch *planner.Change) {
	id, ok := r.final[ch.Old.ID()]
	if !ok {
		return // the second half of a swap
	}
	if r.now[id] != nil {
		r.emit(planner.Rename, id, "DROP %s %s", strings.ToUpper(string(id.Kind)), liteparse.Quote(spelled(ch.Old)))
	}
	again := r.dependants(id)
	r.gone(id)
	if n := r.delta.Desired.Object(id); n != nil && !r.leaves(id) {
		again = append(again, n)
	}
	r.pending = append(r.pending, again...)
}
