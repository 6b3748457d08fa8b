package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/planner/safety"
	"github.com/trueup-sql/trueup/schema"
)

// lookalikes are the possible renames of a plan.
func lookalikes(p *planner.Plan, c planner.Comparer) []planner.Lookalike {
	if p.Delta == nil {
		return nil
	}
	return planner.Lookalikes(p.Delta, c, "table", "column", "index")
}

// suggest prints, as comments of the plan, the directives for what looks like
// a rename.
func suggest(w io.Writer, p *planner.Plan, list []planner.Lookalike) {
	for _, l := range list {
		fate := "is dropped"
		if l.Stays {
			fate = "stays beside it"
		}
		ui.Comment(w, fmt.Sprintf("rename? %s%s looks like %s, which %s; if it is the same, write above it: -- @renamed from=%s",
			l.New.ID(), at(p, l), l.Old.ID().Path(), fate, l.Old.ID().Name))
	}
}

// at is where the new object is defined.
func at(p *planner.Plan, l planner.Lookalike) string {
	if pos := p.Delta.Desired.Origin[l.New.ID()]; !pos.IsZero() {
		return " (" + pos.String() + ")"
	}
	return ""
}

// renamer decides on possible renames: by asking, if there is somebody to ask;
// else it refuses those that would lose rows.
type renamer struct {
	mode     string // "", "ask", "refuse", "drop"
	yes      bool
	s        streams
	comparer planner.Comparer
	declined map[schema.ID]bool
}

// decide is for [dialect.ApplyOptions].
func (r *renamer) decide(ctx context.Context, p *planner.Plan, session dialect.Session) (map[schema.ID]schema.ID, error) {
	if r.mode == "drop" {
		return nil, nil
	}
	list := lookalikes(p, r.comparer)
	if r.mode != "refuse" && !r.yes && ui.Interactive(r.s.in, r.s.out) {
		return r.ask(p, list)
	}
	suggest(r.s.out, p, list)
	var found []safety.Finding
	for _, l := range list {
		if !r.loses(ctx, p, session, l) {
			continue
		}
		found = append(found, safety.Finding{Rule: "rename",
			Message: fmt.Sprintf("%s would be dropped with its data, but %s%s looks like its new name", l.Old.ID(), l.New.ID().Name, at(p, l)),
			Hint:    fmt.Sprintf("write above it: -- @renamed from=%s; or drop it with --renames=drop", l.Old.ID().Name)})
	}
	if len(found) > 0 {
		return nil, &safety.RefusedError{Findings: found}
	}
	return nil, nil
}

// ask asks about each pair that was not asked about before.
func (r *renamer) ask(p *planner.Plan, list []planner.Lookalike) (map[schema.ID]schema.ID, error) {
	out := map[schema.ID]schema.ID{}
	for _, l := range list {
		if r.declined[l.New.ID()] {
			continue
		}
		other := "drop it"
		if l.Stays {
			other = "keep both"
		}
		answer, err := ui.Ask(r.s.in, r.s.out, fmt.Sprintf("%s looks like %s%s. y: rename it, n: %s, q: quit", l.Old.ID(), l.New.ID().Name, at(p, l), other), "ynq")
		switch {
		case err != nil:
			return nil, fmt.Errorf("nothing was changed: %w", err)
		case answer == 'q':
			return nil, errStopped
		case answer == 'n':
			r.declined[l.New.ID()] = true
			continue
		}
		out[l.New.ID()] = l.Old.ID()
		fmt.Fprintf(r.s.err, "note: for other databases, write above %s%s: -- @renamed from=%s\n", l.New.ID().Name, at(p, l), l.Old.ID().Name)
	}
	return out, nil
}

// loses tells whether rows would lose something: the dropped object holds data,
// and its table has rows, or does not let itself be looked at.
func (r *renamer) loses(ctx context.Context, p *planner.Plan, session dialect.Session, l planner.Lookalike) bool {
	if l.Stays || r.comparer.Weight(l.Old) != planner.Data {
		return false
	}
	table := l.Old.ID()
	if w := l.Old.Owner(); !w.IsZero() {
		table = w
	}
	for _, ch := range p.Delta.Changes {
		if ch.Verb == planner.Rename && ch.New.ID() == table {
			table = ch.Old.ID()
		}
	}
	holds, err := session.HoldsRows(ctx, table)
	return holds || err != nil
}
