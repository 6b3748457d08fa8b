package mysql

import (
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// columns writes the columns of a table.
type columns struct{}

func (columns) create(c *my.Column, e *emitter) {
	if e.creating {
		e.clause(clause{position: atColumn, ordinal: c.Ordinal.Int(), text: e.columnDefinition(c)})
		return
	}
	f := facts{}
	if c.IsGenerated() && c.Stored || c.AutoIncrement {
		f = rewrite
	}
	e.clause(clause{position: atColumn, ordinal: c.Ordinal.Int(), text: "ADD COLUMN " + e.columnDefinition(c) + placeClause(c.Place), facts: f})
}

func (columns) drop(c *my.Column, e *emitter) {
	f := facts{lock: planner.LockWrite}
	if !c.IsGenerated() {
		f.hazards = []planner.Hazard{planner.HazardDataLoss}
	}
	e.clause(clause{position: atDropColumn, ordinal: c.Ordinal.Int(), text: "DROP COLUMN " + quote(c.Self.Name), facts: f})
}

func (columns) rename(old, new *my.Column, e *emitter) {
	table := "ALTER TABLE " + quote(new.Self.Parent)
	if e.renameColumn {
		e.statement(table+" RENAME COLUMN "+quote(old.Self.Name)+" TO "+quote(new.Self.Name)+e.online(", "), facts{})
		return
	}
	e.statement(table+" CHANGE "+quote(old.Self.Name)+" "+e.columnDefinition(new)+e.online(", "), facts{})
}

func placeClause(p *my.Place) string {
	switch {
	case p == nil:
		return ""
	case p.After.IsZero():
		return " FIRST"
	}
	return " AFTER " + quote(p.After.Name)
}

// remade tells whether a column cannot be altered, but only dropped and added
// again: VIRTUAL is no storage that could be kept, or filled in place; and some
// types have no way into others.
func remade(old, new *my.Column) bool {
	virtual := func(c *my.Column) bool { return c.IsGenerated() && !c.Stored }
	return virtual(old) != virtual(new) || uncastable(old.Type, new.Type)
}

// uncastable tells whether the server refuses to turn one type into another
// whatever the rows hold (MariaDB: ER_ILLEGAL_PARAMETER_DATA_TYPES2_FOR_OPERATION).
func uncastable(a, b my.Type) bool {
	const geometry, vector, address = "geometry", "vector", "address"
	group := func(t my.Type) string {
		switch {
		case t.IsSpatial():
			return geometry
		case t.Name == "vector":
			return vector
		case t.Name == "uuid", t.Name == "inet4", t.Name == "inet6":
			return address
		}
		return ""
	}
	ga, gb := group(a), group(b)
	if ga == address && gb == "" || ga == "" && gb == address {
		other := a
		if ga == address {
			other = b
		}
		c := classes[other.Name]
		return c != text && c != bytes
	}
	return ga != gb || ga == address && a.Name != b.Name
}

// alter writes a MODIFY, which repeats the whole definition.
func (columns) alter(old, new *my.Column, e *emitter) {
	if (old.RowStart || old.RowEnd) && old.RowStart == new.RowStart && old.RowEnd == new.RowEnd {
		return // ER_VERS_DUPLICATE_ROW_START_END: the ends of a row's time cannot be modified
	}
	losses(old, new, e)
	f := columnFacts(old, new)
	if e.verdict.Loses != "" {
		f.hazards = append(f.hazards, planner.HazardDataLoss)
	}
	switch {
	case remade(old, new):
		f.rewrite = true
		e.disturb(schema.Exist) // indexes and foreign keys go with it
		e.clause(clause{position: atDropColumn, ordinal: old.Ordinal.Int(), text: "DROP COLUMN " + quote(old.Self.Name), facts: f})
		e.clause(clause{position: atColumn, ordinal: new.Ordinal.Int(), text: "ADD COLUMN " + e.columnDefinition(new) + placeClause(new.Place)})
	default:
		if f.rewrite || new.NotNull && !old.NotNull {
			e.disturb(schema.Steady) // foreign keys do not survive it: ER_FK_COLUMN_CANNOT_CHANGE
		}
		e.clause(clause{position: atColumn, ordinal: new.Ordinal.Int(), text: "MODIFY COLUMN " + e.columnDefinition(new) + placeClause(new.Place), facts: f})
	}
	old.Place, old.Type, old.Charset, old.Collation, old.BinaryCollation = new.Place, new.Type, new.Charset, new.Collation, new.BinaryCollation
	old.NotNull, old.Default, old.OnUpdate, old.AutoIncrement = new.NotNull, new.Default, new.OnUpdate, new.AutoIncrement
	old.Generated, old.Stored, old.Check = new.Generated, new.Stored, new.Check
	old.Invisible, old.Comment, old.SRID, old.Format, old.Storage = new.Invisible, new.Comment, new.SRID, new.Format, new.Storage
	old.Compressed, old.RowStart, old.RowEnd, old.Versioning = new.Compressed, new.RowStart, new.RowEnd, new.Versioning
	old.EngineAttribute, old.SecondaryEngineAttribute, old.Options = new.EngineAttribute, new.SecondaryEngineAttribute, new.Options
	if old.AutoRandom == nil || new.AutoRandom != nil && new.AutoRandom.ShardBits >= old.AutoRandom.ShardBits {
		old.AutoRandom = new.AutoRandom // TiDB: it can be raised, but never taken away
	}
}

// columnFacts: what a MODIFY does to the table.
func columnFacts(old, new *my.Column) facts {
	var f facts
	if changesStorage(old, new) {
		f = rewrite
	}
	if new.NotNull && !old.NotNull || narrows(old, new) != "" {
		f.hazards = append(f.hazards, planner.HazardMayFail)
		f.scan = true
	}
	return f
}

// changesStorage tells whether the server copies the table, and refuses the
// change while a foreign key uses the column.
func changesStorage(old, new *my.Column) bool {
	if old.Charset != new.Charset || old.Collation != new.Collation || old.Compressed != new.Compressed ||
		old.IsGenerated() != new.IsGenerated() || old.Generated.Canon != new.Generated.Canon && new.Stored {
		return true
	}
	a, b := old.Type, new.Type
	if a.Name == b.Name && a.Unsigned == b.Unsigned && slices.Equal(a.Args, b.Args) {
		return len(b.Values) < len(a.Values) || !slices.Equal(a.Values, b.Values[:len(a.Values)])
	}
	return a.Name != "varchar" || b.Name != "varchar" || firstArg(b) < firstArg(a)
}

func firstArg(t my.Type) int {
	if len(t.Args) == 0 {
		return 0
	}
	return t.Args[0]
}

// columnDefinition is a column's definition, beginning with its name. What the
// table gives is left out.
func (e *emitter) columnDefinition(c *my.Column) string {
	var b strings.Builder
	put := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(p)
		}
	}
	put(quote(c.Self.Name), " ")
	json := e.isJSON(c)
	if json {
		put("json")
	} else {
		put(e.typeSQL(c))
	}
	if c.IsGenerated() {
		put(" GENERATED ALWAYS AS (", c.Generated.Text, ")")
		if c.Stored {
			put(" STORED")
		} else {
			put(" VIRTUAL")
		}
		if c.NotNull && !e.generatedNotNull {
			return b.String() + e.columnTail(c, json)
		}
	}
	switch {
	case c.RowStart:
		put(" GENERATED ALWAYS AS ROW START")
	case c.RowEnd:
		put(" GENERATED ALWAYS AS ROW END")
	case c.NotNull:
		put(" NOT NULL")
	case c.Type.Name == "timestamp": // which may be NOT NULL by itself
		put(" NULL")
	}
	if !c.Default.IsZero() {
		put(" DEFAULT ", c.Default.Text)
	}
	if !c.OnUpdate.IsZero() {
		put(" ON UPDATE ", c.OnUpdate.Text)
	}
	if c.AutoIncrement {
		put(" AUTO_INCREMENT")
	}
	if r := c.AutoRandom; r != nil {
		put(" AUTO_RANDOM(", strconv.Itoa(r.ShardBits))
		if r.RangeBits != 64 { // the default, and all that was before TiDB 6.3
			put(", ", strconv.Itoa(r.RangeBits))
		}
		put(")")
	}
	return b.String() + e.columnTail(c, json)
}

// columnTail are the attributes that any column may have.
func (e *emitter) columnTail(c *my.Column, json bool) string {
	var b strings.Builder
	put := func(name, value string) {
		if value != "" {
			b.WriteString(" " + name + value)
		}
	}
	if c.Invisible {
		b.WriteString(" INVISIBLE")
	}
	if c.Versioning != "" {
		b.WriteString(" " + c.Versioning + " SYSTEM VERSIONING")
	}
	put("COLUMN_FORMAT ", c.Format)
	put("STORAGE ", c.Storage)
	if c.SRID != nil && !e.spatialRefSystem {
		b.WriteString(" SRID " + strconv.Itoa(int(*c.SRID)))
	}
	if c.Comment != "" {
		put("COMMENT ", literal(c.Comment))
	}
	if !c.Check.IsZero() && !json {
		put("CHECK (", c.Check.Text+")")
	}
	if c.EngineAttribute != "" {
		put("ENGINE_ATTRIBUTE=", literal(c.EngineAttribute))
	}
	if c.SecondaryEngineAttribute != "" {
		put("SECONDARY_ENGINE_ATTRIBUTE=", literal(c.SecondaryEngineAttribute))
	}
	for _, o := range c.Options {
		switch o.Name {
		case "NOT SECONDARY":
			b.WriteString(" " + o.Name)
		default:
			put(quote(o.Name), "="+o.Value)
		}
	}
	return b.String()
}

// typeSQL is the type with what belongs to it.
func (e *emitter) typeSQL(c *my.Column) string {
	s := typeText(c.Type)
	if c.Compressed != "" {
		s += " COMPRESSED"
	}
	if c.SRID != nil && e.spatialRefSystem {
		s += " REF_SYSTEM_ID=" + strconv.Itoa(int(*c.SRID))
	}
	if !c.Type.HasCharset() {
		return s
	}
	t := e.inherited(c.Table())
	if c.Charset != "" && c.Charset != t.Charset {
		s += " CHARACTER SET " + c.Charset
	}
	if c.Collation != "" && c.Collation != e.inheritedCollation(c, t) {
		s += " COLLATE " + c.Collation
	}
	return s
}

// inheritedCollation is what a column has that says what its character set is,
// if that is not the table's, and nothing else.
func (e *emitter) inheritedCollation(c *my.Column, t *my.Table) string {
	if c.Charset == t.Charset {
		return t.Collation
	}
	return e.setting(collationOf + c.Charset)
}

// isJSON recognizes MariaDB's JSON, which is an alias.
func (b *bound) isJSON(c *my.Column) bool {
	return b.jsonIsText && c.Type.Name == "longtext" && c.Collation == "utf8mb4_bin" && !c.Check.IsZero() && c.Check.Canon == jsonCheck(c.Self.Name)
}
