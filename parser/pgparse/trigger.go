package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// pg_trigger.tgtype's bits, in the order in which events are listed.
var triggerEvents = [...]struct {
	bit  int32
	name string
}{{1 << 2, "insert"}, {1 << 4, "update"}, {1 << 3, "delete"}, {1 << 5, "truncate"}}

var triggerTimings = map[int32]string{0: "after", 1 << 1: "before", 1 << 6: "instead of"}

// createTrigger reads CREATE TRIGGER and CREATE CONSTRAINT TRIGGER.
func (r *reader) createTrigger(s *pg_query.CreateTrigStmt) error {
	relation, err := r.existing(s.Relation)
	if err != nil {
		return err
	}
	t := &pg.Trigger{Relation: relation, Name: s.Trigname, Constraint: s.Isconstraint,
		Timing: triggerTimings[s.Timing], Deferrable: s.Deferrable, InitiallyDeferred: s.Initdeferred, ForEachRow: s.Row}
	for _, e := range triggerEvents {
		if s.Events&e.bit != 0 {
			t.Events = append(t.Events, e.name)
		}
	}
	for _, n := range s.Columns {
		t.UpdateOf = append(t.UpdateOf, pg.ColumnID(t.Relation, str(n)))
	}
	if s.Constrrel != nil {
		if t.From, err = r.existing(s.Constrrel); err != nil {
			return err
		}
	}
	for _, n := range s.TransitionRels {
		if x := n.GetTriggerTransition(); x.GetIsNew() {
			t.NewTable = x.Name
		} else {
			t.OldTable = x.GetName()
		}
	}
	if s.WhenClause != nil {
		t.When = r.expr(s.WhenClause)
	}
	if t.FunctionName, t.Function, err = r.foreignFunction(s.Funcname, ""); err != nil {
		return err
	}
	t.Args = strs(s.Args)
	return r.addOrReplace(t, s.Replace)
}

// enableTrigger reads ALTER TABLE .. ENABLE and DISABLE TRIGGER. USER and ALL
// mean every trigger that the text has defined; the system's own, which carry
// out foreign keys, are not objects of the catalog.
func (r *reader) enableTrigger(relation schema.ID, c *pg_query.AlterTableCmd) error {
	state := ""
	switch c.Subtype {
	case pg_query.AlterTableType_AT_DisableTrig, pg_query.AlterTableType_AT_DisableTrigAll, pg_query.AlterTableType_AT_DisableTrigUser:
		state = "disabled"
	case pg_query.AlterTableType_AT_EnableAlwaysTrig:
		state = "always"
	case pg_query.AlterTableType_AT_EnableReplicaTrig:
		state = "replica"
	}
	switch c.Subtype {
	case pg_query.AlterTableType_AT_DisableTrigAll:
		return r.notManaged(-1, "DISABLE TRIGGER ALL, which turns foreign keys off,")
	case pg_query.AlterTableType_AT_EnableTrigAll, pg_query.AlterTableType_AT_EnableTrigUser, pg_query.AlterTableType_AT_DisableTrigUser:
		for t := range schema.Each[*pg.Trigger](r.catalog) {
			if t.Relation == relation {
				t.Enabled = state
			}
		}
		return nil
	}
	t, err := part[*pg.Trigger](r, pg.KindTrigger, relation, c.Name)
	if err != nil {
		return r.enableParents(relation, c.Name, state, err)
	}
	t.Enabled = state
	r.forgetStates(t.ID())
	return nil
}

// enableParents is about a trigger that a partition has for an ancestor's.
func (r *reader) enableParents(relation schema.ID, name, state string, missing error) error {
	for t, ok := schema.Lookup[*pg.Table](r.catalog, relation); ok && !t.PartitionOf.IsZero(); {
		of := pg.Part(pg.KindTrigger, t.PartitionOf, name)
		if parent, ok := schema.Lookup[*pg.Trigger](r.catalog, of); ok {
			if own := (&pg.Trigger{Relation: relation, Name: name, Of: of, Enabled: state}); state != parent.Enabled {
				r.catalog.Put(own)
			} else {
				r.remove(own.ID())
			}
			return nil
		}
		t, ok = schema.Lookup[*pg.Table](r.catalog, t.PartitionOf)
	}
	return missing
}

// forgetStates: what is done to a partitioned table's trigger is done to those
// of its partitions.
func (r *reader) forgetStates(of schema.ID) {
	for t := range schema.Each[*pg.Trigger](r.catalog) {
		if t.Of == of {
			r.remove(t.ID())
		}
	}
}
