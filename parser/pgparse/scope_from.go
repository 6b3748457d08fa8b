package pgparse

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// from analyses a FROM clause, and returns its canonical text.
func (a *analyzer) from(list []*pg_query.Node) string {
	var parts []string
	for _, n := range list {
		i, text := a.fromItem(n)
		a.scope.items = append(a.scope.items, i)
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

func (a *analyzer) fromItem(n *pg_query.Node) (*item, string) {
	switch v := n.GetNode().(type) {
	case *pg_query.Node_RangeVar:
		return a.rangeVar(v.RangeVar)
	case *pg_query.Node_JoinExpr:
		return a.joinExpr(v.JoinExpr)
	case *pg_query.Node_RangeSubselect:
		return a.rangeSubselect(v.RangeSubselect)
	case *pg_query.Node_RangeFunction:
		return a.rangeFunction(v.RangeFunction)
	case *pg_query.Node_RangeTableSample:
		i, text := a.fromItem(v.RangeTableSample.Relation)
		_, method := qualifiedName(v.RangeTableSample.Method)
		c := compose(nil, text+" TABLESAMPLE "+method+"(", a.exprs(v.RangeTableSample.Args), ")")
		if v.RangeTableSample.Repeatable != nil {
			c.append(" REPEATABLE (", a.expr(v.RangeTableSample.Repeatable), ")")
		}
		return i, c.String()
	}
	return a.rareItem(n)
}

// numbered is what the server appends to an alias to make it unique, and what
// canonical texts append to all.
var numbered = regexp.MustCompile(`^(.+)(_[0-9]+)$`)
var marked = regexp.MustCompile(`^(.+)#[0-9]+$`)

// printed gives an entry its name in the canonical text. The server appends a
// number where a name is taken; that number is left out.
func (a *analyzer) printed(e *entry, alias string) {
	if m := marked.FindStringSubmatch(alias); m != nil {
		alias = m[1]
	}
	for {
		m := numbered.FindStringSubmatch(alias)
		if m == nil || !a.aliases[m[1]] {
			break
		}
		alias = m[1]
	}
	a.entries++
	e.print = quoted(alias + "#" + itoa(int64(a.entries)))
}

// rename applies an alias's list of column names.
func rename(list []described, alias *pg_query.Alias) {
	for i, n := range alias.GetColnames() {
		if i < len(list) {
			list[i].name = n.GetString_().GetSval()
		}
	}
}

// columnList is the list of an entry's columns in a canonical text.
func columnList(e *entry) string {
	if e.open && len(e.columns) == 0 {
		return ""
	}
	names := make([]string, len(e.columns))
	for i, c := range e.columns {
		names[i] = quoted(c.name)
	}
	return "(" + strings.Join(names, ", ") + ")"
}

func (a *analyzer) rangeVar(v *pg_query.RangeVar) (*item, string) {
	alias := v.Alias.GetAliasname()
	if v.Schemaname == "" {
		if c := a.scope.cte(v.Relname); c != nil {
			return a.cteItem(c, v)
		}
	}
	list, text, id, open := a.relation(v)
	e := a.entryFor(a.scope, v.Relname, list)
	e.namespace, e.open = id.Schema, open
	if e.namespace == "" {
		e.namespace = v.Schemaname
	}
	e.row = a.byID[id]
	if alias != "" {
		e.name, e.namespace = alias, ""
		for i, n := range v.Alias.Colnames {
			if i < len(e.columns) {
				e.columns[i].name = n.GetString_().Sval
			}
		}
	}
	a.printed(e, e.name)
	only := ""
	if !v.Inh {
		only = "ONLY "
	}
	return e.item(), only + text + " AS " + e.print
}

// relation finds a table, view or other relation; its columns, its canonical
// name, and whether the columns are unknown.
func (a *analyzer) relation(v *pg_query.RangeVar) (list []described, text string, id schema.ID, open bool) {
	if id, ok := a.system(v); ok {
		return id.list, id.text, schema.ID{}, false
	}
	id, ok := find(a.names, a.names.relations, v.Schemaname, v.Relname)
	if ok {
		a.refer(schema.Exist, id)
		list, ok := a.relationColumns(id, a.columns)
		return list, quoted(id.Schema) + "." + quoted(id.Name), id, !ok
	}
	for _, r := range a.facts.Relations {
		if s, active := a.extensions[r.Extension]; active && r.Name == v.Relname && (v.Schemaname == "" && a.names.rank(s) >= 0 || v.Schemaname == s) {
			return systemColumns(r), quoted(s) + "." + quoted(r.Name), schema.ID{}, false
		}
	}
	namespace := v.Schemaname
	if namespace == "" {
		namespace = schemaOf(a.known.Relations, v.Relname, a.names.path)
	}
	if !a.known.Relations[namespace][v.Relname] && !a.mayHoldMore() {
		panic(mistake{fmt.Errorf("there is no relation %s", pg.Qualify(v.Schemaname, v.Relname))})
	}
	text = quoted(v.Relname)
	if namespace != "" {
		text = quoted(namespace) + "." + text
	}
	for _, c := range a.known.Columns[schema.ID{Schema: namespace, Name: v.Relname}] {
		list = append(list, described{name: c.Name, typed: a.of(c.Type)})
	}
	return list, text, schema.ID{}, list == nil
}

// mayHoldMore tells whether an extension that nothing is known of may define
// what is not found.
func (a *analyzer) mayHoldMore() bool {
	for e := range a.extensions {
		if !a.factual[e] && !a.known.Extensions[e] {
			return true
		}
	}
	return false
}

type systemRelation struct {
	list []described
	text string
}

func systemColumns(r *builtin.Relation) []described {
	list := make([]described, len(r.Columns))
	for i, c := range r.Columns {
		list[i] = described{name: c.Name, typed: typed{c.Type, c.Mod}}
	}
	return list
}

// system finds a relation of pg_catalog or information_schema.
func (a *analyzer) system(v *pg_query.RangeVar) (systemRelation, bool) {
	namespace := v.Schemaname
	if namespace == "" {
		namespace = "pg_catalog"
	}
	if namespace != "pg_catalog" && namespace != "information_schema" {
		return systemRelation{}, false
	}
	r := a.facts.Relations[namespace+"."+v.Relname]
	if r == nil || r.Extension != "" {
		return systemRelation{}, false
	}
	return systemRelation{systemColumns(r), namespace + "." + quoted(r.Name)}, true
}

func (a *analyzer) cteItem(c *cte, v *pg_query.RangeVar) (*item, string) {
	list := make([]described, len(c.columns))
	for i, col := range c.columns {
		list[i] = described{name: col.name, typed: typed{col.node.typ, col.node.mod}}
	}
	name := v.Relname
	if v.Alias != nil {
		name = v.Alias.Aliasname
		rename(list, v.Alias)
	}
	e := a.entryFor(a.scope, name, unique(list))
	a.printed(e, name)
	return e.item(), quoted(c.name) + " AS " + e.print + columnList(e)
}

// unique numbers columns of the same name, as the server does where it has to
// tell them apart.
func unique(list []described) []described {
	for i := range list {
		taken := func(name string) bool {
			return slices.ContainsFunc(list[:i], func(d described) bool { return d.name == name })
		}
		if name := list[i].name; taken(name) {
			for n := 1; ; n++ {
				if candidate := name + "_" + itoa(int64(n)); !taken(candidate) {
					list[i].name = candidate
					break
				}
			}
		}
	}
	return list
}

func (a *analyzer) rangeSubselect(r *pg_query.RangeSubselect) (*item, string) {
	outer := a.scope
	a.scope = outer.beside(r.Lateral)
	q := a.selectStmt(r.Subquery.GetSelectStmt(), true)
	a.scope = outer
	list := q.described()
	rename(list, r.Alias)
	name := r.Alias.GetAliasname()
	e := a.entryFor(outer, name, unique(list))
	if name == "" {
		name = "unnamed_subquery"
	}
	a.printed(e, name)
	lateral := ""
	if r.Lateral {
		lateral = "LATERAL "
	}
	return e.item(), lateral + "(" + q.String() + ") AS " + e.print + columnList(e)
}

var joinWords = map[pg_query.JoinType]string{pg_query.JoinType_JOIN_INNER: "JOIN", pg_query.JoinType_JOIN_LEFT: "LEFT JOIN",
	pg_query.JoinType_JOIN_FULL: "FULL JOIN", pg_query.JoinType_JOIN_RIGHT: "RIGHT JOIN"}

func (a *analyzer) joinExpr(j *pg_query.JoinExpr) (*item, string) {
	left, lt := a.fromItem(j.Larg)
	a.scope.items = append(a.scope.items, left) // LATERAL sees it
	right, rt := a.fromItem(j.Rarg)
	a.scope.items = a.scope.items[:len(a.scope.items)-1]
	joined := &item{entries: slices.Concat(left.entries, right.entries), open: left.open || right.open}
	var using []string
	for _, u := range j.UsingClause {
		using = append(using, u.GetString_().Sval)
	}
	if j.IsNatural {
		if joined.open {
			panic(unsupported("a natural join with an unknown relation"))
		}
		for _, c := range left.columns {
			if slices.ContainsFunc(right.columns, func(d column) bool { return d.name == c.name }) {
				using = append(using, c.name)
			}
		}
	}
	text := "(" + lt + " " + joinWords[j.Jointype] + " " + rt
	switch {
	case len(using) > 0:
		text += a.joinUsing(joined, left, right, using, j)
	case j.Quals != nil:
		joined.columns = slices.Concat(left.columns, right.columns)
		a.scope.items = append(a.scope.items, joined)
		text += " ON " + a.condition(j.Quals).String()
		a.scope.items = a.scope.items[:len(a.scope.items)-1]
	case j.Jointype == pg_query.JoinType_JOIN_INNER:
		joined.columns = slices.Concat(left.columns, right.columns)
		text = "(" + lt + " CROSS JOIN " + rt
	default:
		joined.columns = slices.Concat(left.columns, right.columns)
		text += " ON true"
	}
	text += ")"
	if j.Alias == nil {
		return joined, text
	}
	list := make([]described, len(joined.columns))
	for i, c := range joined.columns {
		a.use(&c)
		list[i] = described{name: c.name, typed: typed{c.node.typ, c.node.mod}}
	}
	rename(list, j.Alias)
	e := a.entryFor(a.scope, j.Alias.Aliasname, unique(list))
	a.printed(e, e.name)
	return e.item(), text + " AS " + e.print + columnList(e)
}

// joinUsing merges the columns that both sides share.
func (a *analyzer) joinUsing(joined, left, right *item, using []string, j *pg_query.JoinExpr) string {
	var names []string
	merged := &entry{scope: a.scope}
	find := func(i *item, name string) *column {
		for k := range i.columns {
			if i.columns[k].name == name {
				return &i.columns[k]
			}
		}
		if i.open {
			panic(unsupported("a join with an unknown relation"))
		}
		panic(mistake{fmt.Errorf("column %q of USING is not on both sides of the join", name)})
	}
	for _, name := range using {
		names = append(names, quoted(name))
		l, r := find(left, name), find(right, name)
		a.use(l)
		a.use(r)
		n := l.node
		t := a.common([]*builtin.Type{l.node.typ, r.node.typ})
		switch {
		case j.Jointype == pg_query.JoinType_JOIN_FULL || t != nil && l.node.typ != t && (j.Jointype == pg_query.JoinType_JOIN_LEFT || r.node.typ != t):
			n = &node{op: opColumn, entry: merged, text: name, typ: t}
		case j.Jointype == pg_query.JoinType_JOIN_RIGHT || t != nil && l.node.typ != t:
			n = r.node
		}
		joined.columns = append(joined.columns, column{name: name, node: n, refs: slices.Concat(l.refs, r.refs)})
	}
	common := len(joined.columns)
	for _, side := range []*item{left, right} {
		for _, c := range side.columns {
			if !slices.Contains(using, c.name) {
				joined.columns = append(joined.columns, c)
			}
		}
	}
	text := " USING (" + strings.Join(names, ", ") + ")"
	if j.JoinUsingAlias != nil {
		e := &entry{scope: a.scope, name: j.JoinUsingAlias.Aliasname}
		a.printed(e, e.name)
		for _, c := range joined.columns[:common] {
			n := *c.node
			n.op, n.entry, n.text = opColumn, e, c.name
			e.columns = append(e.columns, column{c.name, &n, c.refs})
		}
		joined.entries = append(joined.entries, e)
		text += " AS " + e.print
	}
	return text
}

// collectAliases gathers the names under which a query's relations go.
func collectAliases(m protoreflect.Message, into map[string]bool) {
	eachMessage(m, func(m protoreflect.Message) {
		switch v := m.Interface().(type) {
		case *pg_query.RangeVar:
			if v.Alias == nil {
				into[v.Relname] = true
			}
		case *pg_query.Alias:
			name := v.Aliasname
			if m := marked.FindStringSubmatch(name); m != nil {
				name = m[1]
			}
			into[name] = true
		}
	})
}
