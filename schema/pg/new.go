package pg

import "github.com/trueup-sql/trueup/schema"

// constructors make an empty object of each of [Kinds], in their order.
var constructors = [len(Kinds)]func() schema.Object{
	func() schema.Object { return &Namespace{} }, func() schema.Object { return &Extension{} },
	func() schema.Object { return &Language{} }, func() schema.Object { return &Collation{} },
	func() schema.Object { return &Enum{} }, func() schema.Object { return &Composite{} },
	func() schema.Object { return &Domain{} }, func() schema.Object { return &Range{} },
	func() schema.Object { return &DomainConstraint{} },
	func() schema.Object { return &Function{} }, func() schema.Object { return &Function{Procedure: true} },
	func() schema.Object { return &Aggregate{} }, func() schema.Object { return &Operator{} },
	func() schema.Object { return &OperatorFamily{} }, func() schema.Object { return &OperatorClass{} },
	func() schema.Object { return &Cast{} },
	func() schema.Object { return &TSObject{Of: KindTSDictionary} }, func() schema.Object { return &TSObject{Of: KindTSConfiguration} },
	func() schema.Object { return &TSObject{Of: KindTSTemplate} }, func() schema.Object { return &TSObject{Of: KindTSParser} },
	func() schema.Object { return &Sequence{} }, func() schema.Object { return &Table{} },
	func() schema.Object { return &Column{} }, func() schema.Object { return &Default{} },
	func() schema.Object { return &SequenceOwner{} }, func() schema.Object { return &Constraint{} },
	func() schema.Object { return &Validation{} },
	func() schema.Object { return &Index{} }, func() schema.Object { return &Statistics{} },
	func() schema.Object { return &View{} }, func() schema.Object { return &MaterializedView{} },
	func() schema.Object { return &Rule{} }, func() schema.Object { return &Trigger{} },
	func() schema.Object { return &Policy{} }, func() schema.Object { return &EventTrigger{} },
	func() schema.Object { return &Publication{} }, func() schema.Object { return &Ownership{} },
	func() schema.Object { return &Privilege{} }, func() schema.Object { return &DefaultPrivilege{} },
	func() schema.Object { return &Comment{} },
}

// New makes an empty object of a kind; nil if there is no such kind.
func New(kind schema.Kind) schema.Object {
	for i, k := range Kinds {
		if k == kind {
			return constructors[i]()
		}
	}
	return nil
}
