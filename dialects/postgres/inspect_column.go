package postgres

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// attribute is a column of a relation.
type attribute struct {
	name        string
	typ         pg.Type
	collation   string
	notNull     bool
	identity    byte
	generated   byte
	storage     byte // 0 for the type's own
	compression byte
	statistics  int
	options     []pg.Option
	expr        string // default or generation expression
	inherited   bool   // it has a parent, and is not the child's own
	acl         []string
	hasACL      bool
}

// readInheritance reads who inherits from whom, and how tables are partitioned.
func (in *inspection) readInheritance() []query {
	return []query{
		{`SELECT inhrelid, inhparent FROM pg_inherits ORDER BY inhrelid, inhseqno`, func(r row) error {
			in.inherits[r.oid(0)] = append(in.inherits[r.oid(0)], r.oid(1))
			return nil
		}},
		{`SELECT p.partrelid, p.partstrat, p.partattrs, p.partclass, ARRAY(SELECT CASE WHEN co <> 0 THEN co::regcollation::text ELSE '' END FROM unnest(p.partcollation) WITH ORDINALITY u(co, n) ORDER BY n),
 pg_get_expr(p.partexprs, p.partrelid) FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid WHERE c.relnamespace IN ` + ours, func(r row) error {
			in.keys[r.oid(0)] = &partitionKey{r.char(1), r.vector(2), r.vector(3), r.array(4), splitList(r.text(5))}
			return nil
		}},
	}
}

func (in *inspection) readColumns() []query {
	sql := `SELECT a.attrelid, a.attnum, a.attname, a.atttypid, CASE WHEN a.atttypmod <> -1 THEN format_type(a.atttypid, a.atttypmod) END,
 CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation END, a.attnotnull, a.attidentity, a.attgenerated,
 CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END, a.attcompression, coalesce(a.attstattarget, -1), a.attoptions,
 pg_get_expr(d.adbin, d.adrelid), NOT a.attislocal, a.attacl
 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
 LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE c.relkind IN ('r','p','v','m','c','f') AND c.relnamespace IN ` + ours + ` AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attrelid, a.attnum`
	return []query{{sql, func(r row) error {
		rel, number := in.relations[r.oid(0)], r.int(1)
		if rel == nil {
			return nil
		}
		for len(rel.columns) < number {
			rel.columns = append(rel.columns, nil)
		}
		a := &attribute{name: r.text(2), typ: in.typeOf(r.oid(3), r.text(4)), collation: r.text(5), notNull: r.bool(6), identity: r.char(7),
			generated: r.char(8), storage: r.char(9), compression: r.char(10), statistics: r.int(11), expr: r.text(13), inherited: r.bool(14)}
		rel.columns[number-1] = a
		if !r.null(12) {
			a.options = options(r.array(12), nil)
		}
		if !r.null(15) {
			a.acl, a.hasACL = r.array(15), true
		}
		if rel.managed {
			t := target{id: pg.ColumnID(rel.id, a.name), root: rel.id}
			if rel.kind != 'r' && rel.kind != 'p' {
				t.relation = rel.id
			}
			in.targets[address{classRelation, r.oid(0), number}] = t
			in.granted(t.id, rel.id, rel.owner, a.acl, a.hasACL, rel.id)
		}
		return nil
	}}}
}

// column is the ID of a relation's column by its number; zero for a system
// column, a whole row, or a dropped column.
func (in *inspection) column(of oid, number int) schema.ID {
	rel := in.relations[of]
	if rel == nil || number <= 0 || number > len(rel.columns) || rel.columns[number-1] == nil {
		return schema.ID{}
	}
	return pg.ColumnID(rel.id, rel.columns[number-1].name)
}

func (in *inspection) columnIDs(of oid, numbers []int) []schema.ID {
	if len(numbers) == 0 {
		return nil
	}
	out := make([]schema.ID, 0, len(numbers))
	for _, n := range numbers {
		out = append(out, in.column(of, n))
	}
	return out
}

// storages are pg_attribute.attstorage.
var storages = map[byte]string{'p': "plain", 'e': "external", 'x': "extended", 'm': "main"}

var compressions = map[byte]string{'p': "pglz", 'l': "lz4"}

// own makes the column's object as if it stood alone.
func (a *attribute) own(table schema.ID, number int) *pg.Column {
	c := &pg.Column{Table: table, Name: a.name, Type: a.typ, Collation: a.collation, NotNull: a.notNull, Storage: storages[a.storage],
		Compression: compressions[a.compression], Statistics: a.statistics, Options: a.options, Number: number}
	if a.generated != 0 {
		c.Generated, c.Virtual = schema.Expr{Text: a.expr}, a.generated == 'v'
	}
	return c
}

// inherit makes the object of a column that comes from others, in full, if
// anything but the default differs from all of them; else nil.
func (a *attribute) inherit(table schema.ID, number int, from []*attribute) *pg.Column {
	for _, p := range from {
		generated := a.generated == p.generated && (a.generated == 0 || a.expr == p.expr)
		statistics := a.statistics == -1 || a.statistics == p.statistics
		options := len(a.options) == 0 || slices.Equal(a.options, p.options)
		if a.notNull == p.notNull && a.storage == p.storage && a.compression == p.compression && statistics && options && generated {
			return nil
		}
	}
	c := a.own(table, number)
	c.Inherited = true
	return c
}

// sources are the columns of the same name that a relation's column comes from.
func (in *inspection) sources(rel *relation, a *attribute) []*attribute {
	var out []*attribute
	for _, p := range in.inherits[rel.oid] {
		if parent := in.relations[p]; parent != nil {
			out = append(out, parent.named(a.name)...)
		}
	}
	return out
}

// owns tells whether a relation's column is an object of the catalog, and not
// all its parent's.
func (in *inspection) owns(rel *relation, a *attribute) bool {
	from := in.from(rel, a)
	return len(from) == 0 || a.inherit(rel.id, 0, from) != nil
}

// from are the columns that a column has its definition from: those of the
// parents. A typed table's columns are its own.
func (in *inspection) from(rel *relation, a *attribute) []*attribute {
	if !a.inherited {
		return nil
	}
	return in.sources(rel, a)
}
