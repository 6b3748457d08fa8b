package postgres

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// opclass is a row of pg_opclass.
type opclass struct {
	name      string // qualified
	isDefault bool
}

func (in *inspection) readOperatorClassNames() []query {
	return []query{{`SELECT o.oid, ` + qualifiedSQL("o.opcnamespace", "o.opcname") + `, o.opcdefault FROM pg_opclass o`, func(r row) error {
		in.opclasses[r.oid(0)] = opclass{r.text(1), r.bool(2)}
		return nil
	}}}
}

// index is a row of pg_index, of a constraint or not.
type index struct {
	object *pg.Index
	id     oid
	table  oid
	names  []string // of its columns, where there are expressions among them
	// text is the server's CREATE INDEX, for one with an expression whose
	// collation only the parser can tell from the index's.
	text string
}

// indexSetting is what ALTER INDEX .. ALTER COLUMN can set, and operator class
// parameters.
type indexSetting struct {
	options    []pg.Option
	statistics int
}

func (in *inspection) readIndexes() []query {
	distinct := "i.indnullsnotdistinct"
	if in.version < 150000 {
		distinct = "false"
	}
	return []query{
		{`SELECT a.attrelid, a.attnum, a.attoptions, coalesce(a.attstattarget, -1) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
 WHERE c.relkind IN ('i','I') AND c.relnamespace IN ` + ours + ` AND (a.attoptions IS NOT NULL OR a.attstattarget >= 0)`, func(r row) error {
			if in.settings[r.oid(0)] == nil {
				in.settings[r.oid(0)] = map[int]indexSetting{}
			}
			in.settings[r.oid(0)][r.int(1)] = indexSetting{options(r.array(2), nil), r.int(3)}
			return nil
		}},
		{`SELECT c.oid, c.relnamespace, c.relname, i.indrelid, am.amname, i.indisunique, ` + distinct + `, i.indisprimary, i.indisvalid, i.indisclustered, i.indisreplident,
 i.indnkeyatts, i.indkey, i.indclass, CASE WHEN i.indcollation::text ~ '[^0 ]' THEN ARRAY(SELECT CASE WHEN co <> 0 THEN co::regcollation::text ELSE '' END FROM unnest(i.indcollation) WITH ORDINALITY u(co, n) ORDER BY n) END,
 i.indoption, pg_get_expr(i.indpred, i.indrelid),
 CASE WHEN i.indexprs IS NOT NULL THEN ARRAY(SELECT CASE WHEN k = 0 THEN pg_get_indexdef(i.indexrelid, n::int, false) ELSE '' END FROM unnest(i.indkey) WITH ORDINALITY u(k, n) ORDER BY n) END,
 c.reloptions, s.spcname, c.relkind, c.relispartition,
 CASE WHEN i.indexprs IS NOT NULL AND i.indcollation::text ~ '[1-9]' AND (EXISTS (SELECT FROM unnest(i.indcollation) co WHERE co NOT IN (0, 100))
  OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum > 0 AND a.attcollation NOT IN (0, 100))) THEN pg_get_indexdef(i.indexrelid) END,
 CASE WHEN i.indexprs IS NOT NULL AND c.relispartition THEN ARRAY(SELECT attname FROM pg_attribute WHERE attrelid = i.indexrelid ORDER BY attnum) END
 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
 WHERE c.relkind IN ('i','I') AND c.relnamespace IN ` + ours + ` ORDER BY c.relname`, in.index},
	}
}

func (in *inspection) index(r row) error {
	rel := in.relations[r.oid(3)]
	if rel == nil || !rel.managed {
		return nil
	}
	name, id := r.text(2), r.oid(0)
	if rel.kind == 'f' {
		return nil
	}
	x := &index{id: id, table: r.oid(3), text: r.text(22), names: r.array(23)}
	x.object = &pg.Index{Schema: in.namespaces[r.oid(1)].name, Name: name, Table: rel.id, Method: r.text(4), Unique: r.bool(5), NullsNotDistinct: r.bool(6),
		Predicate: schema.Expr{Text: r.text(16)}, Options: options(r.array(18), nil), Tablespace: r.text(19)}
	partitioned := r.char(20) == 'I'
	x.object.Invalid = !r.bool(8)
	x.object.Only = partitioned && x.object.Invalid
	in.indexes[id] = x
	switch o := rel.object.(type) {
	case *pg.Table:
		if r.bool(9) {
			o.ClusterOn = name
		}
		if r.bool(10) {
			o.ReplicaIndex = name
		}
	case *pg.MaterializedView:
		if r.bool(9) {
			o.ClusterOn = name
		}
	}
	in.indexKeys(x, r)
	return nil
}

// indexKeys fills in keys and included columns.
func (in *inspection) indexKeys(x *index, r row) {
	nkeys, columns, classes, collations, orders := r.int(11), r.vector(12), r.vector(13), r.array(14), r.vector(15)
	var exprs []string
	if !r.null(17) {
		exprs = r.array(17)
	}
	o := x.object
	o.Keys = make([]pg.IndexKey, nkeys)
	for i := range o.Keys {
		k := &o.Keys[i]
		own := defaultCollation
		if columns[i] > 0 {
			k.Column, own = in.column(x.table, columns[i]), in.collationOf(x.table, columns[i])
		} else if i < len(exprs) {
			k.Expr = schema.Expr{Text: exprs[i]}
		}
		if i < len(collations) && collations[i] != "" && collations[i] != own {
			k.Collation = collations[i]
		}
		k.OpClassOptions = in.settings[x.id][i+1].options
		if c := in.opclasses[oid(classes[i])]; !c.isDefault || len(k.OpClassOptions) > 0 {
			k.OpClass = c.name
		}
		k.Desc, k.NullsFirst = orders[i]&1 != 0, orders[i]&2 != 0
	}
	for _, n := range columns[nkeys:] {
		o.Include = append(o.Include, in.column(x.table, n))
	}
	for i := range columns {
		if s, ok := in.settings[x.id][i+1]; ok && s.statistics >= 0 {
			o.Statistics = append(o.Statistics, pg.KeyStatistics{Key: i + 1, Target: s.statistics})
		}
	}
}

// finishIndexes adds the indexes that no constraint owns. Those of partitions
// that come with the index of the parent stay out, unless their names tell that
// they were attached to it.
func (in *inspection) finishIndexes() {
	for _, b := range in.backing {
		if x := in.indexes[b.index]; x != nil {
			b.key.Backs = x.object.ID()
		}
	}
	list := make([]*index, 0, len(in.indexes))
	for _, x := range in.indexes {
		list = append(list, x)
	}
	slices.SortFunc(list, func(a, b *index) int { return a.object.ID().Compare(b.object.ID()) })
	for _, x := range list {
		o, root := x.object, x.object.Table
		if parents := in.inherits[x.id]; len(parents) > 0 && in.indexes[parents[0]] != nil {
			o.AttachedTo = in.indexes[parents[0]].object.ID()
			if !o.Invalid && in.predictIndexName(x).matches(o.Name) {
				if t, ok := in.relations[x.table].object.(*pg.Table); ok {
					t.Given = append(t.Given, pg.Given{Name: o.Name, For: o.AttachedTo})
				}
				continue
			}
		}
		if x.text != "" {
			in.scripts = append(in.scripts, fragment{sql: x.text, root: root, id: o.ID(), then: func(made schema.Object) {
				m := made.(*pg.Index)
				m.Invalid, m.Only, m.AttachedTo, m.Statistics, m.Unnamed = o.Invalid, o.Only, o.AttachedTo, o.Statistics, false
			}})
			continue
		}
		in.add(o, root)
	}
}

// predictIndexName is the name that the server gives the index of a partition
// that comes with the one of its parent (ChooseIndexName).
func (in *inspection) predictIndexName(x *index) prediction {
	names := x.names
	if names == nil {
		for _, k := range x.object.Keys {
			names = append(names, k.Column.Name)
		}
		for _, c := range x.object.Include {
			names = append(names, c.Name)
		}
	}
	var columns string // as many names as one name can hold
	for i, n := range names {
		if i > 0 {
			columns += "_"
		}
		if columns += n; len(columns) > maxName {
			break
		}
	}
	return prediction{x.object.Table.Name, columns, "idx"}
}
