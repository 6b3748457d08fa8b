package postgres

import (
	"fmt"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// commandWord is the word that SQL commands use for a kind of object.
func commandWord(k schema.Kind) string {
	switch k {
	case pg.KindEnum, pg.KindComposite, pg.KindRange:
		return "TYPE"
	case pg.KindDomainConstraint:
		return "CONSTRAINT"
	}
	return strings.ToUpper(string(k))
}

// address is what follows the keyword in COMMENT ON, DROP and the like.
func (e *emitter) address(id schema.ID) string {
	switch id.Kind {
	case pg.KindColumn:
		return relationOf(id) + "." + ident(id.Name)
	case pg.KindConstraint, pg.KindTrigger, pg.KindPolicy, pg.KindRule:
		return ident(id.Name) + " ON " + relationOf(id)
	case pg.KindDomainConstraint:
		return ident(id.Name) + " ON DOMAIN " + relationOf(id)
	}
	switch o := e.object(id).(type) {
	case *pg.Function:
		return path(id) + "(" + inputTypes(o.Args) + ")"
	case *pg.Aggregate:
		return path(id) + "(" + aggregateInput(o) + ")"
	case *pg.Operator:
		return operatorName(o.Schema, o.Name) + " (" + operandType(o.Left) + ", " + operandType(o.Right) + ")"
	case *pg.Cast:
		return "(" + typeName(o.From) + " AS " + typeName(o.To) + ")"
	}
	switch id.Kind {
	case pg.KindFunction, pg.KindProcedure, pg.KindAggregate:
		return path(id) + "(" + id.Args + ")"
	case pg.KindOperatorClass, pg.KindOperatorFamily:
		return path(id) + " USING " + ident(id.Args)
	}
	return path(id)
}

// inputTypes are the types by which a routine is told apart.
func inputTypes(args []pg.Argument) string {
	var out []string
	for _, a := range args {
		switch a.Mode {
		case "variadic":
			out = append(out, "VARIADIC "+typeName(a.Type))
		case "out", "table":
		default:
			out = append(out, typeName(a.Type))
		}
	}
	return strings.Join(out, ", ")
}

func operandType(t pg.Type) string {
	if t.IsZero() {
		return "NONE"
	}
	return typeName(t)
}

// operatorName qualifies an operator where its own name is meant.
func operatorName(namespace, name string) string {
	if namespace == "" {
		return name
	}
	return ident(namespace) + "." + name
}

// rename renames an object, or moves it to another schema.
func (e *emitter) rename(old, new schema.Object) {
	from, to := old.ID(), new.ID()
	alter := func(words ...string) { e.emit(words) }
	switch from.Kind {
	case pg.KindColumn:
		alter("ALTER TABLE", relationOf(to), "RENAME COLUMN", ident(from.Name), "TO", ident(to.Name))
		return
	case pg.KindConstraint:
		alter("ALTER TABLE", relationOf(to), "RENAME CONSTRAINT", ident(from.Name), "TO", ident(to.Name))
		return
	case pg.KindDomainConstraint:
		alter("ALTER DOMAIN", relationOf(to), "RENAME CONSTRAINT", ident(from.Name), "TO", ident(to.Name))
		return
	case pg.KindTrigger, pg.KindPolicy, pg.KindRule:
		alter("ALTER", commandWord(from.Kind), ident(from.Name), "ON", relationOf(to), "RENAME TO", ident(to.Name))
		return
	case pg.KindOperator, pg.KindCast, pg.KindExtension, pg.KindDefault, pg.KindComment, pg.KindPrivilege, pg.KindDefaultPrivilege, pg.KindOwner, pg.KindSequenceOwner, pg.KindValidation:
		e.refuse(fmt.Sprintf("PostgreSQL cannot rename a %s", from.Kind), "remove the directive")
		return
	}
	suffix := ""
	switch o := old.(type) {
	case *pg.Function:
		suffix = "(" + inputTypes(o.Args) + ")"
	case *pg.Aggregate:
		suffix = "(" + aggregateInput(o) + ")"
	case *pg.OperatorClass:
		suffix = " USING " + ident(o.Method)
	case *pg.OperatorFamily:
		suffix = " USING " + ident(o.Method)
	}
	namespace := from.Schema
	if namespace != to.Schema {
		if from.Kind == pg.KindIndex {
			e.refuse("an index is in the schema of its table", "move the table")
			return
		}
		alter("ALTER", commandWord(from.Kind), path(from)+suffix, "SET SCHEMA", ident(to.Schema))
		namespace = to.Schema
	}
	if from.Name != to.Name {
		alter("ALTER", commandWord(from.Kind), qualify(namespace, from.Name)+suffix, "RENAME TO", ident(to.Name))
	}
}
