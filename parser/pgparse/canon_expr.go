package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// analyzer does for one expression or query what the server's parse analysis
// does: it looks names up, decides on types and operators, adds the casts that
// nobody writes, and expands abbreviations. What it makes of two texts is the
// same if the server stores them alike.
type analyzer struct {
	*types
	normalizer *normalizer
	scope      *scope
	columns    schema.Bind // how firmly columns are held
	refs       []schema.Ref
	seen       map[schema.Ref]bool
	aliases    map[string]bool // all of the text
	entries    int             // that have been named so far
	grouped    []*node         // columns that the query is grouped by
	recursive  *cte            // the WITH RECURSIVE query whose first branch comes next
}

// unsupported is what the analysis panics with where it does not know what the
// server does; the caller falls back on the text.
type unsupported string

// mistake is what the analysis panics with where the author's text is wrong.
type mistake struct{ error }

func (a *analyzer) refer(bind schema.Bind, ids ...schema.ID) {
	for _, id := range ids {
		r := schema.Ref{To: id, Bind: bind}
		if id.IsZero() || a.refers(r) {
			continue
		}
		a.refs = append(a.refs, r)
		if a.seen != nil {
			a.seen[r] = true
		}
	}
}

// refers tells whether a reference is noted already. Few are looked through; many
// get an index.
func (a *analyzer) refers(r schema.Ref) bool {
	const few = 16
	if len(a.refs) < few {
		return slices.Contains(a.refs, r)
	}
	if a.seen == nil {
		a.seen = map[schema.Ref]bool{}
		for _, x := range a.refs {
			a.seen[x] = true
		}
	}
	return a.seen[r]
}

// use notes what the use of a column entails.
func (a *analyzer) use(c *column) *node {
	for _, r := range c.refs {
		a.refer(r.Bind, r.To)
	}
	return c.node
}

// useType notes the use of a type.
func (a *analyzer) useType(t *builtin.Type) {
	if t != nil {
		a.refer(schema.Steady, t.ID) // a constant of it is kept as it is stored
	}
}

// expr analyses an expression.
func (a *analyzer) expr(n *pg_query.Node) *node {
	switch v := n.GetNode().(type) {
	case *pg_query.Node_AConst:
		return a.constant(v.AConst)
	case *pg_query.Node_ColumnRef:
		return a.columnRef(v.ColumnRef)
	case *pg_query.Node_AExpr:
		return a.aExpr(v.AExpr)
	case *pg_query.Node_TypeCast:
		return a.cast(v.TypeCast)
	case *pg_query.Node_FuncCall:
		return a.call(v.FuncCall)
	case *pg_query.Node_BoolExpr:
		return a.boolExpr(v.BoolExpr)
	case *pg_query.Node_NullTest:
		words := " IS NULL)"
		if v.NullTest.Nulltesttype == pg_query.NullTestType_IS_NOT_NULL {
			words = " IS NOT NULL)"
		}
		return compose(a.boolean, "(", a.expr(v.NullTest.Arg), words)
	case *pg_query.Node_BooleanTest:
		words := strings.ReplaceAll(strings.TrimPrefix(v.BooleanTest.Booltesttype.String(), "IS_"), "_", " ")
		return compose(a.boolean, "(", a.condition(v.BooleanTest.Arg), " IS "+words+")")
	case *pg_query.Node_CaseExpr:
		return a.caseExpr(v.CaseExpr)
	case *pg_query.Node_CoalesceExpr:
		return a.alternatives("COALESCE(", v.CoalesceExpr.Args)
	case *pg_query.Node_MinMaxExpr:
		if v.MinMaxExpr.Op == pg_query.MinMaxOp_IS_LEAST {
			return a.alternatives("LEAST(", v.MinMaxExpr.Args)
		}
		return a.alternatives("GREATEST(", v.MinMaxExpr.Args)
	case *pg_query.Node_SqlvalueFunction:
		return a.valueFunction(v.SqlvalueFunction)
	case *pg_query.Node_SubLink:
		return a.subLink(v.SubLink)
	case *pg_query.Node_RowExpr:
		row := &node{op: opRow, typ: a.record}
		for i, x := range v.RowExpr.Args {
			row.items = append(row.items, a.expr(x))
			row.names = append(row.names, "f"+itoa(int64(i+1)))
		}
		return row
	case *pg_query.Node_AArrayExpr:
		return a.arrayExpr(v.AArrayExpr, typed{})
	case *pg_query.Node_CollateClause:
		arg := a.expr(v.CollateClause.Arg)
		return &node{op: opCollate, typ: arg.typ, mod: arg.mod, text: a.collation(v.CollateClause.Collname), items: []*node{arg}}
	case *pg_query.Node_AIndirection:
		return a.indirection(v.AIndirection)
	case *pg_query.Node_GroupingFunc:
		g := compose(a.int4, "GROUPING(")
		g.append(a.exprs(v.GroupingFunc.Args), ")")
		return g
	case *pg_query.Node_ParamRef:
		return a.paramRef(v.ParamRef)
	case *pg_query.Node_SetToDefault:
		return raw(nil, "DEFAULT")
	}
	return a.rareExpr(n)
}

func (a *analyzer) exprs(list []*pg_query.Node) []*node {
	out := make([]*node, len(list))
	for i, n := range list {
		out[i] = a.expr(n)
	}
	return out
}

// condition is an expression whose value must be a truth value.
func (a *analyzer) condition(n *pg_query.Node) *node {
	return a.coerce(a.expr(n), typed{a.boolean, ""}, assignment)
}

func (a *analyzer) constant(c *pg_query.A_Const) *node {
	switch {
	case c.Isnull:
		return &node{op: opLiteral, typ: a.unknown, null: true}
	case c.GetIval() != nil:
		return &node{op: opConstant, typ: a.int4, text: itoa(int64(c.GetIval().Ival))}
	case c.GetFval() != nil:
		return a.number(c.GetFval().Fval)
	case c.GetBoolval() != nil:
		return &node{op: opConstant, typ: a.boolean, text: constant(c)}
	case c.GetBsval() != nil:
		return &node{op: opConstant, typ: a.facts.Types["bit"], text: bits(c.GetBsval().Bsval)}
	}
	return &node{op: opLiteral, typ: a.unknown, text: c.GetSval().GetSval()}
}

// number is a constant that does not fit into int4, or has a fraction.
func (a *analyzer) number(s string) *node {
	if n, ok := wholeNumber(s); ok {
		if n >= -1<<31 && n < 1<<31 {
			return &node{op: opConstant, typ: a.int4, text: itoa(n)}
		}
		return &node{op: opConstant, typ: a.int8, text: itoa(n)}
	}
	return &node{op: opConstant, typ: a.numeric, text: numericText(s)}
}

func (a *analyzer) cast(c *pg_query.TypeCast) *node {
	t := a.named(c.TypeName)
	a.useType(t.Type)
	if x := c.Arg.GetAArrayExpr(); x != nil && t.Kind == 'a' {
		return a.arrayExpr(x, t)
	}
	arg := a.expr(c.Arg)
	if arg.op == opLiteral && t.Type == a.regclass && !arg.null {
		return a.relationConstant(arg.text)
	}
	return a.coerce(arg, t, explicit)
}

// relationConstant is the name of a relation as a constant of type regclass.
func (a *analyzer) relationConstant(text string) *node {
	namespace, name, ok := splitName(text)
	if ok {
		if id, found := find(a.names, a.names.relations, namespace, name); found {
			a.refer(schema.Exist, id)
			namespace, name = id.Schema, id.Name
		}
		text = quoted(name)
		if namespace != "" && namespace != "pg_catalog" {
			text = quoted(namespace) + "." + text
		}
	}
	return &node{op: opConstant, typ: a.regclass, text: text}
}

func (a *analyzer) boolExpr(b *pg_query.BoolExpr) *node {
	if b.Boolop == pg_query.BoolExprType_NOT_EXPR {
		return compose(a.boolean, "(NOT ", a.condition(b.Args[0]), ")")
	}
	o := opAnd
	if b.Boolop == pg_query.BoolExprType_OR_EXPR {
		o = opOr
	}
	list := make([]*node, len(b.Args))
	for i, x := range b.Args {
		list[i] = a.condition(x)
	}
	return a.join(o, list...)
}

// join combines conditions. What begins with a combination of the same kind
// continues it, as it does when the server reads its own output back.
func (a *analyzer) join(o op, list ...*node) *node {
	if len(list) == 1 {
		return list[0]
	}
	if list[0].op == o {
		list = append(slices.Clone(list[0].items), list[1:]...)
	}
	return &node{op: o, typ: a.boolean, items: list}
}

func (a *analyzer) alternatives(open string, args []*pg_query.Node) *node {
	list := a.unify(a.exprs(args))
	n := compose(list[0].typ, open, list, ")")
	n.mod = sameMod(list)
	return n
}

// unify converts alternatives to their common type.
func (a *analyzer) unify(list []*node) []*node {
	t := a.commonOf(list...)
	for i, x := range list {
		list[i] = a.coerce(x, typed{t, ""}, implicit)
	}
	return list
}

// sameMod is the type modifier that all of a list share.
func sameMod(list []*node) string {
	for _, n := range list {
		if n.mod != list[0].mod || n.typ != list[0].typ {
			return ""
		}
	}
	return list[0].mod
}

func (a *analyzer) caseExpr(c *pg_query.CaseExpr) *node {
	var arg *node
	n := compose(nil, "CASE")
	if c.Arg != nil {
		arg = a.settle(a.expr(c.Arg))
		n.append(" ", arg)
	}
	var whens, results []*node
	otherwise := &node{op: opLiteral, typ: a.unknown, null: true}
	if c.Defresult != nil {
		otherwise = a.expr(c.Defresult)
	}
	results = append(results, otherwise)
	for _, w := range c.Args {
		when := w.GetCaseWhen()
		if arg != nil {
			whens = append(whens, a.rightOperand("=", arg, a.expr(when.Expr)))
		} else {
			whens = append(whens, a.condition(when.Expr))
		}
		results = append(results, a.expr(when.Result))
	}
	results = a.unify(results)
	for i, w := range whens {
		n.append(" WHEN ", w, " THEN ", results[i+1])
	}
	n.append(" ELSE ", results[0], " END")
	n.typ, n.mod = results[0].typ, sameMod(results)
	return n
}

// rightOperand is what an operator makes of its right operand.
func (a *analyzer) rightOperand(name string, left, right *node) *node {
	r := a.apply("", name, left, right)
	return r.items[len(r.items)-1]
}

func (a *analyzer) arrayExpr(x *pg_query.A_ArrayExpr, to typed) *node {
	elements := make([]*node, len(x.Elements))
	for i, e := range x.Elements {
		if sub := e.GetAArrayExpr(); sub != nil {
			elements[i] = a.arrayExpr(sub, to)
		} else {
			elements[i] = a.expr(e)
		}
	}
	if to.Type != nil {
		return a.array(elements, to.Type, to.mod, explicit)
	}
	if len(elements) == 0 {
		return &node{op: opArray}
	}
	elements = a.unify(elements)
	n := &node{op: opArray, items: elements}
	if t := elements[0].typ; t != nil {
		n.typ = a.arrayOf(t)
	}
	return n
}

func (a *analyzer) valueFunction(f *pg_query.SQLValueFunction) *node {
	name := strings.TrimPrefix(f.Op.String(), "SVFOP_")
	name, precision := strings.CutSuffix(name, "_N")
	typ := map[string]string{"CURRENT_DATE": "date", "CURRENT_TIME": "timetz", "CURRENT_TIMESTAMP": "timestamptz",
		"LOCALTIME": "time", "LOCALTIMESTAMP": "timestamp"}[name]
	if typ == "" {
		typ = "name"
	}
	if precision {
		n := raw(a.facts.Types[typ], name+"("+itoa(int64(f.Typmod))+")")
		n.mod = itoa(int64(f.Typmod))
		return n
	}
	return raw(a.facts.Types[typ], name)
}

// collation is the canonical text of a collation's name.
func (a *analyzer) collation(list []*pg_query.Node) string {
	namespace, name := qualifiedName(list)
	if namespace == "pg_catalog" {
		return quoted(name)
	}
	path := a.names.path
	if namespace != "" {
		path = []string{namespace}
	}
	for _, s := range path {
		id := schema.ID{Kind: pg.KindCollation, Schema: s, Name: name}
		if a.normalizer.catalog.Has(id) {
			a.refer(schema.Steady, id)
			return quoted(s) + "." + quoted(name)
		}
	}
	if namespace != "" {
		return quoted(namespace) + "." + quoted(name)
	}
	return quoted(name)
}

func (a *analyzer) paramRef(p *pg_query.ParamRef) *node {
	for s := a.scope; s != nil; s = s.parent {
		if i := int(p.Number) - 1; i >= 0 && i < len(s.arguments) {
			return parameter(i, s.arguments[i].typed)
		}
	}
	return raw(nil, "$"+itoa(int64(p.Number)))
}

// indirection is subscripts and fields: (a).b[1].
func (a *analyzer) indirection(x *pg_query.A_Indirection) *node {
	n := a.expr(x.Arg)
	for _, i := range x.Indirection {
		switch {
		case i.GetAIndices() != nil:
			n = a.subscript(n, i.GetAIndices())
		case i.GetString_() != nil:
			n = a.field(n, i.GetString_().Sval)
		default:
			panic(unsupported("a star in an expression"))
		}
	}
	return n
}

func (a *analyzer) subscript(n *node, i *pg_query.A_Indices) *node {
	container := base(n.typ)
	index := typed{a.int4, ""}
	var result *builtin.Type
	switch {
	case container == nil:
		index = typed{}
	case container.Kind == 'a':
		if result = container.Elem; i.IsSlice {
			result = container
		}
	case container.Name == "jsonb":
		result = container
		index = typed{a.text, ""}
	default:
		index = typed{}
	}
	at := func(x *pg_query.Node) any {
		if x == nil {
			return ""
		}
		e := a.expr(x)
		if container != nil && container.Name == "jsonb" && e.op != opLiteral {
			return e
		}
		return a.coerce(e, index, assignment)
	}
	if container != nil && container != n.typ {
		n = &node{op: opCast, typ: container, items: []*node{n}}
	}
	if i.IsSlice {
		return compose(result, "(", n, ")[", at(i.Lidx), ":", at(i.Uidx), "]")
	}
	return compose(result, "(", n, ")[", at(i.Uidx), "]")
}

// field selects a field of a composite value.
func (a *analyzer) field(n *node, name string) *node {
	out := compose(nil, "(", n, ")."+quoted(name))
	if f := a.fieldOf(n, name); f != nil {
		out.typ, out.mod = f.Type, f.Mod
	}
	return out
}

func (a *analyzer) fieldOf(n *node, name string) *builtin.Field {
	for _, f := range a.fields(n.typ) {
		if f.Name == name {
			return &f
		}
	}
	return nil
}

// fields of a composite type or of a relation's row type; nil if not known.
func (a *analyzer) fields(t *builtin.Type) []builtin.Field {
	t = base(t)
	switch {
	case t == nil:
		return nil
	case len(t.Fields) > 0:
		return t.Fields
	case t.Kind == 'c' && !t.ID.IsZero():
		list, _ := a.relationColumns(t.ID, schema.Exist)
		var out []builtin.Field
		for _, d := range list {
			out = append(out, builtin.Field{Name: d.name, Type: d.Type, Mod: d.mod})
		}
		return out
	}
	return nil
}
