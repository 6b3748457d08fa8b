package postgres

import (
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type indexKind struct{}

func (indexKind) Create(i *pg.Index, e *emitter) {
	if e.comesNamed(i) {
		return
	}
	concurrently := e.concurrentCreate(i)
	head := choose(i.Unique, "CREATE UNIQUE INDEX", "CREATE INDEX")
	only := ""
	if i.Only || e.hasAttached(i.ID()) {
		only = "ONLY"
	}
	words := sql(head, choose(concurrently, "CONCURRENTLY", ""), ident(i.Name), "ON", only, path(i.Table))
	if i.Method != "" && i.Method != "btree" {
		words = append(words, "USING", ident(i.Method))
	}
	keys := make([]string, len(i.Keys))
	for n, k := range i.Keys {
		keys[n] = indexKey(k)
	}
	words = append(words, "("+strings.Join(keys, ", ")+")")
	if len(i.Include) > 0 {
		words = append(words, "INCLUDE ("+columnNames(i.Include)+")")
	}
	words = append(words, choose(i.NullsNotDistinct, "NULLS NOT DISTINCT", ""), with(i.Options))
	if i.Tablespace != "" {
		words = append(words, "TABLESPACE "+ident(i.Tablespace))
	}
	if !i.Predicate.IsZero() {
		words = append(words, "WHERE "+strings.TrimSpace(i.Predicate.Text))
	}
	notes := []note{locks(planner.Lock{Object: i.Table, Level: planner.LockWrite, Scan: true}), hazard(planner.HazardIndexBuild)}
	if concurrently {
		notes = []note{locks(planner.Lock{Object: i.Table, Scan: true}), transaction(planner.NoTx)}
	}
	if i.Unique {
		notes = append(notes, hazard(planner.HazardMayFail))
	}
	e.emit(words, notes...)
	alterIndexStatistics(&pg.Index{}, i, e)
	if !i.AttachedTo.IsZero() && !i.Adopted {
		e.attachIndex(i)
	}
	if only != "" {
		e.attachKeys(i)
	}
	e.indexThere(i.Table, i.Name)
}

// attachKeys attaches the indexes of partitions' keys to one that has not looked
// for them.
func (e *emitter) attachKeys(i *pg.Index) {
	for k := range schema.Each[*pg.Constraint](e.delta.Desired) {
		if k.Backs == i.ID() && !e.awaited(k.ID()) {
			e.emit(sql("ALTER INDEX", path(i.ID()), "ATTACH PARTITION", qualify(k.Table.Schema, k.Name)))
		}
	}
}

// Drop drops an index. One that is attached to a parent's index cannot go
// alone; it goes with that one, or with its table.
func (indexKind) Drop(i *pg.Index, e *emitter) {
	if !i.AttachedTo.IsZero() && e.fadesWithParent(i) {
		return
	}
	if e.concurrentDrop(i) {
		e.emit(sql("DROP INDEX CONCURRENTLY", path(i.ID())), transaction(planner.NoTx))
		return
	}
	if e.backed(i) {
		e.emit(sql("DROP INDEX", path(i.ID()), "CASCADE"), lock(i.Table, planner.LockAll))
		return
	}
	e.drop(i.ID(), lock(i.Table, planner.LockAll))
}

// fadesWithParent tells whether the parent's index, or the partition, goes too.
func (e *emitter) fadesWithParent(i *pg.Index) bool {
	return e.goes(i.AttachedTo) || e.goes(i.Table)
}

func (indexKind) Alter(old, new *pg.Index, e *emitter) {
	alterIndexStorage(path(new.ID()), new.Table, &old.Options, new.Options, &old.Tablespace, new.Tablespace, e)
	alterIndexStatistics(old, new, e)
	if old.AttachedTo.IsZero() && !new.AttachedTo.IsZero() {
		if !e.takenUp(new) {
			e.attachIndex(new)
		}
		old.AttachedTo = new.AttachedTo
	}
	// Whether partitions got their indexes by this one or by ATTACH is no
	// difference once it is there and valid.
	if !old.Invalid && !new.Invalid {
		old.Only = new.Only
	}
}

// alterIndexStatistics sets the statistics targets of keys; -1 is the default.
func alterIndexStatistics(old, new *pg.Index, e *emitter) {
	set := func(key, target int) {
		e.emit(sql("ALTER INDEX", path(new.ID()), "ALTER COLUMN", strconv.Itoa(key), "SET STATISTICS", strconv.Itoa(target)))
	}
	for _, k := range old.Statistics {
		if !slices.ContainsFunc(new.Statistics, func(n pg.KeyStatistics) bool { return n.Key == k.Key }) {
			set(k.Key, -1)
		}
	}
	for _, k := range new.Statistics {
		if !slices.Contains(old.Statistics, k) {
			set(k.Key, k.Target)
		}
	}
	old.Statistics = new.Statistics
}

// alterIndexStorage: storage parameters and tablespace, also of a constraint's index.
func alterIndexStorage(index string, table schema.ID, old *[]pg.Option, new []pg.Option, oldSpace *string, newSpace string, e *emitter) {
	e.alterOptions(old, new, func(clause string) { e.emit(sql("ALTER INDEX", index, clause)) })
	if changed(oldSpace, newSpace) {
		e.emit(sql("ALTER INDEX", index, "SET TABLESPACE", ident(orDefault(newSpace, "pg_default"))), lock(table, planner.LockAll))
	}
}

func (e *emitter) attachIndex(i *pg.Index) {
	e.emit(sql("ALTER INDEX", path(i.AttachedTo), "ATTACH PARTITION", path(i.ID())))
}

// takenUp tells whether the server attaches an index by itself: when the table
// becomes a partition in this plan, or the parent's index is created without ONLY.
func (e *emitter) takenUp(i *pg.Index) bool {
	if e.delta == nil {
		return false
	}
	if ch := e.changes[i.Table]; ch != nil && ch.Verb == planner.Alter {
		if old := ch.Old.(*pg.Table); old.PartitionOf != ch.New.(*pg.Table).PartitionOf {
			return true
		}
	}
	return i.Adopted && e.fresh(i.AttachedTo)
}

// comesNamed gives the index that a new partition has from its parent's the name
// that it is to have.
func (e *emitter) comesNamed(i *pg.Index) bool {
	t, ok := e.delta.Desired.Object(i.Table).(*pg.Table)
	if !ok || i.AttachedTo.IsZero() || e.fresh(i.AttachedTo) || !e.fresh(i.Table) || t.PartitionOf.IsZero() {
		return false
	}
	parent, ok := e.delta.Desired.Object(i.AttachedTo).(*pg.Index)
	if !ok {
		return false
	}
	if name := chosenIndexName(i); name != i.Name {
		e.emit(sql("ALTER INDEX", qualify(i.Schema, name), "RENAME TO", ident(i.Name)))
	}
	plain := &pg.Index{Schema: i.Schema, Name: i.Name, Table: i.Table, Options: parent.Options, Tablespace: parent.Tablespace}
	indexKind{}.Alter(plain, i, e)
	return true
}

// chosenIndexName is the name that the server gives the index of a partition
// that comes with its parent's.
func chosenIndexName(i *pg.Index) string {
	var names []string
	for _, k := range i.Keys {
		names = append(names, orDefault(k.Column.Name, "expr"))
	}
	for _, c := range i.Include {
		names = append(names, c.Name)
	}
	return chosenName(i.Table.Name, strings.Join(names, "_"), "idx")
}

// hasAttached tells whether indexes of partitions are attached by name to this
// one: then it must not make them itself.
func (e *emitter) hasAttached(id schema.ID) bool {
	if e.attached == nil {
		e.attached = map[schema.ID]bool{}
		for i := range schema.Each[*pg.Index](e.delta.Desired) {
			if !i.AttachedTo.IsZero() && !i.Adopted {
				e.attached[i.AttachedTo] = true
			}
		}
	}
	return e.attached[id]
}

// indexKey is an element of an index, a partition key or an exclusion constraint.
func indexKey(k pg.IndexKey) string {
	var words []string
	switch {
	case !k.Column.IsZero():
		words = append(words, ident(k.Column.Name))
	case isCall(k.Expr.Text):
		words = append(words, k.Expr.Text)
	default:
		words = append(words, parenthesized(k.Expr.Text))
	}
	if k.Collation != "" {
		words = append(words, "COLLATE "+k.Collation)
	}
	if k.OpClass != "" {
		words = append(words, k.OpClass)
	}
	if len(k.OpClassOptions) > 0 {
		words = append(words, optionList(k.OpClassOptions))
	}
	if k.Desc {
		words = append(words, "DESC")
	}
	if k.NullsFirst != k.Desc {
		words = append(words, choose(k.NullsFirst, "NULLS FIRST", "NULLS LAST"))
	}
	return strings.Join(words, " ")
}

type statisticsKind struct{}

func (statisticsKind) Create(s *pg.Statistics, e *emitter) {
	kinds := ""
	if len(s.Kinds) > 0 && len(s.Kinds) < 3 { // all three is the default
		kinds = "(" + strings.Join(s.Kinds, ", ") + ")"
	}
	var on []string
	for _, c := range s.Columns {
		on = append(on, ident(c.Name))
	}
	for _, x := range s.Exprs {
		on = append(on, choose(isCall(x.Text), x.Text, parenthesized(x.Text)))
	}
	e.emit(sql("CREATE STATISTICS", path(s.ID()), kinds, "ON", strings.Join(on, ", "), "FROM", path(s.Table)))
	if s.Target != -1 {
		e.emit(sql("ALTER STATISTICS", path(s.ID()), "SET STATISTICS", strconv.Itoa(s.Target)))
	}
}

func (statisticsKind) Drop(s *pg.Statistics, e *emitter) { e.drop(s.ID()) }

func (statisticsKind) Alter(old, new *pg.Statistics, e *emitter) {
	if changed(&old.Target, new.Target) {
		e.emit(sql("ALTER STATISTICS", path(new.ID()), "SET STATISTICS", strconv.Itoa(new.Target)))
	}
}
