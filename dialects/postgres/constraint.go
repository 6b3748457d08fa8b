package postgres

import (
	"fmt"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type constraintKind struct{}

func (constraintKind) Create(c *pg.Constraint, e *emitter) {
	if c.Type == pg.NotNull {
		e.createNotNull(c)
		return
	}
	var notes []note
	scan := !c.NotValid && !c.NotEnforced
	switch {
	case len(schema.Claims(c)) > 0:
		notes = append(notes, scans(c.Table), hazard(planner.HazardIndexBuild, planner.HazardMayFail))
	case c.Type == pg.ForeignKey:
		notes = append(notes, locks(planner.Lock{Object: c.Table, Level: planner.LockWrite, Scan: scan}), lock(c.RefTable, planner.LockWrite))
		if scan {
			notes = append(notes, hazard(planner.HazardScan, planner.HazardMayFail))
		}
	case scan:
		notes = append(notes, scans(c.Table), hazard(planner.HazardMayFail))
	}
	notes = append(notes, e.weakened())
	if c.Only {
		e.emit(sql("ALTER TABLE ONLY", path(c.Table), "ADD", e.constraintDefinition(c)), notes...)
	} else {
		e.alterTable(c.Table, "ADD "+e.constraintDefinition(c), notes...)
	}
	if len(schema.Claims(c)) > 0 {
		e.indexThere(c.Table, c.Name)
	}
}

func (constraintKind) Drop(c *pg.Constraint, e *emitter) {
	if c.Type == pg.NotNull {
		e.dropNotNull(c)
		return
	}
	if !c.Backs.IsZero() && e.dropBacking(c) {
		return
	}
	e.alterTable(c.Table, "DROP CONSTRAINT "+ident(c.Name))
}

func (constraintKind) Alter(old, new *pg.Constraint, e *emitter) {
	name := ident(new.Name)
	validates := new.Type == pg.ForeignKey || new.Type == pg.Check || new.Type == pg.NotNull
	if old.NotValid && !new.NotValid && validates && !new.NotEnforced && !old.NotEnforced {
		e.alterTable(new.Table, "VALIDATE CONSTRAINT "+name, locks(planner.Lock{Object: new.Table, Scan: true}), hazard(planner.HazardScan, planner.HazardMayFail))
		old.NotValid = false
	}
	if weakens(old, new) {
		e.lose(validation, nil)
		return
	}
	if new.Type == pg.ForeignKey {
		alterForeignKey(old, new, e)
	}
	if new.Type == pg.NotNull && changed(&old.NoInherit, new.NoInherit) {
		e.alterTable(new.Table, "ALTER CONSTRAINT "+name+choose(new.NoInherit, " NO INHERIT", " INHERIT"))
	}
	if len(schema.Claims(new)) > 0 {
		alterIndexStorage(qualify(new.Table.Schema, new.Name), new.Table, &old.Options, new.Options, &old.Tablespace, new.Tablespace, e)
	}
}

// validation is what a constraint loses that is known to hold for all rows and
// is made anew as NOT VALID.
const validation = "the validation"

// weakens tells whether nothing changes but that a constraint which is valid
// becomes NOT VALID. There is no command for it but to make it anew; NOT VALID
// is how a constraint is added without a look through the rows, so that hardly
// anyone means it who has had them looked through since.
func weakens(old, new schema.Object) bool {
	return unproven(new) && !unproven(old) && sameDefinition(old, new)
}

func unproven(o schema.Object) bool {
	switch o := o.(type) {
	case *pg.Constraint:
		return o.NotValid
	case *pg.DomainConstraint:
		return o.NotValid
	}
	return false
}

// weakened is a remark on a constraint that is made anew for that.
func (e *emitter) weakened() note {
	return func(s *planner.Statement) {
		if ch := e.act.Change; ch.Verb == planner.Replace && weakens(ch.Old, ch.New) {
			remark(fmt.Sprintf("%s is valid, and is made anew since the file says NOT VALID", ch.ID()))(s)
		}
	}
}

// alterForeignKey: when it is checked, and since 18, whether.
func alterForeignKey(old, new *pg.Constraint, e *emitter) {
	words := ""
	if old.Deferrable != new.Deferrable || old.InitiallyDeferred != new.InitiallyDeferred {
		words += " " + orDefault(deferral(new), "NOT DEFERRABLE")
		old.Deferrable, old.InitiallyDeferred = new.Deferrable, new.InitiallyDeferred
	}
	if old.NotEnforced != new.NotEnforced && e.at(18) {
		words += choose(new.NotEnforced, " NOT ENFORCED", " ENFORCED")
		old.NotEnforced, old.NotValid = new.NotEnforced, new.NotValid
	}
	if words != "" {
		e.alterTable(new.Table, "ALTER CONSTRAINT "+ident(new.Name)+words)
	}
}

func deferral(c *pg.Constraint) string {
	switch {
	case c.InitiallyDeferred:
		return "DEFERRABLE INITIALLY DEFERRED"
	case c.Deferrable:
		return "DEFERRABLE"
	}
	return ""
}

// constraintDefinition is a table constraint with its name, unless the server
// would choose the same.
func (e *emitter) constraintDefinition(c *pg.Constraint) string {
	name := "CONSTRAINT " + ident(c.Name)
	if e.fresh(c.Table) && e.serverNamed(c) {
		name = ""
	}
	return join(name, constraintBody(c), constraintAttributes(c))
}

// constraintBody is the constraint without its name and attributes.
func constraintBody(c *pg.Constraint) string {
	switch c.Type {
	case pg.PrimaryKey:
		return join("PRIMARY KEY", keyColumns(c), constraintIndex(c))
	case pg.Unique:
		return join("UNIQUE", choose(c.NullsNotDistinct, "NULLS NOT DISTINCT", ""), keyColumns(c), constraintIndex(c))
	case pg.ForeignKey:
		period := func(ids []schema.ID) string {
			if !c.WithoutOverlaps || len(ids) == 0 {
				return "(" + columnNames(ids) + ")"
			}
			last := len(ids) - 1
			return "(" + columnNames(ids[:last]) + ", PERIOD " + ident(ids[last].Name) + ")"
		}
		return join("FOREIGN KEY", period(c.Columns), "REFERENCES", path(c.RefTable), period(c.RefColumns), referentialActions(c))
	case pg.Check:
		return "CHECK " + parenthesized(c.Check.Text)
	case pg.NotNull:
		return "NOT NULL " + ident(c.Columns[0].Name)
	}
	return exclusion(c)
}

// inlineConstraint is a constraint in its column's line.
func (e *emitter) inlineConstraint(c *pg.Constraint) string {
	var body string
	switch c.Type {
	case pg.PrimaryKey:
		body = join("PRIMARY KEY", constraintIndex(c))
	case pg.Unique:
		body = join("UNIQUE", choose(c.NullsNotDistinct, "NULLS NOT DISTINCT", ""), constraintIndex(c))
	case pg.ForeignKey:
		body = join("REFERENCES", path(c.RefTable), "("+columnNames(c.RefColumns)+")", referentialActions(c))
	case pg.NotNull:
		body = join(choose(e.serverNamed(c), "", "CONSTRAINT "+ident(c.Name)), "NOT NULL")
	default:
		body = constraintBody(c)
	}
	return join(body, constraintAttributes(c))
}

func keyColumns(c *pg.Constraint) string {
	words := "(" + columnNames(c.Columns)
	if c.WithoutOverlaps {
		words += " WITHOUT OVERLAPS"
	}
	words += ")"
	if len(c.Include) > 0 {
		words += " INCLUDE (" + columnNames(c.Include) + ")"
	}
	return words
}

// constraintIndex is what a constraint says of its index.
func constraintIndex(c *pg.Constraint) string {
	words := with(c.Options)
	if c.Tablespace != "" {
		words = join(words, "USING INDEX TABLESPACE", ident(c.Tablespace))
	}
	return words
}

func referentialActions(c *pg.Constraint) string {
	words := choose(c.MatchFull, "MATCH FULL", "")
	if c.OnUpdate != "" && c.OnUpdate != "no action" {
		words = join(words, "ON UPDATE", strings.ToUpper(c.OnUpdate))
	}
	if c.OnDelete != "" && c.OnDelete != "no action" {
		words = join(words, "ON DELETE", strings.ToUpper(c.OnDelete))
		if len(c.SetColumns) > 0 {
			words += " (" + columnNames(c.SetColumns) + ")"
		}
	}
	return words
}

func exclusion(c *pg.Constraint) string {
	elements := make([]string, len(c.Elements))
	for i, x := range c.Elements {
		operator := x.Operator
		if strings.Contains(operator, ".") && !strings.HasPrefix(operator, "OPERATOR(") {
			operator = "OPERATOR(" + operator + ")"
		}
		elements[i] = indexKey(x.IndexKey) + " WITH " + operator
	}
	words := join("EXCLUDE USING", ident(orDefault(c.Method, "btree")), "("+strings.Join(elements, ", ")+")")
	if len(c.Include) > 0 {
		words += " INCLUDE (" + columnNames(c.Include) + ")"
	}
	words = join(words, constraintIndex(c))
	if !c.Predicate.IsZero() {
		words += " WHERE " + parenthesized(c.Predicate.Text)
	}
	return words
}

func constraintAttributes(c *pg.Constraint) string {
	return join(choose(c.NoInherit, "NO INHERIT", ""), deferral(c), choose(c.NotEnforced, "NOT ENFORCED", ""),
		choose(c.NotValid && !c.NotEnforced, "NOT VALID", ""))
}
