package postgres

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type columnKind struct{}

// Create adds a column. An inherited one is there already; what is its own is
// altered.
func (columnKind) Create(c *pg.Column, e *emitter) {
	if c.Inherited {
		columnKind{}.Alter(e.inherited(c), c, e)
		return
	}
	if e.typed(c.Table) { // it came with the type
		plain := &pg.Column{Table: c.Table, Name: c.Name, Type: c.Type, Collation: c.Collation, Statistics: -1}
		columnKind{}.Alter(plain, c, e)
		return
	}
	notes := []note{}
	if c.NotNull && c.Identity == nil && c.Generated.IsZero() && e.serials[c.ID()] == "" && e.folded[(&pg.Default{Column: c.ID()}).ID()] == nil {
		notes = append(notes, hazard(planner.HazardMayFail))
	}
	if !c.Generated.IsZero() && !c.Virtual || c.Identity != nil || e.serials[c.ID()] != "" {
		notes = append(notes, rewrites(c.Table))
	}
	e.alterTable(c.Table, "ADD COLUMN "+e.columnDefinition(c, e.foldedNotNull(c), false), notes...)
	e.finishColumn(c, false)
}

// Drop drops a column; an inherited one gives up only what is its own.
func (columnKind) Drop(c *pg.Column, e *emitter) {
	if c.Inherited {
		if e.remains(c) {
			columnKind{}.Alter(schema.Clone(c), e.inherited(c), e)
		}
		return
	}
	if e.typed(c.Table) || e.movesAway(c.Table) { // it goes with the type's attribute, or stays with the old table
		return
	}
	drop := func() { e.alterTable(c.Table, "DROP COLUMN "+ident(c.Name)) }
	if e.shared(c) { // NO INHERIT comes later in the step, and would come later in the statement, too
		e.afterwards(drop)
		return
	}
	drop()
}

// shared tells whether a table that gives up parents has a column from one of
// them, too: until then it cannot be dropped.
func (e *emitter) shared(c *pg.Column) bool {
	old, was := e.delta.Current.Object(c.Table).(*pg.Table)
	now, is := e.delta.Desired.Object(c.Table).(*pg.Table)
	if !was || !is || slices.Equal(old.Inherits, now.Inherits) {
		return false
	}
	return slices.ContainsFunc(old.Inherits, func(p schema.ID) bool { return hasColumn(e.delta.Current, p, c.Name) })
}

// hasColumn tells whether a table has a column, perhaps from its parents.
func hasColumn(c *schema.Catalog, table schema.ID, name string) bool {
	if c.Has(pg.ColumnID(table, name)) {
		return true
	}
	t, ok := c.Object(table).(*pg.Table)
	return ok && slices.ContainsFunc(ancestors(t), func(p schema.ID) bool { return hasColumn(c, p, name) })
}

// typed tells whether a table is and stays of a composite type: what happens to
// the type's attributes happens to its columns.
func (e *emitter) typed(table schema.ID) bool {
	if e.delta == nil {
		return false
	}
	old, was := e.delta.Current.Object(table).(*pg.Table)
	t, is := e.delta.Desired.Object(table).(*pg.Table)
	return was && is && !t.OfType.IsZero() && old.OfType == t.OfType
}

// inherited is the column as it comes from the parents. One without a type says
// only what is its own.
func (e *emitter) inherited(c *pg.Column) *pg.Column {
	if c.Type.IsZero() {
		return &pg.Column{Table: c.Table, Name: c.Name, Inherited: true, Statistics: -1}
	}
	base := schema.Clone(c)
	base.NotNull, base.Identity, base.Generated, base.Virtual = false, nil, schema.Expr{}, false
	base.Storage, base.Compression, base.Statistics, base.Options = "", "", -1, nil
	if p := e.parentColumn(c.Table, c.Name); p != nil {
		base = schema.Clone(p)
		base.Table, base.Inherited, base.Statistics, base.Options, base.Using = c.Table, true, -1, nil, ""
	}
	return base
}

// parentColumn is the column of that name of a table's nearest ancestor that has one.
func (e *emitter) parentColumn(table schema.ID, name string) *pg.Column {
	t, ok := e.object(table).(*pg.Table)
	if !ok {
		return nil
	}
	parents := t.Inherits
	if !t.PartitionOf.IsZero() {
		parents = []schema.ID{t.PartitionOf}
	}
	for _, p := range parents {
		if c, ok := e.object(pg.ColumnID(p, name)).(*pg.Column); ok && !c.Inherited {
			return c
		}
		if c := e.parentColumn(p, name); c != nil {
			return c
		}
	}
	return nil
}

// columnDefinition is a column as CREATE TABLE and ADD COLUMN take it. own are
// the constraints that stand in its line; primary tells whether PRIMARY KEY is
// among them, which makes NOT NULL idle.
func (e *emitter) columnDefinition(c *pg.Column, own []*pg.Constraint, primary bool) string {
	words := []string{ident(c.Name), orDefault(e.serials[c.ID()], typeName(c.Type))}
	if c.Storage != "" && e.at(16) {
		words = append(words, "STORAGE "+strings.ToUpper(c.Storage))
	}
	if c.Compression != "" {
		words = append(words, "COMPRESSION "+c.Compression)
	}
	if c.Collation != "" {
		words = append(words, "COLLATE "+c.Collation)
	}
	return join(append(words, e.columnConstraints(c, own, primary))...)
}

// columnConstraints is what follows a column's type: GENERATED, NOT NULL,
// DEFAULT, and constraints.
func (e *emitter) columnConstraints(c *pg.Column, own []*pg.Constraint, primary bool) string {
	var words []string
	if !c.Generated.IsZero() {
		words = append(words, "GENERATED ALWAYS AS "+parenthesized(c.Generated.Text)+choose(c.Virtual, " VIRTUAL", " STORED"))
	}
	if c.Identity != nil {
		words = append(words, e.identity(c))
	}
	named := false
	for _, k := range own {
		named = named || k.Type == pg.NotNull
	}
	if c.NotNull && !named && !primary && c.Identity == nil && e.serials[c.ID()] == "" && !e.inheritsNotNull(c) {
		words = append(words, "NOT NULL")
	}
	if d, ok := take[*pg.Default](e, (&pg.Default{Column: c.ID()}).ID()); ok {
		words = append(words, "DEFAULT "+defaultText(d.Value.Text))
	}
	for _, k := range own {
		words = append(words, e.inlineConstraint(k))
	}
	return join(words...)
}

// inheritsNotNull: a partition's column is NOT NULL by its parent's.
func (e *emitter) inheritsNotNull(c *pg.Column) bool {
	if !c.Inherited || c.Type.IsZero() {
		return false
	}
	p := e.parentColumn(c.Table, c.Name)
	return p != nil && p.NotNull
}

// staysNotNull tells whether a column loses a NOT NULL of its own, but its
// parent's column has one.
func (e *emitter) staysNotNull(c *pg.Column) bool {
	if e.delta == nil || !c.Inherited {
		return false
	}
	p := e.parentColumn(c.Table, c.Name)
	if p == nil || !p.NotNull {
		return false
	}
	now, ok := e.delta.Current.Object(p.ID()).(*pg.Column)
	yields := e.at(18) && ok && !now.NotNull && !e.rendered(p.ID(), planner.AlterHalf) // see yieldNotNulls
	return !yields
}

// identity is GENERATED .. AS IDENTITY.
func (e *emitter) identity(c *pg.Column) string {
	words := "GENERATED " + choose(c.Identity.Always, "ALWAYS", "BY DEFAULT") + " AS IDENTITY"
	s := c.Identity.Sequence
	var options []string
	if s.Name != "" && (s.Schema != c.Table.Schema || s.Name != chosenName(c.Table.Name, c.Name, "seq")) {
		options = append(options, "SEQUENCE NAME "+qualify(s.Schema, s.Name))
	}
	options = append(options, sequenceOptions(&s)...)
	if len(options) > 0 {
		words += " (" + strings.Join(options, " ") + ")"
	}
	return words
}

// finishColumn alters what a column's definition has no words for; all that is
// not a constraint if the definition stood in PARTITION OF or OF.
func (e *emitter) finishColumn(c *pg.Column, constraintsOnly bool) {
	plain := schema.Clone(c)
	plain.Statistics, plain.Options = -1, nil
	if constraintsOnly || !e.at(16) {
		plain.Storage = ""
	}
	if constraintsOnly {
		plain.Compression = ""
	}
	alterColumnSettings(plain, c, e)
}

func (columnKind) Alter(old, new *pg.Column, e *emitter) {
	alter := func(action string, notes ...note) {
		e.alterTable(new.Table, "ALTER COLUMN "+ident(new.Name)+" "+action, notes...)
	}
	if old.Identity != nil && new.Identity == nil {
		e.leaveNumber(new.ID())
		alter("DROP IDENTITY")
		if old.Type != new.Type {
			e.flush() // before that the type is checked to be one for an identity
		}
		old.Identity = nil
	}
	if !alterGenerated(old, new, e, alter) {
		return // replaced
	}
	alterType(old, new, e, alter)
	alterNotNull(old, new, e, alter)
	alterIdentity(old, new, e, alter)
	alterColumnSettings(old, new, e)
	old.Inherited = new.Inherited // by the table's INHERIT and ATTACH
}

// alterGenerated changes what a column is computed from. A stored one can turn
// into an ordinary one; the other way it is made anew, and what it held is lost.
func alterGenerated(old, new *pg.Column, e *emitter, alter func(string, ...note)) bool {
	was, is := !old.Generated.IsZero(), !new.Generated.IsZero()
	switch {
	case was && !is && !old.Virtual:
		alter("DROP EXPRESSION")
		if old.Type != new.Type {
			e.flush() // before that there is no USING
		}
		old.Generated = schema.Expr{}
	case was && !is:
		e.refuse("a virtual generated column has no values that it could keep", "drop the column first, or give the ordinary one another name")
		return false
	case !was && is:
		e.lose("the values", nil)
		return false
	case was && is && old.Virtual != new.Virtual:
		return false
	case was && is && !old.Generated.Equal(new.Generated):
		if !e.at(17) || old.Type != new.Type {
			return false
		}
		alter("SET EXPRESSION AS "+parenthesized(new.Generated.Text), choose2(new.Virtual, nil, rewrites(new.Table)))
		old.Generated = new.Generated
	}
	return true
}

func choose2(first bool, a, b note) note {
	if a == nil {
		a = func(*planner.Statement) {}
	}
	if first {
		return a
	}
	return b
}

// alterType: what cannot survive it steps aside, see [conversion].
func alterType(old, new *pg.Column, e *emitter, alter func(string, ...note)) {
	if old.Type == new.Type && old.Collation == new.Collation {
		return
	}
	if old.Inherited && new.Inherited || e.typed(new.Table) { // along with the parent's, or the type's
		old.Type, old.Collation = new.Type, new.Collation
		return
	}
	if e.inPartitionKey(new.Table, new.Name) {
		e.refuse("it is in the partition key of the table or of a partition of it", "create a table with the new type under another name, move the rows, and rename it")
		return
	}
	c := e.convert(old.Type, new.Type, ident(new.Name))
	if old.Type == new.Type { // only the collation
		c = conversion{small: true}
	}
	if c.using != "" && !new.Generated.IsZero() {
		return // the server has no USING for it, and can compute it again
	}
	words := "TYPE " + typeName(new.Type)
	if new.Collation != "" {
		words += " COLLATE " + new.Collation
	}
	var notes []note
	using := orDefault(new.Using, c.using)
	if using != "" {
		words += " USING " + using
		notes = append(notes, hazard(planner.HazardMayFail))
	}
	if c.text && new.Using == "" {
		notes = append(notes, remark(fmt.Sprintf("there is no cast from %s to %s: the values of %s go through their text; say -- @using EXPRESSION for another way",
			typeName(old.Type), typeName(new.Type), new.ID().Path())))
	}
	if c.lossy && new.Using == "" {
		notes = append(notes, hazard(planner.HazardDataLoss), hazard(planner.HazardConverts))
	}
	if !c.cheap || using != "" {
		notes = append(notes, rewrites(new.Table))
	}
	alter(words, notes...)
	if c.small && new.Using == "" {
		e.disturb(schema.Fixed)
	} else {
		e.disturb(schema.Steady)
	}
	if old.Identity != nil && new.Identity != nil { // its sequence follows
		retype(&old.Identity.Sequence, new.Type.Name)
	} else if new.Identity != nil {
		e.flush() // its sequence gets the type that the column has by then
	}
	old.Type, old.Collation = new.Type, new.Collation
	old.Storage, old.Compression = "", "" // the server goes back to the new type's own
}

// inPartitionKey tells whether a column is in the partition key of its table or
// of a partition below it, whose columns change along.
func (e *emitter) inPartitionKey(table schema.ID, column string) bool {
	t, ok := e.object(table).(*pg.Table)
	if !ok || t.PartitionBy == nil {
		return false
	}
	for _, k := range t.PartitionBy.Keys {
		if k.Column.Name == column {
			return true
		}
		for _, r := range k.Expr.Refs {
			if r.To == pg.ColumnID(table, column) {
				return true
			}
		}
	}
	return slices.ContainsFunc(e.partitionsOf(table), func(id schema.ID) bool { return e.inPartitionKey(id, column) })
}

// partitionsOf gives the tables that are to be partitions of another.
func (e *emitter) partitionsOf(table schema.ID) []schema.ID {
	if e.partitions == nil {
		e.partitions = map[schema.ID][]schema.ID{}
		for t := range schema.Each[*pg.Table](e.delta.Desired) {
			if !t.PartitionOf.IsZero() {
				e.partitions[t.PartitionOf] = append(e.partitions[t.PartitionOf], t.ID())
			}
		}
	}
	return e.partitions[table]
}

func alterNotNull(old, new *pg.Column, e *emitter, alter func(string, ...note)) {
	if !changed(&old.NotNull, new.NotNull) {
		return
	}
	switch {
	case new.NotNull && !e.notNullComes(new):
		alter("SET NOT NULL", scans(new.Table), hazard(planner.HazardMayFail))
	case !new.NotNull && e.staysNotNull(new): // the parent's, from now on
	case !new.NotNull && !e.notNullGoes(new):
		alter("DROP NOT NULL")
	}
}

func alterIdentity(old, new *pg.Column, e *emitter, alter func(string, ...note)) {
	switch {
	case new.Identity == nil:
	case old.Identity == nil:
		alter("ADD " + e.identity(new))
		e.after = append(e.after, func() { e.takeNumber(new.ID()) })
	default:
		e.renameIdentity(old.Identity, new)
		if name := new.Identity.Name; name != "" {
			e.intoBounds(qualify(orDefault(new.Identity.Schema, new.Table.Schema), name), old.Identity.Sequence, new.Identity.Sequence)
		}
		var words []string
		if old.Identity.Always != new.Identity.Always {
			words = append(words, "SET GENERATED "+choose(new.Identity.Always, "ALWAYS", "BY DEFAULT"))
		}
		for _, o := range sequenceChanges(&old.Identity.Sequence, &new.Identity.Sequence) {
			words = append(words, "SET "+o)
		}
		if len(words) > 0 {
			alter(strings.Join(words, " "), lock(new.Table, planner.LockWrite))
		}
		if old.Identity.Unlogged != new.Identity.Unlogged {
			if !e.followsTable(new.ID(), new.Identity.Unlogged) {
				name := qualify(old.Identity.Schema, orDefault(new.Identity.Name, old.Identity.Name))
				e.emit(sql("ALTER SEQUENCE", name, choose(new.Identity.Unlogged, "SET UNLOGGED", "SET LOGGED")), lock(new.Table, planner.LockAll))
			}
		}
	}
	if new.Identity != nil {
		old.Identity = schema.Clone(new).Identity
	}
}

// renameIdentity renames the implicit sequence, if the author names it.
func (e *emitter) renameIdentity(old *pg.Identity, new *pg.Column) {
	name := new.Identity.Name
	if name == "" || old.Name == "" || name == old.Name && new.Identity.Schema == old.Schema {
		return
	}
	if name != old.Name {
		e.emit(sql("ALTER SEQUENCE", qualify(old.Schema, old.Name), "RENAME TO", ident(name)))
	}
}

// alterColumnSettings: storage, compression, statistics, options.
func alterColumnSettings(old, new *pg.Column, e *emitter) {
	alter := func(action string) {
		e.alterTable(new.Table, "ALTER COLUMN "+ident(new.Name)+" "+action)
	}
	if changed(&old.Storage, new.Storage) {
		alter("SET STORAGE " + strings.ToUpper(orDefault(new.Storage, e.ownStorage(new.Type))))
	}
	if changed(&old.Compression, new.Compression) {
		alter("SET COMPRESSION " + orDefault(new.Compression, "default"))
	}
	if changed(&old.Statistics, new.Statistics) {
		alter("SET STATISTICS " + strconv.Itoa(new.Statistics))
	}
	e.alterOptions(&old.Options, new.Options, alter)
}

// ownStorage is the storage of a type's own (pg_type.typstorage); since 16
// there is a word for it.
func (e *emitter) ownStorage(t pg.Type) string {
	if e.at(16) {
		return "default"
	}
	if t.Array {
		return "extended"
	}
	base, _ := baseType(t.Name)
	switch base {
	case "numeric", "inet", "cidr":
		return "main"
	case "smallint", "integer", "bigint", "real", "double precision", "boolean", "date", "uuid", "money", "interval", "name", "oid",
		"timestamp without time zone", "timestamp with time zone", "time without time zone", "time with time zone", "macaddr", "macaddr8", "point", "box", "line", "lseg", "circle":
		return "plain"
	}
	switch t.Ref.Kind {
	case pg.KindEnum:
		return "plain"
	case pg.KindDomain:
		return e.ownStorage(e.domainBase(t))
	}
	return "extended"
}
