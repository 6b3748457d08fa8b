package postgres

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type operatorKind struct{}

func (operatorKind) Create(o *pg.Operator, e *emitter) {
	lines := []string{"FUNCTION = " + o.Function}
	if !o.Left.IsZero() {
		lines = append(lines, "LEFTARG = "+typeName(o.Left))
	}
	lines = append(lines, "RIGHTARG = "+typeName(o.Right))
	e.emit(sql("CREATE OPERATOR", operatorName(o.Schema, o.Name), "(\n    "+strings.Join(append(lines, operatorProperties(&pg.Operator{}, o)...), ",\n    ")+"\n)"))
}

// operatorProperties are the properties of an operator that differ.
func operatorProperties(old, new *pg.Operator) []string {
	var out []string
	add := func(is bool, property string) {
		if is {
			out = append(out, property)
		}
	}
	add(changed(&old.Commutator, new.Commutator), "COMMUTATOR = "+operatorUse(new.Commutator))
	add(changed(&old.Negator, new.Negator), "NEGATOR = "+operatorUse(new.Negator))
	add(changed(&old.Restrict, new.Restrict), "RESTRICT = "+orDefault(new.Restrict, "NONE"))
	add(changed(&old.Join, new.Join), "JOIN = "+orDefault(new.Join, "NONE"))
	add(changed(&old.Hashes, new.Hashes), "HASHES")
	add(changed(&old.Merges, new.Merges), "MERGES")
	return out
}

func (operatorKind) Drop(o *pg.Operator, e *emitter) { e.drop(o.ID()) }

// Alter: the estimators can always be changed, and since 17 what was not given
// before can be added.
func (operatorKind) Alter(old, new *pg.Operator, e *emitter) {
	fixed := old.Hashes && !new.Hashes || old.Merges && !new.Merges ||
		old.Commutator != "" && old.Commutator != new.Commutator || old.Negator != "" && old.Negator != new.Negator
	adds := old.Hashes != new.Hashes || old.Merges != new.Merges || old.Commutator != new.Commutator || old.Negator != new.Negator
	if old.Function != new.Function || fixed || adds && !e.at(17) {
		return
	}
	e.emit(sql("ALTER OPERATOR", e.address(new.ID()), "SET ("+strings.Join(operatorProperties(old, new), ", ")+")"))
}

type operatorFamilyKind struct{}

func (operatorFamilyKind) Create(f *pg.OperatorFamily, e *emitter) {
	e.emit(sql("CREATE OPERATOR FAMILY", e.address(f.ID())))
	alterFamily(f, "ADD", f.Items, e)
}

func (operatorFamilyKind) Drop(f *pg.OperatorFamily, e *emitter) { e.drop(f.ID()) }

func (operatorFamilyKind) Alter(old, new *pg.OperatorFamily, e *emitter) {
	same := func(a pg.OpItem) func(pg.OpItem) bool {
		return func(b pg.OpItem) bool {
			return schema.Equal(&pg.OperatorFamily{Items: []pg.OpItem{a}}, &pg.OperatorFamily{Items: []pg.OpItem{b}})
		}
	}
	var gone, come []pg.OpItem
	for _, i := range old.Items {
		if !slices.ContainsFunc(new.Items, same(i)) {
			gone = append(gone, i)
		}
	}
	for _, i := range new.Items {
		if !slices.ContainsFunc(old.Items, same(i)) {
			come = append(come, i)
		}
	}
	alterFamily(new, "DROP", gone, e)
	alterFamily(new, "ADD", come, e)
	old.Items = new.Items
}

func alterFamily(f *pg.OperatorFamily, verb string, items []pg.OpItem, e *emitter) {
	if len(items) == 0 {
		return
	}
	lines := make([]string, len(items))
	for i, item := range items {
		lines[i] = familyItem(item, verb == "DROP")
	}
	e.emit(sql("ALTER OPERATOR FAMILY", e.address(f.ID()), verb, "\n    "+strings.Join(lines, ",\n    ")))
}

func familyItem(i pg.OpItem, drop bool) string {
	types := "(" + typeName(i.Left) + ", " + typeName(i.Right) + ")"
	word := choose(i.Function, "FUNCTION", "OPERATOR")
	switch {
	case drop:
		return fmt.Sprintf("%s %d %s", word, i.Number, types)
	case i.Function:
		return fmt.Sprintf("FUNCTION %d %s %s", i.Number, types, functionWithTypes(i))
	}
	return fmt.Sprintf("OPERATOR %d %s %s", i.Number, i.Name, types) + orderBy(i)
}

func orderBy(i pg.OpItem) string {
	if i.OrderBy == "" {
		return ""
	}
	return " FOR ORDER BY " + i.OrderBy
}

func functionWithTypes(i pg.OpItem) string {
	types := make([]string, len(i.Types))
	for n, t := range i.Types {
		types[n] = typeName(t)
	}
	return i.Name + "(" + strings.Join(types, ", ") + ")"
}

type operatorClassKind struct{}

func (operatorClassKind) Create(c *pg.OperatorClass, e *emitter) {
	words := sql("CREATE OPERATOR CLASS", path(c.ID()), choose(c.Default, "DEFAULT", ""), "FOR TYPE", typeName(c.Type), "USING", ident(c.Method))
	if c.FamilyName != "" {
		words = append(words, "FAMILY "+c.FamilyName)
	} else if !c.Family.IsZero() {
		words = append(words, "FAMILY "+path(c.Family))
	}
	var lines []string
	for _, i := range c.Items {
		own := i.Left == c.Type && i.Right == c.Type || i.Left.IsZero()
		types := choose(own, "", " ("+typeName(i.Left)+", "+typeName(i.Right)+")")
		if i.Function {
			lines = append(lines, fmt.Sprintf("FUNCTION %d%s %s", i.Number, types, functionWithTypes(i)))
		} else {
			lines = append(lines, fmt.Sprintf("OPERATOR %d %s%s", i.Number, i.Name, types)+orderBy(i))
		}
	}
	if !c.Storage.IsZero() {
		lines = append(lines, "STORAGE "+typeName(c.Storage))
	}
	if len(lines) == 0 {
		lines = append(lines, "STORAGE "+typeName(c.Type))
	}
	e.emit(append(words, "AS\n    "+strings.Join(lines, ",\n    ")))
}

// Drop: a family that came with the class goes with it.
func (operatorClassKind) Drop(c *pg.OperatorClass, e *emitter) {
	if c.Family.IsZero() && c.FamilyName == "" {
		e.emit(sql("DROP OPERATOR FAMILY", e.address(c.ID())))
		return
	}
	e.drop(c.ID())
}

// Alter: there is no command that changes an operator class.
func (operatorClassKind) Alter(_, _ *pg.OperatorClass, _ *emitter) {}

type castKind struct{}

func (castKind) Create(c *pg.Cast, e *emitter) {
	how := "WITHOUT FUNCTION"
	switch c.Method {
	case "function":
		how = "WITH FUNCTION " + c.Function
	case "inout":
		how = "WITH INOUT"
	}
	context := ""
	if c.Context == "assignment" || c.Context == "implicit" {
		context = "AS " + strings.ToUpper(c.Context)
	}
	e.emit(sql("CREATE CAST", e.address(c.ID()), how, context))
}

func (castKind) Drop(c *pg.Cast, e *emitter) { e.drop(c.ID()) }

// Alter: there is no command that changes a cast.
func (castKind) Alter(_, _ *pg.Cast, _ *emitter) {}
