package myparse

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

const (
	notManaged = "a desired state holds definitions only: run such statements apart from it"
	notData    = "a desired state holds definitions only: keep rows in a file of their own; mysqldump and mariadb-dump leave them out with --no-data"
)

// statement carries out one statement.
func (r *reader) statement() {
	first := r.peek()
	if first.any("SELECT", "PREPARE", "EXECUTE", "DEALLOCATE") && r.dumpLoader() || r.setsSequence() {
		return
	}
	switch strings.ToUpper(first.val) {
	case "CREATE":
		r.create()
	case "ALTER":
		r.alter()
	case "DROP":
		r.drop()
	case "RENAME":
		r.rename()
	case "SET":
		r.set()
	case "USE":
		r.take()
		r.use(r.take().val, first)
	case "LOCK", "UNLOCK", "START", "BEGIN", "COMMIT":
		r.transaction()
	case "INSERT", "REPLACE", "UPDATE", "DELETE", "LOAD", "TRUNCATE", "SELECT", "WITH", "VALUES", "TABLE", "CALL", "DO", "HANDLER", "IMPORT":
		r.fail(first.off, notData, "%s works on data, not on the schema", strings.ToUpper(first.val))
	case "GRANT", "REVOKE":
		r.fail(first.off, "privileges of MySQL are kept outside of the schema: run such statements apart from it", "%s is not managed", strings.ToUpper(first.val))
	default:
		if first.kind != word {
			r.unexpected("a statement")
		}
		hint := notManaged
		if h := meant(first.val, statements); strings.HasPrefix(h, "did") {
			hint = h
		}
		r.fail(first.off, hint, "%s is not a statement that is managed", strings.ToUpper(first.val))
	}
}

// transaction skips what only frames a script.
func (r *reader) transaction() {
	first := r.take()
	ok := true
	switch strings.ToUpper(first.val) {
	case "LOCK", "UNLOCK":
		ok = r.one("TABLES", "TABLE") != ""
		r.i = len(r.toks)
	case "START":
		ok = r.accept("TRANSACTION")
		r.i = len(r.toks)
	default:
		r.accept("WORK")
	}
	if !ok {
		r.unexpected("")
	}
	r.atEnd()
}

// create dispatches CREATE by what is created.
func (r *reader) create() {
	start := r.take()
	h := r.header()
	t := r.peek()
	switch kind := strings.ToUpper(t.val); kind {
	case "TABLE":
		r.take()
		r.createTable(h)
	case "TEMPORARY":
		r.fail(t.off, notManaged, "a temporary table is no part of the schema")
	case "UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR", "INDEX", "ONLINE", "OFFLINE":
		r.createIndex(h)
	case "DATABASE", "SCHEMA":
		r.take()
		r.createDatabase()
	case "VIEW":
		r.take()
		r.createView(h)
	case "TRIGGER":
		r.take()
		r.createTrigger(h)
	case "PROCEDURE", "FUNCTION":
		r.take()
		r.createRoutine(h, kind)
	case "AGGREGATE":
		r.take()
		r.expect("FUNCTION")
		h.aggregate = true
		r.createRoutine(h, "FUNCTION")
	case "EVENT":
		r.take()
		r.createEvent(h)
	case "SEQUENCE":
		r.take()
		r.createSequence(h)
	case "PACKAGE":
		r.fail(t.off, "packages of MariaDB are left as they are: create them apart from the schema", "packages are not managed")
	case "USER", "ROLE":
		r.fail(t.off, "accounts belong to the server, not to a schema", "CREATE %s is not managed", kind)
	case "SERVER", "TABLESPACE", "LOGFILE", "UNDO", "RESOURCE", "PLACEMENT", "BINDING", "GLOBAL", "SESSION", "LIBRARY", "MASKING", "LOADABLE":
		r.fail(t.off, "it belongs to the server, not to a schema", "CREATE %s is not managed", kind)
	default:
		if t.kind == eof {
			t = start
		}
		r.unexpected("TABLE, INDEX, VIEW, TRIGGER, PROCEDURE, FUNCTION, EVENT, SEQUENCE or DATABASE")
	}
}

// header is what may stand between CREATE and the kind of object.
type header struct {
	orReplace bool
	aggregate bool
	algorithm string
	definer   string
	security  string
}

func (r *reader) header() header {
	var h header
	h.orReplace = r.accept("OR", "REPLACE")
	for {
		switch {
		case r.is("ALGORITHM"):
			r.take()
			r.expect("=")
			if h.algorithm = r.one("UNDEFINED", "MERGE", "TEMPTABLE"); h.algorithm == "" {
				r.unexpected("UNDEFINED, MERGE or TEMPTABLE")
			}
		case r.is("DEFINER"):
			r.take()
			r.expect("=")
			h.definer = r.account()
		case r.is("SQL", "SECURITY"):
			r.i += 2
			if h.security = r.one("DEFINER", "INVOKER"); h.security == "" {
				r.unexpected("DEFINER or INVOKER")
			}
		default:
			return h
		}
	}
}

// account reads user@host, a role, or CURRENT_USER.
func (r *reader) account() string {
	if w := r.one("CURRENT_USER", "CURRENT_ROLE"); w != "" {
		if r.accept("(") {
			r.expect(")")
		}
		return w
	}
	t := r.peek()
	if !t.isName() && t.kind != str {
		r.unexpected("an account")
	}
	r.take()
	if h := r.peek(); h.kind == variable {
		r.take()
		host := h.val
		if host == "" { // a space behind the @
			host = r.take().val
		}
		return t.val + "@" + host
	}
	if r.opts.mariadb() {
		return t.val // a role
	}
	return t.val + "@%"
}

// ifNotExists reads the clause.
func (r *reader) ifNotExists() bool {
	if !r.accept("IF") {
		return false
	}
	r.expect("NOT", "EXISTS")
	return true
}

func (r *reader) ifExists() bool {
	if !r.accept("IF") {
		return false
	}
	r.expect("EXISTS")
	return true
}

// free tells whether an object may be created under a name: false if it is
// there and the statement says IF NOT EXISTS. OR REPLACE drops the old one.
func (r *reader) free(id schema.ID, at token, replace, ifNot bool) bool {
	var old any
	switch id.Kind {
	case my.KindTable, my.KindView, my.KindSequence:
		old = r.relation(id)
	default:
		if o := r.object(id); o != nil {
			old = o
		}
	}
	if old == nil {
		return true
	}
	if t, ok := old.(*table); ok && replace && id.Kind == my.KindTable {
		r.dropTable(t)
		return true
	}
	o, ok := old.(schema.Object)
	if ok && replace && o.ID().Kind == id.Kind {
		r.dropObject(id)
		return true
	}
	if ifNot {
		return false
	}
	var first schema.Pos
	if t, ok := old.(*table); ok {
		first = r.places[t.Table]
	} else {
		first = r.places[old]
	}
	hint := ""
	if !first.IsZero() {
		hint = "it is first defined at " + first.String()
	}
	r.fail(at.off, hint, "%s is defined twice", id)
	return false
}
