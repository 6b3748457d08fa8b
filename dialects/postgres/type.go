package postgres

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type compositeKind struct{}

func (compositeKind) Create(t *pg.Composite, e *emitter) { e.emit(createComposite(t)) }

func createComposite(t *pg.Composite) []string {
	lines := make([]string, len(t.Attributes))
	for i, a := range t.Attributes {
		lines[i] = attributeDefinition(a)
	}
	list := "()"
	if len(lines) > 0 {
		list = "(\n    " + strings.Join(lines, ",\n    ") + "\n)"
	}
	return sql("CREATE TYPE", path(t.ID()), "AS", list)
}

func attributeDefinition(a pg.Attribute) string {
	return join(ident(a.Name), typeName(a.Type), attributeCollation(a))
}

func attributeCollation(a pg.Attribute) string {
	if a.Collation == "" {
		return ""
	}
	return "COLLATE " + a.Collation
}

func (compositeKind) Drop(t *pg.Composite, e *emitter) { e.drop(t.ID()) }

// Alter drops, adds and retypes attributes, in typed tables as well. Where
// columns of the type exist, the server refuses to retype, and where attributes
// stand in another order, there is no command: then the type is made anew.
func (compositeKind) Alter(old, new *pg.Composite, e *emitter) {
	find := func(list []pg.Attribute, name string) int {
		return slices.IndexFunc(list, func(a pg.Attribute) bool { return a.Name == name })
	}
	var clauses []string
	after := slices.Clone(old.Attributes)
	retyped := false
	for _, a := range old.Attributes {
		if find(new.Attributes, a.Name) < 0 {
			clauses = append(clauses, "DROP ATTRIBUTE "+ident(a.Name)+" CASCADE")
			after = slices.Delete(after, find(after, a.Name), find(after, a.Name)+1)
		}
	}
	for _, a := range new.Attributes {
		switch i := find(after, a.Name); {
		case i < 0:
			clauses = append(clauses, "ADD ATTRIBUTE "+attributeDefinition(a)+" CASCADE")
			after = append(after, a)
		case after[i] != a:
			clauses = append(clauses, join("ALTER ATTRIBUTE", ident(a.Name), "TYPE", typeName(a.Type), attributeCollation(a), "CASCADE"))
			after[i] = a
			retyped = true
		}
	}
	if gone := slices.ContainsFunc(old.Attributes, func(a pg.Attribute) bool { return find(new.Attributes, a.Name) < 0 }); gone {
		kept := schema.Clone(old)
		for _, a := range new.Attributes {
			if find(kept.Attributes, a.Name) < 0 {
				kept.Attributes = append(kept.Attributes, a)
			}
		}
		e.lose("attributes", kept)
	}
	switch {
	case !slices.Equal(after, new.Attributes) || retyped && e.delta != nil && e.hasColumns(new.ID()):
		before := slices.Clone(old.Attributes)
		e.recreate(new.ID(), createComposite(new), func(c *pg.Column, column string) string { return e.rebuild(c, column, before, new.Attributes) })
	case retyped:
		e.disturb(schema.Steady)
		fallthrough
	case len(clauses) > 0:
		e.emit(sql("ALTER TYPE", path(new.ID()), strings.Join(clauses, ", ")))
	}
	old.Attributes = new.Attributes
}

// hasColumns tells whether columns are of a type.
func (e *emitter) hasColumns(id schema.ID) bool {
	for c := range schema.Each[*pg.Column](e.delta.Current) {
		if c.Type.Ref == id {
			return true
		}
	}
	return false
}

// rebuild makes a value of a composite type out of the old one's attributes.
func (e *emitter) rebuild(c *pg.Column, column string, old, new []pg.Attribute) string {
	if c.Type.Array {
		return throughText(c, column)
	}
	fields := make([]string, len(new))
	for i, a := range new {
		fields[i] = "NULL"
		for _, o := range old {
			if o.Name == a.Name {
				fields[i] = "(" + column + ")." + ident(a.Name)
				if o.Type != a.Type {
					fields[i] = orDefault(e.convert(o.Type, a.Type, fields[i]).using, fields[i]+"::"+typeName(a.Type))
				}
			}
		}
	}
	return "CASE WHEN " + column + "::text IS NOT NULL THEN ROW(" + strings.Join(fields, ", ") + ")::" + typeName(c.Type) + " END"
}

type domainKind struct{}

// Create takes in the domain's constraints.
func (domainKind) Create(d *pg.Domain, e *emitter) {
	var own []*pg.DomainConstraint
	for _, a := range e.step.Acts {
		if c, ok := a.Change.New.(*pg.DomainConstraint); ok && a.Half == planner.CreateHalf && c.Domain == d.ID() && !c.NotValid {
			if _, ok := take[*pg.DomainConstraint](e, c.ID()); ok {
				own = append(own, c)
			}
		}
	}
	e.emit(e.createDomain(d, own))
}

func (e *emitter) createDomain(d *pg.Domain, own []*pg.DomainConstraint) []string {
	words := sql("CREATE DOMAIN", path(d.ID()), "AS", typeName(d.Type))
	if d.Collation != "" {
		words = append(words, "COLLATE "+d.Collation)
	}
	base, _ := e.object(d.Type.Ref).(*pg.Domain)
	switch over := base != nil && !base.Default.IsZero(); {
	case over && d.Default.IsZero():
		words = append(words, "DEFAULT NULL")
	case !d.Default.IsZero() && !(over && d.Default.Equal(base.Default)): // else it comes from the domain below
		words = append(words, "DEFAULT "+defaultText(d.Default.Text))
	}
	if d.NotNull {
		words = append(words, "NOT NULL")
	}
	for _, c := range own {
		words = append(words, choose(len(own) > 1, "\n    ", "")+e.domainCheck(c))
	}
	return words
}

func (domainKind) Drop(d *pg.Domain, e *emitter) { e.drop(d.ID()) }

func (domainKind) Alter(old, new *pg.Domain, e *emitter) {
	id := new.ID()
	if old.Type != new.Type || old.Collation != new.Collation {
		from := old.Type
		e.recreate(id, e.createDomain(new, nil), func(c *pg.Column, column string) string {
			if c.Type.Array {
				return throughText(c, column)
			}
			return orDefault(e.convert(from, new.Type, column).using, column+"::"+typeName(new.Type)) + "::" + typeName(c.Type)
		})
		*old = *schema.Clone(new)
		return
	}
	if changedExpr(&old.Default, new.Default) {
		e.emit(sql("ALTER DOMAIN", path(id), choose(new.Default.IsZero(), "DROP DEFAULT", "SET DEFAULT "+new.Default.Text)))
	}
	if changed(&old.NotNull, new.NotNull) {
		e.emit(sql("ALTER DOMAIN", path(id), choose(new.NotNull, "SET NOT NULL", "DROP NOT NULL")), hazard(planner.HazardScan))
	}
}

type domainConstraintKind struct{}

func (e *emitter) domainCheck(c *pg.DomainConstraint) string {
	name := "CONSTRAINT " + ident(c.Name)
	if e.fresh(c.Domain) && c.Name == chosenName(c.Domain.Name, "", "check") && e.constraintsNamed(c.Domain.Schema, c.Name) == 1 {
		name = ""
	}
	return join(name, "CHECK", parenthesized(c.Check.Text), choose(c.NotValid, "NOT VALID", ""))
}

func (domainConstraintKind) Create(c *pg.DomainConstraint, e *emitter) {
	e.emit(sql("ALTER DOMAIN", path(c.Domain), "ADD", e.domainCheck(c)), hazard(planner.HazardScan, planner.HazardMayFail), e.weakened())
}

func (domainConstraintKind) Drop(c *pg.DomainConstraint, e *emitter) {
	e.emit(sql("ALTER DOMAIN", path(c.Domain), "DROP CONSTRAINT", ident(c.Name)))
}

func (domainConstraintKind) Alter(old, new *pg.DomainConstraint, e *emitter) {
	if old.NotValid && !new.NotValid && old.Check.Equal(new.Check) {
		e.emit(sql("ALTER DOMAIN", path(new.Domain), "VALIDATE CONSTRAINT", ident(new.Name)), hazard(planner.HazardScan, planner.HazardMayFail))
		old.NotValid = false
	}
	if weakens(old, new) {
		e.lose(validation, nil)
	}
}

type rangeKind struct{}

func (rangeKind) Create(r *pg.Range, e *emitter) {
	lines := []string{"SUBTYPE = " + typeName(r.Subtype)}
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, name+" = "+value)
		}
	}
	add("SUBTYPE_OPCLASS", r.OpClass)
	add("COLLATION", r.Collation)
	if !r.Canonical.IsZero() {
		add("CANONICAL", path(r.Canonical))
	}
	add("SUBTYPE_DIFF", r.SubtypeDiff)
	if r.Multirange != "" && r.Multirange != multirangeName(r.Name) {
		add("MULTIRANGE_TYPE_NAME", qualify(r.Schema, r.Multirange))
	}
	e.emit(sql("CREATE TYPE", path(r.ID()), "AS RANGE (\n    "+strings.Join(lines, ",\n    ")+"\n)"))
}

// multirangeName is the name that the server chooses for a multirange type.
func multirangeName(name string) string {
	if i := strings.Index(name, "range"); i >= 0 {
		return name[:i] + "multi" + name[i:]
	}
	return clip(name, maxName-len("_multirange")) + "_multirange"
}

func (rangeKind) Drop(r *pg.Range, e *emitter) { e.drop(r.ID()) }

// Alter: there is no command that changes a range type, but for the name of its
// multirange type.
func (rangeKind) Alter(old, new *pg.Range, e *emitter) {
	if was := old.Multirange; slices.Equal(schema.Differing(old, new), []string{"Multirange"}) && changed(&old.Multirange, new.Multirange) {
		e.emit(sql("ALTER TYPE", qualify(new.Schema, was), "RENAME TO", ident(new.Multirange)))
	}
}
