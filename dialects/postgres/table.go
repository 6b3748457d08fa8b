package postgres

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type tableKind struct{}

func (tableKind) Create(t *pg.Table, e *emitter) {
	if !t.PartitionOf.IsZero() {
		e.vacate(t.PartitionOf)
	}
	e.createTable(t)
	e.moved(t)
}

// Drop drops a table. A foreign key that refers to a partitioned table holds on
// to every partition, so that one has to be detached before it can go.
func (tableKind) Drop(t *pg.Table, e *emitter) {
	if e.moveAside(t) {
		return
	}
	if !t.PartitionOf.IsZero() && e.referenced(t.PartitionOf) {
		e.emit(sql("ALTER TABLE", path(t.PartitionOf), "DETACH PARTITION", path(t.ID())), lock(t.PartitionOf, planner.LockAll), hazard(planner.HazardMayFail))
	}
	e.drop(t.ID(), lock(t.ID(), planner.LockAll))
}

// referenced tells whether there is still a foreign key to a table, or to one
// that it is a partition of.
func (e *emitter) referenced(table schema.ID) bool {
	for c := range schema.Each[*pg.Constraint](e.delta.Current) {
		if c.Type == pg.ForeignKey && c.RefTable == table && !e.rendered(c.ID(), planner.DropHalf) {
			return true
		}
	}
	t, ok := e.delta.Current.Object(table).(*pg.Table)
	return ok && !t.PartitionOf.IsZero() && e.referenced(t.PartitionOf)
}

func (tableKind) Alter(old, new *pg.Table, e *emitter) {
	id := new.ID()
	if slices.Contains(schema.Differing(old, new), "PartitionBy") {
		e.moving = true // there is no command for it
		return
	}
	if changed(&old.Unlogged, new.Unlogged) {
		// On its own: the foreign keys are checked before any other clause is run.
		e.disturb(schema.Steady)
		e.emit(sql("ALTER TABLE", path(id), choose(new.Unlogged, "SET UNLOGGED", "SET LOGGED")), rewrites(id))
	}
	alterMethod(&old.AccessMethod, new.AccessMethod, id, e)
	if changed(&old.Tablespace, new.Tablespace) {
		e.alterTable(id, "SET TABLESPACE "+ident(orDefault(new.Tablespace, "pg_default")), rewrites(id))
	}
	e.alterOptions(&old.Options, new.Options, func(clause string) { e.alterTable(id, clause, lock(id, planner.LockNone)) })
	if changed(&old.OfType, new.OfType) {
		e.alterTable(id, choose(new.OfType.IsZero(), "NOT OF", "OF "+path(new.OfType)))
	}
	alterInherits(old, new, e)
	alterPartition(old, new, e)
	e.rowSecurity(old, new)
	alterReplica(old, new, e)
	if changed(&old.ClusterOn, new.ClusterOn) {
		if new.ClusterOn == "" {
			e.alterTable(id, "SET WITHOUT CLUSTER", lock(id, planner.LockNone))
		} else {
			e.clusterOn(new)
		}
	}
}

func choose(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

func orDefault(s, otherwise string) string { return choose(s != "", s, otherwise) }

// alterMethod: there is SET ACCESS METHOD since 15.
func alterMethod(old *string, new string, id schema.ID, e *emitter) {
	if *old == new {
		return
	}
	if !e.at(15) {
		e.refuse("the access method of a table cannot be changed before PostgreSQL 15", "")
		return
	}
	*old = new
	e.alterTable(id, "SET ACCESS METHOD "+ident(orDefault(new, "heap")), rewrites(id))
}

// alterInherits: the order of parents is that of INHERIT commands, so that from
// the first difference on all are given up and taken again.
func alterInherits(old, new *pg.Table, e *emitter) {
	same := 0
	for same < min(len(old.Inherits), len(new.Inherits)) && old.Inherits[same] == new.Inherits[same] {
		same++
	}
	for _, p := range old.Inherits[same:] {
		e.alterTable(new.ID(), "NO INHERIT "+path(p))
	}
	if len(old.Inherits) > same {
		e.flush() // a column of the parent's can only then be dropped or come back
	}
	for _, p := range new.Inherits[same:] {
		e.afterwards(func() { e.alterTable(new.ID(), "INHERIT "+path(p), lock(p, planner.LockNone)) })
	}
	old.Inherits = new.Inherits
}

// alterPartition detaches and attaches; that is also how a bound changes.
func alterPartition(old, new *pg.Table, e *emitter) {
	was := old.PartitionOf
	if was == new.PartitionOf && old.Bound.Equal(new.Bound) {
		return
	}
	old.PartitionOf, old.Bound = new.PartitionOf, new.Bound
	if was == new.PartitionOf {
		e.vacate(was)
		return
	}
	if !was.IsZero() && !e.rendered(was, planner.DropHalf) && !e.detached[new.ID()] {
		e.detach(was, new.ID())
	}
	if !new.PartitionOf.IsZero() { // once its columns and constraints are as the parent's
		e.afterwards(func() {
			e.vacate(new.PartitionOf)
			e.attach(new)
		})
	}
}

// vacate has all partitions of a table that leave it, or whose bounds change, give
// up the bounds that they have, before another one takes them, and then has those
// that stay take their new ones.
func (e *emitter) vacate(parent schema.ID) {
	if e.delta == nil || e.vacated[parent] {
		return
	}
	e.vacated[parent] = true
	act := e.act
	var stay []planner.Act
	for _, ch := range e.moversOf(parent) {
		if e.rendered(ch.ID(), planner.AlterHalf) || e.detached[ch.ID()] {
			continue
		}
		e.act = planner.Act{Change: ch, Half: planner.AlterHalf}
		e.detach(parent, ch.ID())
		if ch.New.(*pg.Table).PartitionOf == parent {
			stay = append(stay, e.act)
		}
	}
	for _, e.act = range stay {
		e.attach(e.act.Change.New.(*pg.Table))
	}
	e.act = act
}

func (e *emitter) detach(parent, partition schema.ID) {
	if e.detached != nil {
		e.detached[partition] = true
	}
	e.emit(sql("ALTER TABLE", path(parent), "DETACH PARTITION", path(partition)), lock(parent, planner.LockAll))
}

func (e *emitter) attach(t *pg.Table) {
	e.emit(sql("ALTER TABLE", path(t.PartitionOf), "ATTACH PARTITION", path(t.ID()), t.Bound.Text),
		lock(t.PartitionOf, planner.LockWrite), scans(t.ID()), hazard(planner.HazardMayFail))
}

// moversOf are the alterations by which partitions leave a table or change
// their bounds there.
func (e *emitter) moversOf(parent schema.ID) []*planner.Change {
	if e.movers == nil {
		e.movers = map[schema.ID][]*planner.Change{}
		for _, ch := range e.delta.Changes {
			old, ok := ch.Old.(*pg.Table)
			if !ok || ch.Verb != planner.Alter || old.PartitionOf.IsZero() {
				continue
			}
			if now := ch.New.(*pg.Table); now.PartitionOf != old.PartitionOf || !now.Bound.Equal(old.Bound) {
				e.movers[old.PartitionOf] = append(e.movers[old.PartitionOf], ch)
			}
		}
	}
	return e.movers[parent]
}

func (e *emitter) rowSecurity(old, new *pg.Table) {
	if changed(&old.RowSecurity, new.RowSecurity) {
		e.alterTable(new.ID(), choose(new.RowSecurity, "ENABLE", "DISABLE")+" ROW LEVEL SECURITY")
	}
	if changed(&old.ForceRowSecurity, new.ForceRowSecurity) {
		e.alterTable(new.ID(), choose(new.ForceRowSecurity, "FORCE", "NO FORCE")+" ROW LEVEL SECURITY")
	}
}

func alterReplica(old, new *pg.Table, e *emitter) {
	if old.ReplicaIdentity == new.ReplicaIdentity && old.ReplicaIndex == new.ReplicaIndex {
		return
	}
	old.ReplicaIdentity, old.ReplicaIndex = new.ReplicaIdentity, new.ReplicaIndex
	if new.ReplicaIdentity == "index" {
		e.replicaIndex(new)
		return
	}
	e.alterTable(new.ID(), "REPLICA IDENTITY "+strings.ToUpper(orDefault(new.ReplicaIdentity, "default")))
}

// replicaIndex and clusterOn name an index. One that is created later in the
// plan says so itself, see [emitter.indexThere].
func (e *emitter) replicaIndex(t *pg.Table) {
	if !e.indexAwaited(t.ID(), t.ReplicaIndex) {
		e.alterTable(t.ID(), "REPLICA IDENTITY USING INDEX "+ident(t.ReplicaIndex))
	}
}

func (e *emitter) clusterOn(t *pg.Table) {
	if t.ClusterOn != "" && !e.indexAwaited(t.ID(), t.ClusterOn) {
		e.alterTable(t.ID(), "CLUSTER ON "+ident(t.ClusterOn), lock(t.ID(), planner.LockNone))
	}
}

// indexAwaited tells whether the index, or the constraint that it belongs to,
// has still to be created.
func (e *emitter) indexAwaited(table schema.ID, name string) bool {
	return e.awaited(schema.ID{Kind: pg.KindIndex, Schema: table.Schema, Name: name}) || e.awaited(pg.Part(pg.KindConstraint, table, name))
}

// indexThere is told of every index that was created, after all that the plan
// does to its table itself. The server forgets the replica identity and the
// clustering with the index that they go by, so that they come back with it.
func (e *emitter) indexThere(relation schema.ID, name string) {
	switch o := e.delta.Desired.Object(relation).(type) {
	case *pg.Table:
		if o.ReplicaIdentity == "index" && o.ReplicaIndex == name {
			e.alterTable(relation, "REPLICA IDENTITY USING INDEX "+ident(name))
		}
		if o.ClusterOn == name {
			e.alterTable(relation, "CLUSTER ON "+ident(name), lock(relation, planner.LockNone))
		}
	case *pg.MaterializedView:
		if o.ClusterOn == name {
			e.emit(sql("ALTER MATERIALIZED VIEW", path(relation), "CLUSTER ON", ident(name)))
		}
	}
}
