package mysql

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// tables writes base tables; see also [emitter.createTable].
type tables struct{}

func (tables) create(t *my.Table, e *emitter) {
	e.createTable(t, planner.Step{Whole: t.Self, Acts: []planner.Act{e.act}})
}

func (tables) drop(t *my.Table, e *emitter) {
	e.statement("DROP TABLE "+quote(t.Self.Name), facts{hazards: []planner.Hazard{planner.HazardDataLoss}, lock: planner.LockAll})
}

func (tables) rename(old, new *my.Table, e *emitter) {
	e.statement("RENAME TABLE "+quote(old.Self.Name)+" TO "+quote(new.Self.Name), facts{lock: planner.LockAll})
}

// tableOption is an option that is a field of its own.
type tableOption struct {
	name  string // as SQL has it
	field func(*my.Table) *string
	// reset takes the option back; "" if there is no way.
	reset string
	text  bool // the value is a string
	// rewrite: a change copies the table.
	rewrite bool
}

// fixedOptions are those that ALTER TABLE takes, and ignores.
var fixedOptions = []string{"DATA DIRECTORY", "INDEX DIRECTORY"}

// tableOptions are in the order of SHOW CREATE TABLE.
var tableOptions = []tableOption{
	{"ENGINE", func(t *my.Table) *string { return &t.Engine }, "", false, true},
	{"DEFAULT CHARSET", func(t *my.Table) *string { return &t.Charset }, "", false, false},
	{"COLLATE", func(t *my.Table) *string { return &t.Collation }, "", false, false},
	{"ROW_FORMAT", func(t *my.Table) *string { return &t.RowFormat }, "DEFAULT", false, true},
	{"KEY_BLOCK_SIZE", func(t *my.Table) *string { return &t.KeyBlockSize }, "0", false, true},
	{"COMPRESSION", func(t *my.Table) *string { return &t.Compression }, "'NONE'", true, false},
	{"ENCRYPTION", func(t *my.Table) *string { return &t.Encryption }, "'N'", true, true},
	{"AVG_ROW_LENGTH", func(t *my.Table) *string { return &t.AvgRowLength }, "0", false, false},
	{"MIN_ROWS", func(t *my.Table) *string { return &t.MinRows }, "0", false, false},
	{"MAX_ROWS", func(t *my.Table) *string { return &t.MaxRows }, "0", false, false},
	{"CHECKSUM", func(t *my.Table) *string { return &t.Checksum }, "0", false, true},
	{"DELAY_KEY_WRITE", func(t *my.Table) *string { return &t.DelayKeyWrite }, "0", false, false},
	{"PACK_KEYS", func(t *my.Table) *string { return &t.PackKeys }, "DEFAULT", false, true},
	{"STATS_PERSISTENT", func(t *my.Table) *string { return &t.StatsPersistent }, "DEFAULT", false, false},
	{"STATS_AUTO_RECALC", func(t *my.Table) *string { return &t.StatsAutoRecalc }, "DEFAULT", false, false},
	{"STATS_SAMPLE_PAGES", func(t *my.Table) *string { return &t.StatsSamplePages }, "DEFAULT", false, false},
	{"INSERT_METHOD", func(t *my.Table) *string { return &t.InsertMethod }, "NO", false, false},
	{"CONNECTION", func(t *my.Table) *string { return &t.Connection }, "''", true, false},
	{"DATA DIRECTORY", func(t *my.Table) *string { return &t.DataDirectory }, "", true, false},
	{"INDEX DIRECTORY", func(t *my.Table) *string { return &t.IndexDirectory }, "", true, false},
	{"TABLESPACE", func(t *my.Table) *string { return &t.Tablespace }, "", false, true},
	{"AUTOEXTEND_SIZE", func(t *my.Table) *string { return &t.AutoextendSize }, "0", false, false},
	{"SECONDARY_ENGINE", func(t *my.Table) *string { return &t.SecondaryEngine }, "NULL", false, false},
	{"ENGINE_ATTRIBUTE", func(t *my.Table) *string { return &t.EngineAttribute }, "''", true, false},
	{"SECONDARY_ENGINE_ATTRIBUTE", func(t *my.Table) *string { return &t.SecondaryEngineAttribute }, "''", true, false},
	{"PAGE_CHECKSUM", func(t *my.Table) *string { return &t.PageChecksum }, "0", false, true},
	{"PAGE_COMPRESSED", func(t *my.Table) *string { return &t.PageCompressed }, "DEFAULT", false, true},
	{"PAGE_COMPRESSION_LEVEL", func(t *my.Table) *string { return &t.PageCompressionLevel }, "DEFAULT", false, false},
	{"TRANSACTIONAL", func(t *my.Table) *string { return &t.Transactional }, "DEFAULT", false, true},
	{"ENCRYPTED", func(t *my.Table) *string { return &t.Encrypted }, "DEFAULT", false, true},
	{"ENCRYPTION_KEY_ID", func(t *my.Table) *string { return &t.EncryptionKeyID }, "DEFAULT", false, true},
	{"SHARD_ROW_ID_BITS", func(t *my.Table) *string { return &t.ShardRowIDBits }, "0", false, false},
	{"PRE_SPLIT_REGIONS", func(t *my.Table) *string { return &t.PreSplitRegions }, "", false, false},
	{"AUTO_ID_CACHE", func(t *my.Table) *string { return &t.AutoIDCache }, "0", false, false},
	{"AUTO_RANDOM_BASE", func(t *my.Table) *string { return &t.AutoRandomBase }, "", false, false},
	{"PLACEMENT POLICY", func(t *my.Table) *string { return &t.PlacementPolicy }, "DEFAULT", false, false},
	{"TTL_ENABLE", func(t *my.Table) *string { return &t.TTLEnable }, "'OFF'", true, false},
	{"TTL_JOB_INTERVAL", func(t *my.Table) *string { return &t.TTLJobInterval }, "'1h'", true, false},
	{"COMMENT", func(t *my.Table) *string { return &t.Comment }, "''", true, false},
}

// sql writes the option with a value.
func (o tableOption) sql(value string) string {
	if value == "" {
		return o.name + "=" + o.reset
	}
	if o.text {
		value = literal(value)
	} else if o.name == "TABLESPACE" || o.name == "PLACEMENT POLICY" {
		value = quote(value)
	}
	return o.name + "=" + value
}

// createOptions are the options behind a CREATE TABLE's parentheses, without
// those that the database gives anyway.
func (e *emitter) createOptions(t *my.Table) []string {
	var out []string
	for _, o := range tableOptions {
		v := *o.field(t)
		switch {
		case v == "":
		case o.name == "ENGINE" && strings.EqualFold(v, e.setting(settingEngine)):
		case o.name == "DEFAULT CHARSET" && v == e.databaseCharset():
		case o.name == "COLLATE" && v == e.impliedCollation(t):
		case o.name == "PAGE_CHECKSUM" && v == e.pageChecksum():
		default:
			out = append(out, o.sql(v))
		}
	}
	if t.AutoIncrement > 0 {
		out = append(out, "AUTO_INCREMENT="+uitoa(t.AutoIncrement))
	}
	out = append(out, e.structuredOptions(t)...)
	return out
}

// structuredOptions are those that are more than a text.
func (e *emitter) structuredOptions(t *my.Table) []string {
	var out []string
	if len(t.Union) > 0 {
		out = append(out, unionOption(t))
	}
	if !t.TTL.IsZero() {
		out = append(out, "TTL="+t.TTL.Text)
	}
	for _, o := range t.Options {
		out = append(out, quote(o.Name)+"="+o.Value)
	}
	if t.WithSystemVersioning {
		out = append(out, "WITH SYSTEM VERSIONING")
	}
	return out
}

func unionOption(t *my.Table) string {
	names := make([]string, len(t.Union))
	for i, u := range t.Union {
		names[i] = qualified(u)
	}
	return "UNION=(" + strings.Join(names, ",") + ")"
}

// databaseCharset is what a table without a character set inherits: that of
// the database as it will be.
func (e *emitter) databaseCharset() string {
	if e.delta != nil {
		if d, ok := schema.Lookup[*my.Database](e.delta.Desired, my.DatabaseID); ok && d.Charset != "" {
			return d.Charset
		}
	}
	return e.setting(settingCharset)
}

// impliedCollation is what a table has that says what its character set is, if
// that is not the database's, and nothing else.
func (e *emitter) impliedCollation(t *my.Table) string {
	if t.Charset != e.databaseCharset() {
		return e.setting(collationOf + t.Charset)
	}
	if e.delta != nil {
		if d, ok := schema.Lookup[*my.Database](e.delta.Desired, my.DatabaseID); ok && d.Collation != "" {
			return d.Collation
		}
	}
	return e.setting(settingCollation)
}

func (tables) alter(old, new *my.Table, e *emitter) {
	charset := old.Charset != new.Charset || old.Collation != new.Collation
	if new.TTL.IsZero() && !old.TTL.IsZero() { // these go with it
		old.TTLEnable, old.TTLJobInterval = new.TTLEnable, new.TTLJobInterval
	}
	for i, o := range tableOptions {
		was, is := o.field(old), *o.field(new)
		c := clause{position: atOption, ordinal: i}
		switch {
		case o.name == "COLLATE" && charset: // together with the character set
			*was = is
			continue
		case o.name == "PAGE_CHECKSUM" && is == "": // goes with the engine
			*was = is
			continue
		case slices.Contains(fixedOptions, o.name) && *was != is:
			continue // left as a residue
		case o.name == "DEFAULT CHARSET" && charset:
			c.text = "DEFAULT CHARSET=" + new.Charset + " COLLATE=" + new.Collation
		case *was == is:
			continue
		case is == "" && o.reset == "":
			continue // left as a residue
		default:
			c.text = o.sql(is)
		}
		if o.rewrite {
			c.facts = rewrite
		}
		*was = is
		e.clause(c)
	}
	alterStructured(old, new, e)
	alterVersioning(old, new, e)
	old.AutoIncrement = new.AutoIncrement // a floor for new tables only
}

// rewrite are the facts of a change that copies the table.
var rewrite = facts{hazards: []planner.Hazard{planner.HazardRewrite}, lock: planner.LockWrite, rewrite: true}

func alterStructured(old, new *my.Table, e *emitter) {
	if !slices.Equal(old.Union, new.Union) {
		e.clause(clause{position: atOption, ordinal: 100, text: unionOption(new)})
		old.Union = new.Union
	}
	if !schema.Equal(&my.Table{TTL: old.TTL}, &my.Table{TTL: new.TTL}) {
		text := "REMOVE TTL"
		if !new.TTL.IsZero() {
			text = "TTL=" + new.TTL.Text
		}
		e.clause(clause{position: atOption, ordinal: 101, text: text, alone: true})
		old.TTL = new.TTL
	}
	if !slices.Equal(old.Options, new.Options) {
		for _, o := range old.Options {
			if !slices.ContainsFunc(new.Options, func(n my.Option) bool { return n.Name == o.Name }) {
				e.clause(clause{position: atOption, ordinal: 102, text: quote(o.Name) + "=DEFAULT"})
			}
		}
		for _, o := range new.Options {
			if !slices.Contains(old.Options, o) {
				e.clause(clause{position: atOption, ordinal: 103, text: quote(o.Name) + "=" + o.Value})
			}
		}
		old.Options = new.Options
	}
}

// alterVersioning: MariaDB's periods and system versioning. Without it, the
// history is gone.
func alterVersioning(old, new *my.Table, e *emitter) {
	for _, p := range []struct{ was, is **my.Period }{{&old.SystemTime, &new.SystemTime}, {&old.ApplicationTime, &new.ApplicationTime}} {
		was, is := *p.was, *p.is
		if was == is || was != nil && is != nil && *was == *is {
			continue
		}
		if was != nil {
			e.clause(clause{position: atDropColumn, ordinal: -1, text: "DROP PERIOD FOR " + periodName(was)})
		}
		if is != nil {
			e.clause(clause{position: atPeriod, text: "ADD " + periodClause(is)})
		}
		*p.was = is
	}
	if old.WithSystemVersioning == new.WithSystemVersioning {
		return
	}
	if new.WithSystemVersioning {
		e.clause(clause{position: atPeriod, ordinal: 1, text: "ADD SYSTEM VERSIONING", facts: rewrite})
	} else {
		kept := schema.Clone(new)
		kept.WithSystemVersioning, kept.SystemTime = true, old.SystemTime
		e.lose("the history of the rows", kept)
		e.clause(clause{position: atDropColumn, ordinal: -2, text: "DROP SYSTEM VERSIONING",
			facts: facts{hazards: []planner.Hazard{planner.HazardDataLoss, planner.HazardRewrite}, lock: planner.LockAll, rewrite: true}})
	}
	old.WithSystemVersioning = new.WithSystemVersioning
}

func periodName(p *my.Period) string {
	if strings.EqualFold(p.Name, "SYSTEM_TIME") {
		return "SYSTEM_TIME"
	}
	return quote(p.Name)
}

func periodClause(p *my.Period) string {
	return "PERIOD FOR " + periodName(p) + " (" + quote(p.Start.Name) + ", " + quote(p.End.Name) + ")"
}
