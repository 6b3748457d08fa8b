package myparse

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema/my"
)

// partitionClause carries out a clause of ALTER TABLE about partitions; it tells
// whether there was one. ADD and DROP are read elsewhere.
func (r *reader) partitionClause(t *table) bool {
	at := r.peek()
	if !r.ahead(1).is("PARTITION") {
		return false
	}
	switch strings.ToUpper(at.val) {
	case "REORGANIZE":
		r.i += 2
		r.reorganize(t)
	case "COALESCE":
		r.i += 2
		p := r.partitioned(t, at)
		r.logging()
		n := r.integer("a number")
		if p.Count = max(p.Count, len(p.Partitions)) - n; p.Count < 1 {
			r.fail(at.off, "", "table %s has not that many partitions", t.Self.Name)
		}
		if len(p.Partitions) > 0 {
			p.Partitions = p.Partitions[:p.Count]
		}
	case "TRUNCATE", "DISCARD", "IMPORT", "EXCHANGE", "ANALYZE", "CHECK", "OPTIMIZE", "REBUILD", "REPAIR":
		r.fail(at.off, notManaged, "%s PARTITION works on data, not on the schema", strings.ToUpper(at.val))
	default:
		return false
	}
	return true
}

// logging skips NO_WRITE_TO_BINLOG.
func (r *reader) logging() { r.one("NO_WRITE_TO_BINLOG", "LOCAL") }

func (r *reader) partitioned(t *table, at token) *my.Partitioning {
	if t.parts == nil {
		r.fail(at.off, "", "table %s is not partitioned", t.Self.Name)
	}
	return t.parts
}

func (r *reader) addPartitions(t *table) {
	at := r.take() // PARTITION
	ifNot := r.ifNotExists()
	p := r.partitioned(t, at)
	r.logging()
	if r.accept("PARTITIONS") {
		p.Count = max(p.Count, len(p.Partitions)) + r.integer("a number")
		return
	}
	for _, n := range r.partitions(t, p) {
		if slices.ContainsFunc(p.Partitions, func(o my.Partition) bool { return strings.EqualFold(o.Name, n.Name) }) {
			if ifNot {
				continue
			}
			r.fail(at.off, "", "table %s has two partitions %s", t.Self.Name, n.Name)
		}
		p.Partitions = append(p.Partitions, n)
	}
}

func (r *reader) dropPartitions(t *table) {
	at := r.take()
	exists := r.ifExists()
	p := r.partitioned(t, at)
	for _, n := range r.partitionNames() {
		i := slices.IndexFunc(p.Partitions, func(o my.Partition) bool { return strings.EqualFold(o.Name, n.val) })
		if i < 0 {
			if exists {
				continue
			}
			r.fail(n.off, "", "table %s has no partition %s", t.Self.Name, n.val)
		}
		p.Partitions = slices.Delete(p.Partitions, i, i+1)
	}
}

// partitionNames reads a list of names; a comma belongs to it only if a name of
// a partition can follow, since ALTER TABLE allows no other clause beside it.
func (r *reader) partitionNames() []token {
	var out []token
	for {
		out = append(out, r.peek())
		r.name("the name of a partition")
		if !r.accept(",") {
			return out
		}
	}
}

// reorganize carries out REORGANIZE PARTITION [a, b INTO (..)].
func (r *reader) reorganize(t *table) {
	at := r.toks[r.i-1]
	p := r.partitioned(t, at)
	r.logging()
	if r.done() {
		return
	}
	place := -1
	for _, n := range r.partitionNames() {
		i := slices.IndexFunc(p.Partitions, func(o my.Partition) bool { return strings.EqualFold(o.Name, n.val) })
		if i < 0 {
			r.fail(n.off, "", "table %s has no partition %s", t.Self.Name, n.val)
		}
		p.Partitions = slices.Delete(p.Partitions, i, i+1)
		if place < 0 || i < place {
			place = i
		}
	}
	r.expect("INTO")
	p.Partitions = slices.Insert(p.Partitions, place, r.partitions(t, p)...)
}
