package postgres

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type sequenceKind struct{}

func (sequenceKind) Create(s *pg.Sequence, e *emitter) {
	words := []string{choose(s.Unlogged, "CREATE UNLOGGED SEQUENCE", "CREATE SEQUENCE"), path(s.ID())}
	if s.Type != "bigint" {
		words = append(words, "AS "+s.Type)
	}
	e.emit(append(words, sequenceOptions(s)...))
	e.takeNumber(s.ID())
}

func (sequenceKind) Drop(s *pg.Sequence, e *emitter) {
	e.leaveNumber(s.ID())
	e.drop(s.ID(), lock(s.ID(), planner.LockAll))
}

func (sequenceKind) Alter(old, new *pg.Sequence, e *emitter) {
	var words []string
	if old.Type != new.Type {
		words = append(words, "AS "+new.Type)
		retype(old, new.Type)
	}
	e.intoBounds(path(new.ID()), *old, *new)
	words = append(words, sequenceChanges(old, new)...)
	if len(words) > 0 {
		e.emit(append(sql("ALTER SEQUENCE", path(new.ID())), words...), lock(new.ID(), planner.LockAll))
	}
	if changed(&old.Unlogged, new.Unlogged) && !e.followsTable(old.OwnedBy, new.Unlogged) {
		e.emit(sql("ALTER SEQUENCE", path(new.ID()), choose(new.Unlogged, "SET UNLOGGED", "SET LOGGED")), lock(new.ID(), planner.LockAll))
	}
}

// followsTable tells whether the sequence that a column owns becomes logged or
// unlogged because the column's table does (since 15).
func (e *emitter) followsTable(column schema.ID, unlogged bool) bool {
	if e.delta == nil {
		return false
	}
	id := schema.ID{Kind: pg.KindTable, Schema: column.Schema, Name: column.Parent}
	old, was := schema.Lookup[*pg.Table](e.delta.Current, id)
	new, is := schema.Lookup[*pg.Table](e.delta.Desired, id)
	return was && is && old.Unlogged != new.Unlogged && new.Unlogged == unlogged
}

// limits are the bounds of a sequence's type.
func limits(typ string) (low, high int64) {
	switch typ {
	case "smallint":
		return math.MinInt16, math.MaxInt16
	case "integer":
		return math.MinInt32, math.MaxInt32
	}
	return math.MinInt64, math.MaxInt64
}

// defaultSequence is what CREATE SEQUENCE makes of a type and an increment alone.
func defaultSequence(typ string, increment int64) pg.Sequence {
	low, high := limits(typ)
	s := pg.Sequence{Type: typ, Increment: increment, Min: 1, Max: high, Start: 1, Cache: 1}
	if increment < 0 {
		s.Min, s.Max, s.Start = low, -1, -1
	}
	return s
}

// sequenceOptions are the options by which a sequence differs from the default
// one; START follows MINVALUE and MAXVALUE.
func sequenceOptions(s *pg.Sequence) []string {
	plain := defaultSequence(s.Type, s.Increment)
	plain.Min, plain.Max = s.Min, s.Max
	plain.Start = s.Min
	if s.Increment < 0 {
		plain.Start = s.Max
	}
	base := defaultSequence(s.Type, s.Increment)
	var out []string
	if s.Increment != 1 {
		out = append(out, fmt.Sprintf("INCREMENT BY %d", s.Increment))
	}
	if s.Min != base.Min {
		out = append(out, fmt.Sprintf("MINVALUE %d", s.Min))
	}
	if s.Max != base.Max {
		out = append(out, fmt.Sprintf("MAXVALUE %d", s.Max))
	}
	if s.Start != plain.Start {
		out = append(out, fmt.Sprintf("START WITH %d", s.Start))
	}
	if s.Cache != 1 {
		out = append(out, fmt.Sprintf("CACHE %d", s.Cache))
	}
	if s.Cycle {
		out = append(out, "CYCLE")
	}
	return out
}

// sequenceChanges are the options that ALTER SEQUENCE needs; it accounts for them.
func sequenceChanges(old, new *pg.Sequence) []string {
	base := defaultSequence(new.Type, new.Increment)
	var out []string
	if changed(&old.Increment, new.Increment) {
		out = append(out, "INCREMENT BY "+strconv.FormatInt(new.Increment, 10))
	}
	if changed(&old.Min, new.Min) {
		out = append(out, choose(new.Min == base.Min, "NO MINVALUE", fmt.Sprintf("MINVALUE %d", new.Min)))
	}
	if changed(&old.Max, new.Max) {
		out = append(out, choose(new.Max == base.Max, "NO MAXVALUE", fmt.Sprintf("MAXVALUE %d", new.Max)))
	}
	if changed(&old.Start, new.Start) {
		out = append(out, fmt.Sprintf("START WITH %d", new.Start))
	}
	if changed(&old.Cache, new.Cache) {
		out = append(out, fmt.Sprintf("CACHE %d", new.Cache))
	}
	if changed(&old.Cycle, new.Cycle) {
		out = append(out, choose(new.Cycle, "CYCLE", "NO CYCLE"))
	}
	return out
}

// intoBounds moves a sequence that has not come as far as its new first value
// there, and one that was never used: the server refuses bounds that its
// position is outside of. One that has come too far is not turned back, since it
// would give out values again; there the server's refusal stands.
func (e *emitter) intoBounds(sequence string, old, new pg.Sequence) {
	behind, beyond := fmt.Sprintf("last_value < %d", new.Min), fmt.Sprintf("last_value > %d", new.Max)
	if new.Increment < 0 {
		behind, beyond = beyond, behind
	}
	switch raised, lowered := new.Min > old.Min, new.Max < old.Max; {
	case raised && lowered, raised && new.Increment < 0, lowered && new.Increment > 0:
		behind += " OR " + beyond + " AND NOT is_called"
	case !raised && !lowered:
		return
	}
	if new.Start > old.Max { // setval keeps to the bounds of now
		e.emit(sql("ALTER SEQUENCE", sequence, fmt.Sprintf("MAXVALUE %d", new.Max)))
	}
	if new.Start < old.Min {
		e.emit(sql("ALTER SEQUENCE", sequence, fmt.Sprintf("MINVALUE %d", new.Min)))
	}
	e.emit(sql("SELECT", fmt.Sprintf("pg_catalog.setval(%s, %d, false)", strings.TrimSpace(quoteLiteral(sequence)), new.Start), "FROM", sequence, "WHERE", behind))
}

// retype does what ALTER SEQUENCE AS does: limits that were the old type's
// become the new one's.
func retype(s *pg.Sequence, typ string) {
	if _, ok := integers[typ]; !ok || s.Type == typ {
		return
	}
	low, high := limits(s.Type)
	newLow, newHigh := limits(typ)
	if s.Max == high {
		s.Max = newHigh
	}
	if s.Min == low {
		s.Min = newLow
	}
	s.Type = typ
}

type sequenceOwnerKind struct{}

// Create links a sequence to its column. Both must have the same owner: a new
// sequence takes over that of a table that is there already.
func (sequenceOwnerKind) Create(o *pg.SequenceOwner, e *emitter) {
	table := tableOf(o.Column)
	owner := &pg.Ownership{Target: table}
	if own, ok := e.object(owner.ID()).(*pg.Ownership); ok && e.fresh(o.Sequence) && !e.awaited(owner.ID()) {
		e.emit(sql("ALTER SEQUENCE", path(o.Sequence), "OWNER TO", ident(own.Role)))
	}
	e.emit(sql("ALTER SEQUENCE", path(o.Sequence), "OWNED BY", columnPath(o.Column)))
}

func (sequenceOwnerKind) Drop(o *pg.SequenceOwner, e *emitter) {
	e.emit(sql("ALTER SEQUENCE", path(o.Sequence), "OWNED BY NONE"))
}

func (sequenceOwnerKind) Alter(old, new *pg.SequenceOwner, e *emitter) {
	if changed(&old.Column, new.Column) {
		sequenceOwnerKind{}.Create(new, e)
	}
}

// columnPath is schema.table.column.
func columnPath(id schema.ID) string { return relationOf(id) + "." + ident(id.Name) }
