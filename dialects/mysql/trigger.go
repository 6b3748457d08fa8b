package mysql

import (
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// triggers writes triggers.
type triggers struct{}

func (triggers) create(t *my.Trigger, e *emitter) {
	e.program("CREATE ", e.triggerDefinition(t), t.SQLMode)
}

func (triggers) drop(t *my.Trigger, e *emitter) {
	e.statement("DROP TRIGGER "+quote(t.Self.Name), facts{})
}

func (triggers) rename(old, new *my.Trigger, e *emitter) {
	e.statement("DROP TRIGGER "+quote(old.Self.Name), facts{})
	e.program("CREATE ", e.triggerDefinition(new), new.SQLMode)
}

// alter: MariaDB replaces a trigger in one statement, unless it changes tables.
func (triggers) alter(old, new *my.Trigger, e *emitter) {
	if !e.orReplace || old.Table != new.Table {
		return
	}
	e.program("CREATE OR REPLACE ", e.triggerDefinition(new), new.SQLMode)
	old.Timing, old.Event, old.Follows, old.Precedes = new.Timing, new.Event, new.Follows, new.Precedes
	old.Definer, old.SQLMode, old.Body = new.Definer, new.SQLMode, new.Body
}

func (e *emitter) triggerDefinition(t *my.Trigger) string {
	s := e.definer(t.Definer) + "TRIGGER " + quote(t.Self.Name) + " " + t.Timing + " " + t.Event + " ON " + quote(t.Table.Name) + " FOR EACH ROW"
	for _, n := range []struct {
		word string
		id   schema.ID
	}{{"FOLLOWS", t.Follows}, {"PRECEDES", t.Precedes}} {
		if !n.id.IsZero() {
			s += "\n" + n.word + " " + quote(n.id.Name)
		}
	}
	return s + "\n" + t.Body.Text
}

// program adds the statement of a stored program, which keeps the sql_mode of
// the session that creates it. A script needs another delimiter for it than the
// semicolon that its body may hold.
func (e *emitter) program(create, definition string, mode my.SQLMode) {
	e.programIn(create, definition, needs{program: mode})
}

// programIn adds one that needs more of the session.
func (e *emitter) programIn(create, definition string, n needs) {
	sql := create + definition
	s := e.finished(sql, []planner.Act{e.act}, e.act.Change.ID(), facts{})
	s.Script = script(sql)
	e.add(s, n)
}
