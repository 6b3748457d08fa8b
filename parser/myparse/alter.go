package myparse

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// alter dispatches ALTER by what is altered.
func (r *reader) alter() {
	r.take()
	h := r.header()
	switch {
	case r.one("ONLINE", "IGNORE") != "" || r.is("TABLE"):
		r.one("ONLINE", "IGNORE")
		r.expect("TABLE")
		r.alterTable()
	case r.one("DATABASE", "SCHEMA") != "":
		r.alterDatabase()
	case r.accept("VIEW"):
		h.orReplace = true
		at := r.peek()
		id, _ := r.own(my.KindView)
		if r.object(id) == nil {
			r.fail(at.off, "", "there is no view %s up to here", id.Name)
		}
		r.i--
		r.createView(h)
	default:
		at := r.peek()
		if at.any("EVENT", "PROCEDURE", "FUNCTION", "SEQUENCE") {
			r.fail(at.off, "change its CREATE statement instead", "ALTER %s is not managed", strings.ToUpper(at.val))
		}
		r.fail(at.off, notManaged, "ALTER %s is not managed", strings.ToUpper(at.val))
	}
}

// alterTable carries out ALTER TABLE, behind those words. A first round reads
// the clauses that make room, as the server does: what is dropped in the same
// statement does not stand in the way of what is added.
func (r *reader) alterTable() {
	exists := r.ifExists()
	id, at := r.own(my.KindTable)
	t := r.table(id)
	if t == nil {
		if exists {
			return
		}
		r.fail(at.off, r.meantTable(id.Name), "there is no table %s up to here", id.Name)
	}
	r.executionOptions()
	r.incomplete = true
	defer func() { r.incomplete = false }()
	if !r.done() && !r.is("PARTITION") && !r.is("REMOVE", "PARTITIONING") {
		for {
			r.clause(t)
			if r.is("PARTITION", "BY") || r.is("REMOVE", "PARTITIONING") || !r.accept(",") {
				break
			}
		}
	}
	switch {
	case r.is("PARTITION", "BY"):
		r.partitionBy(t)
	case r.accept("REMOVE", "PARTITIONING"):
		t.parts = nil
	}
	r.atEnd()
	r.settleParts(t)
}

// clause carries out one clause.
func (r *reader) clause(t *table) {
	at := r.peek()
	switch {
	case r.accept("ADD"):
		r.addClause(t)
	case r.opts.tidb() && r.accept("REMOVE", "TTL"):
		t.TTL, t.TTLEnable, t.TTLJobInterval = schema.Expr{}, "", ""
	case r.accept("DROP"):
		r.dropClause(t)
	case r.accept("ALTER"):
		r.alterClause(t)
	case r.accept("MODIFY"):
		r.accept("COLUMN")
		if r.ifExists() && t.column(r.peek().val) == nil {
			r.skipClause()
			return
		}
		r.change(t, r.existing(t, r.peek()))
	case r.accept("CHANGE"):
		r.accept("COLUMN")
		skip := r.ifExists() && t.column(r.peek().val) == nil
		if skip {
			r.skipClause()
			return
		}
		old := r.existing(t, r.peek())
		r.take()
		r.change(t, old)
	case r.accept("RENAME"):
		r.renameClause(t)
	case r.accept("CONVERT", "TO"):
		r.convert(t)
	case r.peek().any("DISABLE", "ENABLE") && r.ahead(1).is("KEYS"), r.peek().any("WITH", "WITHOUT") && r.ahead(1).is("VALIDATION"):
		r.i += 2
	case r.accept("FORCE"):
	case r.accept("ORDER", "BY"): // of rows
		r.balanced(func(t token) bool { return false })
	case at.any("ALGORITHM", "LOCK", "WAIT", "NOWAIT"):
		r.executionOptions()
	case r.partitionClause(t):
	case r.tableOption(t):
		r.tableOptionsMore(t)
	default:
		r.unexpected("a clause of ALTER TABLE")
	}
}

// skipClause goes to the end of a clause.
func (r *reader) skipClause() { r.balanced(func(t token) bool { return t.is(",") }) }

// tableOptionsMore reads further options that follow without a comma.
func (r *reader) tableOptionsMore(t *table) {
	for !r.done() && !r.is(",") && !r.is("PARTITION", "BY") && !r.is("REMOVE", "PARTITIONING") && r.tableOption(t) {
	}
}

// existing is the column that a clause names.
func (r *reader) existing(t *table, at token) *my.Column {
	c := t.column(at.val)
	if c == nil || !at.isName() {
		r.fail(at.off, t.meantColumn(at.val), "table %s has no column %s", t.Self.Name, at.val)
	}
	return c
}

func (r *reader) addClause(t *table) {
	at := r.peek()
	switch {
	case r.accept("SYSTEM", "VERSIONING"):
		t.WithSystemVersioning = true
		return
	case r.is("PERIOD", "FOR"):
		r.period(t)
		return
	case r.is("PARTITION"):
		r.addPartitions(t)
		return
	case r.keyDefinition(t):
		return
	}
	r.accept("COLUMN")
	ifNot := r.ifNotExists()
	if r.accept("(") {
		for {
			if !r.keyDefinition(t) {
				r.addColumn(t, ifNot)
			}
			if !r.accept(",") {
				break
			}
		}
		r.expect(")")
		return
	}
	if r.done() {
		r.fail(at.off, "", "syntax error at the end of the statement")
	}
	r.addColumn(t, ifNot)
}

// addColumn reads the definition of a new column and its place.
func (r *reader) addColumn(t *table, ifNot bool) {
	if ifNot && t.column(r.peek().val) != nil {
		r.skipClause()
		return
	}
	c := r.columnDefinition(t, func(c *my.Column) { r.appendColumn(t, c) })
	r.place(t, c)
}

// place reads FIRST or AFTER and moves the column there.
func (r *reader) place(t *table, c *my.Column) {
	switch {
	case r.accept("FIRST"):
		t.columns = slices.Insert(without(t.columns, c), 0, c)
	case r.accept("AFTER"):
		after := r.existing(t, r.peek())
		r.take()
		if after == c {
			r.fail(r.toks[r.i-1].off, "", "a column cannot stand after itself")
		}
		t.columns = without(t.columns, c)
		t.columns = slices.Insert(t.columns, slices.Index(t.columns, after)+1, c)
	}
}

// change replaces a column's definition by the one that follows, and renames it
// if that has another name.
func (r *reader) change(t *table, old *my.Column) {
	i := slices.Index(t.columns, old)
	t.columns = slices.Delete(t.columns, i, i+1)
	name := old.Self
	c := r.columnDefinition(t, func(c *my.Column) {
		r.fresh(t, c)
		t.columns = slices.Insert(t.columns, i, c)
	})
	if c.Self != name {
		r.renameColumn(t, name, c.Self)
	}
	r.place(t, c)
}

func (r *reader) dropClause(t *table) {
	at := r.peek()
	switch {
	case r.accept("PRIMARY", "KEY"):
		r.dropIndexOf(t, my.PrimaryName, at, false)
	case r.one("INDEX", "KEY") != "":
		exists := r.ifExists()
		n := r.peek()
		r.dropIndexOf(t, r.name("the name of an index"), n, exists)
	case r.accept("FOREIGN", "KEY"):
		exists := r.ifExists()
		n := r.peek()
		k := t.key(r.name("the name of a foreign key"))
		if k == nil && !exists {
			r.fail(n.off, "", "table %s has no foreign key %s", t.Self.Name, n.val)
		}
		t.keys = without(t.keys, k)
	case r.one("CHECK", "CONSTRAINT") != "":
		exists := r.ifExists()
		r.dropConstraint(t, r.peek(), exists)
	case r.accept("SYSTEM", "VERSIONING"):
		t.WithSystemVersioning = false
	case r.accept("PERIOD", "FOR"):
		if strings.EqualFold(r.name("the name of a period"), "SYSTEM_TIME") {
			t.SystemTime = nil
		} else {
			t.ApplicationTime = nil
		}
	case r.is("PARTITION"):
		r.dropPartitions(t)
	default:
		r.accept("COLUMN")
		exists := r.ifExists()
		n := r.peek()
		if exists && t.column(n.val) == nil {
			r.take()
		} else {
			c := r.existing(t, n)
			r.take()
			r.dropColumn(t, c)
		}
		r.one("RESTRICT", "CASCADE")
	}
}

// dropColumn removes a column, also from the indexes; one that has no column
// left goes with it.
func (r *reader) dropColumn(t *table, c *my.Column) {
	t.columns = without(t.columns, c)
	for _, x := range slices.Clone(t.indexes) {
		before := len(x.Parts)
		x.Parts = slices.DeleteFunc(x.Parts, func(p my.IndexPart) bool { return p.Column == c.Self })
		if len(x.Parts) == 0 && before > 0 {
			t.indexes = without(t.indexes, x)
		}
	}
}

func (r *reader) dropIndexOf(t *table, name string, at token, exists bool) {
	x := t.index(name)
	if x == nil && !exists {
		r.fail(at.off, t.meantIndex(name), "table %s has no index %s", t.Self.Name, name)
	}
	t.indexes = without(t.indexes, x)
}

// dropConstraint finds the constraint of that name, of whatever kind.
func (r *reader) dropConstraint(t *table, at token, exists bool) {
	name := r.name("the name of a constraint")
	switch {
	case t.check(name) != nil:
		t.checks = without(t.checks, t.check(name))
	case t.key(name) != nil:
		t.keys = without(t.keys, t.key(name))
	case t.index(name) != nil && t.index(name).IsUnique():
		t.indexes = without(t.indexes, t.index(name))
	case r.opts.mariadb() && t.column(name) != nil && !t.column(name).Check.IsZero():
		t.column(name).Check = schema.Expr{}
	case !exists:
		r.fail(at.off, "", "table %s has no constraint %s", t.Self.Name, name)
	}
}

func (r *reader) alterClause(t *table) {
	switch {
	case r.one("INDEX", "KEY") != "":
		r.ifExists()
		at := r.peek()
		x := t.index(r.name("the name of an index"))
		if x == nil {
			r.fail(at.off, t.meantIndex(at.val), "table %s has no index %s", t.Self.Name, at.val)
		}
		switch {
		case r.accept("VISIBLE"), r.accept("NOT", "IGNORED"):
			x.Invisible = false
		case r.accept("INVISIBLE"), r.accept("IGNORED"):
			x.Invisible = true
		default:
			r.unexpected("VISIBLE or INVISIBLE")
		}
		return
	case r.one("CHECK", "CONSTRAINT") != "":
		at := r.peek()
		k := t.check(r.name("the name of a check"))
		if k == nil {
			r.fail(at.off, "", "table %s has no check %s", t.Self.Name, at.val)
		}
		if !r.is("ENFORCED") && !r.is("NOT", "ENFORCED") {
			r.unexpected("ENFORCED or NOT ENFORCED")
		}
		k.NotEnforced = r.enforced()
		return
	}
	r.accept("COLUMN")
	if r.ifExists() && t.column(r.peek().val) == nil {
		r.skipClause()
		return
	}
	c := r.existing(t, r.peek())
	r.take()
	switch {
	case r.accept("SET", "DEFAULT"):
		c.Default = r.defaultValue(c.Type)
	case r.accept("DROP", "DEFAULT"):
		c.Default = schema.Expr{}
	case r.accept("SET", "INVISIBLE"):
		c.Invisible = true
	case r.accept("SET", "VISIBLE"):
		c.Invisible = false
	default:
		r.unexpected("SET or DROP DEFAULT")
	}
}

// convert carries out CONVERT TO CHARACTER SET: the table's default and that of
// every column.
func (r *reader) convert(t *table) {
	if !r.acceptCharset() {
		r.unexpected("CHARACTER SET")
	}
	r.accept("=")
	set, coll := charsetName(r.word("a character set")), ""
	if r.accept("COLLATE") {
		r.accept("=")
		coll = collation(r.word("a collation"))
	}
	if set == "default" {
		set = ""
	}
	t.Charset, t.Collation = set, coll
	for _, c := range t.columns {
		if c.Type.HasCharset() {
			c.Charset, c.Collation, c.BinaryCollation = set, coll, false
		}
	}
}
