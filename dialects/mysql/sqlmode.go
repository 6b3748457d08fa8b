package mysql

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// needs is what a statement needs of the session that it runs in.
type needs struct {
	program   my.SQLMode // the sql_mode that a stored program is to keep
	zeroDates bool       // a default is 0000-00-00, which NO_ZERO_DATE refuses
	strict    bool       // a column is no longer to hold NULL, which without a strict mode turns into 0 or ''
	collation string     // of the texts in a view
	timeZone  string     // in which an event's moments are meant
	history   string     // system_versioning_alter_history: KEEP, if columns of a system-versioned table change
}

// sessionVariables are those that statements may need another value of.
var sessionVariables = [...]string{"sql_mode", "collation_connection", "time_zone", settingHistory}

// own are their values in a session.
func (b *bound) own() [len(sessionVariables)]string {
	return [...]string{sessionMode(b.setting(settingSQLMode)), b.setting(settingConnection), b.setting(settingTimeZone), b.setting(settingHistory)}
}

// wanted are their values for a statement.
func (n needs) wanted(own [len(sessionVariables)]string) [len(sessionVariables)]string {
	want := own
	modes := strings.Split(own[0], ",")
	lenient := n.strict && !slices.Contains(modes, "STRICT_ALL_TABLES") && !slices.Contains(modes, "STRICT_TRANS_TABLES")
	if n.zeroDates || lenient {
		modes = without(without(modes, "NO_ZERO_DATE"), "NO_ZERO_IN_DATE")
	}
	if lenient {
		modes = append(modes, "STRICT_ALL_TABLES")
	}
	want[0] = strings.Join(slices.DeleteFunc(modes, func(m string) bool { return m == "" }), ",")
	if n.program.Known {
		want[0] = strings.Join(n.program.Modes, ",")
	}
	for i, v := range [...]string{n.collation, n.timeZone, n.history} {
		if v != "" && own[i+1] != "" {
			want[i+1] = v
		}
	}
	return want
}

// withSettings puts SETs around the statements that need something else of the
// session than it has. A plan is also a script for the server's own client, whose
// sessions have the server's modes.
func (b *bound) withSettings(statements []planner.Statement, needs []needs) []planner.Statement {
	own := b.own()
	client := own
	client[0] = b.setting(settingSQLMode)
	now := client
	var out []planner.Statement
	set := func(want [len(sessionVariables)]string, s planner.Statement) {
		for i, name := range sessionVariables {
			if !sameModes(want[i], now[i]) {
				out = append(out, planner.Statement{SQL: "SET SESSION " + name + " = " + literal(want[i]), Object: s.Object, Verb: s.Verb, Origin: s.Origin, Tx: planner.NoTx})
				now[i] = want[i]
			}
		}
	}
	for i, s := range statements {
		set(needs[i].wanted(own), s)
		out = append(out, s)
	}
	if len(out) > 0 {
		set(client, out[len(out)-1])
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

// history is what has to become of the rows of the past when these clauses
// change columns of a system-versioned table: the server refuses that unless
// the session says that they are to be changed along.
func (e *emitter) history(table schema.ID, clauses []clause) string {
	if e.delta == nil {
		return ""
	}
	if t, ok := schema.Lookup[*my.Table](e.delta.Current, table); !ok || !t.WithSystemVersioning {
		return ""
	}
	for _, c := range clauses {
		if (c.position == atColumn || c.position == atDropColumn) && c.act.Change.ID().Kind == my.KindColumn {
			return "KEEP"
		}
	}
	return ""
}

// endsNull tells whether one of these clauses makes a column NOT NULL.
func endsNull(clauses []clause) bool {
	return slices.ContainsFunc(clauses, func(c clause) bool {
		if c.act.Change == nil || c.act.Half != planner.AlterHalf {
			return false
		}
		old, is := c.act.Change.Old.(*my.Column)
		new, stays := c.act.Change.New.(*my.Column)
		return is && stays && !old.NotNull && new.NotNull
	})
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
