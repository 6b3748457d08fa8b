package mysql

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// information_schema leaves out, without a word, what a user has no privileges
// on. What cannot be seen is told, and never planned to be created: it may be
// there.

// unseen is a sort of objects that the user cannot see.
type unseen struct {
	what  string // "triggers"
	lacks string // the privilege, as GRANT names it
}

// lacks tells which privilege is missing to see an object of a table (or of the
// database, if the object has no table); "" if none is. The rules are those of
// the manuals (The INFORMATION_SCHEMA TRIGGERS, EVENTS, ROUTINES Table), and of
// MariaDB 10.11 itself for foreign keys.
func (p *privileges) lacks(kind schema.Kind, table string) unseen {
	switch kind {
	case my.KindTable, my.KindView, my.KindSequence:
		if !p.any("", func(g grant) bool { return g.beyond("USAGE", "") }) {
			return unseen{"tables and views", "any privilege"}
		}
	case my.KindColumn:
		if !p.any(table, func(g grant) bool { return !g.columns && g.beyond("USAGE", "") }) {
			return unseen{"columns", "SELECT"}
		}
	case my.KindForeignKey:
		if p != nil && p.mariadb && !p.any(table, func(g grant) bool { return !g.columns && g.beyond("USAGE", "SELECT", "") }) {
			return unseen{"foreign keys", "a privilege besides SELECT, such as REFERENCES,"}
		}
	case my.KindTrigger:
		if !p.has(table, "TRIGGER") {
			return unseen{"triggers", "TRIGGER"}
		}
	case my.KindEvent:
		if !p.has("", "EVENT") {
			return unseen{"events", "EVENT"}
		}
	case my.KindProcedure, my.KindFunction:
		if !p.has("", "EXECUTE", "CREATE ROUTINE", "ALTER ROUTINE", "SHOW ROUTINE", "SHOW CREATE ROUTINE", "SHOW_ROUTINE") && !p.routines() {
			return unseen{"routines", "EXECUTE or CREATE ROUTINE"}
		}
	}
	return unseen{}
}

// routines: MariaDB shows routines to those who may read mysql.proc, MySQL to
// those who have SELECT on everything.
func (p *privileges) routines() bool {
	if p.mariadb {
		return p.system("proc")
	}
	return slices.ContainsFunc(p.grants, func(g grant) bool { return g.database == "" && g.holds("SELECT", "SHOW_ROUTINE") })
}

// blindSpots notes what the user cannot see of the database.
func (r *inspection) blindSpots() {
	p := r.rights.Load()
	if p == nil {
		return
	}
	whole := "database " + quote(p.database)
	for _, kind := range [...]schema.Kind{my.KindTable, my.KindProcedure, my.KindEvent} {
		if u := p.lacks(kind, ""); u.what != "" {
			r.note("%s cannot be seen, as far as the user %s has no privileges on them: that needs %s on %s", u.what, p.user, u.lacks, whole)
		}
	}
	for _, kind := range [...]schema.Kind{my.KindColumn, my.KindForeignKey, my.KindTrigger} {
		var u unseen
		var tables []string
		for _, t := range r.relations {
			if x := p.lacks(kind, t.name); x.what != "" {
				u, tables = x, append(tables, quote(t.name))
			}
		}
		switch on := "table " + strings.Join(tables, ", "); {
		case len(tables) == 0:
		case len(tables) == len(r.relations) && len(tables) > 1:
			r.note("%s cannot be seen: the user %s lacks %s on %s", u.what, p.user, u.lacks, whole)
		default:
			r.note("%s cannot be seen: the user %s lacks %s on %s", u.what, p.user, u.lacks, on)
		}
	}
}

// visible fails if a plan creates what may be there already: what the user
// cannot see, and what is there and cannot be read.
func (b *bound) visible(d *planner.Delta) error {
	for _, ch := range d.Changes {
		id := ch.ID()
		if ch.Verb != planner.Create || d.Current.Len() == 0 && d.Desired.Origin[id].IsZero() { // an export
			continue
		}
		at := func(hint, format string, args ...any) error {
			return &parser.Error{Pos: d.Desired.Origin[id], Message: fmt.Sprintf(format, args...), Hint: hint}
		}
		if slices.ContainsFunc(d.Current.Unmanaged, func(u schema.ID) bool { return b.collides(u, id) }) {
			return at("grant the user what it lacks, or leave it out with --exclude", "%s cannot be created: it is there, and its definition cannot be read", id)
		}
		if table, ok := ownTable(ch.New); ok && !d.Current.Has(table) { // nothing can be on it yet
			continue
		} else if u := b.rights.Load().lacks(id.Kind, table.Name); u.what != "" {
			on := quote(b.setting(settingDatabase)) + "." + "*"
			if ok {
				on = quote(b.setting(settingDatabase)) + "." + quote(table.Name)
			}
			return at("grant it, or leave such objects out with --exclude",
				"%s: whether it is there already cannot be seen: the user %s lacks %s on %s", id, b.setting(settingUser), u.lacks, on)
		}
	}
	return nil
}

// collides tells whether two objects have one name.
func (b *bound) collides(u, id schema.ID) bool {
	relation := func(k schema.Kind) bool { return k == my.KindTable || k == my.KindView || k == my.KindSequence }
	return u == id || u.Name == id.Name && relation(u.Kind) && relation(id.Kind)
}

// ownTable is the table that an object is a part of, or stands on.
func ownTable(o schema.Object) (schema.ID, bool) {
	if t, ok := o.(*my.Trigger); ok {
		return t.Table, true
	}
	id := o.ID()
	return my.TableOf(id), id.Parent != ""
}
