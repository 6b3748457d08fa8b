package mysql

import (
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// foreignKeys writes foreign keys; one cannot be altered, nor renamed.
type foreignKeys struct{}

var foreignKeyFacts = facts{hazards: []planner.Hazard{planner.HazardMayFail, planner.HazardScan}, lock: planner.LockWrite, scan: true}

func (foreignKeys) create(k *my.ForeignKey, e *emitter) {
	c := clause{position: atForeignKey, text: foreignKeyDefinition(k), takes: k.Self.Name,
		settled: k.RefTable == k.Table()} // InnoDB looks at the table as it was before the statement
	if !e.creating {
		c.text, c.facts = e.keepIndex(k)+"ADD "+c.text, foreignKeyFacts
	}
	e.clause(c)
}

// keepIndex writes an index that is there and may once have been made by the
// server: such a one gives way without a word to the one that it makes for a new
// foreign key, and that has the name of the constraint.
func (e *emitter) keepIndex(k *my.ForeignKey) string {
	for _, x := range e.indexes[k.Table()] {
		if !e.made[x.Self] && x.Type == my.Plain && len(x.Parts) == len(k.Columns) && serves(x, k.Columns) && x.Self.Name != k.Self.Name && serverChose(x, x.Self.Name) {
			return "DROP INDEX " + quote(x.Self.Name) + ",\n  ADD " + e.indexDefinition(x) + ",\n  "
		}
	}
	return ""
}

func (foreignKeys) drop(k *my.ForeignKey, e *emitter) {
	e.clause(clause{position: atDropForeignKey, text: "DROP FOREIGN KEY " + quote(k.Self.Name), frees: k.Self.Name})
}

func (foreignKeys) rename(old, new *my.ForeignKey, e *emitter) {
	e.statement("ALTER TABLE "+quote(new.Self.Parent)+"\n  DROP FOREIGN KEY "+quote(old.Self.Name)+",\n  ADD "+foreignKeyDefinition(new)+e.online(",\n  "), foreignKeyFacts)
}

func (foreignKeys) alter(_, _ *my.ForeignKey, _ *emitter) {}

func foreignKeyDefinition(k *my.ForeignKey) string {
	s := "CONSTRAINT " + quote(k.Self.Name) + " FOREIGN KEY (" + quoteAll(names(k.Columns)) + ") REFERENCES " + qualified(k.RefTable) + " (" + quoteAll(names(k.RefColumns)) + ")"
	if k.Match != "" {
		s += " MATCH " + k.Match
	}
	if k.OnDelete != "" {
		s += " ON DELETE " + k.OnDelete
	}
	if k.OnUpdate != "" {
		s += " ON UPDATE " + k.OnUpdate
	}
	return s
}

// names are those of some objects.
func names(ids []schema.ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = id.Name
	}
	return out
}

// qualified writes a table's name, with its database if that is another one.
func qualified(id schema.ID) string {
	if id.Schema == "" {
		return quote(id.Name)
	}
	return quote(id.Schema) + "." + quote(id.Name)
}
