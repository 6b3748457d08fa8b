package postgres

import (
	"fmt"
	"slices"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// renderer writes the planner's steps as SQL.
type renderer struct {
	target  dialect.Target
	options dialect.Options
}

func newRenderer(t dialect.Target, o dialect.Options) renderer { return renderer{t, o} }

// Render: see [planner.Renderer].
func (r renderer) Render(d *planner.Delta, steps []planner.Step) ([]planner.Statement, error) {
	e := &emitter{version: r.target.Version, user: r.target.Settings["user"], options: r.options, delta: d, changes: map[schema.ID]*planner.Change{}, done: map[planner.Act]bool{}, aside: map[schema.ID]*asideType{}, detached: map[schema.ID]bool{}, vacated: map[schema.ID]bool{}}
	for _, ch := range d.Changes {
		if ch.Verb != planner.Rename {
			e.changes[ch.ID()] = ch
		}
	}
	for _, s := range steps {
		e.renderStep(s)
		if e.refusal != nil {
			return nil, e.refusal
		}
	}
	e.flush()
	e.finishMoves()
	return e.arrange(), nil
}

// renderStep renders acts that belong together. An ALTER TABLE that ends it may
// grow in the next step.
func (e *emitter) renderStep(s planner.Step) {
	e.bringBack(s)
	e.step, e.folded, e.serials = s, map[schema.ID]schema.Object{}, map[schema.ID]string{}
	gone := map[schema.ID]bool{}
	newTable := slices.ContainsFunc(s.Acts, func(a planner.Act) bool { return a.Half == planner.CreateHalf && a.Change.ID() == s.Whole })
	var first, rest []planner.Act
	for _, a := range s.Acts {
		switch a.Half {
		case planner.CreateHalf:
			e.folded[a.Change.ID()] = a.Change.New
		case planner.DropHalf:
			gone[a.Change.ID()] = true
		}
		q, ok := a.Object().(*pg.Sequence)
		switch {
		case !ok || a.Half != planner.CreateHalf:
			rest = append(rest, a)
		case newTable:
			first = append(first, a) // defaults in the table's lines use it
		default:
			rest = slices.Insert(rest, creation(rest, q.OwnedBy), a) // so does the default in its column's line
		}
	}
	e.foldSerials()
	e.faded = map[schema.ID]bool{}
	for _, a := range append(first, rest...) {
		if a.Half == planner.DropHalf && e.goesWithOwner(a.Change.Old, gone) {
			e.faded[a.Change.ID()] = true
		} else {
			e.render(a)
		}
		e.done[a] = true
	}
	e.finishStep()
}

// finishStep does what waits for the end of the step.
func (e *emitter) finishStep() {
	for len(e.after) > 0 {
		e.flush()
		f := e.after[0]
		e.after = e.after[1:]
		f()
	}
}

// creation is the index of the act that creates an object, or the end.
func creation(acts []planner.Act, id schema.ID) int {
	for i, a := range acts {
		if a.Half == planner.CreateHalf && a.Change.ID() == id {
			return i
		}
	}
	return len(acts)
}

// goesWithOwner tells whether the server drops an object by itself, when the
// step drops what it is a part of.
func (e *emitter) goesWithOwner(o schema.Object, gone map[schema.ID]bool) bool {
	for {
		owner := o.Owner()
		if owner.IsZero() {
			return false
		}
		if o = e.delta.Current.Object(owner); gone[owner] && !e.remains(o) {
			return true
		}
		if o == nil {
			return false
		}
	}
}

// render renders one act, unless another statement of the step took it in.
func (e *emitter) render(a planner.Act) {
	e.act = a
	switch a.Half {
	case planner.RenameHalf:
		e.rename(a.Change.Old, a.Change.New)
	case planner.DropHalf:
		handlerOf(a.Change.Old).drop(a.Change.Old, e)
	case planner.CreateHalf:
		if o, ok := e.folded[a.Change.ID()]; ok && o == nil {
			return
		}
		handlerOf(a.Change.New).create(a.Change.New, e)
	case planner.AlterHalf:
		state := schema.Clone(a.Change.Old)
		e.carry(a)
		handlerOf(a.Change.New).alter(state, a.Change.New, e)
		if e.refusal == nil && !schema.Equal(state, a.Change.New) {
			e.refuse(fmt.Sprintf("internal error: %v left over", schema.Differing(state, a.Change.New)), "")
		}
		e.carried(a)
	}
}

// drop emits DROP for an object that needs no more than its address.
func (e *emitter) drop(id schema.ID, notes ...note) {
	if because := e.act.Change.Because; because != nil && e.act.Change.Verb == planner.Replace {
		notes = append(notes, remark(fmt.Sprintf("%s is recreated, since it does not survive the change of %s", id, because.ID())))
	}
	e.emit(sql("DROP", commandWord(id.Kind), e.address(id)), notes...)
}
