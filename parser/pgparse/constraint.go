package pgparse

import (
	"slices"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// tableConstraint takes up a constraint that stands in the list of a table.
func (t *tableReader) tableConstraint(k *pg_query.Constraint) {
	end := t.r.itemEnd(k.Location)
	// What is written NOT NULL c there is handed over as a CHECK, see newer.go.
	if column, ok := t.r.newer.notNull(k.Location, end); ok {
		k.IsNoInherit = k.IsNoInherit || t.r.newer.within(k.Location, end, markNoInherit)
		t.notNulls = append(t.notNulls, pending{k, column, end})
		return
	}
	t.pend(k, "", end)
}

// pend sorts a constraint into its turn.
func (t *tableReader) pend(k *pg_query.Constraint, column string, end int) {
	p := pending{k, column, end}
	switch k.Contype {
	case pg_query.ConstrType_CONSTR_CHECK:
		t.checks = append(t.checks, p)
	case pg_query.ConstrType_CONSTR_FOREIGN:
		t.foreign = append(t.foreign, p)
	case pg_query.ConstrType_CONSTR_PRIMARY:
		t.keys = slices.Insert(t.keys, 0, p)
	default:
		t.keys = append(t.keys, p)
	}
}

// constraints works off what was taken up, in the server's order.
func (t *tableReader) constraints() error {
	for _, p := range t.notNulls {
		c, err := t.ownColumn(p.column, p.Location)
		if err != nil {
			return err
		}
		c.NotNull = true
		t.notNull(p.column, p.Constraint, p.end)
	}
	for _, p := range t.checks {
		t.check(p)
	}
	for _, p := range withoutRepeats(t.keys) {
		if err := t.key(p); err != nil {
			return err
		}
	}
	for _, p := range t.foreign {
		if err := t.foreignKey(p); err != nil {
			return err
		}
	}
	return nil
}

// withoutRepeats leaves out a key that another one of the statement makes
// already, such as UNIQUE of a primary key; the server does so, too. If only
// the one left out has a name, the other gets it.
func withoutRepeats(keys []pending) []pending {
	var out []pending
	for _, p := range keys {
		i := slices.IndexFunc(out, func(q pending) bool { return repeats(p, q) })
		if i < 0 {
			out = append(out, p)
		} else if out[i].Conname == "" {
			out[i].Conname = p.Conname
		}
	}
	return out
}

func repeats(p, q pending) bool {
	columns := func(p pending) []string {
		if len(p.Keys) == 0 {
			return []string{p.column}
		}
		return strs(p.Keys)
	}
	index := func(p pending) bool {
		return p.Indexname == "" && (p.Contype == pg_query.ConstrType_CONSTR_PRIMARY || p.Contype == pg_query.ConstrType_CONSTR_UNIQUE)
	}
	return index(p) && index(q) && slices.Equal(columns(p), columns(q)) && slices.Equal(strs(p.Including), strs(q.Including)) &&
		p.NullsNotDistinct == q.NullsNotDistinct && p.Deferrable == q.Deferrable && p.Initdeferred == q.Initdeferred
}

// ownColumn finds a column of the table, drafted or there.
func (t *tableReader) ownColumn(name string, location int32) (*pg.Column, error) {
	id := pg.ColumnID(t.id, name)
	for _, d := range t.list {
		if c, ok := d.object.(*pg.Column); ok && c.Name == name {
			return c, nil
		}
	}
	if c, ok := schema.Lookup[*pg.Column](t.r.catalog, id); ok {
		return c, nil
	}
	for _, p := range t.r.inheritedColumns(t.table) {
		if p.Name == name {
			c := schema.Clone(p)
			c.Table, c.Inherited = t.id, true
			t.add(c, location)
			return c, nil
		}
	}
	return nil, t.r.missing(location, "column %s of %s does not exist", pg.Quote(name), t.id)
}

// newConstraint fills in what all kinds of constraint have.
func (t *tableReader) newConstraint(p pending, typ pg.ConstraintType) *pg.Constraint {
	within := func(what string) bool { return t.r.newer.within(p.Location, p.end, what) }
	return &pg.Constraint{
		Table: t.id, Name: p.Conname, Unnamed: p.Conname == "", Type: typ,
		NoInherit:   p.IsNoInherit,
		NotValid:    t.altered && p.SkipValidation && !p.InitiallyValid,
		NotEnforced: within(markNotEnforced),
		Deferrable:  p.Deferrable, InitiallyDeferred: p.Initdeferred,
	}
}

// addConstraintOf adds a constraint. One that stands behind a column is not
// what a directive on its line speaks of.
func (t *tableReader) addConstraintOf(c *pg.Constraint, p pending) {
	t.add(c, p.Location)
	t.list[len(t.list)-1].inner = p.column != ""
}

// columnIDs are the IDs of columns of a table.
func columnIDs(table schema.ID, names []string) []schema.ID {
	var out []schema.ID
	for _, n := range names {
		out = append(out, pg.ColumnID(table, n))
	}
	return out
}

func (t *tableReader) check(p pending) {
	c := t.newConstraint(p, pg.Check)
	c.Check = t.r.exprUntil(p.RawExpr, p.end)
	if c.Unnamed {
		column := ""
		if used := columnsUsed(p.RawExpr, t.id.Name); len(used) == 1 {
			column = used[0]
		}
		c.Name = t.chooseConstraint(t.id.Schema, t.id.Name, column, "check")
	}
	t.addConstraintOf(c, p)
}

// columnsUsed lists the columns of a table that an expression over it names.
func columnsUsed(n *pg_query.Node, table string) []string {
	var out []string
	eachColumnRef(n, func(c *pg_query.ColumnRef) {
		f := strs(c.Fields)
		name := f[0]
		if len(f) > 1 && f[0] == table {
			name = f[1]
		}
		if name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	})
	return out
}

// key reads a constraint that has an index.
func (t *tableReader) key(p pending) error {
	typ := map[pg_query.ConstrType]pg.ConstraintType{
		pg_query.ConstrType_CONSTR_PRIMARY:   pg.PrimaryKey,
		pg_query.ConstrType_CONSTR_UNIQUE:    pg.Unique,
		pg_query.ConstrType_CONSTR_EXCLUSION: pg.Exclusion,
	}[p.Contype]
	if typ == "" {
		return t.r.errorf(p.Location, "", "unknown kind of constraint")
	}
	c := t.newConstraint(p, typ)
	if p.Indexname != "" {
		return t.adopt(c, p)
	}
	columns := strs(p.Keys)
	if len(columns) == 0 && p.column != "" {
		columns = []string{p.column}
	}
	c.Columns = columnIDs(t.id, columns)
	c.Include = columnIDs(t.id, strs(p.Including))
	c.NullsNotDistinct, c.Only = p.NullsNotDistinct, t.only
	c.WithoutOverlaps = t.r.newer.within(p.Location, p.end, markWithoutOverlaps)
	c.Options = storageOptions(nil, p.Options)
	if c.Tablespace = p.Indexspace; c.Tablespace == "" {
		c.Tablespace = t.r.tablespace
	}
	if typ == pg.Exclusion {
		t.exclusion(c, p)
		columns = indexColumnNames(exclusionElements(p.Constraint))
	}
	if c.Unnamed {
		c.Name = t.chooseKey(typ, append(columns, strs(p.Including)...))
	}
	t.addConstraintOf(c, p)
	if typ == pg.PrimaryKey && !t.altered {
		for _, id := range c.Columns {
			t.partitionNotNull(id.Name, p.Location)
		}
	}
	return nil
}

// chooseKey is ChooseIndexName for a constraint.
func (t *tableReader) chooseKey(typ pg.ConstraintType, columns []string) string {
	switch typ {
	case pg.PrimaryKey:
		return t.chooseRelation(t.id.Schema, t.id.Name, "", "pkey", true)
	case pg.Exclusion:
		return t.chooseRelation(t.id.Schema, t.id.Name, joinNames(columns), "excl", true)
	}
	return t.chooseRelation(t.id.Schema, t.id.Name, joinNames(columns), "key", true)
}

// adopt makes a constraint of an index that is there (USING INDEX). The index
// gets the constraint's name.
func (t *tableReader) adopt(c *pg.Constraint, p pending) error {
	r := t.r
	id := schema.ID{Kind: pg.KindIndex, Schema: t.id.Schema, Name: p.Indexname}
	i, ok := schema.Lookup[*pg.Index](r.catalog, id)
	if !ok {
		return r.missing(p.Location, "index %s does not exist", pg.Qualify(id.Schema, id.Name))
	}
	if i.Table != t.id || !i.Unique || !i.Predicate.IsZero() {
		return r.errorf(p.Location, "", "%s cannot become a constraint: it has to be a unique index of the same table without a predicate", id)
	}
	for _, k := range i.Keys {
		if k.Column.IsZero() {
			return r.errorf(p.Location, "", "%s contains expressions, and cannot become a constraint", id)
		}
		c.Columns = append(c.Columns, k.Column)
	}
	if c.Unnamed {
		c.Name, c.Unnamed = i.Name, false
	}
	c.Include, c.NullsNotDistinct, c.Options, c.Tablespace, c.UsingIndex = i.Include, i.NullsNotDistinct, i.Options, i.Tablespace, i.Name
	r.remove(id)
	t.addConstraintOf(c, p)
	return nil
}

// exclusionElements are the elements without their operators.
func exclusionElements(k *pg_query.Constraint) []*pg_query.Node {
	var out []*pg_query.Node
	for _, n := range k.Exclusions {
		out = append(out, n.GetList().GetItems()[0])
	}
	return out
}

func (t *tableReader) exclusion(c *pg.Constraint, p pending) {
	c.Columns = nil
	if c.Method = p.AccessMethod; c.Method == "" {
		c.Method = "btree"
	}
	items := t.r.listItems(int(p.Location))
	for i, n := range p.Exclusions {
		pair := n.GetList().GetItems()
		k := t.r.indexKey(t.id, pair[0].GetIndexElem(), items[i])
		c.Elements = append(c.Elements, pg.Excluded{IndexKey: k, Operator: t.r.operatorName(pair[1].GetList().GetItems())})
	}
	if p.WhereClause != nil {
		c.Predicate = t.r.exprUntil(p.WhereClause, p.end)
	}
}

// foreignActions are the letters of pg_constraint.confupdtype.
var foreignActions = map[string]string{"": "no action", "a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}

func (t *tableReader) foreignKey(p pending) error {
	c := t.newConstraint(p, pg.ForeignKey)
	columns := strs(p.FkAttrs)
	if len(columns) == 0 {
		columns = []string{p.column}
	}
	c.Columns = columnIDs(t.id, columns)
	c.RefTable = t.id
	if v := p.Pktable; !t.names(v) {
		c.RefTable = t.r.relation(v)
	}
	c.RefColumns = columnIDs(c.RefTable, strs(p.PkAttrs))
	c.OnUpdate, c.OnDelete = foreignActions[p.FkUpdAction], foreignActions[p.FkDelAction]
	c.SetColumns = columnIDs(t.id, strs(p.FkDelSetCols))
	switch p.FkMatchtype {
	case "f":
		c.MatchFull = true
	case "p":
		return t.r.errorf(p.Location, "", "MATCH PARTIAL is not implemented by the server")
	}
	c.WithoutOverlaps = t.r.newer.within(p.Location, p.end, markPeriod)
	if c.Unnamed {
		c.Name = t.chooseConstraint(t.id.Schema, t.id.Name, joinNames(columns), "fkey")
	}
	t.addConstraintOf(c, p)
	return nil
}

// names tells whether a name means the table that is being created.
func (t *tableReader) names(v *pg_query.RangeVar) bool {
	if v.Relname != t.id.Name {
		return false
	}
	if v.Schemaname != "" {
		return v.Schemaname == t.id.Schema
	}
	return t.r.creation("") == t.id.Schema
}
