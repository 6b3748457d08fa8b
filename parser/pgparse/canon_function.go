package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// routinesOf describes the catalog's routines as the server's are.
func (t *types) routinesOf(c *schema.Catalog) map[string][]*builtin.Function {
	out := map[string][]*builtin.Function{}
	for o := range c.All() {
		switch o := o.(type) {
		case *pg.Function:
			f := &builtin.Function{Name: o.Name, Schema: o.Schema, ID: o.ID(), Kind: 'f', Result: t.of(o.Returns).Type, Set: o.SetOf}
			if o.Window {
				f.Kind = 'w'
			}
			t.parameters(f, o.Args)
			out[o.Name] = append(out[o.Name], f)
		case *pg.Aggregate:
			f := &builtin.Function{Name: o.Name, Schema: o.Schema, ID: o.ID(), Kind: 'a'}
			t.parameters(f, append(slices.Clone(o.Args), o.OrderBy...))
			out[o.Name] = append(out[o.Name], f)
		}
	}
	return out
}

// parameters fills in a routine's arguments.
func (t *types) parameters(f *builtin.Function, args []pg.Argument) {
	for _, a := range args {
		at := t.of(a.Type)
		if a.Mode == "out" || a.Mode == "inout" || a.Mode == "table" {
			f.Out = append(f.Out, builtin.Field{Name: a.Name, Type: at.Type, Mod: at.mod})
			f.Set = f.Set || a.Mode == "table"
		}
		if a.Mode == "out" || a.Mode == "table" {
			continue
		}
		f.Args = append(f.Args, at.Type)
		f.Names = append(f.Names, a.Name)
		f.Variadic = f.Variadic || a.Mode == "variadic"
		if !a.Default.IsZero() {
			f.Defaults++
		}
	}
	switch {
	case len(f.Out) == 1 && f.Result == nil:
		f.Result = f.Out[0].Type
	case len(f.Out) > 1:
		f.Result = t.record
	}
}

// functions lists what a call may mean, by name and number of arguments.
type overload struct {
	*builtin.Function
	// params are the types of the parameters that the arguments go to, in the
	// order of the arguments.
	params []*builtin.Type
	spread int // how many of the arguments the VARIADIC parameter takes; 0 for none
	rank   int
}

// overloads lists the visible functions of a name that n arguments can be passed
// to, the last ones under the given names.
func (a *analyzer) overloads(namespace, name string, n int, argNames []string, variadic bool) []overload {
	var list []overload
	add := func(f *builtin.Function, rank int) {
		o, ok := fit(f, n, argNames, variadic)
		if !ok {
			return
		}
		o.rank = rank
		for i, c := range list {
			if !slices.Equal(c.params, o.params) {
				continue
			}
			// The path decides first; then a function that takes the arguments
			// one by one goes before a variadic one.
			if c.rank < rank || c.rank == rank && c.spread == 0 && o.spread > 0 {
				return
			}
			if c.rank > rank || c.spread > 0 && o.spread == 0 {
				list[i] = o
				return
			}
		}
		list = append(list, o)
	}
	for _, f := range a.facts.Functions[name] {
		switch {
		case f.Extension == "":
			if namespace == "" || namespace == "pg_catalog" {
				add(f, 0)
			}
		case !a.active(f.Extension) || namespace != "" && namespace != a.extensions[f.Extension]:
		default:
			add(f, 1+max(0, a.names.rank(a.extensions[f.Extension])))
		}
	}
	for _, f := range a.userRoutines[name] {
		if r := a.names.rank(f.Schema); namespace == f.Schema || namespace == "" && r >= 0 {
			add(f, 1+r)
		}
	}
	return list
}

// fit tells whether n arguments, the last ones by name, can go to a function.
func fit(f *builtin.Function, n int, argNames []string, variadic bool) (overload, bool) {
	o := overload{Function: f}
	switch {
	case len(argNames) > 0:
		if n > len(f.Args) || len(f.Names) < len(f.Args) {
			return o, false
		}
		positional := n - len(argNames)
		o.params = slices.Clone(f.Args[:positional])
		for _, name := range argNames {
			i := slices.Index(f.Names, name)
			if i < positional {
				return o, false
			}
			o.params = append(o.params, f.Args[i])
		}
		return o, true
	case f.Variadic && !variadic && n >= len(f.Args) && len(f.Args) > 0:
		last := f.Args[len(f.Args)-1]
		elem := last.Elem
		switch last.Name {
		case "any":
			elem = last
		case "anyarray":
			elem = nil
		}
		if elem == nil {
			return o, false
		}
		o.params = slices.Clone(f.Args[:len(f.Args)-1])
		for len(o.params) < n {
			o.params = append(o.params, elem)
		}
		if last.Name != "any" {
			o.spread = n - len(f.Args) + 1
		}
		return o, true
	case n <= len(f.Args) && n >= len(f.Args)-f.Defaults:
		o.params = f.Args[:n]
		return o, true
	}
	return o, false
}

// resolve picks the function that a call means; nil if that cannot be told.
func (a *analyzer) resolve(list []overload, args []*builtin.Type) *overload {
	for i := range list {
		if slices.Equal(list[i].params, args) {
			return &list[i]
		}
	}
	for _, t := range args {
		if t == nil {
			return nil
		}
	}
	candidates := make([]candidate, len(list))
	for i := range list {
		candidates[i] = candidate{list[i].params, list[i].rank, &list[i]}
	}
	// A nil parameter is of a type that is not known.
	for _, o := range list {
		if slices.Contains(o.params, nil) {
			return nil
		}
	}
	if c := a.choose(args, candidates); c != nil {
		return c.what.(*overload)
	}
	return nil
}

// call analyses a function's call.
func (a *analyzer) call(fc *pg_query.FuncCall) *node {
	namespace, name := qualifiedName(fc.Funcname)
	var args []*node
	var argNames []string
	for _, arg := range fc.Args {
		if na := arg.GetNamedArgExpr(); na != nil {
			argNames = append(argNames, na.Name)
			arg = na.Arg
		}
		args = append(args, a.expr(arg))
	}
	var within []*node
	var order string
	if len(fc.AggOrder) > 0 {
		if fc.AggWithinGroup {
			for _, s := range fc.AggOrder {
				within = append(within, a.expr(s.GetSortBy().Node))
			}
			args = append(args, within...)
		}
	}
	if n := a.typeCall(namespace, name, fc, args); n != nil {
		return n
	}
	types := make([]*builtin.Type, len(args))
	for i, x := range args {
		types[i] = x.typ
	}
	list := a.overloads(namespace, name, len(args), argNames, fc.FuncVariadic)
	f := a.resolve(list, types)
	if f == nil && len(list) == 1 && len(args) > 0 && slices.Contains(types, nil) {
		f = &list[0] // there is no other
	}
	if f == nil {
		return a.callUnknown(fc, namespace, name, args, argNames, within, list)
	}
	result := f.Result
	params := f.params
	if !slices.Contains(types, nil) && !slices.Contains(params, nil) && (anyPolymorphic(params) || result != nil && polymorphic(result)) {
		if bound, ok := a.bind(types, params, result); ok {
			params = bound[:len(params)]
			if result != nil {
				result = bound[len(params)]
			}
		}
	} else if result != nil && polymorphic(result) {
		result = nil
	}
	for i := range args {
		if params[i] != nil && !(polymorphic(params[i]) && args[i].op != opLiteral) {
			args[i] = a.coerce(args[i], typed{params[i], ""}, implicit)
		}
	}
	a.useFunction(f.Function)
	if f.Name == "extract" && f.Schema == "" && args[0].op == opConstant {
		args[0].text = strings.ToLower(args[0].text) // printed without quotes
	}
	if f.spread > 0 {
		n := len(args) - f.spread
		elem := params[n]
		array := &node{op: opArray, typ: a.arrayOf(elem), items: args[n:]}
		args = append(args[:n:n], compose(array.typ, "VARIADIC ", array))
	} else if fc.FuncVariadic {
		args[len(args)-1] = compose(args[len(args)-1].typ, "VARIADIC ", args[len(args)-1])
	}
	if fc.AggWithinGroup {
		direct := len(args) - len(within)
		within, args = args[direct:], args[:direct]
	} else if len(fc.AggOrder) > 0 {
		order = a.orderIn(fc.AggOrder, nil, nil)
	}
	text := "pg_catalog." + plainOrQuoted(f.Name)
	if f.Schema != "" {
		text = quoted(f.Schema) + "." + quoted(f.Name)
	} else if f.Extension != "" {
		text = plainOrQuoted(f.Name)
	}
	n := sqlSyntax(fc, f.Function, result, args)
	if n == nil {
		n = a.finishCall(fc, result, text, args, argNames, within, order)
	}
	n.called = f.Function
	return n
}

// sqlSyntax writes a call in the words of the SQL standard, if that is how it
// was made: since 14, the server keeps the two apart and prints what it was
// given, so that they are a difference. Nil for a call like any other.
func sqlSyntax(fc *pg_query.FuncCall, f *builtin.Function, result *builtin.Type, args []*node) *node {
	if fc.Funcformat != pg_query.CoercionForm_COERCE_SQL_SYNTAX || f.Schema != "" {
		return nil
	}
	switch {
	case f.Name == "timezone" && len(args) == 2:
		return compose(result, "((", args[1], ") AT TIME ZONE (", args[0], "))")
	case f.Name == "overlaps" && len(args) == 4:
		return compose(result, "((", args[0], ", ", args[1], ") OVERLAPS (", args[2], ", ", args[3], "))")
	case f.Name == "position" && len(args) == 2:
		return compose(result, "POSITION((", args[1], ") IN (", args[0], "))")
	}
	return nil
}

// useFunction notes the use of a user's function.
func (a *analyzer) useFunction(f *builtin.Function) {
	if !f.ID.IsZero() {
		a.refer(schema.Exist, f.ID)
	}
}

// plainOrQuoted quotes a name that needs it; behind a dot, keywords do not.
func plainOrQuoted(name string) string {
	if plainName(name) {
		return name
	}
	return quoted(name)
}

// finishCall writes a call with all that can follow the arguments.
func (a *analyzer) finishCall(fc *pg_query.FuncCall, result *builtin.Type, text string, args []*node, argNames []string, within []*node, order string) *node {
	n := compose(result, text, "(")
	if fc.AggStar {
		n.append("*")
	}
	if fc.AggDistinct {
		n.append("DISTINCT ")
	}
	positional := len(args) - len(argNames)
	for i, x := range args {
		if i > 0 {
			n.append(", ")
		}
		if i >= positional && len(argNames) > 0 {
			n.append(quoted(argNames[i-positional]) + " => ")
		}
		n.append(x)
	}
	if order != "" {
		n.append(" ORDER BY " + order)
	}
	n.append(")")
	if fc.AggWithinGroup {
		n.append(" WITHIN GROUP (ORDER BY " + a.orderIn(fc.AggOrder, within, nil) + ")")
	}
	if fc.AggFilter != nil {
		n.append(" FILTER (WHERE ", a.condition(fc.AggFilter), ")")
	}
	if fc.Over != nil {
		n.append(" OVER ", a.window(fc.Over, true))
	}
	if fc.AggDistinct || fc.AggWithinGroup || fc.AggFilter != nil || fc.Over != nil {
		n.typ = result
	}
	return n
}

// callUnknown is for a function that the catalog and the facts do not cover,
// or when an argument's type is not known.
func (a *analyzer) callUnknown(fc *pg_query.FuncCall, namespace, name string, args []*node, argNames []string, within []*node, list []overload) *node {
	var result *builtin.Type
	text := ""
	for i, o := range list {
		a.useFunction(o.Function)
		if i == 0 {
			result = o.Result
			if o.Schema != "" {
				text = quoted(o.Schema) + "." + quoted(o.Name)
			} else if o.Extension == "" {
				text = "pg_catalog." + plainOrQuoted(o.Name)
			} else {
				text = plainOrQuoted(o.Name)
			}
		} else if o.Result != result {
			result = nil
		}
	}
	if result != nil && polymorphic(result) {
		result = nil
	}
	if text == "" {
		if namespace == "" {
			namespace = schemaOf(a.known.Functions, name, a.names.path)
		}
		text = quoted(name)
		if namespace != "" {
			text = quoted(namespace) + "." + text
		}
	}
	if len(list) == 0 {
		for i := range args {
			args[i] = a.settle(args[i])
		}
	}
	order := ""
	if fc.FuncVariadic && len(args) > 0 {
		args[len(args)-1] = compose(args[len(args)-1].typ, "VARIADIC ", args[len(args)-1])
	}
	if fc.AggWithinGroup {
		args, within = args[:len(args)-len(within)], args[len(args)-len(within):]
	} else if len(fc.AggOrder) > 0 {
		order = a.orderIn(fc.AggOrder, nil, nil)
	}
	return a.finishCall(fc, result, text, args, argNames, within, order)
}

// typeCall is a call of a type's name with one argument: a cast, if no
// function of that name and type exists and the cast needs no function.
func (a *analyzer) typeCall(namespace, name string, fc *pg_query.FuncCall, args []*node) *node {
	if len(args) != 1 || fc.AggStar || fc.AggDistinct || fc.Over != nil || fc.AggFilter != nil || len(fc.AggOrder) > 0 || args[0].typ == nil {
		return nil
	}
	if namespace != "" && namespace != "pg_catalog" {
		return nil
	}
	t := a.facts.Types[name]
	if t == nil || t.Extension != "" || t.Kind == 'p' {
		return nil
	}
	arg := args[0]
	for _, f := range a.facts.Functions[name] {
		if len(f.Args) == 1 && f.Args[0] == arg.typ {
			return nil
		}
	}
	if arg.op == opLiteral || (a.coercion(arg.typ, t, explicit) == relabelPath || a.coercion(arg.typ, t, explicit) == textPath) {
		return a.coerce(arg, typed{t, ""}, explicit)
	}
	return nil
}
