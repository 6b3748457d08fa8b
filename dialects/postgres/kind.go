package postgres

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// kind writes the statements of one kind of object.
//
// Alter emits what turns old into new, and sets each field of old that it took
// care of to new's value. What differs afterwards cannot be altered: the object
// is replaced, or, if it holds data, the change is refused. A field that a
// handler forgets can therefore not be passed over in silence.
type kind[T schema.Object] interface {
	Create(T, *emitter)
	Drop(T, *emitter)
	Alter(old, new T, e *emitter)
}

// handler is a kind with its type erased.
type handler struct {
	kind   schema.Kind
	create func(schema.Object, *emitter)
	drop   func(schema.Object, *emitter)
	alter  func(old, new schema.Object, e *emitter)
}

func handle[T schema.Object](name schema.Kind, k kind[T]) handler {
	return handler{
		kind:   name,
		create: func(o schema.Object, e *emitter) { k.Create(o.(T), e) },
		drop:   func(o schema.Object, e *emitter) { k.Drop(o.(T), e) },
		alter:  func(old, new schema.Object, e *emitter) { k.Alter(old.(T), new.(T), e) },
	}
}

// handlers has one entry for every kind of object.
var handlers = [...]handler{
	handle[*pg.Namespace](pg.KindSchema, namespaceKind{}),
	handle[*pg.Extension](pg.KindExtension, extensionKind{}),
	handle[*pg.Language](pg.KindLanguage, languageKind{}),
	handle[*pg.Collation](pg.KindCollation, collationKind{}),
	handle[*pg.Enum](pg.KindEnum, enumKind{}),
	handle[*pg.Composite](pg.KindComposite, compositeKind{}),
	handle[*pg.Domain](pg.KindDomain, domainKind{}),
	handle[*pg.Range](pg.KindRange, rangeKind{}),
	handle[*pg.DomainConstraint](pg.KindDomainConstraint, domainConstraintKind{}),
	handle[*pg.Function](pg.KindFunction, functionKind{}),
	handle[*pg.Function](pg.KindProcedure, functionKind{}),
	handle[*pg.Aggregate](pg.KindAggregate, aggregateKind{}),
	handle[*pg.Operator](pg.KindOperator, operatorKind{}),
	handle[*pg.OperatorFamily](pg.KindOperatorFamily, operatorFamilyKind{}),
	handle[*pg.OperatorClass](pg.KindOperatorClass, operatorClassKind{}),
	handle[*pg.Cast](pg.KindCast, castKind{}),
	handle[*pg.TSObject](pg.KindTSDictionary, textSearchKind{}),
	handle[*pg.TSObject](pg.KindTSConfiguration, textSearchKind{}),
	handle[*pg.TSObject](pg.KindTSTemplate, textSearchKind{}),
	handle[*pg.TSObject](pg.KindTSParser, textSearchKind{}),
	handle[*pg.Sequence](pg.KindSequence, sequenceKind{}),
	handle[*pg.Table](pg.KindTable, tableKind{}),
	handle[*pg.Column](pg.KindColumn, columnKind{}),
	handle[*pg.Default](pg.KindDefault, defaultKind{}),
	handle[*pg.SequenceOwner](pg.KindSequenceOwner, sequenceOwnerKind{}),
	handle[*pg.Constraint](pg.KindConstraint, constraintKind{}),
	handle[*pg.Validation](pg.KindValidation, validationKind{}),
	handle[*pg.Index](pg.KindIndex, indexKind{}),
	handle[*pg.Statistics](pg.KindStatistics, statisticsKind{}),
	handle[*pg.View](pg.KindView, viewKind{}),
	handle[*pg.MaterializedView](pg.KindMaterializedView, materializedViewKind{}),
	handle[*pg.Rule](pg.KindRule, ruleKind{}),
	handle[*pg.Trigger](pg.KindTrigger, triggerKind{}),
	handle[*pg.Policy](pg.KindPolicy, policyKind{}),
	handle[*pg.EventTrigger](pg.KindEventTrigger, eventTriggerKind{}),
	handle[*pg.Publication](pg.KindPublication, publicationKind{}),
	handle[*pg.Ownership](pg.KindOwner, ownershipKind{}),
	handle[*pg.Privilege](pg.KindPrivilege, privilegeKind{}),
	handle[*pg.DefaultPrivilege](pg.KindDefaultPrivilege, defaultPrivilegeKind{}),
	handle[*pg.Comment](pg.KindComment, commentKind{}),
}

// A kind without a handler does not compile.
var _ [len(pg.Kinds)]handler = handlers

// handlerIndex finds a kind's handler; init fills it, since handlers refer to it.
var handlerIndex = map[schema.Kind]*handler{}

func init() {
	for i := range handlers {
		handlerIndex[handlers[i].kind] = &handlers[i]
	}
}

func handlerOf(o schema.Object) *handler { return handlerIndex[o.ID().Kind] }

// changed tells whether a field differs, and accounts for it.
func changed[V comparable](old *V, new V) bool {
	if *old == new {
		return false
	}
	*old = new
	return true
}

// changedExpr is changed for an expression.
func changedExpr(old *schema.Expr, new schema.Expr) bool {
	if old.Equal(new) {
		return false
	}
	*old = new
	return true
}
