package myparse

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// createTable reads CREATE TABLE, behind that word.
func (r *reader) createTable(h header) {
	ifNot := r.ifNotExists()
	id, at := r.own(my.KindTable)
	if !r.free(id, at, h.orReplace, ifNot) {
		return
	}
	t := &table{Table: &my.Table{Self: id, Engine: r.engine}}
	if r.like(t) {
		r.define(at, t.Table)
		r.addTable(t)
		r.about(t.Table)
		return
	}
	r.define(at, t.Table)
	if r.is("(") && !r.ahead(1).any("SELECT", "WITH", "VALUES", "TABLE") {
		r.elements(t)
	}
	r.tableOptions(t)
	if r.is("PARTITION", "BY") {
		r.partitionBy(t)
	}
	r.one("IGNORE", "REPLACE")
	if q := r.peek(); q.any("AS", "SELECT", "WITH", "VALUES", "TABLE", "(") {
		r.fail(q.off, "write the columns out; a query would have to run to know them", "CREATE TABLE .. SELECT is not managed")
	}
	r.atEnd()
	if len(t.columns) == 0 {
		r.fail(at.off, "", "table %s has no columns", id.Name)
	}
	r.settleParts(t)
	r.addTable(t)
	r.about(t.Table)
}

// elements reads the list of columns, keys and constraints in parentheses. A key
// may stand before its columns: names are resolved at the end.
func (r *reader) elements(t *table) {
	r.incomplete = true
	defer func() { r.incomplete = false }()
	r.expect("(")
	for {
		switch {
		case r.keyDefinition(t):
		case r.is("PERIOD", "FOR"):
			r.period(t)
		default:
			r.columnDefinition(t, func(c *my.Column) { r.appendColumn(t, c) })
		}
		if !r.accept(",") {
			break
		}
	}
	r.expect(")")
}

// appendColumn adds a column at the end.
func (r *reader) appendColumn(t *table, c *my.Column) {
	r.fresh(t, c)
	t.columns = append(t.columns, c)
}

// fresh fails if the table has a column of that name.
func (r *reader) fresh(t *table, c *my.Column) {
	if t.column(c.Self.Name) != nil {
		r.fail(r.placeOf(c), "", "table %s has two columns %s", t.Self.Name, c.Self.Name)
	}
}

// resolveParts gives the columns that keys name the spelling of their definition.
func (r *reader) resolveParts(t *table) {
	for _, x := range t.indexes {
		for i, p := range x.Parts {
			if !p.Column.IsZero() {
				x.Parts[i].Column = r.resolveColumn(t, p.Column, x)
			}
		}
	}
	for _, k := range t.keys {
		for i, c := range k.Columns {
			k.Columns[i] = r.resolveColumn(t, c, k)
		}
	}
}

// resolveColumn finds a column that an object of a table names.
func (r *reader) resolveColumn(t *table, id schema.ID, by any) schema.ID {
	if c := t.column(id.Name); c != nil {
		return c.Self
	}
	if !r.opts.Relaxed {
		r.fail(r.placeOf(by), t.meantColumn(id.Name), "table %s has no column %s", t.Self.Name, id.Name)
	}
	return id
}

// period reads PERIOD FOR name (start, end).
func (r *reader) period(t *table) {
	r.expect("PERIOD", "FOR")
	at := r.peek()
	p := &my.Period{Name: r.name("the name of a period")}
	r.expect("(")
	p.Start = my.ColumnID(t.Self, r.name("a column"))
	r.expect(",")
	p.End = my.ColumnID(t.Self, r.name("a column"))
	r.expect(")")
	switch {
	case at.is("SYSTEM_TIME"):
		p.Name = "SYSTEM_TIME"
		t.SystemTime = p
	case t.ApplicationTime != nil:
		r.fail(at.off, "", "table %s has two application periods", t.Self.Name)
	default:
		t.ApplicationTime = p
	}
}

// like reads CREATE TABLE t LIKE other: its columns, indexes, checks and
// options, but no foreign keys.
func (r *reader) like(t *table) bool {
	in := r.is("(", "LIKE")
	if in {
		r.take()
	}
	if !r.accept("LIKE") {
		return false
	}
	at := r.peek()
	from := r.tableHere()
	if in {
		r.expect(")")
	}
	r.atEnd()
	if r.table(from.Self) == nil {
		r.fail(at.off, r.meantTable(from.Self.Name), "there is no table %s up to here", from.Self.Name)
	}
	t.copy(from)
	return true
}

// copy makes a table like another one.
func (t *table) copy(from *table) {
	old, self := from.Self, t.Self
	move := func(id schema.ID) schema.ID {
		if id.Parent == old.Name && id.Schema == old.Schema {
			id.Parent, id.Schema = self.Name, self.Schema
		}
		return id
	}
	t.Table = schema.Rewrite(from.Table, move)
	t.Table.Self = self
	t.AutoIncrement = 0
	for _, c := range from.columns {
		t.columns = append(t.columns, schema.Rewrite(c, move))
	}
	for _, x := range from.indexes {
		t.indexes = append(t.indexes, schema.Rewrite(x, move))
	}
	for _, k := range from.shownChecks() {
		n := schema.Rewrite(k, move)
		if k.DatabaseWide.Is() { // MySQL makes new names
			n.Unnamed, n.Self.Name = my.Remark, ""
		}
		t.checks = append(t.checks, n)
	}
	if from.parts != nil {
		t.parts = schema.Rewrite(from.parts, move)
	}
	t.nameParts(Options{})
}

// shownChecks are the checks in the order in which the server keeps them: MySQL,
// which gives those of a table's copy new names, in the order of their names.
func (t *table) shownChecks() []*my.Check {
	return slices.SortedStableFunc(slices.Values(t.checks), func(a, b *my.Check) int {
		if !a.DatabaseWide.Is() {
			return 0
		}
		return strings.Compare(strings.ToLower(a.Self.Name), strings.ToLower(b.Self.Name))
	})
}

// tableOptions reads options, with commas or without between them.
func (r *reader) tableOptions(t *table) {
	for r.tableOption(t) {
		if r.is(",") && r.ahead(1).kind == word {
			r.take()
		}
	}
}

// tableOption reads one option; it tells whether there was one.
func (r *reader) tableOption(t *table) bool {
	at := r.peek()
	if !at.isName() {
		return false
	}
	r.accept("DEFAULT")
	switch {
	case r.is("ENGINE"), r.is("TYPE"):
		r.take()
		r.accept("=")
		t.Engine = engineName(r.word("an engine"))
	case r.acceptCharset():
		r.accept("=")
		t.Charset, t.Collation = charsetName(r.word("a character set")), ""
		if t.Charset == "default" {
			t.Charset = ""
		}
	case r.accept("COLLATE"):
		r.accept("=")
		t.Collation = collation(r.word("a collation"))
		if t.Charset == "" || charsetOf(t.Collation) != "" {
			t.Charset = charsetOf(t.Collation)
		}
	case r.accept("COMMENT"):
		r.accept("=")
		t.Comment = r.string("a comment")
	case r.accept("AUTO_INCREMENT"):
		r.accept("=")
		t.AutoIncrement = uint64(r.integer("a number"))
	case r.accept("UNION"):
		r.accept("=")
		r.union(t)
	case r.accept("START", "TRANSACTION"):
	case r.accept("WITH", "SYSTEM", "VERSIONING"):
		t.WithSystemVersioning = true
	case r.opts.tidb() && at.is("TTL"):
		r.ttl(t)
	default:
		return r.plainOption(t, at)
	}
	return true
}

func (r *reader) union(t *table) {
	t.Union = nil
	r.expect("(")
	for !r.is(")") {
		t.Union = append(t.Union, r.qualified(my.KindTable))
		if !r.accept(",") {
			break
		}
	}
	r.expect(")")
}

// ttl reads TiDB's TTL = column + INTERVAL n unit.
func (r *reader) ttl(t *table) {
	r.take()
	r.accept("=")
	from := r.i
	col := r.name("a column")
	r.expect("+", "INTERVAL")
	r.take()
	r.name("a unit")
	t.TTL = r.expr(t.Self, from, r.i)
	_ = col
}

// plainOption reads name [=] value, for all options that are kept as they are.
func (r *reader) plainOption(t *table, at token) bool {
	name := strings.ToUpper(at.val)
	if name == "DATA" || name == "INDEX" {
		if !r.ahead(1).is("DIRECTORY") {
			return false
		}
		r.take()
		name += " DIRECTORY"
	}
	field := optionField(t.Table, name)
	if ofTiDB[name] && !r.opts.tidb() {
		field = nil
	}
	if field == nil && !(r.ahead(1).is("=") && at.kind != punct) {
		return false
	}
	if field == nil && !r.opts.mariadb() {
		r.fail(at.off, r.foreignOption(name), "unknown option %s of a table", at.val)
	}
	if field == nil {
		t.Options = setOption(t.Options, r.option())
		return true
	}
	r.take()
	r.accept("=")
	*field = r.optionValue(name)
	return true
}

// optionField is the field for an option's name.
func optionField(t *my.Table, name string) *string {
	switch name {
	case "ROW_FORMAT":
		return &t.RowFormat
	case "KEY_BLOCK_SIZE":
		return &t.KeyBlockSize
	case "COMPRESSION":
		return &t.Compression
	case "ENCRYPTION":
		return &t.Encryption
	case "AVG_ROW_LENGTH":
		return &t.AvgRowLength
	case "MIN_ROWS":
		return &t.MinRows
	case "MAX_ROWS":
		return &t.MaxRows
	case "CHECKSUM", "TABLE_CHECKSUM":
		return &t.Checksum
	case "DELAY_KEY_WRITE":
		return &t.DelayKeyWrite
	case "PACK_KEYS":
		return &t.PackKeys
	case "STATS_PERSISTENT":
		return &t.StatsPersistent
	case "STATS_AUTO_RECALC":
		return &t.StatsAutoRecalc
	case "STATS_SAMPLE_PAGES":
		return &t.StatsSamplePages
	case "INSERT_METHOD":
		return &t.InsertMethod
	case "CONNECTION":
		return &t.Connection
	case "DATA DIRECTORY":
		return &t.DataDirectory
	case "INDEX DIRECTORY":
		return &t.IndexDirectory
	case "TABLESPACE":
		return &t.Tablespace
	case "AUTOEXTEND_SIZE":
		return &t.AutoextendSize
	case "SECONDARY_ENGINE":
		return &t.SecondaryEngine
	case "ENGINE_ATTRIBUTE":
		return &t.EngineAttribute
	case "SECONDARY_ENGINE_ATTRIBUTE":
		return &t.SecondaryEngineAttribute
	case "PAGE_CHECKSUM":
		return &t.PageChecksum
	case "PAGE_COMPRESSED":
		return &t.PageCompressed
	case "PAGE_COMPRESSION_LEVEL":
		return &t.PageCompressionLevel
	case "TRANSACTIONAL":
		return &t.Transactional
	case "ENCRYPTED":
		return &t.Encrypted
	case "ENCRYPTION_KEY_ID":
		return &t.EncryptionKeyID
	case "SHARD_ROW_ID_BITS":
		return &t.ShardRowIDBits
	case "PRE_SPLIT_REGIONS":
		return &t.PreSplitRegions
	case "AUTO_ID_CACHE":
		return &t.AutoIDCache
	case "AUTO_RANDOM_BASE":
		return &t.AutoRandomBase
	case "TTL_ENABLE":
		return &t.TTLEnable
	case "TTL_JOB_INTERVAL":
		return &t.TTLJobInterval
	}
	return nil
}

// ofTiDB are the options that no other server knows.
var ofTiDB = map[string]bool{"SHARD_ROW_ID_BITS": true, "PRE_SPLIT_REGIONS": true, "AUTO_ID_CACHE": true, "AUTO_RANDOM_BASE": true,
	"TTL_ENABLE": true, "TTL_JOB_INTERVAL": true}

// texts are the options whose values are texts and keep their case.
var texts = map[string]bool{"CONNECTION": true, "DATA DIRECTORY": true, "INDEX DIRECTORY": true, "TABLESPACE": true,
	"ENGINE_ATTRIBUTE": true, "SECONDARY_ENGINE_ATTRIBUTE": true, "SECONDARY_ENGINE": true, "TTL_JOB_INTERVAL": true}

// optionValue reads an option's value in the form in which the server shows it.
func (r *reader) optionValue(name string) string {
	t := r.take()
	v := t.val
	switch t.kind {
	case str, word, quoted, number:
		if !texts[name] {
			v = strings.ToUpper(v)
		}
	default:
		r.i--
		r.unexpected("a value")
	}
	switch name {
	case "PACK_KEYS", "STATS_PERSISTENT", "STATS_AUTO_RECALC", "STATS_SAMPLE_PAGES", "ROW_FORMAT", "ENCRYPTED", "TRANSACTIONAL":
		if v == "DEFAULT" {
			return ""
		}
	case "KEY_BLOCK_SIZE", "MIN_ROWS", "MAX_ROWS", "AVG_ROW_LENGTH", "CHECKSUM", "DELAY_KEY_WRITE", "SHARD_ROW_ID_BITS", "PRE_SPLIT_REGIONS", "AUTO_ID_CACHE":
		if v == "0" {
			return "" // as if nothing was said
		}
	case "AUTOEXTEND_SIZE":
		return bytesOf(v)
	case "PAGE_COMPRESSED":
		return map[string]string{"ON": "1", "OFF": "0"}[v] + strings.NewReplacer("ON", "", "OFF", "").Replace(v)
	case "SECONDARY_ENGINE":
		if strings.EqualFold(v, "NULL") {
			return ""
		}
	}
	return v
}

// bytesOf resolves the suffixes K, M and G of a size; 4M is 4194304.
func bytesOf(v string) string {
	units := map[byte]uint{'K': 10, 'M': 20, 'G': 30}
	if v == "" {
		return v
	}
	shift, ok := units[v[len(v)-1]]
	digits := v
	if ok {
		digits = v[:len(v)-1]
	}
	n := uint64(0)
	for _, c := range digits {
		if c < '0' || c > '9' {
			return v
		}
		n = n*10 + uint64(c-'0')
	}
	if n == 0 {
		return ""
	}
	return uitoa(n << shift)
}

func setOption(list []my.Option, o my.Option) []my.Option {
	for i := range list {
		if list[i].Name == o.Name {
			list[i] = o
			return list
		}
	}
	return append(list, o)
}
