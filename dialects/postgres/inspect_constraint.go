package postgres

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// constraintTypes are pg_constraint.contype.
var constraintTypes = map[byte]pg.ConstraintType{'p': pg.PrimaryKey, 'u': pg.Unique, 'f': pg.ForeignKey, 'c': pg.Check, 'x': pg.Exclusion, 'n': pg.NotNull}

// actions are pg_constraint.confupdtype and confdeltype.
var actions = map[byte]string{'a': "no action", 'r': "restrict", 'c': "cascade", 'n': "set null", 'd': "set default"}

// readConstraints reads pg_constraint, after the indexes. What a partition or
// child has from its parent stays out.
func (in *inspection) readConstraints() []query {
	setColumns, enforced, period := "c.confdelsetcols", "c.conenforced", "c.conperiod"
	if in.version < 150000 {
		setColumns = "NULL"
	}
	if in.version < 180000 {
		enforced, period = "true", "false"
	}
	sql := `SELECT c.oid, c.conrelid, c.contypid, c.conname, c.contype, c.condeferrable, c.condeferred, c.convalidated, ` + enforced + `, ` + period + `,
 c.conindid, c.confrelid, c.confupdtype, c.confdeltype, c.confmatchtype, c.conislocal, c.connoinherit, c.conkey, c.confkey, ` + setColumns + `,
 CASE WHEN c.conexclop IS NOT NULL THEN ARRAY(SELECT CASE WHEN o.oprnamespace = 11 THEN '' ELSE (SELECT quote_ident(nspname) || '.' FROM pg_namespace WHERE oid = o.oprnamespace) END || o.oprname
  FROM unnest(c.conexclop) WITH ORDINALITY u(op, n) JOIN pg_operator o ON o.oid = op ORDER BY n) END,
 pg_get_expr(c.conbin, c.conrelid), c.conparentid
 FROM pg_constraint c WHERE c.contype IN ('p','u','f','c','x','n') AND c.connamespace IN ` + ours + ` ORDER BY position(c.contype::text IN 'puxcnf'), c.conname`
	return []query{{sql, func(r row) error {
		if r.oid(1) == 0 {
			in.domainConstraint(r)
			return nil
		}
		in.constraint(r)
		return nil
	}}}
}

func (in *inspection) domainConstraint(r row) {
	t := in.types[r.oid(2)]
	if t == nil || t.ref.IsZero() {
		return
	}
	if r.char(4) == 'n' { // since 17; the domain's NOT NULL says it
		return
	}
	c := &pg.DomainConstraint{Domain: t.ref, Name: r.text(3), Check: schema.Expr{Text: r.text(21)}, NotValid: !r.bool(7)}
	in.add(c, t.ref)
	in.targets[address{classConstraint, r.oid(0), 0}] = target{id: c.ID(), root: t.ref}
}

func (in *inspection) constraint(r row) {
	table := in.relations[r.oid(1)]
	index := in.indexes[r.oid(10)]
	typ := constraintTypes[r.char(4)]
	if typ != pg.ForeignKey && index != nil { // the index is the constraint's
		delete(in.indexes, r.oid(10))
	}
	if table == nil || !table.managed || table.kind == 'f' {
		return
	}
	in.constraintIDs[r.oid(0)] = pg.Part(pg.KindConstraint, table.id, r.text(3))
	if r.oid(22) != 0 || !r.bool(15) && typ != pg.ForeignKey { // the parent's
		g := givenConstraint{table: table, name: r.text(3), parent: r.oid(22)}
		if columns := in.columnIDs(r.oid(1), r.vector(17)); typ == pg.NotNull && len(columns) == 1 {
			g.column = columns[0]
		}
		in.given = append(in.given, g)
		if typ == pg.Check && r.bool(7) {
			in.proven = append(in.proven, provenCheck{r.oid(1), r.text(3)})
		}
		return
	}
	c := &pg.Constraint{Table: table.id, Name: r.text(3), Type: typ, Deferrable: r.bool(5), InitiallyDeferred: r.bool(6),
		NotValid: !r.bool(7) && r.bool(8), NotEnforced: !r.bool(8), WithoutOverlaps: r.bool(9)}
	in.targets[address{classConstraint, r.oid(0), 0}] = target{id: c.ID(), root: table.id}
	columns := in.columnIDs(r.oid(1), r.vector(17))
	switch typ {
	case pg.Check:
		c.Check, c.NoInherit = schema.Expr{Text: r.text(21)}, r.bool(16)
		if c.NotValid {
			in.unproven[provenCheck{r.oid(1), c.Name}] = c.ID()
		}
	case pg.NotNull:
		c.Columns, c.NoInherit = columns, r.bool(16)
		c.Unnamed = len(columns) == 1 && (prediction{table.id.Name, columns[0].Name, "not_null"}).matches(c.Name)
		if c.Unnamed && !c.NotValid && !c.NoInherit && !table.isPart {
			return // the column's flag says it all
		}
	case pg.ForeignKey:
		c.Columns = columns
		if ref := in.relations[r.oid(11)]; ref != nil {
			c.RefTable = ref.id
		}
		c.RefColumns, c.SetColumns = in.columnIDs(r.oid(11), r.vector(18)), in.columnIDs(r.oid(1), r.vector(19))
		c.OnUpdate, c.OnDelete, c.MatchFull = actions[r.char(12)], actions[r.char(13)], r.char(14) == 'f'
		c.RefKey = in.keyIDs[r.oid(10)]
		if c.RefKey.IsZero() && index != nil {
			c.RefKey = index.object.ID()
		}
	default:
		in.keyed(c, index, columns, r)
	}
	in.add(c, table.id)
}

// givenConstraint is one that a partition has for its parent's.
type givenConstraint struct {
	table  *relation
	name   string
	parent oid       // 0 if it is only merged with the parent's of that name
	column schema.ID // of a NOT NULL
}

// finishGiven tells partitions which constraints they were given. A foreign key
// to a partitioned table has one more row for each partition there; those are
// on the table of the foreign key itself.
func (in *inspection) finishGiven() {
	for _, g := range in.given {
		t, ok := g.table.object.(*pg.Table)
		if ok && !g.column.IsZero() {
			t.Given = append(t.Given, pg.Given{Name: g.name, For: g.column})
		}
		parent := in.constraintIDs[g.parent]
		if ok && !parent.IsZero() && parent.Parent+"."+parent.Schema != t.Name+"."+t.Schema {
			t.Given = append(t.Given, pg.Given{Name: g.name, For: parent})
		}
	}
}

// keyed fills in what a constraint has from its index.
func (in *inspection) keyed(c *pg.Constraint, index *index, columns []schema.ID, r row) {
	in.keyIDs[r.oid(10)] = c.ID()
	if index == nil {
		return
	}
	o := index.object
	c.Only = o.Only
	if parents := in.inherits[r.oid(10)]; len(parents) > 0 {
		in.backing = append(in.backing, backing{c, parents[0]})
	}
	c.Include, c.NullsNotDistinct, c.Options, c.Tablespace = o.Include, o.NullsNotDistinct, o.Options, o.Tablespace
	if c.Type != pg.Exclusion {
		c.Columns = columns
		return
	}
	c.Method, c.Predicate = o.Method, o.Predicate
	for i, operator := range r.array(20) {
		c.Elements = append(c.Elements, pg.Excluded{IndexKey: o.Keys[i], Operator: operator})
	}
}

// provenCheck is a check of a table, by name.
type provenCheck struct {
	table oid
	name  string
}

// finishValidations finds the checks that a table has from a parent and
// satisfies, although the parent's is NOT VALID.
func (in *inspection) finishValidations() {
	if len(in.unproven) == 0 {
		return
	}
	for _, p := range in.proven {
		if of := in.unprovenAbove(p); !of.IsZero() {
			v := &pg.Validation{Table: in.relations[p.table].id, Of: of}
			in.add(v, v.Table)
		}
	}
}

// unprovenAbove is the NOT VALID check of that name of the nearest parent that
// has one; zero if none has.
func (in *inspection) unprovenAbove(p provenCheck) schema.ID {
	for _, parent := range in.inherits[p.table] {
		above := provenCheck{parent, p.name}
		if id, ok := in.unproven[above]; ok {
			return id
		}
		if id := in.unprovenAbove(above); !id.IsZero() {
			return id
		}
	}
	return schema.ID{}
}

// backing is a key of a partition whose index is a part of its parent's.
type backing struct {
	key   *pg.Constraint
	index oid
}
