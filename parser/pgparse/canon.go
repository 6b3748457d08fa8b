package pgparse

import (
	"fmt"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// canonicalize fills in one expression's canonical form and references. Where
// the analysis is not up to the text, the form is the text as the grammar reads
// it, which is enough for two texts that are alike.
func (n *normalizer) canonicalize(s site) error {
	tree, err := n.parse(s.form, s.expr.Text)
	if err != nil {
		n.unread(s)
		return nil
	}
	a := n.analyzer(s)
	canon, err := a.run(func() string { return a.site(s, tree) })
	if err != nil {
		return err
	}
	if canon == "" {
		if canon, err = deparsed(s.form, tree); err != nil {
			canon = tokensOf(s.expr.Text)
		}
		s.expr.Canon = canon
		n.guessRefs(s, tree)
		return nil
	}
	s.expr.Canon, s.expr.Refs = canon, withRefs(a.refs, s.expr.Refs)
	return nil
}

// unread is for a text that the grammar refuses.
func (n *normalizer) unread(s site) {
	s.expr.Canon = tokensOf(s.expr.Text)
	if tree := reduced(s.form, s.expr.Text); tree != nil {
		n.guessRefs(s, tree)
	}
}

// withRefs adds what the server itself knows that a text refers to, and the
// analysis may have missed.
func withRefs(refs, known []schema.Ref) []schema.Ref {
	for _, r := range known {
		refs = schema.Refer(refs, r.Bind, r.To)
	}
	return refs
}

// run carries out an analysis; the result is empty where it gave up.
func (a *analyzer) run(f func() string) (canon string, err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case unsupported:
			canon = ""
		case mistake:
			err = p.error
		default:
			panic(p)
		}
	}()
	return f(), nil
}

// recent is the scope of the relation that the last expression was about; the
// next one is often about it, too.
type recent struct {
	relation schema.ID
	columns  schema.Bind
	scope    *scope
}

// analyzer for a site, with its scope.
func (n *normalizer) analyzer(s site) *analyzer {
	a := &analyzer{types: n.types, normalizer: n, columns: s.columns}
	if !s.relation.IsZero() && len(s.rows) == 0 && n.recent.relation == s.relation && n.recent.columns == s.columns {
		a.scope = n.recent.scope
		return a
	}
	a.scope = &scope{}
	if !s.relation.IsZero() {
		list, ok := a.relationColumns(s.relation, s.columns)
		if len(s.rows) == 0 {
			n.recent = recent{s.relation, s.columns, a.scope}
			e := a.entryFor(a.scope, s.relation.Name, list)
			e.namespace, e.row, e.open = s.relation.Schema, n.byID[s.relation], !ok
			a.scope.items = []*item{e.item()}
		}
		for _, row := range s.rows {
			e := a.entryFor(a.scope, row, list)
			e.print, e.row, e.open = row, n.byID[s.relation], !ok
			i := &item{entries: []*entry{e}}
			if s.bare {
				i = e.item()
			}
			a.scope.items = append(a.scope.items, i)
		}
	}
	if !s.value.IsZero() {
		t := n.of(s.value).below()
		a.scope.value = raw(t.Type, "VALUE")
		a.scope.value.mod = t.mod
	}
	if s.function != nil {
		for _, x := range s.function.Args {
			if x.Mode != "out" && x.Mode != "table" {
				a.scope.arguments = append(a.scope.arguments, argument{x.Name, n.of(x.Type)})
			}
		}
	}
	return a
}

// site analyses the text of a site.
func (a *analyzer) site(s site, tree *pg_query.ParseResult) string {
	stmt := tree.Stmts[0].Stmt
	switch s.form {
	case scalar:
		targets := stmt.GetSelectStmt().GetTargetList()
		if len(targets) != 1 || targets[0].GetResTarget().GetName() != "" || !only(stmt.GetSelectStmt()) {
			panic(unsupported("more than an expression"))
		}
		if mayHoldQuery(s.expr.Text) {
			a.gather(tree)
		}
		if len(a.aliases) > 0 && len(s.rows) == 0 {
			a.normalizer.recent = recent{}
			for _, i := range a.scope.items {
				i.entries[0].print = quoted(s.relation.Name)
			}
		}
		return a.value(targets[0].GetResTarget().Val, s).String()
	case query:
		panic("views are analysed by view")
	case bound:
		return a.bound(stmt.GetCreateStmt().GetPartbound(), s)
	case action:
		a.gather(tree)
		return a.actions(stmt.GetRuleStmt().GetActions())
	case body:
		a.gather(tree)
		return a.body(stmt.GetCreateFunctionStmt().GetSqlBody())
	}
	panic(unsupported("this form"))
}

// mayHoldQuery looks for words of which every query with a FROM has one; that
// is cheaper than looking for a query in the tree.
func mayHoldQuery(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(text, "from") || strings.Contains(text, "table")
}

// only tells whether a query is nothing but its select list.
func only(s *pg_query.SelectStmt) bool {
	return len(s.FromClause)+len(s.GroupClause)+len(s.SortClause)+len(s.WindowClause)+len(s.LockingClause)+len(s.DistinctClause) == 0 && s.WhereClause == nil &&
		s.HavingClause == nil && s.LimitCount == nil && s.LimitOffset == nil && s.IntoClause == nil && s.Larg == nil
}

// gather notes all aliases of a text.
func (a *analyzer) gather(tree *pg_query.ParseResult) {
	a.aliases = map[string]bool{}
	if a.normalizer.hasQuery(tree) {
		collectAliases(tree.ProtoReflect(), a.aliases)
	}
}

// value analyses an expression that is assigned to something: what the server
// does not print, the conversion to the target's type, is left out.
func (a *analyzer) value(n *pg_query.Node, s site) *node {
	if s.truth {
		return a.condition(n)
	}
	x := a.expr(n)
	switch {
	case x.op == opConstant:
		x.mod = ""
	case x.op == opCollate && s.key:
		return x.items[0] // the key's own collation says it
	}
	if x.op != opLiteral {
		return x
	}
	t := s.assigned
	if t.Type == nil {
		t = a.of(s.target)
	}
	if t = t.below(); t.Type != nil {
		return a.read(x, typed{t.Type, ""})
	}
	return a.settle(x)
}

// actions are the statements of a rule.
func (a *analyzer) actions(list []*pg_query.Node) string {
	if len(list) == 0 {
		return "NOTHING"
	}
	var parts []string
	for _, n := range list {
		outer := a.scope
		a.scope = outer.inner()
		parts = append(parts, a.modify(n).String())
		a.scope = outer
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, "; ") + ")"
}

// body is an SQL-standard function body.
func (a *analyzer) body(n *pg_query.Node) string {
	if r := n.GetReturnStmt(); r != nil {
		return "RETURN " + a.settle(a.expr(r.Returnval)).String()
	}
	text := "BEGIN ATOMIC"
	for _, l := range n.GetList().GetItems() {
		for _, stmt := range l.GetList().GetItems() {
			outer := a.scope
			a.scope = outer.inner()
			if r := stmt.GetReturnStmt(); r != nil {
				text += " RETURN " + a.settle(a.expr(r.Returnval)).String() + ";"
			} else {
				text += " " + a.modify(stmt).String() + ";"
			}
			a.scope = outer
		}
	}
	return text + " END"
}

// wrappers make a statement of a text, by its form.
var wrappers = [...]string{scalar: "SELECT ", query: "", bound: "CREATE TABLE t PARTITION OF p ",
	action: "CREATE RULE r AS ON INSERT TO t DO ALSO ", body: "CREATE FUNCTION f() RETURNS int LANGUAGE sql "}

// parse reads a text by its form; what was read before is remembered.
func (n *normalizer) parse(f form, text string) (*pg_query.ParseResult, error) {
	k := parsedKey{f, text}
	if p, ok := n.trees[k]; ok {
		return p.tree, p.err
	}
	if f == scalar {
		if tree := nextval(text); tree != nil {
			return tree, nil
		}
	}
	tree, err := parseTree(wrappers[f] + text)
	if err == nil && len(tree.Stmts) != 1 {
		err = fmt.Errorf("%d statements in one expression", len(tree.Stmts))
	}
	n.trees[k] = parsedText{tree, err}
	return tree, err
}

// nextval makes the tree of a serial column's default: of all texts, the one
// that every table has another of.
func nextval(text string) *pg_query.ParseResult {
	name, ok := strings.CutPrefix(text, "nextval('")
	if !ok {
		return nil
	}
	if name, ok = strings.CutSuffix(name, "'::regclass)"); !ok || strings.ContainsAny(name, `'\`) {
		return nil
	}
	word := func(s string) *pg_query.Node {
		return &pg_query.Node{Node: &pg_query.Node_String_{String_: &pg_query.String{Sval: s}}}
	}
	literal := &pg_query.Node{Node: &pg_query.Node_AConst{AConst: &pg_query.A_Const{Val: &pg_query.A_Const_Sval{Sval: &pg_query.String{Sval: name}}}}}
	cast := &pg_query.Node{Node: &pg_query.Node_TypeCast{TypeCast: &pg_query.TypeCast{Arg: literal, TypeName: &pg_query.TypeName{Names: []*pg_query.Node{word("regclass")}, Typemod: -1}}}}
	call := &pg_query.Node{Node: &pg_query.Node_FuncCall{FuncCall: &pg_query.FuncCall{Funcname: []*pg_query.Node{word("nextval")}, Args: []*pg_query.Node{cast}}}}
	target := &pg_query.Node{Node: &pg_query.Node_ResTarget{ResTarget: &pg_query.ResTarget{Val: call}}}
	query := &pg_query.Node{Node: &pg_query.Node_SelectStmt{SelectStmt: &pg_query.SelectStmt{TargetList: []*pg_query.Node{target}}}}
	return &pg_query.ParseResult{Stmts: []*pg_query.RawStmt{{Stmt: query}}}
}

type parsedKey struct {
	form
	text string
}

type parsedText struct {
	tree *pg_query.ParseResult
	err  error
}

// deparsed is the text that the grammar makes of a tree.
func deparsed(f form, tree *pg_query.ParseResult) (string, error) {
	text, err := deparse(tree)
	if f == scalar {
		text = strings.TrimPrefix(text, wrappers[scalar])
	}
	return text, err
}

// tokensOf is a text with every run of space made one, for what the grammar
// cannot read.
func tokensOf(text string) string {
	scan, err := tokenize(text)
	if err != nil {
		return strings.Join(strings.Fields(text), " ")
	}
	var parts []string
	for _, t := range scan.Tokens {
		word := text[t.Start:t.End]
		if t.KeywordKind != pg_query.KeywordKind_NO_KEYWORD {
			word = strings.ToLower(word)
		}
		if t.Token != pg_query.Token_SQL_COMMENT && t.Token != pg_query.Token_C_COMMENT {
			parts = append(parts, word)
		}
	}
	return strings.Join(parts, " ")
}

// bound is a partition's bound.
func (a *analyzer) bound(b *pg_query.PartitionBoundSpec, s site) string {
	switch {
	case b == nil:
		panic(unsupported("this bound"))
	case b.IsDefault:
		return "DEFAULT"
	case b.Strategy == "h":
		return fmt.Sprintf("FOR VALUES WITH (modulus %d, remainder %d)", b.Modulus, b.Remainder)
	}
	keys := a.normalizer.keyTypes(s.relation)
	list := func(datums []*pg_query.Node, one bool) string {
		var parts []string
		for i, d := range datums {
			if one {
				i = 0
			}
			var t typed
			if i < len(keys) {
				t = keys[i]
			}
			parts = append(parts, a.datum(d, t))
		}
		return "(" + strings.Join(parts, ", ") + ")"
	}
	if b.Strategy == "l" {
		return "FOR VALUES IN " + list(b.Listdatums, true)
	}
	return "FOR VALUES FROM " + list(b.Lowerdatums, false) + " TO " + list(b.Upperdatums, false)
}

// datum is a constant of a bound, as one of the key's type.
func (a *analyzer) datum(n *pg_query.Node, t typed) string {
	if c := n.GetColumnRef(); c != nil && len(c.Fields) == 1 {
		switch name := c.Fields[0].GetString_().GetSval(); name {
		case "minvalue", "maxvalue":
			return strings.ToUpper(name)
		}
	}
	x := a.expr(n)
	for x.op == opCast && x.items[0].op == opConstant {
		x = x.items[0]
	}
	if x.op == opConstant {
		x = &node{op: opLiteral, typ: a.unknown, text: x.text, null: x.null}
	}
	if x.op == opLiteral && t.Type != nil {
		x = a.read(x, typed{t.below().Type, ""})
	}
	return x.String()
}

// keyTypes are the types of a partitioned table's keys.
func (n *normalizer) keyTypes(parent schema.ID) []typed {
	if k, ok := n.keyMemo[parent]; ok {
		return k
	}
	var out []typed
	t, ok := schema.Lookup[*pg.Table](n.catalog, parent)
	if ok && t.PartitionBy != nil {
		for _, k := range t.PartitionBy.Keys {
			out = append(out, n.keyType(parent, k))
		}
	}
	n.keyMemo[parent] = out
	return out
}

// keyType is the type of a key's column or expression.
func (n *normalizer) keyType(relation schema.ID, k pg.IndexKey) (t typed) {
	a := n.analyzer(site{relation: relation})
	if !k.Column.IsZero() {
		if c := a.scope.here(k.Column.Name); c != nil {
			return typed{c.node.typ, c.node.mod}
		}
		return typed{}
	}
	tree, err := n.parse(scalar, k.Expr.Text)
	if err != nil {
		return typed{}
	}
	_, _ = a.run(func() string {
		x := a.expr(tree.Stmts[0].Stmt.GetSelectStmt().GetTargetList()[0].GetResTarget().GetVal())
		t = typed{x.typ, x.mod}
		return "ok"
	})
	return t
}
