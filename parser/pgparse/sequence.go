package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// createSequence reads CREATE SEQUENCE.
func (r *reader) createSequence(s *pg_query.CreateSeqStmt) error {
	v := s.Sequence
	if v.Relpersistence == "t" {
		return r.temporary(v)
	}
	q := &pg.Sequence{Schema: r.creation(v.Schemaname), Name: v.Relname, Type: "bigint", Unlogged: v.Relpersistence == "u"}
	if found, ok := r.relations[key(q.Schema, q.Name)]; ok && s.IfNotExists {
		r.skipped(found)
		return nil
	}
	sequenceDefaults(q)
	if err := r.sequenceOptions(q, s.Options, false, false); err != nil {
		return err
	}
	owner, err := r.ownedBy(s.Options)
	if err != nil {
		return err
	}
	if err := r.add(q, -1); err != nil {
		return err
	}
	return r.setOwnedBy(q.ID(), owner)
}

// alterSequence reads ALTER SEQUENCE, also of the implicit sequence of an
// identity column.
func (r *reader) alterSequence(s *pg_query.AlterSeqStmt) error {
	id, err := r.existing(s.Sequence)
	if _, missing := err.(*missingError); missing && s.MissingOk && r.again {
		return nil
	}
	if err != nil {
		return err
	}
	if c := r.identityOf(id); c != nil {
		return r.sequenceOptions(&c.Identity.Sequence, s.Options, true, true)
	}
	q, ok := schema.Lookup[*pg.Sequence](r.catalog, id)
	if !ok {
		return r.errorf(s.Sequence.Location, "", "%s is not a sequence", id)
	}
	owner, err := r.ownedBy(s.Options)
	if err != nil {
		return err
	}
	if err := r.sequenceOptions(q, s.Options, false, true); err != nil {
		return err
	}
	return r.setOwnedBy(id, owner)
}

// identityOf is the column whose implicit sequence has an ID.
func (r *reader) identityOf(id schema.ID) *pg.Column {
	c, _ := schema.Lookup[*pg.Column](r.catalog, r.implicit[id])
	return c
}

// sequenceOptions reads the options of CREATE and ALTER SEQUENCE, and of an
// identity column. A new sequence's limits and start follow from its type and
// its direction where the author does not say; an existing one keeps them,
// but a limit that was the old type's own follows a new type.
func (r *reader) sequenceOptions(q *pg.Sequence, list []*pg_query.Node, identity, existing bool) error {
	has := map[string]*pg_query.DefElem{}
	for _, d := range elements(list) {
		if has[d.Defname] != nil {
			return r.errorf(d.Location, "", "conflicting or redundant options")
		}
		has[d.Defname] = d
	}
	freeMin, freeMax, freeStart := !existing, !existing, !existing
	if d := has["as"]; d != nil {
		low, high := sequenceBounds(q.Type)
		q.Type = r.typeName(typeOf(d.Arg)).Name
		if !integerType(q.Type) {
			return r.errorf(d.Location, "", "sequence type must be smallint, integer, or bigint")
		}
		freeMin, freeMax = freeMin || q.Min == low, freeMax || q.Max == high
	}
	numbers := map[string]*int64{"increment": &q.Increment, "minvalue": &q.Min, "maxvalue": &q.Max, "start": &q.Start, "cache": &q.Cache}
	for _, d := range elements(list) {
		to := numbers[d.Defname]
		if to == nil || d.Arg == nil { // NO MINVALUE
			continue
		}
		n, err := integer(d)
		if err != nil {
			return r.errorf(d.Location, "", "%s is not a 64-bit integer", word(d))
		}
		*to = n
	}
	given := func(name string) bool { return has[name] != nil && has[name].Arg != nil }
	low, high := sequenceBounds(q.Type)
	if !given("minvalue") && (freeMin || has["minvalue"] != nil) {
		if q.Min = 1; q.Increment < 0 {
			q.Min = low
		}
	}
	if !given("maxvalue") && (freeMax || has["maxvalue"] != nil) {
		if q.Max = high; q.Increment < 0 {
			q.Max = -1
		}
	}
	if !given("start") && freeStart {
		if q.Start = q.Min; q.Increment < 0 {
			q.Start = q.Max
		}
	}
	switch {
	case q.Increment == 0:
		return r.errorf(-1, "", "INCREMENT must not be zero")
	case q.Cache <= 0:
		return r.errorf(-1, "", "CACHE (%d) must be greater than zero", q.Cache)
	case q.Min >= q.Max:
		return r.errorf(-1, "", "MINVALUE (%d) must be less than MAXVALUE (%d)", q.Min, q.Max)
	case q.Min < low:
		return r.errorf(-1, "", "MINVALUE (%d) is out of range for sequence data type %s", q.Min, q.Type)
	case q.Max > high:
		return r.errorf(-1, "", "MAXVALUE (%d) is out of range for sequence data type %s", q.Max, q.Type)
	case q.Start < q.Min:
		return r.errorf(-1, "", "START value (%d) cannot be less than MINVALUE (%d)", q.Start, q.Min)
	case q.Start > q.Max:
		return r.errorf(-1, "", "START value (%d) cannot be greater than MAXVALUE (%d)", q.Start, q.Max)
	}
	return r.sequenceFlags(q, has, identity)
}

// sequenceFlags reads the options that are not numbers.
func (r *reader) sequenceFlags(q *pg.Sequence, has map[string]*pg_query.DefElem, identity bool) error {
	if d := has["cycle"]; d != nil {
		q.Cycle = boolean(d)
	}
	if d := has["sequence_name"]; d != nil {
		namespace, name := nameParts(nameList(d.Arg))
		q.Schema, q.Name = r.creation(namespace), name
	}
	if has["unlogged"] != nil || has["logged"] != nil {
		q.Unlogged = has["unlogged"] != nil
	}
	if has["restart"] != nil {
		r.note("the current value of a sequence is data, RESTART is passed over")
	}
	if d := has["owned_by"]; d != nil && identity {
		return r.errorf(d.Location, "", "the sequence of an identity column belongs to its column")
	}
	return nil
}

// ownedBy finds the column of OWNED BY: nil if the option is not there, zero
// for NONE.
func (r *reader) ownedBy(list []*pg_query.Node) (*schema.ID, error) {
	for _, d := range elements(list) {
		if d.Defname != "owned_by" {
			continue
		}
		names := nameList(d.Arg)
		if len(names) == 1 {
			return &schema.ID{}, nil
		}
		namespace, table := nameParts(names[:len(names)-1])
		_, column := nameParts(names)
		id, err := r.existing(&pg_query.RangeVar{Schemaname: namespace, Relname: table, Location: d.Location})
		if err != nil {
			return nil, err
		}
		if !r.hasColumn(id, column) {
			return nil, r.missing(d.Location, "column %s of %s does not exist", pg.Quote(column), id)
		}
		owner := pg.ColumnID(id, column)
		return &owner, nil
	}
	return nil, nil
}

func (r *reader) setOwnedBy(sequence schema.ID, column *schema.ID) error {
	if column == nil {
		return nil
	}
	o := &pg.SequenceOwner{Sequence: sequence, Column: *column}
	if column.IsZero() {
		r.remove(o.ID())
		return nil
	}
	r.catalog.Put(o)
	r.catalog.Origin[o.ID()] = r.pos(r.offset)
	return nil
}
