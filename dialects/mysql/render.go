package mysql

import (
	"cmp"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// Render writes the steps of a plan.
func (b *bound) Render(d *planner.Delta, steps []planner.Step) ([]planner.Statement, error) {
	if err := b.visible(d); err != nil {
		return nil, err
	}
	made := map[schema.ID]bool{}
	for _, ch := range d.Changes {
		if ch.Verb == planner.Create || ch.Verb == planner.Replace {
			made[ch.ID()] = true
		}
	}
	e := &emitter{bound: b, delta: d, made: made, columns: columnsOf(d.Desired), indexes: indexesOf(d.Desired), before: indexesOf(d.Current)}
	for _, s := range steps {
		if e.step(s); e.err != nil {
			return nil, e.err
		}
	}
	return b.withSettings(e.out, e.needs), nil
}

// step writes one step: a table that comes or goes takes its parts along.
func (e *emitter) step(s planner.Step) {
	for _, a := range s.Acts {
		if t, ok := a.Object().(*my.Table); ok && a.Half == planner.CreateHalf {
			e.createTable(t, s)
			return
		}
		if a.Half == planner.DropHalf && a.Change.Old.ID() == s.Whole && e.Whole(a.Change.Old) == s.Whole {
			e.turn(a) // the parts vanish with it
			e.flush(s.Whole)
			return
		}
	}
	var table schema.ID
	for _, a := range s.Acts {
		if w := e.Whole(a.Object()); !w.IsZero() && a.Half != planner.RenameHalf {
			table = w
		}
		e.turn(a)
	}
	e.flush(table)
}

// turn has the handler write one act.
func (e *emitter) turn(a planner.Act) {
	e.act = a
	h := handlerOf[a.Change.ID().Kind]
	switch a.Half {
	case planner.CreateHalf:
		h.create(a.Change.New, e)
	case planner.DropHalf:
		h.drop(a.Change.Old, e)
	case planner.RenameHalf:
		h.rename(a.Change.Old, a.Change.New, e)
	case planner.AlterHalf:
		h.alter(schema.Clone(a.Change.Old), a.Change.New, e)
	}
}

// createTable writes a table with those of its parts that are in the step.
func (e *emitter) createTable(t *my.Table, s planner.Step) {
	e.creating = true
	var tail string
	for _, a := range s.Acts {
		switch o := a.Object().(type) {
		case *my.Table:
		case *my.Partitioning:
			tail = "\n" + e.partitionBy(o)
		default:
			e.turn(a)
		}
	}
	lines := e.definitions
	e.creating, e.definitions = false, nil
	for _, p := range []*my.Period{t.SystemTime, t.ApplicationTime} {
		if p != nil {
			lines = append(lines, clause{position: atPeriod, text: periodClause(p)})
		}
	}
	slices.SortStableFunc(lines, func(a, b clause) int {
		return cmp.Or(cmp.Compare(a.position, b.position), cmp.Compare(a.ordinal, b.ordinal))
	})
	var b strings.Builder
	b.WriteString("CREATE TABLE " + quote(t.Self.Name) + " (")
	for i, l := range lines {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n  " + l.text)
	}
	b.WriteString("\n)")
	for _, o := range e.createOptions(t) {
		b.WriteString(" " + o)
	}
	b.WriteString(tail)
	for _, a := range s.Acts {
		if a.Object() == schema.Object(t) {
			e.act = a
		}
	}
	e.statement(b.String(), facts{})
}
