package sqlite

import (
	"fmt"
	"strings"

	"github.com/trueup-sql/trueup/parser/liteparse"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

// rebuild changes a table in the way that the manual prescribes for what ALTER
// TABLE cannot do (https://www.sqlite.org/lang_altertable.html#otheralter): a
// new table, the rows, away with the old one, and its name, its indexes and its
// triggers for the new one. The session has foreign keys switched off, and
// checks them before it commits.
func (c *change) rebuild() {
	again := c.dependants(c.id)
	name := c.freeName()
	table, temp := liteparse.Quote(c.new.table.Name), liteparse.Quote(name)
	s := c.emit(planner.Alter, c.id, "%s", c.new.statement(name))
	s.Comment = fmt.Sprintf("%s is rebuilt, as no ALTER TABLE can do this: %s", c.id, strings.Join(c.reasons(), ", "))
	c.copy(temp)
	if c.old.autoincrement() && c.new.autoincrement() {
		c.emit(planner.Alter, c.id, "DELETE FROM sqlite_sequence WHERE name = %s", liteparse.Literal(name))
		c.emit(planner.Alter, c.id, "INSERT INTO sqlite_sequence (name, seq) SELECT %s, seq FROM sqlite_sequence WHERE name = %s COLLATE NOCASE",
			liteparse.Literal(name), liteparse.Literal(c.old.table.Name))
	}
	for _, o := range again {
		delete(c.now, o.ID())
	}
	c.emit(planner.Alter, c.id, "DROP TABLE %s", table)
	c.tolerant("legacy_alter_table", c.id, func() {
		c.emit(planner.Alter, c.id, "ALTER TABLE %s RENAME TO %s", temp, table)
	})
	c.giveBack(again)
}

// freeName is a name for the new table until the old one is gone.
func (c *change) freeName() string {
	taken := map[string]bool{}
	for _, catalog := range []*schema.Catalog{c.delta.Current, c.delta.Desired} {
		for o := range catalog.All() {
			taken[o.ID().Name] = true
		}
	}
	name := "trueup_new_" + c.new.table.Name
	for n := 2; taken[lite.Fold(name)]; n++ {
		name = fmt.Sprintf("trueup_new%d_%s", n, c.new.table.Name)
	}
	return name
}

// copy writes the statement that copies the rows. SQLite converts values to the
// affinity of their new columns; nothing else is changed but NULLs in a column
// that becomes NOT NULL and has a default.
func (c *change) copy(temp string) {
	var into, from []string
	hazards := []planner.Hazard{planner.HazardRewrite}
	alias := c.new.alias()
	if to, is := c.new.rowid(), c.old.rowid(); is != "" && to != "" {
		switch {
		case alias == nil:
			into, from = append(into, to), append(from, is)
		case c.old.column(alias.Self.Name) == nil && c.using(alias) == "":
			into, from = append(into, liteparse.Quote(alias.Name)), append(from, is)
		}
	}
	for _, col := range c.new.columns {
		old := c.old.column(col.Self.Name)
		value := c.using(col)
		if col.IsGenerated() || old == nil && value == "" {
			continue
		}
		if value == "" {
			value = liteparse.Quote(old.Name)
			if col.NotNull && col.Default.Text != "" && !old.NotNull {
				value = fmt.Sprintf("coalesce(%s, %s)", value, col.Default.Canon)
			}
		}
		into, from = append(into, liteparse.Quote(col.Name)), append(from, value)
	}
	if len(c.acts) > 0 && c.mayFail() {
		hazards = append(hazards, planner.HazardMayFail)
	}
	for _, a := range c.acts {
		if col, ok := a.Object().(*lite.Column); ok && a.Half == planner.DropHalf && !col.IsGenerated() {
			hazards = append(hazards, planner.HazardDataLoss)
			break
		}
	}
	if len(into) == 0 {
		return // no column stays, and rows have no identity of their own
	}
	s := c.emit(planner.Alter, c.id, "INSERT INTO %s (%s) SELECT %s FROM %s", temp, strings.Join(into, ", "), strings.Join(from, ", "), liteparse.Quote(c.new.table.Name))
	s.Hazards = hazards
	s.Locks = []planner.Lock{{Object: c.id, Level: planner.LockWrite, Rewrite: true, Scan: true}}
}

// using is what the author says a column is to be filled with: @using EXPRESSION.
func (c *change) using(col *lite.Column) string {
	for _, d := range c.delta.Desired.Directives[col.Self] {
		if d.Name == "using" && c.touched(col) {
			return d.Arg
		}
	}
	return ""
}

// touched tells whether this change creates or alters a column.
func (c *change) touched(col *lite.Column) bool {
	for _, a := range c.acts {
		if a.Change.ID() == col.Self && a.Half != planner.DropHalf {
			return true
		}
	}
	return false
}

// mayFail tells whether rows could be in the way of the new definition.
func (c *change) mayFail() bool {
	for _, a := range c.acts {
		switch n := a.Change.New.(type) {
		case *lite.Constraint:
			return true
		case *lite.Column:
			if o, ok := a.Change.Old.(*lite.Column); n.NotNull && (!ok || !o.NotNull) {
				return true
			}
		case *lite.Table:
			if n.Strict {
				return true
			}
		}
	}
	return false
}

// reasons says what the rebuild is for.
func (c *change) reasons() []string {
	var out []string
	for _, a := range c.acts {
		switch o := a.Object().(type) {
		case *lite.Table:
			out = append(out, "change "+strings.Join(words(a.Change), " and "))
		case *lite.Column:
			out = append(out, reason(a, "column "+o.Self.Name))
		case *lite.Constraint:
			out = append(out, reason(a, o.Self.Name))
		}
	}
	const enough = 5
	if len(out) > enough {
		out = append(out[:enough], fmt.Sprintf("%d more", len(out)-enough))
	}
	return out
}

func reason(a planner.Act, what string) string {
	switch a.Half {
	case planner.CreateHalf:
		return "add " + what
	case planner.DropHalf:
		return "drop " + what
	}
	return fmt.Sprintf("change %s of %s", strings.Join(words(a.Change), " and "), what)
}

// words says in SQL's words what differs.
func words(ch *planner.Change) []string {
	out := make([]string, len(ch.Fields))
	for i, f := range ch.Fields {
		out[i] = map[string]string{"NotNull": "NOT NULL", "NotNullConflict": "ON CONFLICT", "OnConflict": "ON CONFLICT", "Default": "DEFAULT",
			"Collation": "COLLATE", "Generated": "the expression", "Expression": "the expression", "Stored": "STORED", "Type": "the type",
			"Autoincrement": "AUTOINCREMENT", "OnDelete": "ON DELETE", "OnUpdate": "ON UPDATE", "Deferred": "DEFERRABLE", "Key": "the columns",
			"Order": "the order of columns", "WithoutRowid": "WITHOUT ROWID", "Strict": "STRICT", "Name": "the name"}[f]
		if out[i] == "" {
			out[i] = f
		}
	}
	return out
}
