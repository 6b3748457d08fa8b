package mysql

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// needs is the sql_mode that a statement has to run under.
type needs struct {
	program   my.SQLMode // what the author's mode was, of a stored program
	zeroDates bool       // a default is 0000-00-00, which NO_ZERO_DATE refuses
}

// withModes puts SETs around the statements that need another sql_mode than
// the session's.
func (b *bound) withModes(statements []planner.Statement, needs []needs) []planner.Statement {
	own := sessionMode(b.setting(settingSQLMode))
	now := own
	var out []planner.Statement
	set := func(mode string, s planner.Statement) {
		if !sameModes(mode, now) {
			out = append(out, planner.Statement{SQL: "SET SESSION sql_mode = " + literal(mode), Object: s.Object, Verb: s.Verb, Origin: s.Origin, Tx: planner.NoTx})
			now = mode
		}
	}
	for i, s := range statements {
		mode := own
		if needs[i].zeroDates {
			mode = strings.Join(without(without(strings.Split(own, ","), "NO_ZERO_DATE"), "NO_ZERO_IN_DATE"), ",")
		}
		if p := needs[i].program; p.Known {
			mode = strings.Join(p.Modes, ",")
		}
		set(mode, s)
		out = append(out, s)
	}
	if len(out) > 0 {
		set(own, out[len(out)-1])
	}
	return out
}

// zeroDates tells whether a table, as it will be, has a default that is no date.
func (e *emitter) zeroDates(table schema.ID) bool {
	for _, c := range e.columns[table] {
		if strings.HasPrefix(c.Default.Canon, "'0000-00-00") {
			return true
		}
	}
	return false
}

func sameModes(a, b string) bool {
	x, y := strings.Split(a, ","), strings.Split(b, ",")
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// script is a statement as the command line clients take it, which split a
// script at semicolons. The delimiter does not occur in the statement.
func script(sql string) string {
	if !strings.Contains(sql, ";") {
		return ""
	}
	d := ";;"
	for strings.Contains(sql, d) {
		d += ";"
	}
	return "DELIMITER " + d + "\n" + sql + d + "\nDELIMITER ;"
}
