package myparse

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// foreignKey reads a foreign key, behind FOREIGN KEY.
func (r *reader) foreignKey(t *table, at token, name string) {
	k := &my.ForeignKey{}
	ifNot := r.ifNotExists()
	index := ""
	if !r.is("(") {
		if name == "" {
			at = r.peek()
		}
		index = r.name("the name of an index")
	}
	r.expect("(")
	for {
		c := r.peek()
		k.Columns = append(k.Columns, r.knownColumn(t, r.name("a column"), c))
		if !r.accept(",") {
			break
		}
	}
	r.expect(")")
	r.referenced(k)
	if ifNot && name != "" && t.key(name) != nil {
		return
	}
	r.addForeignKey(t, at, k, name, index)
}

// referenced reads REFERENCES and what follows it.
func (r *reader) referenced(k *my.ForeignKey) {
	r.expect("REFERENCES")
	k.RefTable = r.qualified(my.KindTable)
	if r.accept("(") {
		for {
			k.RefColumns = append(k.RefColumns, my.ColumnID(k.RefTable, r.name("a column")))
			if !r.accept(",") {
				break
			}
		}
		r.expect(")")
	}
	for {
		switch {
		case r.accept("MATCH"):
			if k.Match = r.one("FULL", "PARTIAL", "SIMPLE"); k.Match == "" {
				r.unexpected("FULL, PARTIAL or SIMPLE")
			}
			if k.Match == "SIMPLE" {
				k.Match = ""
			}
		case r.accept("ON", "DELETE"):
			k.OnDelete = r.action()
		case r.accept("ON", "UPDATE"):
			k.OnUpdate = r.action()
		default:
			return
		}
	}
}

func (r *reader) action() string {
	switch {
	case r.accept("RESTRICT"):
		return "RESTRICT"
	case r.accept("CASCADE"):
		return "CASCADE"
	case r.accept("NO", "ACTION"):
		return "NO ACTION"
	case r.accept("SET", "NULL"):
		return "SET NULL"
	case r.accept("SET", "DEFAULT"):
		return "SET DEFAULT"
	}
	r.unexpected("RESTRICT, CASCADE, SET NULL, SET DEFAULT or NO ACTION")
	return ""
}

func (r *reader) addForeignKey(t *table, at token, k *my.ForeignKey, name, index string) {
	k.IndexName = index
	r.implyIndex(t, at, k, cmp.Or(name, index))
	if name == "" && r.opts.namesByIndex() {
		name = index
	}
	if name == "" {
		k.Unnamed = my.Remark
	} else if t.key(name) != nil {
		r.fail(at.off, "", "table %s has two foreign keys %s", t.Self.Name, name)
	}
	k.Self = my.Part(t.Self, my.KindForeignKey, name)
	r.define(at, k)
	t.keys = append(t.keys, k)
}

// namesByIndex tells whether the name behind FOREIGN KEY is that of the
// constraint, too, if it has no other: on MariaDB and before MySQL 8.0.16.
func (o Options) namesByIndex() bool { return o.mariadb() || o.mysql() && !o.since(80016) }

// nameForeignKeys names those without a name as InnoDB does: each takes the next
// number after the highest that was there before the statement. Names that the
// same statement gives do not count; where such a one is in the way, the server
// fails, and the next number is taken here.
func (t *table) nameForeignKeys() {
	prefix := t.Self.Name + "_ibfk_"
	for _, k := range t.keys {
		for k.Self.Name == "" {
			t.numbered++
			if name := prefix + strconv.Itoa(t.numbered); t.key(name) == nil {
				k.Self.Name = name
			}
		}
	}
	t.numbered = 0
	for _, k := range t.keys {
		if n, err := strconv.Atoi(strings.TrimPrefix(k.Self.Name, prefix)); err == nil && strings.HasPrefix(k.Self.Name, prefix) {
			t.numbered = max(t.numbered, n)
		}
	}
}

func (r *reader) addCheck(t *table, at token, name string, from, to int, notEnforced bool) {
	k := &my.Check{Expr: r.expr(t.Self, from, to), NotEnforced: notEnforced}
	if !r.opts.mariadb() {
		k.DatabaseWide = my.Remark
	}
	if name == "" {
		k.Unnamed = my.Remark
	} else if t.check(name) != nil {
		r.fail(at.off, "", "table %s has two checks %s", t.Self.Name, name)
	}
	k.Self = my.Part(t.Self, my.KindCheck, name)
	r.define(at, k)
	t.checks = append(t.checks, k)
}

// checkName is what the server calls the next check without a name: the first
// number that is free.
func (t *table) checkName(o Options) string {
	form := t.Self.Name + "_chk_%d"
	if o.mariadb() {
		form = "CONSTRAINT_%d"
	}
	for n := 1; ; n++ {
		if s := fmt.Sprintf(form, n); t.check(s) == nil {
			return s
		}
	}
}

// nameParts gives a name to all parts of a table that have none.
func (t *table) nameParts(o Options) {
	for _, x := range t.indexes {
		if x.Self.Name == "" {
			x.Self.Name = t.indexName(x)
		}
	}
	t.nameForeignKeys()
	for _, k := range t.checks {
		if k.Self.Name == "" {
			k.Self.Name = t.checkName(o)
		}
	}
}

// settle does what a table's keys and periods imply: columns of the primary key
// and of a period are NOT NULL.
func (t *table) settle() {
	notNull := func(id schema.ID) {
		if c := t.column(id.Name); c != nil && !id.IsZero() {
			c.NotNull = true
		}
	}
	for _, x := range t.indexes {
		for _, p := range x.Parts {
			if x.Type == my.Primary {
				notNull(p.Column)
			}
		}
	}
	for _, p := range []*my.Period{t.SystemTime, t.ApplicationTime} {
		if p != nil {
			notNull(p.Start)
			notNull(p.End)
		}
	}
	t.settleVersioning()
}

// settleVersioning: one column WITH SYSTEM VERSIONING makes the table a
// versioned one, and all others WITHOUT.
func (t *table) settleVersioning() {
	with := slices.ContainsFunc(t.columns, func(c *my.Column) bool { return c.Versioning == "WITH" })
	for _, c := range t.columns {
		if with && !t.WithSystemVersioning && c.Versioning == "" && !c.RowStart && !c.RowEnd {
			c.Versioning = "WITHOUT"
		}
	}
	for _, c := range t.columns {
		if c.Versioning == "WITH" {
			c.Versioning = ""
		}
	}
	t.WithSystemVersioning = t.WithSystemVersioning || with
}

// expr is an expression over the columns of a table, in a range of tokens.
func (r *reader) expr(table schema.ID, from, to int) schema.Expr {
	if from >= to {
		r.unexpected("an expression")
	}
	text := r.expression(from, to)
	e, err := r.opts.expression(text, r.mode)
	if err != nil {
		r.fail(r.toks[from].off, "", "cannot read the expression %s: %s", short(text), err)
	}
	out := schema.Expr{Text: text, Canon: e.canon}
	if r.mode.changed(newMode(r.opts.SQLMode)) {
		out.Text = e.canon // the text means something else under the target's own sql_mode
	}
	for _, c := range e.columns {
		if !table.IsZero() {
			out.Refs = schema.Refer(out.Refs, schema.Exist, my.ColumnID(table, c))
		}
	}
	for _, s := range e.sequences {
		out.Refs = schema.Refer(out.Refs, schema.Exist, s)
	}
	return out
}
