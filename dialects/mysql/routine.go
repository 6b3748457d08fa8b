package mysql

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// routines writes stored procedures and functions.
type routines struct{}

func routineWord(r *my.Routine) string { return strings.ToUpper(string(r.Self.Kind)) }

func (routines) create(r *my.Routine, e *emitter) {
	e.program("CREATE ", e.routineDefinition(r), r.SQLMode)
}

func (routines) drop(r *my.Routine, e *emitter) {
	e.statement("DROP "+routineWord(r)+" "+quote(r.Self.Name), facts{})
}

func (routines) rename(old, new *my.Routine, e *emitter) {
	e.statement("DROP "+routineWord(old)+" "+quote(old.Self.Name), facts{})
	e.program("CREATE ", e.routineDefinition(new), new.SQLMode)
}

// alter: ALTER PROCEDURE changes characteristics; MariaDB replaces the whole in
// one statement, and keeps the privileges on it.
func (routines) alter(old, new *my.Routine, e *emitter) {
	altered := *old
	altered.DataAccess, altered.Security, altered.Comment = new.DataAccess, new.Security, new.Comment
	if schema.Equal(&altered, new) {
		e.statement("ALTER "+routineWord(new)+" "+quote(new.Self.Name)+characteristics(new, my.SQLMode{}, true), facts{})
		*old = altered
		return
	}
	if !e.orReplace {
		return
	}
	e.program("CREATE OR REPLACE ", e.routineDefinition(new), new.SQLMode)
	old.Params, old.Returns, old.Aggregate = new.Params, new.Returns, new.Aggregate
	old.Definer, old.Deterministic, old.DataAccess, old.Security = new.Definer, new.Deterministic, new.DataAccess, new.Security
	old.Comment, old.Language, old.SQLMode, old.Body = new.Comment, new.Language, new.SQLMode, new.Body
}

func (e *emitter) routineDefinition(r *my.Routine) string {
	var b strings.Builder
	b.WriteString(e.definer(r.Definer))
	if r.Aggregate {
		b.WriteString("AGGREGATE ")
	}
	b.WriteString(routineWord(r) + " " + quote(r.Self.Name) + " (")
	for i, p := range r.Params {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(e.paramSQL(p))
	}
	b.WriteString(")")
	if r.Returns != nil {
		word := " RETURNS "
		if slices.Contains(r.SQLMode.Modes, "ORACLE") {
			word = " RETURN "
		}
		b.WriteString(word + e.paramSQL(*r.Returns))
	}
	if r.Language != "" {
		b.WriteString("\n  LANGUAGE " + r.Language)
	}
	if r.Deterministic {
		b.WriteString("\n  DETERMINISTIC")
	}
	b.WriteString(characteristics(r, r.SQLMode, false) + "\n" + r.Body.Text)
	return b.String()
}

// characteristics are those that ALTER can change, for a statement under these
// modes; all of them, or those that are not the default.
func characteristics(r *my.Routine, m my.SQLMode, all bool) string {
	s := ""
	if r.DataAccess != "" && (all || r.DataAccess != "CONTAINS SQL") {
		s += "\n  " + r.DataAccess
	}
	if r.Security != "" && (all || r.Security != "DEFINER") {
		s += "\n  SQL SECURITY " + r.Security
	}
	if r.Comment != "" || all {
		s += "\n  COMMENT " + literalUnder(m, r.Comment)
	}
	return s
}

func (e *emitter) paramSQL(p my.Param) string {
	if p.Text != "" {
		return p.Text
	}
	var parts []string
	if p.Mode != "" {
		parts = append(parts, p.Mode)
	}
	if p.Name != "" {
		parts = append(parts, quote(p.Name))
	}
	if p.TypeOf != "" {
		parts = append(parts, p.TypeOf)
	} else {
		parts = append(parts, typeText(p.Type))
	}
	inherited := e.setting(settingCollation)
	if p.Charset != "" && p.Charset != e.databaseCharset() {
		parts = append(parts, "CHARSET "+p.Charset)
		inherited = e.setting(collationOf + p.Charset)
	}
	if p.Collation != "" && p.Collation != inherited {
		parts = append(parts, "COLLATE "+p.Collation)
	}
	if !p.Default.IsZero() {
		parts = append(parts, "DEFAULT "+p.Default.Text)
	}
	return strings.Join(parts, " ")
}
