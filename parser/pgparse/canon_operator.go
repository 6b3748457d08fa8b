package pgparse

import (
	"slices"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// operatorsOf describes the catalog's operators as the server's are.
func (t *types) operatorsOf(c *schema.Catalog) map[string][]*builtin.Operator {
	out := map[string][]*builtin.Operator{}
	for o := range schema.Each[*pg.Operator](c) {
		u := &builtin.Operator{Name: o.Name, Schema: o.Schema, ID: o.ID(), Left: t.of(o.Left).Type, Right: t.of(o.Right).Type}
		if f, ok := schema.Lookup[*pg.Function](c, o.FunctionID); ok {
			u.Result = t.of(f.Returns).Type
		} else {
			_, name, _ := splitName(o.Function)
			for _, f := range t.facts.Functions[name] {
				if len(f.Args) == 2 && f.Args[0] == u.Left && f.Args[1] == u.Right {
					u.Result = f.Result
				}
			}
		}
		out[o.Name] = append(out[o.Name], u)
	}
	return out
}

// candidate is an operator or function that may be meant.
type candidate struct {
	params []*builtin.Type
	rank   int // of its schema in the path
	what   any
}

// choose picks the candidate that the server would call with arguments of
// these types, by the rules of the manual's chapter "Type Conversion"; nil if
// none or more than one remain.
func (t *types) choose(args []*builtin.Type, list []candidate) *candidate {
	list = slices.DeleteFunc(list, func(c candidate) bool { return !t.coercible(args, c.params) })
	if len(list) <= 1 {
		return one(list)
	}
	bases := make([]*builtin.Type, len(args))
	unknowns := 0
	for i, a := range args {
		bases[i] = a
		if a == t.unknown {
			unknowns++
		} else {
			bases[i] = base(a)
		}
	}
	// Most exact matches; then most exact or preferred ones.
	if list = most(list, func(c candidate) (n int) {
		for i, b := range bases {
			if b != t.unknown && c.params[i] == b {
				n++
			}
		}
		return n
	}); len(list) == 1 {
		return &list[0]
	}
	if list = most(list, func(c candidate) (n int) {
		for i, b := range bases {
			if b != t.unknown && (c.params[i] == b || c.params[i].Preferred && c.params[i].Category == b.Category) {
				n++
			}
		}
		return n
	}); len(list) == 1 || unknowns == 0 {
		return one(list)
	}
	if list = t.byCategory(bases, list); len(list) == 1 {
		return &list[0]
	}
	// If all known arguments are of one type, the unknown ones may be, too.
	if unknowns == len(args) {
		return nil
	}
	var same *builtin.Type
	for _, b := range bases {
		switch {
		case b == t.unknown:
		case same == nil:
			same = b
		case same != b:
			return nil
		}
	}
	all := make([]*builtin.Type, len(args))
	for i := range all {
		all[i] = same
	}
	return one(slices.DeleteFunc(list, func(c candidate) bool { return !t.coercible(all, c.params) }))
}

// byCategory keeps the candidates that take, for every unknown argument, the
// category that all agree on, or a string.
func (t *types) byCategory(bases []*builtin.Type, list []candidate) []candidate {
	type slot struct {
		category  byte
		preferred bool
	}
	slots := make([]slot, len(bases))
	for i, b := range bases {
		if b != t.unknown {
			continue
		}
		conflict := false
		s := &slots[i]
		for _, c := range list {
			p := c.params[i]
			switch {
			case s.category == 0:
				*s = slot{p.Category, p.Preferred}
			case p.Category == s.category:
				s.preferred = s.preferred || p.Preferred
			case p.Category == 'S':
				*s = slot{'S', p.Preferred}
			default:
				conflict = true
			}
		}
		if conflict && s.category != 'S' {
			return list
		}
	}
	var kept []candidate
	for _, c := range list {
		fits := true
		for i, b := range bases {
			if b == t.unknown && (c.params[i].Category != slots[i].category || slots[i].preferred && !c.params[i].Preferred) {
				fits = false
			}
		}
		if fits {
			kept = append(kept, c)
		}
	}
	if len(kept) == 0 {
		return list
	}
	return kept
}

func one(list []candidate) *candidate {
	if len(list) == 1 {
		return &list[0]
	}
	return nil
}

// most keeps the candidates with the highest score.
func most(list []candidate, score func(candidate) int) []candidate {
	best := -1
	var kept []candidate
	for _, c := range list {
		switch s := score(c); {
		case s > best:
			best, kept = s, []candidate{c}
		case s == best:
			kept = append(kept, c)
		}
	}
	return kept
}

// operators lists the operators of a name that are visible, the ones that an
// earlier schema of the path hides left out.
func (a *analyzer) operators(namespace, name string, binary bool) []candidate {
	var list []candidate
	add := func(o *builtin.Operator, rank int) {
		if (o.Left != nil) != binary || !a.active(o.Extension) {
			return
		}
		params := []*builtin.Type{o.Right}
		if binary {
			params = []*builtin.Type{o.Left, o.Right}
		}
		for _, c := range list {
			if c.rank < rank && slices.Equal(c.params, params) {
				return
			}
		}
		list = append(list, candidate{params, rank, o})
	}
	if namespace == "" || namespace == "pg_catalog" {
		for _, o := range a.facts.Operators[name] {
			if o.Extension == "" {
				add(o, 0)
			}
		}
	}
	if namespace == "pg_catalog" {
		return list
	}
	for _, o := range a.facts.Operators[name] {
		if o.Extension != "" && (namespace == "" || namespace == a.extensions[o.Extension]) {
			add(o, 1)
		}
	}
	for _, o := range a.userOperators[name] {
		if r := a.names.rank(o.Schema); namespace == o.Schema || namespace == "" && r >= 0 {
			add(o, 1+r)
		}
	}
	return list
}

// operator finds the operator that is meant for these operands; left is nil
// for a prefix operator.
func (a *analyzer) operator(namespace, name string, left, right *builtin.Type) *builtin.Operator {
	key := operatorKey{namespace, name, left, right}
	if o, ok := a.operatorMemo[key]; ok {
		return o
	}
	o := a.findOperator(namespace, name, left, right)
	a.operatorMemo[key] = o
	return o
}

type operatorKey struct {
	namespace, name string
	left, right     *builtin.Type
}

func (a *analyzer) findOperator(namespace, name string, left, right *builtin.Type) *builtin.Operator {
	list := a.operators(namespace, name, left != nil)
	exact := func(args ...*builtin.Type) *builtin.Operator {
		for _, c := range list {
			if slices.Equal(c.params, args) {
				return c.what.(*builtin.Operator)
			}
		}
		return nil
	}
	args := []*builtin.Type{right}
	if left != nil {
		l, r := left, right
		unknown := l == a.unknown || r == a.unknown
		if l == a.unknown {
			l = r
		} else if r == a.unknown {
			r = l
		}
		if o := exact(l, r); o != nil {
			return o
		}
		if b := base(l); unknown && b != l {
			if o := exact(b, b); o != nil {
				return o
			}
		}
		args = []*builtin.Type{left, right}
	} else if o := exact(right); o != nil {
		return o
	}
	if c := a.choose(args, list); c != nil {
		return c.what.(*builtin.Operator)
	}
	return nil
}

// truth are the operators whose result is a truth value whatever they compare.
var truth = map[string]bool{"=": true, "<>": true, "<": true, ">": true, "<=": true, ">=": true,
	"~~": true, "!~~": true, "~~*": true, "!~~*": true, "~": true, "!~": true, "~*": true, "!~*": true,
	"@>": true, "<@": true, "&&": true, "@@": true, "?": true, "?|": true, "?&": true}

// apply makes an operator's expression; left is nil for a prefix operator.
func (a *analyzer) apply(namespace, name string, left, right *node) *node {
	if name == "!=" {
		name = "<>"
	}
	var lt *builtin.Type
	if left != nil {
		lt = left.typ
	}
	if right.typ == nil || left != nil && lt == nil {
		return a.applyUnknown(namespace, name, left, right)
	}
	o := a.operator(namespace, name, lt, right.typ)
	if o == nil {
		return a.applyUnknown(namespace, name, left, right)
	}
	params, args := []*builtin.Type{o.Right}, []*builtin.Type{right.typ}
	if left != nil {
		params, args = []*builtin.Type{o.Left, o.Right}, []*builtin.Type{lt, right.typ}
	}
	result := o.Result
	if anyPolymorphic(params) {
		if bound, ok := a.bind(args, params, result); ok {
			params, result = bound[:len(params)], bound[len(params)]
		}
	}
	right = a.coerce(right, typed{params[len(params)-1], ""}, implicit)
	text := a.operatorText(o)
	if left == nil {
		return compose(result, "(", text, " ", right, ")")
	}
	left = a.coerce(left, typed{params[0], ""}, implicit)
	return compose(result, "(", left, " ", text, " ", right, ")")
}

// operatorText is an operator's name, and notes the use of a user's.
func (a *analyzer) operatorText(o *builtin.Operator) string {
	if o.Schema == "" {
		return o.Name
	}
	a.refer(schema.Exist, o.ID)
	return "OPERATOR(" + quoted(o.Schema) + "." + o.Name + ")"
}

// applyUnknown is for operands or operators that the facts do not cover: a
// literal is of the other operand's type, as the server assumes first.
func (a *analyzer) applyUnknown(namespace, name string, left, right *node) *node {
	var result *builtin.Type
	if truth[name] {
		result = a.boolean
	}
	if left == nil {
		return compose(result, "(", name, " ", right, ")")
	}
	if left.op == opLiteral && right.typ != nil && opaque(right.typ) {
		left = a.coerce(left, typed{right.typ, ""}, implicit)
	} else if right.op == opLiteral && left.typ != nil && opaque(left.typ) {
		right = a.coerce(right, typed{left.typ, ""}, implicit)
	}
	if namespace == "" || namespace == "pg_catalog" {
		return compose(result, "(", left, " ", name, " ", right, ")")
	}
	return compose(result, "(", left, " "+a.strangeOperator(namespace, name)+" ", right, ")")
}

// strangeOperator: an operator of an extension is printed with or without its
// schema, depending on the search_path.
func (a *analyzer) strangeOperator(namespace, name string) string {
	if a.names.rank(namespace) >= 0 {
		return name
	}
	return "OPERATOR(" + quoted(namespace) + "." + name + ")"
}

// opaque: nothing is known of the type but its name.
func opaque(t *builtin.Type) bool { return t.Category == 'U' && t.Schema != "" && t.Kind == 'b' }

func anyPolymorphic(list []*builtin.Type) bool { return slices.ContainsFunc(list, polymorphic) }
