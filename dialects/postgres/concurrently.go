package postgres

import (
	"slices"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// wantsConcurrently tells whether the user asked for it, for all indexes or for
// this one.
func (e *emitter) wantsConcurrently(id schema.ID) bool {
	return e.options.Concurrently ||
		slices.ContainsFunc(e.delta.Desired.Directives[id], func(d schema.Directive) bool { return d.Name == "concurrently" })
}

// concurrentCreate: an index on what the plan itself creates blocks nobody, and
// the server cannot do it on a partitioned table.
func (e *emitter) concurrentCreate(i *pg.Index) bool {
	return e.wantsConcurrently(i.ID()) && !e.fresh(i.Table) && !e.partitioned(i.Table) && i.AttachedTo.IsZero()
}

// concurrentDrop: where something that the index uses goes or changes as well,
// its drop has to stay before that, in the same transaction.
func (e *emitter) concurrentDrop(i *pg.Index) bool {
	if !e.wantsConcurrently(i.ID()) || e.partitioned(i.Table) || !i.AttachedTo.IsZero() {
		return false
	}
	for _, r := range i.Refs() {
		if e.changes[r.To] != nil {
			return false
		}
	}
	return true
}

func (e *emitter) partitioned(table schema.ID) bool {
	t, ok := e.object(table).(*pg.Table)
	return ok && t.PartitionBy != nil
}

// arrange gathers what cannot run in the one transaction of the rest: what has
// to be committed first goes to the front, behind the renames; what runs
// outside of transactions to the end, with all that needs it.
func (e *emitter) arrange() []planner.Statement {
	var early, body, tail []planner.Statement
	renames := 0 // how much of the body has to stay before what is early
	late := map[schema.ID]bool{}
	for _, o := range e.out {
		switch {
		case o.Tx == planner.OwnTx:
			early = append(early, o.Statement)
			for i, s := range body {
				if s.Verb == planner.Rename {
					renames = i + 1
				}
			}
		case o.Tx == planner.NoTx || needsAny(o.acts, late):
			tail = append(tail, o.Statement)
			for _, a := range o.acts {
				late[a.Change.ID()] = true
			}
		default:
			body = append(body, o.Statement)
		}
	}
	return slices.Concat(body[:renames], early, body[renames:], tail)
}

// needsAny tells whether an act is on one of these objects, or on one that
// refers to them.
func needsAny(acts []planner.Act, ids map[schema.ID]bool) bool {
	if len(ids) == 0 {
		return false
	}
	for _, a := range acts {
		if ids[a.Change.ID()] {
			return true
		}
		for _, r := range a.Object().Refs() {
			if r.Bind > schema.Late && ids[r.To] {
				return true
			}
		}
	}
	return false
}
