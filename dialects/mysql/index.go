package mysql

import (
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// indexes writes all sorts of indexes, the primary key among them.
type indexes struct{}

// create leaves an index for a foreign key to the server, if that key is
// created in the same plan and gives the index its name, as it always does when
// its own is written.
func (indexes) create(x *my.Index, e *emitter) {
	if k := x.ForForeignKey; !k.IsZero() && e.made[k] && k.Name == x.Self.Name && !e.served(k) {
		return
	}
	c := clause{position: atIndex, ordinal: x.Ordinal.Int(), text: e.indexDefinition(x)}
	if !e.creating {
		c.text = "ADD " + c.text
		c.facts = facts{lock: planner.LockWrite, scan: true}
		if x.IsUnique() {
			c.hazards = append(c.hazards, planner.HazardMayFail)
		}
		if x.Type == my.Primary {
			c.facts.rewrite, c.hazards = true, append(c.hazards, planner.HazardRewrite)
		}
	}
	e.clause(c)
}

// served tells whether an index that goes in this plan would serve a foreign key
// until then, so that the server makes none for it.
func (e *emitter) served(key schema.ID) bool {
	k, ok := schema.Lookup[*my.ForeignKey](e.delta.Desired, key)
	return ok && slices.ContainsFunc(e.before[k.Table()], func(x *my.Index) bool { return serves(x, k.Columns) })
}

func (indexes) drop(x *my.Index, e *emitter) {
	c := clause{position: atDropIndex, ordinal: x.Ordinal.Int(), text: "DROP INDEX " + quote(x.Self.Name)}
	if x.Type == my.Primary {
		c.text, c.facts = "DROP PRIMARY KEY", rewrite
	}
	e.clause(c)
}

func (indexes) rename(old, new *my.Index, e *emitter) {
	table := "ALTER TABLE " + quote(new.Self.Parent)
	if e.renameIndex {
		e.statement(table+" RENAME INDEX "+quote(old.Self.Name)+" TO "+quote(new.Self.Name)+e.online(", "), facts{})
		return
	}
	e.statement(table+"\n  DROP INDEX "+quote(old.Self.Name)+",\n  ADD "+e.indexDefinition(new)+e.online(",\n  "), facts{lock: planner.LockWrite, scan: true})
}

// alter: only whether the optimizer uses an index can be changed.
func (indexes) alter(old, new *my.Index, e *emitter) {
	if old.Invisible != new.Invisible {
		e.clause(clause{position: atIndex, text: "ALTER INDEX " + quote(new.Self.Name) + " " + e.visibility(new.Invisible)})
		old.Invisible = new.Invisible
	}
}

// visibility is the word of MySQL, or MariaDB's, with the opposite meaning.
func (b *bound) visibility(invisible bool) string {
	word := "VISIBLE"
	if b.ignoredIndex {
		if invisible {
			return "IGNORED"
		}
		return "NOT IGNORED"
	}
	if invisible {
		return "INVISIBLE"
	}
	return word
}

var indexWords = map[my.IndexType]string{
	my.Plain: "KEY", my.Primary: "PRIMARY KEY", my.Unique: "UNIQUE KEY", my.Fulltext: "FULLTEXT KEY", my.Spatial: "SPATIAL KEY", my.Vector: "VECTOR KEY",
}

// indexDefinition is an index as a line of CREATE TABLE.
func (e *emitter) indexDefinition(x *my.Index) string {
	var b strings.Builder
	b.WriteString(indexWords[x.Type])
	if x.Type != my.Primary {
		b.WriteString(" " + quote(x.Self.Name))
	}
	b.WriteString(" (" + indexParts(x) + ")")
	if x.Using != "" {
		b.WriteString(" USING " + x.Using)
	}
	put := func(name, value string) {
		if value != "" {
			b.WriteString(" " + name + value)
		}
	}
	put("WITH PARSER ", x.Parser)
	put("KEY_BLOCK_SIZE=", x.KeyBlockSize)
	put("M=", x.M)
	put("DISTANCE=", x.Distance)
	if x.Comment != "" {
		put("COMMENT ", literal(x.Comment))
	}
	if x.Invisible {
		put("", e.visibility(true))
	}
	if x.EngineAttribute != "" {
		put("ENGINE_ATTRIBUTE=", literal(x.EngineAttribute))
	}
	if x.SecondaryEngineAttribute != "" {
		put("SECONDARY_ENGINE_ATTRIBUTE=", literal(x.SecondaryEngineAttribute))
	}
	for _, o := range x.Options {
		put(quote(o.Name), "="+o.Value)
	}
	if x.Clustered != "" {
		put("", "/*T![clustered_index] "+x.Clustered+" */")
	}
	if x.Global {
		put("", "GLOBAL")
	}
	return b.String()
}

func indexParts(x *my.Index) string {
	parts := make([]string, len(x.Parts))
	for i, p := range x.Parts {
		if p.Column.IsZero() {
			parts[i] = "(" + p.Expr.Text + ")"
		} else {
			parts[i] = quote(p.Column.Name)
		}
		if p.Length > 0 {
			parts[i] += "(" + strconv.Itoa(p.Length) + ")"
		}
		if p.Desc {
			parts[i] += " DESC"
		}
	}
	s := strings.Join(parts, ", ")
	if x.WithoutOverlaps != "" {
		s += ", " + quote(x.WithoutOverlaps) + " WITHOUT OVERLAPS"
	}
	return s
}
