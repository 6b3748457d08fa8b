package postgres

import (
	"fmt"
	"slices"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Since 18, NOT NULL is a constraint with a name. The model has an object for
// it only where the column's flag does not say all; this file keeps the two
// from doing the same thing twice.

// notNulls are the NOT NULL constraints that are objects, by column.
type notNulls struct{ current, desired map[schema.ID]*pg.Constraint }

func (e *emitter) namedNotNulls() notNulls {
	if e.notNulls == nil {
		n := notNulls{map[schema.ID]*pg.Constraint{}, map[schema.ID]*pg.Constraint{}}
		for c := range schema.Each[*pg.Constraint](e.delta.Current) {
			if c.Type == pg.NotNull {
				n.current[c.Columns[0]] = c
			}
		}
		for c := range schema.Each[*pg.Constraint](e.delta.Desired) {
			if c.Type == pg.NotNull {
				n.desired[c.Columns[0]] = c
			}
		}
		e.notNulls = &n
	}
	return *e.notNulls
}

// foldedNotNull takes the named NOT NULL that the step creates with a column.
func (e *emitter) foldedNotNull(c *pg.Column) []*pg.Constraint {
	k := e.namedNotNulls().desired[c.ID()]
	if k == nil || k.NotValid {
		return nil
	}
	if _, ok := take[*pg.Constraint](e, k.ID()); !ok {
		return nil
	}
	return []*pg.Constraint{k}
}

// notNullComes tells whether something else of the plan makes the column NOT
// NULL: a constraint of that name, or a primary key in the same statement.
func (e *emitter) notNullComes(c *pg.Column) bool {
	if e.delta == nil {
		return false
	}
	if k := e.namedNotNulls().desired[c.ID()]; k != nil && e.awaited(k.ID()) {
		return true
	}
	for _, a := range e.step.Acts {
		if k, ok := e.folded[a.Change.ID()].(*pg.Constraint); ok && k.Type == pg.PrimaryKey && !c.Inherited {
			for _, id := range k.Columns {
				if id == c.ID() {
					return true
				}
			}
		}
	}
	return false
}

// notNullGoes tells whether the drop of a named constraint makes the column
// nullable.
func (e *emitter) notNullGoes(c *pg.Column) bool {
	if e.delta == nil {
		return false
	}
	k := e.namedNotNulls().current[c.ID()]
	return k != nil && e.changes[k.ID()] != nil
}

// createNotNull names the NOT NULL that a column has, or adds one.
func (e *emitter) createNotNull(c *pg.Constraint) {
	name := e.currentNotNull(c.Columns[0])
	if name == "" {
		e.alterTable(c.Table, "ADD "+e.constraintDefinition(c), scans(c.Table), hazard(planner.HazardMayFail))
		return
	}
	old := &pg.Constraint{}
	if k := e.namedNotNulls().current[c.Columns[0]]; k != nil {
		old = k
	}
	e.nameNotNull(c.Table, c.Columns[0].Name, name, c.Name, old, c)
}

// dropNotNull takes a name, or what else was special, from a NOT NULL that stays.
func (e *emitter) dropNotNull(c *pg.Constraint) {
	column, ok := e.delta.Desired.Object(c.Columns[0]).(*pg.Column)
	switch {
	case ok && e.namedNotNulls().desired[c.Columns[0]] != nil:
		// its creation renames this one
	case ok && column.NotNull && !e.fresh(column.ID()):
		e.nameNotNull(c.Table, column.Name, c.Name, chosenName(c.Table.Name, column.Name, "not_null"), c, &pg.Constraint{})
	default:
		e.alterTable(c.Table, "DROP CONSTRAINT "+ident(c.Name))
	}
}

func (e *emitter) nameNotNull(table schema.ID, column, from, to string, old, new *pg.Constraint) {
	if from != to {
		if child := otherwiseNamed(e.delta.Current, table, column, from); !child.IsZero() && e.inherits(child) {
			e.refuse(fmt.Sprintf("%s inherits the NOT NULL constraint under another name, and PostgreSQL cannot rename the parent's alone", child), "let it keep the name "+ident(from))
			return
		}
		e.emit(sql("ALTER TABLE", path(table), "RENAME CONSTRAINT", ident(from), "TO", ident(to)))
	}
	if old.NoInherit != new.NoInherit {
		e.alterTable(table, "ALTER CONSTRAINT "+ident(to)+choose(new.NoInherit, " NO INHERIT", " INHERIT"))
	}
	if old.NotValid && !new.NotValid {
		e.alterTable(table, "VALIDATE CONSTRAINT "+ident(to), scans(table), hazard(planner.HazardMayFail))
	}
}

// currentNotNull is the name of the NOT NULL that a column has now, or "".
func (e *emitter) currentNotNull(column schema.ID) string {
	if e.fresh(column) {
		return ""
	}
	if k := e.namedNotNulls().current[column]; k != nil {
		return k.Name
	}
	if c, ok := e.delta.Current.Object(column).(*pg.Column); ok && c.NotNull {
		return chosenName(column.Parent, column.Name, "not_null")
	}
	return ""
}

// inherits tells whether a table keeps the parents that it has.
func (e *emitter) inherits(table schema.ID) bool {
	was, ok := schema.Lookup[*pg.Table](e.delta.Current, table)
	now, stays := schema.Lookup[*pg.Table](e.delta.Desired, table)
	return ok && stays && slices.Equal(ancestors(was), ancestors(now))
}

// otherwiseNamed is a table that inherits a column whose NOT NULL has another name
// there; zero if there is none. The server renames a parent's only along with
// those of all its children, which it looks for by the parent's name.
func otherwiseNamed(c *schema.Catalog, table schema.ID, column, name string) schema.ID {
	own := map[schema.ID]string{} // by column
	for k := range schema.Each[*pg.Constraint](c) {
		if k.Type == pg.NotNull {
			own[k.Columns[0]] = k.Name
		}
	}
	for _, h := range heirs(c, pg.ColumnID(table, column), pg.ColumnID(table, column)) {
		id := h[0]
		child := tableOf(id)
		has := own[id]
		if t, ok := schema.Lookup[*pg.Table](c, child); ok && has == "" {
			for _, g := range t.Given {
				if g.For == id {
					has = g.Name
				}
			}
		}
		if k, ok := schema.Lookup[*pg.Column](c, id); ok && has == "" && k.NotNull {
			has = chosenName(child.Name, column, "not_null")
		}
		if has != "" && has != name {
			return child
		}
	}
	return schema.ID{}
}
