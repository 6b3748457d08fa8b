package myparse

import (
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// keyDefinition reads a key or constraint of CREATE TABLE or ALTER TABLE ADD; it
// tells whether there was one.
func (r *reader) keyDefinition(t *table) bool {
	at := r.peek()
	if at.kind != word {
		return false
	}
	name := ""
	named := at
	if r.accept("CONSTRAINT") {
		if !r.peek().any("PRIMARY", "UNIQUE", "FOREIGN", "CHECK") {
			r.accept("IF", "NOT", "EXISTS")
			named = r.peek()
			name = r.name("the name of a constraint")
		}
		if !r.peek().any("PRIMARY", "UNIQUE", "FOREIGN", "CHECK") {
			r.unexpected("PRIMARY KEY, UNIQUE, FOREIGN KEY or CHECK")
		}
	}
	switch {
	case r.accept("PRIMARY"):
		r.expect("KEY")
		r.indexDefinition(t, at, my.Primary, "")
	case r.accept("UNIQUE"):
		r.one("INDEX", "KEY")
		r.indexDefinition(t, at, my.Unique, name)
	case r.accept("FOREIGN"):
		r.expect("KEY")
		r.foreignKey(t, named, name)
	case r.accept("CHECK"):
		from, to := r.parens()
		r.addCheck(t, named, name, from, to, r.enforced())
	case r.one("INDEX", "KEY") != "":
		r.indexDefinition(t, at, my.Plain, "")
	case r.accept("FULLTEXT"):
		r.one("INDEX", "KEY")
		r.indexDefinition(t, at, my.Fulltext, "")
	case r.accept("SPATIAL"):
		r.one("INDEX", "KEY")
		r.indexDefinition(t, at, my.Spatial, "")
	case at.is("VECTOR") && r.ahead(1).any("INDEX", "KEY"):
		r.i += 2
		r.indexDefinition(t, at, my.Vector, "")
	default:
		return false
	}
	return true
}

// indexDefinition reads an index from its name on. A name that CONSTRAINT gave
// counts if the index has none of its own.
func (r *reader) indexDefinition(t *table, at token, ty my.IndexType, name string) {
	x := &my.Index{Type: ty}
	ifNot := r.ifNotExists()
	if n := r.peek(); !n.is("(") && !n.any("USING", "TYPE") || n.kind == quoted {
		at = n
		name = r.name("the name of an index")
	}
	r.indexType(x)
	r.indexParts(t, x)
	r.indexOptions(x)
	if ifNot && name != "" && t.index(name) != nil {
		return
	}
	r.addIndex(t, at, x, name)
}

// indexType reads USING BTREE.
func (r *reader) indexType(x *my.Index) {
	if r.one("USING", "TYPE") == "" {
		return
	}
	if x.Using = r.one("BTREE", "HASH", "RTREE", "HNSW", "INVERTED"); x.Using == "" {
		r.unexpected("BTREE, HASH or RTREE")
	}
}

// indexParts reads the list of columns and expressions.
func (r *reader) indexParts(t *table, x *my.Index) {
	r.expect("(")
	for {
		at := r.peek()
		var p my.IndexPart
		if at.is("(") {
			from, to := r.parens()
			p.Expr = r.expr(t.Self, from, to)
			if r.opts.mariadb() {
				r.fail(at.off, "index a generated column instead", "MariaDB has no functional indexes")
			}
		} else {
			name := r.name("a column")
			if r.accept("WITHOUT", "OVERLAPS") {
				x.WithoutOverlaps = name
				break
			}
			p.Column = r.knownColumn(t, name, at)
			if r.accept("(") {
				p.Length = r.integer("a length")
				r.expect(")")
			}
		}
		switch {
		case r.accept("ASC"):
		case r.accept("DESC"):
			p.Desc = r.opts.descends()
		}
		x.Parts = append(x.Parts, p)
		if !r.accept(",") {
			break
		}
	}
	r.expect(")")
}

// descends tells whether the server heeds DESC in an index; others read it and
// forget it.
func (o Options) descends() bool {
	switch {
	case o.mariadb():
		return o.since(100800)
	case o.tidb():
		return false
	}
	return o.since(80000)
}

// knownColumn is the ID of a column of the table, in its own spelling.
func (r *reader) knownColumn(t *table, name string, at token) schema.ID {
	if c := t.column(name); c != nil {
		return c.Self
	}
	if !r.opts.Relaxed && !r.incomplete {
		r.fail(at.off, t.meantColumn(name), "table %s has no column %s", t.Self.Name, name)
	}
	return my.ColumnID(t.Self, name)
}

// indexOptions reads what follows the columns.
func (r *reader) indexOptions(x *my.Index) {
	for {
		switch {
		case r.peek().any("USING", "TYPE"):
			r.indexType(x)
		case r.accept("KEY_BLOCK_SIZE"):
			r.accept("=")
			if n := r.integer("a size"); n != 0 {
				x.KeyBlockSize = strconv.Itoa(n)
			}
		case r.accept("COMMENT"):
			r.accept("=")
			x.Comment = r.string("a comment")
		case r.accept("WITH", "PARSER"):
			x.Parser = strings.ToLower(r.name("a parser"))
		case r.accept("VISIBLE"), r.accept("NOT", "IGNORED"):
			x.Invisible = false
		case r.accept("INVISIBLE"), r.accept("IGNORED"):
			x.Invisible = true
		case r.peek().any("CLUSTERED", "NONCLUSTERED"):
			x.Clustered = strings.ToUpper(r.take().val)
		case r.accept("GLOBAL"):
			x.Global = true
		case r.accept("LOCAL"):
		case r.accept("ENGINE_ATTRIBUTE"):
			r.accept("=")
			x.EngineAttribute = r.string("a text")
		case r.accept("SECONDARY_ENGINE_ATTRIBUTE"):
			r.accept("=")
			x.SecondaryEngineAttribute = r.string("a text")
		case x.Type == my.Vector && r.vectorOption(x):
		case r.opts.mariadb() && r.peek().isName() && !r.peek().any("ALGORITHM", "LOCK", "WAIT", "NOWAIT") && (r.ahead(1).is("=") || r.is("CLUSTERING")):
			x.Options = append(x.Options, r.option())
		default:
			return
		}
	}
}

// vectorOption reads an option of a VECTOR index; MariaDB shows their names and
// values in quotes.
func (r *reader) vectorOption(x *my.Index) bool {
	var field *string
	switch at := r.peek(); {
	case at.isName() && strings.EqualFold(at.val, "M"):
		field = &x.M
	case at.isName() && strings.EqualFold(at.val, "DISTANCE"):
		field = &x.Distance
	default:
		return false
	}
	r.take()
	r.accept("=")
	v := r.take()
	if v.kind != number && v.kind != str && !v.isName() {
		r.i--
		r.unexpected("a value")
	}
	*field = strings.ToLower(v.val)
	return true
}

// addIndex puts an index into a table, under the name that it was given, or
// else, at the end of the statement, under the one that the server chooses.
func (r *reader) addIndex(t *table, at token, x *my.Index, name string) {
	switch {
	case x.Type == my.Primary:
		name = my.PrimaryName
		if t.index(name) != nil {
			r.fail(at.off, "", "table %s has two primary keys", t.Self.Name)
		}
	case name == "":
		x.Unnamed = my.Remark
		// named when all of the statement has been read
	default:
		if strings.EqualFold(name, my.PrimaryName) {
			r.fail(at.off, "", "only the primary key can be called PRIMARY")
		}
	}
	x.Self = my.Part(t.Self, my.KindIndex, name)
	r.define(at, x)
	t.indexes = append(t.indexes, x)
}

// indexName is what the server calls an index that has no name: as its first
// column, with _2, _3 and so on behind it if that is taken.
func (t *table) indexName(x *my.Index) string {
	base := "functional_index"
	if p := x.Parts[0]; !p.Column.IsZero() {
		base = p.Column.Name
	}
	if strings.EqualFold(base, my.PrimaryName) || t.index(base) != nil {
		for n := 2; ; n++ {
			if s := base + "_" + strconv.Itoa(n); t.index(s) == nil {
				return s
			}
		}
	}
	return base
}

// createIndex reads CREATE INDEX, behind CREATE.
func (r *reader) createIndex(h header) {
	r.one("ONLINE", "OFFLINE")
	ty := my.Plain
	switch r.one("UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR") {
	case "UNIQUE":
		ty = my.Unique
	case "FULLTEXT":
		ty = my.Fulltext
	case "SPATIAL":
		ty = my.Spatial
	case "VECTOR":
		ty = my.Vector
	}
	r.expect("INDEX")
	ifNot := r.ifNotExists()
	at := r.peek()
	name := r.name("the name of an index")
	x := &my.Index{Type: ty}
	r.indexType(x)
	r.expect("ON")
	t := r.tableHere()
	r.indexParts(t, x)
	r.indexOptions(x)
	r.executionOptions()
	r.atEnd()
	if old := t.index(name); old != nil {
		switch {
		case h.orReplace:
			t.indexes = without(t.indexes, old)
		case ifNot:
			return
		}
	}
	r.addIndex(t, at, x, name)
	r.settleParts(t)
	r.about(x)
}

// tableHere reads the name of a table that must have been created before.
func (r *reader) tableHere() *table {
	id, at := r.own(my.KindTable)
	t := r.table(id)
	if t == nil {
		r.fail(at.off, r.meantTable(id.Name), "there is no table %s up to here", id.Name)
	}
	return t
}

// executionOptions skips what only says how a change is carried out.
func (r *reader) executionOptions() {
	for {
		switch {
		case r.peek().any("ALGORITHM", "LOCK", "WAIT"):
			r.take()
			r.accept("=")
			r.take()
		case r.accept("NOWAIT"):
		default:
			return
		}
	}
}
