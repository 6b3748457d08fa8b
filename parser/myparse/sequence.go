package myparse

import (
	"strconv"

	"github.com/trueup-sql/trueup/schema/my"
)

// createSequence reads MariaDB's (and TiDB's) CREATE SEQUENCE, behind that word.
func (r *reader) createSequence(h header) {
	if r.opts.mysql() {
		r.fail(r.toks[0].off, "", "MySQL has no sequences")
	}
	ifNot := r.ifNotExists()
	id, at := r.own(my.KindSequence)
	if !r.free(id, at, h.orReplace, ifNot) {
		return
	}
	s := &my.Sequence{Self: id, Type: my.Type{Name: "bigint"}}
	if r.accept("AS") {
		s.Type = r.dataType().Type
		s.Type.Args = nil
	}
	for r.sequenceOption(s) {
	}
	r.atEnd()
	r.define(at, s)
	r.addObject(s)
	r.about(s)
}

func (r *reader) sequenceOption(s *my.Sequence) bool {
	switch {
	case r.accept("INCREMENT"):
		r.accept("BY")
		s.Increment = r.signed()
	case r.accept("START"):
		r.accept("WITH")
		s.Start = r.signed()
	case r.accept("MINVALUE"):
		s.Min = r.signed()
	case r.accept("MAXVALUE"):
		s.Max = r.signed()
	case r.accept("NO", "MINVALUE"), r.accept("NOMINVALUE"):
		s.Min = nil
	case r.accept("NO", "MAXVALUE"), r.accept("NOMAXVALUE"):
		s.Max = nil
	case r.accept("CACHE"):
		s.Cache = r.signed()
	case r.accept("NOCACHE"), r.accept("NO", "CACHE"):
		none := int64(0)
		s.Cache = &none
	case r.accept("CYCLE"):
		s.Cycle = true
	case r.accept("NOCYCLE"), r.accept("NO", "CYCLE"):
		s.Cycle = false
	case r.accept("ENGINE"):
		r.accept("=")
		s.Engine = engineName(r.word("an engine"))
	case r.accept("COMMENT"):
		r.accept("=")
		s.Comment = r.string("a comment")
	default:
		return false
	}
	return true
}

// setsSequence skips DO SETVAL(s, ..), or SELECT in its place, of a sequence that
// is defined above it: mariadb-dump writes that behind every CREATE SEQUENCE, also
// with --no-data. Like AUTO_INCREMENT of a table, the number moves by itself and
// is not managed.
func (r *reader) setsSequence() bool {
	if !r.opts.mariadb() || !r.is("DO", "SETVAL", "(") && !r.is("SELECT", "SETVAL", "(") {
		return false
	}
	r.i += 3
	if _, ok := r.relation(r.qualified(my.KindSequence)).(*my.Sequence); !ok || !r.is(",") {
		r.i = 0
		return false
	}
	r.i = r.closing(2) + 1
	r.atEnd()
	return true
}

// signed reads a number with or without a sign.
func (r *reader) signed() *int64 {
	r.accept("=")
	sign := ""
	if r.accept("-") {
		sign = "-"
	} else {
		r.accept("+")
	}
	t := r.peek()
	n, err := strconv.ParseInt(sign+t.val, 10, 64)
	if t.kind != number || err != nil {
		r.unexpected("a number")
	}
	r.take()
	return &n
}

func uitoa(n uint64) string { return strconv.FormatUint(n, 10) }
