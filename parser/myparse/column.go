package myparse

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// columnDefinition reads a column of a table, its name included, and adds what
// its definition brings along: keys and constraints. The column itself is put
// into the table at a place by the caller's put, before those.
func (r *reader) columnDefinition(t *table, put func(*my.Column)) *my.Column {
	at := r.peek()
	name := r.name("the name of a column")
	if r.is(".") { // t.c and db.t.c are allowed here
		r.take()
		name = r.name("the name of a column")
		if r.accept(".") {
			name = r.name("the name of a column")
		}
	}
	if strings.TrimRight(name, " ") != name || name == "" {
		r.fail(at.off, "", "incorrect name of a column: %q", name)
	}
	c := &my.Column{Self: my.ColumnID(t.Self, name)}
	r.define(at, c)
	d := &columnReader{reader: r, table: t, column: c, at: at}
	ty := r.dataType()
	d.take(ty)
	for d.attribute() {
	}
	d.settle(ty)
	put(c)
	for _, later := range d.later {
		later()
	}
	return c
}

// columnReader reads the attributes of a column.
type columnReader struct {
	*reader
	table  *table
	column *my.Column
	at     token
	null   bool // NULL was written
	// defaulted: some DEFAULT was written, NULL among them.
	defaulted  bool
	constraint string // the name of a CONSTRAINT clause, until its constraint follows
	uniqueSaid bool
	later      []func()
}

func (d *columnReader) take(t typed) {
	c := d.column
	c.Type, c.Charset, c.Collation, c.BinaryCollation = t.Type, t.charset, t.collation, t.binary
	if t.serial {
		c.NotNull, c.AutoIncrement = true, true
		d.unique(d.at)
	}
}

// attribute reads one attribute; it tells whether there was one.
func (d *columnReader) attribute() bool {
	r, c := d.reader, d.column
	at := r.peek()
	switch {
	case r.accept("NOT", "NULL"):
		c.NotNull = true
		d.enabled()
	case r.accept("NULL"): // the last one counts
		c.NotNull = false
		d.null = true
	case r.accept("DEFAULT"):
		d.defaulted = true
		c.Default = r.defaultValue(c.Type)
	case r.accept("ON", "UPDATE"):
		c.OnUpdate = r.now(c.Type)
	case r.accept("AUTO_INCREMENT"):
		c.AutoIncrement = true
	case r.opts.tidb() && r.accept("AUTO_RANDOM"):
		c.AutoRandom = r.autoRandom()
	case r.accept("UNIQUE"):
		r.one("KEY", "INDEX")
		d.unique(at)
	case r.accept("PRIMARY"):
		r.accept("KEY")
		d.primary(at)
	case r.accept("KEY"):
		d.primary(at)
	case r.accept("COMMENT"):
		r.accept("=")
		c.Comment = r.string("a comment")
	case r.accept("COLLATE"):
		r.accept("=")
		c.Collation = collation(r.word("a collation"))
	case r.acceptCharset():
		c.Charset = charsetName(r.word("a character set"))
	case r.accept("COLUMN_FORMAT"):
		c.Format = notDefault(r.one("FIXED", "DYNAMIC", "DEFAULT"))
	case r.accept("STORAGE"):
		c.Storage = notDefault(r.one("DISK", "MEMORY", "DEFAULT"))
	case r.accept("ENGINE_ATTRIBUTE"):
		r.accept("=")
		c.EngineAttribute = r.string("a text")
	case r.accept("SECONDARY_ENGINE_ATTRIBUTE"):
		r.accept("=")
		c.SecondaryEngineAttribute = r.string("a text")
	case r.accept("CONSTRAINT"):
		if !r.peek().any("CHECK", "REFERENCES", "PRIMARY", "UNIQUE", "NOT") {
			d.constraint = r.name("the name of a constraint")
		}
	case r.accept("CHECK"):
		d.check(at)
	case r.is("REFERENCES"):
		d.references(at)
	default:
		return d.special(at)
	}
	return true
}

// enabled skips MariaDB's NOT NULL ENABLE of Oracle's mode.
func (d *columnReader) enabled() {
	if d.mode.oracle {
		d.accept("ENABLE")
	}
}

// special reads the attributes that only some servers have.
func (d *columnReader) special(at token) bool {
	r, c := d.reader, d.column
	switch {
	case r.is("GENERATED"), r.is("AS"):
		d.generated(at)
	case r.accept("VIRTUAL"):
		c.Stored = false
	case r.accept("STORED"), r.accept("PERSISTENT"):
		c.Stored = true
	case r.accept("INVISIBLE"):
		c.Invisible = true
	case r.accept("VISIBLE"):
		c.Invisible = false
	case r.accept("SRID"), r.accept("REF_SYSTEM_ID"):
		r.accept("=")
		n := uint32(r.integer("the number of a spatial reference system"))
		c.SRID = &n
	case r.is("COMPRESSED") && r.opts.mariadb():
		r.cursor.take()
		c.Compressed = "zlib"
		if r.accept("=") {
			c.Compressed = strings.ToLower(r.word("a method of compression"))
		}
	case r.accept("WITH", "SYSTEM", "VERSIONING"):
		c.Versioning = "WITH"
	case r.accept("WITHOUT", "SYSTEM", "VERSIONING"):
		c.Versioning = "WITHOUT"
	case r.accept("SERIAL", "DEFAULT", "VALUE"):
		c.NotNull, c.AutoIncrement = true, true
		d.unique(at)
	case r.accept("NOT", "SECONDARY"):
		c.Options = append(c.Options, my.Option{Name: "NOT SECONDARY"})
	case r.peek().any("ENFORCED") || r.is("NOT", "ENFORCED"):
		r.unexpected("an attribute of a column")
	case r.opts.mariadb() && r.peek().isName() && r.ahead(1).is("="):
		c.Options = append(c.Options, r.option())
	default:
		return false
	}
	return true
}

func notDefault(s string) string {
	if s == "DEFAULT" {
		return ""
	}
	return s
}

// option reads name=value, as engines of MariaDB define them.
func (r *reader) option() my.Option {
	name := strings.ToUpper(r.name("an option"))
	r.accept("=")
	t := r.take()
	switch t.kind {
	case str:
		return my.Option{Name: name, Value: quoteString(t.val)}
	case number, bits:
		return my.Option{Name: name, Value: t.val}
	case word, quoted:
		return my.Option{Name: name, Value: strings.ToUpper(t.val)}
	}
	r.i--
	r.unexpected("a value")
	return my.Option{}
}

func (r *reader) autoRandom() *my.AutoRandom {
	a := &my.AutoRandom{ShardBits: 5, RangeBits: 64}
	if r.accept("(") {
		a.ShardBits = r.integer("a number")
		if r.accept(",") {
			a.RangeBits = r.integer("a number")
		}
		r.expect(")")
	}
	return a
}

// generated reads [GENERATED ALWAYS] AS (..), and MariaDB's ROW START and END.
func (d *columnReader) generated(at token) {
	r, c := d.reader, d.column
	if r.accept("GENERATED") {
		r.expect("ALWAYS")
	}
	r.expect("AS")
	if r.accept("ROW") {
		if r.one("START") != "" {
			c.RowStart = true
		} else {
			r.expect("END")
			c.RowEnd = true
		}
		c.NotNull = true
		return
	}
	from, to := r.parens()
	if from == to {
		r.unexpected("an expression")
	}
	c.Generated = r.expr(d.table.Self, from, to)
}

// check reads a CHECK behind a column. MariaDB keeps the one without a name in
// the column; a name makes it one of the table's, as it always is in MySQL.
func (d *columnReader) check(at token) {
	r, c, t := d.reader, d.column, d.table
	from, to := r.parens()
	name := d.constraint
	d.constraint = ""
	not := r.enforced()
	if r.opts.mariadb() && name == "" {
		c.Check = r.expr(t.Self, from, to)
		return
	}
	d.later = append(d.later, func() { r.addCheck(t, at, name, from, to, not) })
}

// enforced reads [NOT] ENFORCED.
func (r *reader) enforced() (not bool) {
	switch {
	case r.accept("ENFORCED"):
	case r.accept("NOT", "ENFORCED"):
		return true
	}
	return false
}

func (d *columnReader) unique(at token) {
	r, t, c := d.reader, d.table, d.column
	name := d.constraint
	d.constraint = ""
	if d.uniqueSaid { // SERIAL UNIQUE is one index
		return
	}
	d.uniqueSaid = true
	d.later = append(d.later, func() {
		r.addIndex(t, at, &my.Index{Type: my.Unique, Parts: []my.IndexPart{{Column: c.Self}}}, name)
	})
}

func (d *columnReader) primary(at token) {
	r, t, c := d.reader, d.table, d.column
	d.constraint = ""
	x := &my.Index{Type: my.Primary, Parts: []my.IndexPart{{Column: c.Self}}}
	if w := r.one("CLUSTERED", "NONCLUSTERED"); w != "" {
		x.Clustered = w
	}
	if r.accept("GLOBAL") {
		x.Global = true
	}
	d.later = append(d.later, func() { r.addIndex(t, at, x, "") })
}

// references reads an inline foreign key. MySQL before 9.0 and TiDB ignore it
// without a word, which deserves one.
func (d *columnReader) references(at token) {
	r, t, c := d.reader, d.table, d.column
	k := &my.ForeignKey{Columns: []schema.ID{c.Self}}
	r.referenced(k)
	name := d.constraint
	d.constraint = ""
	if r.opts.mariadb() || r.opts.mysql() && r.opts.since(90000) && r.opts.Version != 0 {
		d.later = append(d.later, func() { r.addForeignKey(t, at, k, name, "") })
		return
	}
	r.note(r.src.Pos(at.off), "the server ignores REFERENCES behind a column; write FOREIGN KEY ("+c.Self.Name+") REFERENCES .. to have a foreign key")
}

// settle finishes a column whose definition was read.
func (d *columnReader) settle(t typed) {
	c := d.column
	if d.constraint != "" {
		d.unexpected("a constraint")
	}
	if c.Charset == "binary" || c.Collation == "binary" {
		t.Type, t.charset = c.Type, "binary"
		t.toBinary()
		c.Type, c.Charset, c.Collation = t.Type, t.charset, t.collation
	}
	if !c.Type.HasCharset() {
		c.Charset, c.Collation = "", ""
	}
	if c.NotNull && c.IsGenerated() && d.opts.mariadb() {
		d.fail(d.at.off, "leave NOT NULL out, or add a CHECK", "MariaDB takes no NOT NULL for a generated column (%s)", c.Self.Name)
	}
	c.NotNull = c.NotNull || c.AutoIncrement
	if c.Charset == "" {
		c.Charset = charsetOf(c.Collation)
	}
	if t.json && c.Check.IsZero() { // MariaDB adds the check unless there is another
		name := quoteName(c.Self.Name)
		c.Check = schema.Expr{Text: "json_valid(" + name + ")", Canon: "json_valid(" + quoteName(strings.ToLower(c.Self.Name)) + ")",
			Refs: schema.Refer(nil, schema.Exist, c.Self)}
	}
	if d.opts.ImplicitTimestamp && c.Type.Name == "timestamp" && !d.null && c.Generated.IsZero() {
		d.implicitTimestamp()
	}
}

// implicitTimestamp: with explicit_defaults_for_timestamp off, a TIMESTAMP
// column is NOT NULL unless declared NULL; the first one without a default gets
// the current time, also on update, the others get '0000-00-00 00:00:00'.
func (d *columnReader) implicitTimestamp() {
	c := d.column
	c.NotNull = true
	if d.defaulted || !c.OnUpdate.IsZero() {
		return
	}
	for _, o := range d.table.columns {
		if o.Type.Name == "timestamp" && o != c {
			c.Default = d.literal(c.Type, token{kind: str, val: "0000-00-00 00:00:00"}, "")
			return
		}
	}
	c.Default = currentTimestamp(precision(c.Type))
	c.OnUpdate = c.Default
}
