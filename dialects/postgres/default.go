package postgres

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type defaultKind struct{}

func (defaultKind) Create(d *pg.Default, e *emitter) { setDefault(d, e) }

// Drop drops a default. What is inherited comes back by itself only in the
// desired state, where the parent's default is not listed again.
func (defaultKind) Drop(d *pg.Default, e *emitter) {
	if p := e.parentDefault(d); p != nil {
		setDefault(&pg.Default{Column: d.Column, Value: p.Value}, e)
		return
	}
	e.alterTable(tableOf(d.Column), "ALTER COLUMN "+ident(d.Column.Name)+" DROP DEFAULT")
}

func (defaultKind) Alter(old, new *pg.Default, e *emitter) {
	if changedExpr(&old.Value, new.Value) {
		setDefault(new, e)
	}
}

func setDefault(d *pg.Default, e *emitter) {
	e.alterTable(tableOf(d.Column), "ALTER COLUMN "+ident(d.Column.Name)+" SET DEFAULT "+defaultText(d.Value.Text))
}

// parentDefault is the desired default of the column that an inherited one
// comes from.
func (e *emitter) parentDefault(d *pg.Default) *pg.Default {
	if c, ok := e.object(d.Column).(*pg.Column); ok && !c.Inherited {
		return nil
	}
	p := e.parentColumn(tableOf(d.Column), d.Column.Name)
	if p == nil {
		return nil
	}
	parent, _ := schema.Lookup[*pg.Default](e.delta.Desired, (&pg.Default{Column: p.ID()}).ID())
	return parent
}

// defaultText is an expression as DEFAULT takes it.
func defaultText(text string) string { return strings.TrimSpace(text) }
