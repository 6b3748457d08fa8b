package myparse

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// drop carries out DROP: of what the sources have created before. Without IF
// EXISTS it is a mistake to drop anything else.
func (r *reader) drop() {
	r.take()
	at := r.peek()
	switch what := strings.ToUpper(at.val); what {
	case "TEMPORARY":
		r.fail(at.off, notManaged, "a temporary table is no part of the schema")
	case "TABLE", "TABLES":
		r.take()
		r.dropList(my.KindTable)
	case "VIEW":
		r.take()
		r.dropList(my.KindView)
	case "SEQUENCE":
		r.take()
		r.dropList(my.KindSequence)
	case "INDEX", "ONLINE", "OFFLINE":
		r.one("ONLINE", "OFFLINE")
		r.expect("INDEX")
		exists := r.ifExists()
		n := r.peek()
		name := r.name("the name of an index")
		r.expect("ON")
		t := r.tableHere()
		r.executionOptions()
		r.atEnd()
		r.dropIndexOf(t, name, n, exists)
	case "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT":
		r.take()
		r.dropOne(schema.Kind(strings.ToLower(what)))
	case "DATABASE", "SCHEMA":
		r.dropDatabase()
	case "USER", "ROLE", "SERVER", "PACKAGE", "TABLESPACE":
		// of what is not managed, and was not created here: only a script's
		// way to start afresh
		r.take()
		if !r.ifExists() {
			r.fail(at.off, notManaged, "DROP %s is not managed", what)
		}
	default:
		r.unexpected("TABLE, VIEW, INDEX, TRIGGER, PROCEDURE, FUNCTION, EVENT, SEQUENCE or DATABASE")
	}
}

// dropList drops tables, views or sequences.
func (r *reader) dropList(kind schema.Kind) {
	exists := r.ifExists()
	for {
		at := r.peek()
		id := r.qualified(kind)
		switch o := r.relation(id).(type) {
		case *table:
			if kind == my.KindTable {
				r.dropTable(o)
				break
			}
			r.missing(kind, id, at, exists)
		case schema.Object:
			if o.ID().Kind == kind {
				r.dropObject(id)
				break
			}
			r.missing(kind, id, at, exists)
		default:
			r.missing(kind, id, at, exists)
		}
		if !r.accept(",") {
			break
		}
	}
	r.one("RESTRICT", "CASCADE")
	r.executionOptions()
	r.atEnd()
}

func (r *reader) missing(kind schema.Kind, id schema.ID, at token, exists bool) {
	if !exists {
		r.fail(at.off, "what a file does not define is dropped by leaving it out", "there is no %s %s up to here", kind, id.Name)
	}
}

// dropOne drops a stored program.
func (r *reader) dropOne(kind schema.Kind) {
	exists := r.ifExists()
	at := r.peek()
	id := r.qualified(kind)
	r.atEnd()
	if r.object(id) == nil {
		r.missing(kind, id, at, exists)
	}
	r.dropObject(id)
}

// dropDatabase: scripts start afresh with it. Nothing may have been defined yet.
func (r *reader) dropDatabase() {
	at := r.take()
	exists := r.ifExists()
	name := r.name("the name of a database")
	r.atEnd()
	if !exists && !r.ours(name) {
		r.fail(at.off, "", "there is no database %s up to here", name)
	}
	for _, it := range r.items {
		if (it.table != nil || it.object != nil) && r.ours(name) {
			r.fail(at.off, "", "DROP DATABASE would drop what the file has defined so far")
		}
	}
}
