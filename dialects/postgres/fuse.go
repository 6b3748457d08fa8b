package postgres

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// createTable writes CREATE TABLE with the columns, defaults and constraints
// that the step creates along with the table, and after it what CREATE TABLE
// has no words for.
func (e *emitter) createTable(t *pg.Table) {
	columns, constraints := e.partsOf(t)
	apart := e.comesApart(t, constraints)
	if apart {
		columns, constraints = e.partsApart(columns, constraints)
	}
	inherits := map[schema.ID]bool{} // columns to be amended afterwards
	for _, c := range columns {
		inherits[c.ID()] = c.Inherited && (t.PartitionOf.IsZero() || apart) && t.OfType.IsZero()
	}
	var lines []string
	body := &tableBody{emitter: e, table: t, constraints: constraints, primary: map[schema.ID]bool{}}
	body.inline(columns, inherits)
	for _, c := range columns {
		if inherits[c.ID()] {
			continue
		}
		if line, ok := body.column(c); ok {
			lines = append(lines, line)
		}
	}
	var later []*pg.Constraint
	for _, c := range constraints {
		switch {
		case body.inlined[c.ID()]:
		case c.NotValid: // in CREATE TABLE the server takes it for valid
			later = append(later, c)
		default:
			lines = append(lines, e.constraintDefinition(c))
		}
	}
	if apart {
		lines = append([]string{likeParent(t)}, lines...)
	}
	e.emit(sql(e.tableHead(t, lines, apart), e.tableTail(t)))
	e.prove(t)
	e.finishTable(t, columns, inherits, later)
	if apart {
		e.attach(t)
	}
	for _, c := range constraints {
		if len(schema.Claims(c)) > 0 {
			e.indexThere(c.Table, c.Name)
		}
	}
}

// partsOf takes the table's columns and constraints out of the step.
func (e *emitter) partsOf(t *pg.Table) (columns []*pg.Column, constraints []*pg.Constraint) {
	for _, a := range e.step.Acts {
		if a.Half != planner.CreateHalf {
			continue
		}
		id := a.Change.ID()
		switch o := e.folded[id].(type) {
		case *pg.Column:
			if o.Table == t.ID() {
				columns = append(columns, o)
				e.folded[id] = nil
			}
		case *pg.Constraint:
			if o.Table == t.ID() {
				constraints = append(constraints, o)
				e.folded[id] = nil
			}
		}
	}
	slices.SortStableFunc(columns, func(a, b *pg.Column) int { return a.Number - b.Number })
	slices.SortStableFunc(constraints, func(a, b *pg.Constraint) int { return constraintRank(a) - constraintRank(b) })
	return columns, constraints
}

// constraintRank is the order in which constraints are written.
func constraintRank(c *pg.Constraint) int {
	return slices.Index([]pg.ConstraintType{pg.NotNull, pg.PrimaryKey, pg.Unique, pg.Exclusion, pg.Check, pg.ForeignKey}, c.Type)
}

// tableBody decides what goes into a column's line.
type tableBody struct {
	*emitter
	table       *pg.Table
	constraints []*pg.Constraint
	primary     map[schema.ID]bool // columns with PRIMARY KEY in their line
	byColumn    map[schema.ID][]*pg.Constraint
	inlined     map[schema.ID]bool
}

// inline finds the constraints that stand in their column's line: those of one
// column whose name nobody has to write, and named NOT NULLs.
func (b *tableBody) inline(columns []*pg.Column, amended map[schema.ID]bool) {
	b.byColumn, b.inlined = map[schema.ID][]*pg.Constraint{}, map[schema.ID]bool{}
	written := map[schema.ID]bool{}
	for _, c := range columns {
		written[c.ID()] = !amended[c.ID()]
	}
	for _, c := range b.constraints {
		column, ok := b.ownColumn(c)
		if !ok || !written[column] {
			continue
		}
		b.byColumn[column] = append(b.byColumn[column], c)
		b.inlined[c.ID()] = true
		if c.Type == pg.PrimaryKey {
			b.primary[column] = true
		}
	}
}

// ownColumn is the column in whose line a constraint fits.
func (b *tableBody) ownColumn(c *pg.Constraint) (schema.ID, bool) {
	if c.NotValid {
		return schema.ID{}, false
	}
	if c.Type == pg.NotNull {
		return c.Columns[0], true
	}
	if !b.serverNamed(c) {
		return schema.ID{}, false
	}
	switch c.Type {
	case pg.Check:
		return onlyColumn(c)
	case pg.PrimaryKey, pg.Unique, pg.ForeignKey:
		fits := len(c.Columns) == 1 && len(c.Include) == 0 && len(c.SetColumns) == 0 && !c.WithoutOverlaps
		if !fits {
			return schema.ID{}, false
		}
		return c.Columns[0], true
	}
	return schema.ID{}, false
}

// column is a column's line; false if there is nothing to say of it.
func (b *tableBody) column(c *pg.Column) (string, bool) {
	own := b.byColumn[c.ID()]
	if c.Inherited || !b.table.OfType.IsZero() {
		words := b.columnConstraints(c, own, false)
		return join(ident(c.Name), "WITH OPTIONS", words), words != ""
	}
	return b.columnDefinition(c, own, b.primary[c.ID()]), true
}

// tableHead is CREATE TABLE with the list of columns and constraints.
func (e *emitter) tableHead(t *pg.Table, lines []string, apart bool) string {
	words := "CREATE"
	if t.Unlogged {
		words += " UNLOGGED"
	}
	words += " TABLE " + path(t.ID())
	list := ""
	if len(lines) > 0 {
		list = " (\n    " + strings.Join(lines, ",\n    ") + "\n)"
	}
	switch {
	case !t.PartitionOf.IsZero() && !apart:
		return words + " PARTITION OF " + path(t.PartitionOf) + list + " " + t.Bound.Text
	case !t.OfType.IsZero():
		return words + " OF " + path(t.OfType) + list
	case list == "":
		return words + " ()"
	}
	return words + list
}

// tableTail is what follows the list.
func (e *emitter) tableTail(t *pg.Table) string {
	var words []string
	if len(t.Inherits) > 0 {
		words = append(words, "INHERITS ("+paths(t.Inherits)+")")
	}
	if t.PartitionBy != nil {
		words = append(words, "PARTITION BY "+strings.ToUpper(t.PartitionBy.Strategy)+" ("+e.partitionKeys(t.PartitionBy)+")")
	}
	if t.AccessMethod != "" {
		words = append(words, "USING "+ident(t.AccessMethod))
	}
	if len(t.Options) > 0 {
		words = append(words, with(t.Options))
	}
	if t.Tablespace != "" {
		words = append(words, "TABLESPACE "+ident(t.Tablespace))
	}
	return strings.Join(words, " ")
}

func (e *emitter) partitionKeys(k *pg.PartitionKey) string {
	out := make([]string, len(k.Keys))
	for i, key := range k.Keys {
		out[i] = indexKey(key)
	}
	return strings.Join(out, ", ")
}

// finishTable alters what CREATE TABLE cannot say.
func (e *emitter) finishTable(t *pg.Table, columns []*pg.Column, amended map[schema.ID]bool, later []*pg.Constraint) {
	id := t.ID()
	for _, c := range columns {
		if amended[c.ID()] {
			columnKind{}.Create(c, e)
		} else {
			e.finishColumn(c, c.Inherited || !t.OfType.IsZero())
		}
	}
	for _, c := range later {
		e.alterTable(id, "ADD "+e.constraintDefinition(c))
	}
	e.rowSecurity(&pg.Table{}, t)
	switch {
	case t.ReplicaIdentity == "index":
		e.replicaIndex(t)
	case t.ReplicaIdentity != "":
		e.alterTable(id, "REPLICA IDENTITY "+strings.ToUpper(t.ReplicaIdentity))
	}
	e.clusterOn(t)
}

// foldSerials finds columns of the step that are exactly what serial makes, and
// takes in their sequences, defaults and owners.
func (e *emitter) foldSerials() {
	sequences := map[schema.ID]*pg.Sequence{}
	for _, o := range e.folded {
		if s, ok := o.(*pg.Sequence); ok && !s.OwnedBy.IsZero() {
			sequences[s.OwnedBy] = s
		}
	}
	if len(sequences) == 0 {
		return
	}
	for _, a := range e.step.Acts {
		c, ok := a.Change.New.(*pg.Column)
		if !ok || a.Half != planner.CreateHalf || c.Inherited || sequences[c.ID()] == nil {
			continue
		}
		s := sequences[c.ID()]
		d := &pg.Default{Column: c.ID()}
		o := &pg.SequenceOwner{Sequence: s.ID()}
		value, ok := e.folded[d.ID()].(*pg.Default)
		if e.folded[o.ID()] == nil || !ok || !e.isSerial(c, s, value) {
			continue
		}
		e.serials[c.ID()] = map[string]string{"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}[s.Type]
		e.folded[s.ID()], e.folded[d.ID()], e.folded[o.ID()] = nil, nil, nil
	}
}

// isSerial tells whether serial would make the same column and sequence.
func (e *emitter) isSerial(c *pg.Column, s *pg.Sequence, d *pg.Default) bool {
	unlogged := false
	if t, ok := e.object(c.Table).(*pg.Table); ok && e.at(15) {
		unlogged = t.Unlogged
		if !t.OfType.IsZero() {
			return false
		}
	}
	plain := defaultSequence(s.Type, 1)
	plain.Schema, plain.Name, plain.Unlogged = c.Table.Schema, chosenName(c.Table.Name, c.Name, "seq"), unlogged
	return c.Type == pg.Type{Name: s.Type} && c.NotNull && c.Identity == nil && c.Generated.IsZero() &&
		schema.Equal(s, &plain) && isNextval(d.Value, s)
}

// isNextval tells whether an expression is nextval of the sequence; canonical
// forms have one spelling for it.
func isNextval(x schema.Expr, s *pg.Sequence) bool {
	name := quoteIdentifier(s.Schema) + "." + quoteIdentifier(s.Name)
	return x.Canon == "pg_catalog.nextval("+literal(name)+"::regclass)"
}
