package sqlite

import (
	"slices"

	"github.com/trueup-sql/trueup/parser/liteparse"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

// table carries out a step on a table: its creation, its removal, or all its
// changes at once.
func (r *renderer) table(id schema.ID, acts []planner.Act) {
	var verb planner.Verb
	for _, a := range acts {
		if a.Object().ID() == id && a.Half != planner.AlterHalf {
			verb = a.Change.Verb
		}
	}
	switch verb {
	case planner.Create:
		r.apply(acts)
		f := r.form(id)
		r.emit(planner.Create, id, "%s", f.statement(f.table.Name))
	case planner.Drop:
		t := r.now[id]
		r.emit(planner.Drop, id, "DROP TABLE %s", liteparse.Quote(spelled(t))).Hazards = []planner.Hazard{planner.HazardDataLoss}
		r.gone(id)
	default:
		old := r.form(id)
		r.apply(acts)
		c := change{renderer: r, id: id, acts: acts, old: old, new: r.form(id)}
		if !c.inPlace() {
			c.rebuild()
		}
	}
}

// apply carries out acts on the account.
func (r *renderer) apply(acts []planner.Act) {
	for _, a := range acts {
		if a.Half == planner.DropHalf {
			delete(r.now, a.Change.ID())
		} else {
			r.now[a.Change.ID()] = a.Change.New
		}
	}
}

// form is a table as the account has it. Its columns are in the table's own
// order; those that are kept although the files do not have them come where
// they were, behind the one that was before them.
func (r *renderer) form(id schema.ID) *form {
	f := &form{table: r.now[id].(*lite.Table)}
	// the objects as they will be have the spelling and the text that count
	if t, ok := schema.Lookup[*lite.Table](r.delta.Desired, id); ok && schema.Equal(t, f.table) {
		f.table = t
	}
	columns := map[string]*lite.Column{}
	for _, p := range r.parts[id] {
		switch o := r.now[p].(type) {
		case *lite.Column:
			columns[p.Name] = o
		case *lite.Constraint:
			f.constraints = append(f.constraints, o)
		}
	}
	var names []string
	for _, name := range f.table.Columns {
		if columns[name] != nil {
			names = append(names, name)
		}
	}
	if old, ok := schema.Lookup[*lite.Table](r.delta.Current, id); ok {
		for i, name := range old.Columns {
			if columns[name] == nil || slices.Contains(names, name) {
				continue
			}
			at := 0
			if i > 0 {
				at = slices.Index(names, old.Columns[i-1]) + 1
			}
			names = slices.Insert(names, at, name)
		}
	}
	for _, name := range names {
		f.columns = append(f.columns, columns[name])
	}
	return f
}

// change is what happens to one table that stays.
type change struct {
	*renderer
	id       schema.ID
	acts     []planner.Act
	old, new *form
}

// inPlace writes ALTER TABLE statements if these are enough: columns that can
// be added, and columns that can be dropped.
func (c *change) inPlace() bool {
	var added, dropped []*lite.Column
	attached := map[schema.ID][]*lite.Constraint{}
	for _, a := range c.acts {
		switch o := a.Object().(type) {
		case *lite.Column:
			switch {
			case a.Half == planner.CreateHalf && addable(o) && c.using(o) == "":
				added = append(added, o)
			case a.Half == planner.DropHalf && c.droppable(o):
				dropped = append(dropped, o)
			default:
				return false
			}
		case *lite.Constraint:
			switch {
			case a.Half == planner.CreateHalf && (o.Type == lite.Check || o.Type == lite.ForeignKey && len(o.Key) == 1):
				host := c.host(o)
				if host.IsZero() {
					return false
				}
				attached[host] = append(attached[host], o)
			case a.Half != planner.DropHalf || !c.goesWithColumn(o):
				return false
			}
		default:
			return false
		}
	}
	slices.SortFunc(added, func(a, b *lite.Column) int {
		return slices.Index(c.new.columns, a) - slices.Index(c.new.columns, b)
	})
	c.alter(added, dropped, attached)
	return true
}

func (c *change) alter(added, dropped []*lite.Column, attached map[schema.ID][]*lite.Constraint) {
	table := liteparse.Quote(c.new.table.Name)
	for _, col := range added {
		text, rest := c.definition(col, attached[col.Self])
		for _, con := range rest {
			text += " " + constraintText(con, true)
		}
		mayFail := col.NotNull && col.Default.Text == "" && !col.IsGenerated() || len(attached[col.Self]) > 0
		s := c.emit(planner.Create, col.Self, "ALTER TABLE %s ADD COLUMN %s", table, text)
		s.Locks = []planner.Lock{{Object: c.id, Level: planner.LockWrite, Scan: mayFail}}
		if mayFail {
			s.Hazards = []planner.Hazard{planner.HazardMayFail}
		}
	}
	for _, col := range dropped {
		c.tolerant("writable_schema", c.id, func() {
			s := c.emit(planner.Drop, col.Self, "ALTER TABLE %s DROP COLUMN %s", table, liteparse.Quote(col.Name))
			if !col.IsGenerated() {
				s.Locks = []planner.Lock{{Object: c.id, Level: planner.LockWrite, Rewrite: true}}
				s.Hazards = []planner.Hazard{planner.HazardDataLoss, planner.HazardRewrite}
			}
		})
	}
}

// definition is that of a new column: in its author's words if all constraints
// in them are among those that come with it, of which it returns the others.
func (c *change) definition(col *lite.Column, with []*lite.Constraint) (text string, rest []*lite.Constraint) {
	for _, con := range with {
		if con.Column != col.Self.Name {
			rest = append(rest, con)
		}
	}
	behind := 0
	for _, con := range c.new.constraints {
		if con.Column == col.Self.Name {
			behind++
		}
	}
	if behind+len(rest) != len(with) {
		return columnText(col), with
	}
	return tidy(col.SQL), rest
}

// addable tells whether ADD COLUMN takes the column: it refuses STORED ones and
// defaults that are no constants, as the rows that are there would need values.
func addable(c *lite.Column) bool {
	if c.IsGenerated() {
		return !c.Stored
	}
	return c.Default.Text == "" || constant(c.Default)
}

// constant tells whether a default is a literal.
func constant(e schema.Expr) bool {
	ts := liteparse.Code(e.Canon)
	if len(ts) == 2 && ts[0].In("-", "+") {
		ts = ts[1:]
	}
	if len(ts) != 1 {
		return false
	}
	switch ts[0].Class {
	case liteparse.String, liteparse.Number, liteparse.Blob:
		return true
	}
	return ts[0].In("null", "true", "false")
}

// host is the new column behind which a new constraint can be written: the only
// one of a foreign key, the last one that a check names.
func (c *change) host(con *lite.Constraint) (id schema.ID) {
	last := -1
	for _, u := range con.Uses {
		if c.old.column(u.Name) != nil {
			if con.Type == lite.ForeignKey {
				return schema.ID{}
			}
			continue
		}
		if i := slices.IndexFunc(c.new.columns, func(col *lite.Column) bool { return col.Self == u }); i > last {
			last, id = i, u
		}
	}
	return id
}

// goesWithColumn tells whether a constraint is written behind a column that is
// dropped, and vanishes with its text.
func (c *change) goesWithColumn(con *lite.Constraint) bool {
	if con.Type != lite.Check && con.Type != lite.ForeignKey {
		return false
	}
	return con.Column != "" && c.old.column(con.Column) != nil && c.new.column(con.Column) == nil
}

// droppable tells whether DROP COLUMN takes the column: it refuses those that a
// key, a constraint of the table or a generated column uses, and the last one.
func (c *change) droppable(col *lite.Column) bool {
	stored := 0
	for _, o := range c.old.columns {
		if o.Self != col.Self && slices.Contains(o.Uses, col.Self) {
			return false
		}
	}
	for _, o := range c.new.columns {
		if !o.IsGenerated() && c.old.column(o.Self.Name) == o {
			stored++
		}
	}
	if stored == 0 {
		return false
	}
	for _, con := range c.old.constraints {
		if slices.Contains(con.Uses, col.Self) && (con.Column != col.Self.Name || !c.goesWithColumn(con)) {
			return false
		}
	}
	return true
}
