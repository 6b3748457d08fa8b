package mysql

import (
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema/my"
)

// views writes views.
type views struct{}

func (views) create(v *my.View, e *emitter) { e.view("CREATE ", v) }

// view adds the statement of a view.
func (e *emitter) view(create string, v *my.View) {
	s := e.finished(create+e.viewDefinition(v), []planner.Act{e.act}, e.act.Change.ID(), facts{})
	e.add(s, needs{collation: v.ConnectionCollation})
}

func (views) drop(v *my.View, e *emitter) {
	e.statement("DROP VIEW "+quote(v.Self.Name), facts{})
}

func (views) rename(old, new *my.View, e *emitter) {
	e.statement("RENAME TABLE "+quote(old.Self.Name)+" TO "+quote(new.Self.Name), facts{})
}

// alter: CREATE OR REPLACE changes all of a view, and keeps its privileges,
// which belong to its name.
func (views) alter(old, new *my.View, e *emitter) {
	e.view("CREATE OR REPLACE ", new)
	old.Algorithm, old.Definer, old.Security = new.Algorithm, new.Definer, new.Security
	old.Columns, old.Query, old.CheckOption = new.Columns, new.Query, new.CheckOption
}

func (e *emitter) viewDefinition(v *my.View) string {
	var b strings.Builder
	if v.Algorithm != "" && v.Algorithm != "UNDEFINED" {
		b.WriteString("ALGORITHM=" + v.Algorithm + " ")
	}
	b.WriteString(e.definer(v.Definer))
	if v.Security != "" && v.Security != "DEFINER" {
		b.WriteString("SQL SECURITY " + v.Security + " ")
	}
	b.WriteString("VIEW " + quote(v.Self.Name))
	if len(v.Columns) > 0 {
		b.WriteString(" (" + quoteAll(v.Columns) + ")")
	}
	b.WriteString(" AS\n" + v.Query.Text)
	if v.CheckOption != "" {
		b.WriteString("\nWITH " + v.CheckOption + " CHECK OPTION")
	}
	return b.String()
}

// definer is the clause, with a space behind it; nothing if it is the session's
// own user, or if the author did not say it.
func (e *emitter) definer(who string) string {
	if who == "" || who == e.setting(settingUser) {
		return ""
	}
	return "DEFINER=" + account(who) + " "
}
