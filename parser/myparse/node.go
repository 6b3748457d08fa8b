package myparse

import "strings"

// node is a canonical expression as a tree. Its text is parts[0], args[0],
// parts[1], args[1] and so on; op says what it is, where that matters to a
// rewrite.
type node struct {
	op    string
	parts []string
	args  []*node
}

// leaf is a node without arguments.
func leaf(op, text string) *node { return &node{op: op, parts: []string{text}} }

// call is a function's call.
func call(name string, args ...*node) *node {
	n := &node{op: name, parts: []string{name + "("}, args: args}
	for i := range args {
		if i < len(args)-1 {
			n.parts = append(n.parts, ", ")
		}
	}
	if len(args) == 0 {
		n.parts[0] += ")"
		return n
	}
	n.parts = append(n.parts, ")")
	return n
}

// infix is operands around an operator, in parentheses.
func infix(op string, args ...*node) *node {
	n := &node{op: op, parts: []string{"("}, args: args}
	for range args[1:] {
		n.parts = append(n.parts, " "+op+" ")
	}
	n.parts = append(n.parts, ")")
	return n
}

// form is a construct with keywords between its arguments; parts are one more
// than the arguments.
func form(op string, args []*node, parts ...string) *node {
	return &node{op: op, parts: parts, args: args}
}

// list is arguments with commas between them.
func list(args []*node) *node {
	n := &node{op: ",", parts: []string{""}, args: args}
	for i := range args {
		if i < len(args)-1 {
			n.parts = append(n.parts, ",")
		}
	}
	if len(args) > 0 {
		n.parts = append(n.parts, "")
	}
	return n
}

func (n *node) String() string {
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n *node) write(b *strings.Builder) {
	for i, p := range n.parts {
		b.WriteString(p)
		if i < len(n.args) {
			n.args[i].write(b)
		}
	}
}

// inverses are comparisons and their negations; both are NULL for the same
// operands.
var inverses = map[string]string{"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
	"like": "not like", "not like": "like", "ilike": "not ilike", "not ilike": "ilike", "regexp": "not regexp", "not regexp": "regexp", "in": "not in", "not in": "in",
	"between": "not between", "not between": "between", "is null": "is not null", "is not null": "is null",
	"is true": "is not true", "is not true": "is true", "is false": "is not false", "is not false": "is false",
	"is unknown": "is not unknown", "is not unknown": "is unknown", "exists": "not exists", "not exists": "exists"}

// logical tells whether a node's value is 0, 1 or NULL.
func (n *node) logical() bool {
	_, ok := inverses[n.op]
	return ok || quantified(n.op) || n.op == "and" || n.op == "or" || n.op == "not" || n.op == "xor" || n.op == "<=>"
}

// quantified: a comparison with ANY or ALL.
func quantified(op string) bool {
	return strings.HasSuffix(op, " any") || strings.HasSuffix(op, " all")
}

// negate is NOT n, as servers rewrite it: into the inverse comparison, and by De
// Morgan's rules.
func negate(n *node) *node {
	switch n.op {
	case "and", "or":
		args := make([]*node, len(n.args))
		for i, a := range n.args {
			args[i] = negate(a)
		}
		if n.op == "and" {
			return chain("or", args...)
		}
		return chain("and", args...)
	case "not":
		return n.args[0]
	}
	if !n.logical() { // NOT x is x = 0, to the servers, too
		return compare("=", n, leaf("number", "0"))
	}
	inv, ok := inverses[n.op]
	if quantified(n.op) {
		op, word, _ := strings.Cut(n.op, " ")
		inv, ok = inverses[op]+" "+map[string]string{"any": "all", "all": "any"}[word], true
	}
	if ok {
		c := *n
		c.op = inv
		c.parts = make([]string, len(n.parts))
		copy(c.parts, n.parts)
		for i, p := range c.parts {
			if strings.Contains(p, n.op) {
				c.parts[i] = strings.Replace(p, n.op, inv, 1)
				break
			}
		}
		return &c
	}
	return form("not", []*node{n}, "(not ", ")")
}

// flipped are comparisons with their operands exchanged.
var flipped = map[string]string{"=": "=", "<>": "<>", "<=>": "<=>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}

// compare is a comparison; a constant stands on its right side.
func compare(op string, l, r *node) *node {
	if l.constant() && !r.constant() {
		l, r, op = r, l, flipped[op]
	}
	return infix(op, l, r)
}

func (n *node) constant() bool {
	switch n.op {
	case "number", "string", "null", "bits", "binary string":
		return true
	}
	return false
}

// truth is a node in the place of a condition: x stands for x <> 0, and servers
// write it out.
func truth(n *node) *node {
	if n.logical() || n.constant() {
		return n
	}
	return infix("<>", n, leaf("number", "0"))
}

// condition is a node that decides whether a row counts, where NULL is as good
// as false: MySQL 8 writes x IS FALSE for NOT x there.
func condition(n *node) *node {
	switch n.op {
	case "and", "or":
		args := make([]*node, len(n.args))
		for i, a := range n.args {
			args[i] = condition(a)
		}
		return chain(n.op, args...)
	case "is true":
		return condition(n.args[0])
	case "is false":
		return condition(negate(n.args[0]))
	}
	return truth(n)
}

// chain is AND or OR over all operands, those of operands of the same sort
// included.
func chain(op string, args ...*node) *node {
	var flat []*node
	for _, a := range args {
		a = truth(a)
		if a.op == op {
			flat = append(flat, a.args...)
		} else {
			flat = append(flat, a)
		}
	}
	return infix(op, flat...)
}
