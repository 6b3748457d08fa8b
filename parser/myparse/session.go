package myparse

import (
	"strings"

	"github.com/trueup-sql/trueup/schema/my"
)

// set reads SET. What it changes in the session ends with the script and is no
// matter of the schema, but for a few settings that change how the following
// statements are read.
func (r *reader) set() {
	first := r.take()
	if r.accept("NAMES") {
		r.take()
		r.collation = ""
		if r.accept("COLLATE") {
			r.collation = collation(r.take().val)
		}
		r.atEnd()
		return
	}
	if r.peek().any("CHARACTER", "CHARSET", "TRANSACTION", "STATEMENT") {
		r.i = len(r.toks)
		return
	}
	if r.peek().any("PASSWORD", "ROLE", "DEFAULT", "RESOURCE") {
		r.fail(first.off, "accounts and roles belong to the server, not to a schema", "SET %s is not managed", strings.ToUpper(r.peek().val))
	}
	for {
		r.assignment()
		if !r.accept(",") {
			break
		}
	}
	r.atEnd()
}

// assignment reads one of SET's assignments.
func (r *reader) assignment() {
	scope := r.one("SESSION", "LOCAL", "GLOBAL", "PERSIST", "PERSIST_ONLY")
	t := r.take()
	name := strings.ToLower(t.val)
	switch t.kind {
	case word, quoted:
	case variable:
		if !strings.HasPrefix(r.text[t.off:t.end], "@@") {
			name = "@" // a user variable
			break
		}
		if s, rest, ok := strings.Cut(name, "."); ok {
			scope, name = strings.ToUpper(s), rest
		}
	default:
		r.i--
		r.unexpected("a variable")
	}
	if r.one("=", ":=") == "" {
		r.unexpected("=")
	}
	from := r.i
	r.balanced(func(t token) bool { return t.is(",") })
	if from == r.i {
		r.unexpected("a value")
	}
	switch scope {
	case "GLOBAL", "PERSIST", "PERSIST_ONLY":
		if name != "gtid_purged" && name != "innodb_stats_auto_recalc" { // of mysqldump
			r.fail(t.off, "settings of the server are no part of a schema", "SET %s %s is not managed", scope, name)
		}
		return
	}
	value := r.toks[from]
	switch name {
	case "@":
		r.setVariable(t.val, from)
	case "sql_mode":
		r.setMode(from)
	case "default_storage_engine", "storage_engine":
		if r.i == from+1 && (value.kind == word || value.kind == str) && !value.is("DEFAULT") {
			r.engine = engineName(value.val)
		}
	case "time_zone":
		r.timeZone = "" // a variable, or DEFAULT: the session's again
		if value.kind == str {
			r.timeZone = value.val
		}
	case "collation_connection":
		r.collation = ""
		if value.kind == str || value.kind == word && !value.is("DEFAULT") {
			r.collation = collation(value.val)
		} else if v, ok := r.variables[strings.ToLower(value.val)]; ok && value.kind == variable {
			r.collation = collation(v)
		}
	case "explicit_defaults_for_timestamp":
		r.opts.ImplicitTimestamp = value.any("OFF", "FALSE") || value.val == "0"
	}
}

// setVariable remembers user variables that hold a text, or an old sql_mode.
func (r *reader) setVariable(name string, from int) {
	name = strings.ToLower(name)
	delete(r.variables, name)
	if r.i != from+1 {
		return
	}
	switch t := r.toks[from]; {
	case t.kind == str:
		r.variables[name] = t.val
	case t.kind == variable && isSQLMode(t):
		r.variables[name] = strings.Join(r.mode.modes, ",")
	}
}

// isSQLMode tells whether a variable is @@sql_mode, of whatever scope.
func isSQLMode(t token) bool {
	name := strings.ToLower(t.val)
	return name == "sql_mode" || strings.HasSuffix(name, ".sql_mode")
}

// setMode follows SET sql_mode: to a text, to the value of a variable, or to
// something that is added to the old one (concat(@@sql_mode, ..)).
func (r *reader) setMode(from int) {
	var modes []string
	for _, t := range r.toks[from:r.i] {
		switch {
		case t.kind == str:
			modes = append(modes, t.val)
		case t.kind == word && t.is("DEFAULT"):
			modes = append(modes, r.opts.startMode().modes...)
		case t.kind == word && r.i == from+1:
			modes = append(modes, t.val)
		case t.kind == variable && isSQLMode(t):
			modes = append(modes, r.mode.modes...)
		case t.kind == variable:
			if v, ok := r.variables[strings.ToLower(t.val)]; ok {
				modes = append(modes, v)
			} else {
				modes = append(modes, r.opts.startMode().modes...)
			}
		}
	}
	r.mode = newMode(strings.Join(modes, ","))
	r.mode.modes = r.opts.supported(r.mode.modes)
	r.mode.said = true
}

// dumpLoader skips what the mysqldump of Percona Server writes to have RocksDB
// load rows in bulk: a text is composed in variables that speak of it, prepared
// and executed. It tells whether the statement belongs to that.
func (r *reader) dumpLoader() bool {
	first := r.take()
	about := func(t token) bool {
		name := strings.ToLower(t.val)
		return t.kind == variable && (strings.Contains(name, "rocksdb") || strings.Contains(name, "bulk_load"))
	}
	ok := false
	switch {
	case first.is("SELECT"):
		for i, t := range r.toks {
			ok = ok || t.is("INTO") && i+1 < len(r.toks) && about(r.toks[i+1])
		}
	case first.is("PREPARE"):
		name := r.take()
		if ok = r.accept("FROM") && about(r.peek()); ok {
			r.loader = strings.ToLower(name.val)
		}
	case first.is("DEALLOCATE"):
		ok = r.accept("PREPARE") && r.loader != "" && strings.EqualFold(r.peek().val, r.loader)
	default:
		ok = r.loader != "" && strings.EqualFold(r.peek().val, r.loader)
	}
	if ok {
		r.i = len(r.toks)
	} else {
		r.i = 0
	}
	return ok
}

// use reads USE and CREATE DATABASE: sources may speak of one database, under
// whatever name.
func (r *reader) use(name string, at token) {
	if name == "" {
		r.unexpected("the name of a database")
	}
	switch {
	case r.ours(name):
	case r.home == r.opts.Database && !r.named:
		if r.opts.Database != "" {
			r.note(r.src.Pos(at.off), "database "+name+" of the file is taken to mean "+r.opts.Database)
		}
		r.home = name
	default:
		r.fail(at.off, "one run manages one database; use a file of its own for each", "database %s is another one than %s", name, r.homeName())
	}
	r.named = true
}

// createDatabase reads CREATE DATABASE, behind that word.
func (r *reader) createDatabase() {
	r.ifNotExists()
	at := r.peek()
	r.use(r.name("the name of a database"), at)
	r.databaseOptions(at)
}

// alterDatabase reads ALTER DATABASE, whose name can be left out.
func (r *reader) alterDatabase() {
	at := r.peek()
	if at.isName() && !at.any("CHARACTER", "CHARSET", "COLLATE", "DEFAULT", "COMMENT", "ENCRYPTION", "READ") {
		r.use(r.take().val, at)
	}
	r.databaseOptions(at)
}

func (r *reader) databaseOptions(at token) {
	d := r.database
	if d == nil {
		d = &my.Database{}
	}
	said := false
	for !r.done() {
		r.accept("DEFAULT")
		switch {
		case r.acceptCharset():
			r.accept("=")
			d.Charset, d.Collation = charsetName(r.word("a character set")), ""
		case r.accept("COLLATE"):
			r.accept("=")
			d.Collation = collation(r.word("a collation"))
		case r.accept("COMMENT"):
			r.accept("=")
			d.Comment = r.string("a comment")
		case r.accept("ENCRYPTION"):
			r.accept("=")
			r.string("'Y' or 'N'")
			continue // the server's default for new tables; not shown by MariaDB, not managed
		default:
			r.unexpected("CHARACTER SET, COLLATE or COMMENT")
		}
		said = true
	}
	if !said {
		return
	}
	if d.Charset == "" {
		d.Charset = charsetOf(d.Collation)
	}
	if r.database == nil {
		r.database = d
		r.define(at, d)
	}
}

// acceptCharset takes CHARSET or CHARACTER SET.
func (c *cursor) acceptCharset() bool {
	return c.accept("CHARSET") || c.accept("CHARACTER", "SET") || c.accept("CHAR", "SET")
}

// word reads a name that may also be written as a string: a character set, an
// engine.
func (c *cursor) word(what string) string {
	t := c.peek()
	if !t.isName() && t.kind != str {
		c.unexpected(what)
	}
	return c.take().val
}
