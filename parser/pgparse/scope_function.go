package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"
)

// rangeFunction is a function, or several (ROWS FROM), in FROM.
func (a *analyzer) rangeFunction(r *pg_query.RangeFunction) (*item, string) {
	t := tableFunction{name: r.Alias.GetAliasname()}
	functions := unnested(r.Functions)
	for _, f := range functions {
		a.tableFunction(&t, r, f.GetList().GetItems(), len(functions) == 1)
	}
	if r.Ordinality {
		t.columns = append(t.columns, described{name: "ordinality", typed: typed{a.int8, ""}})
	}
	rename(t.columns, r.Alias)
	if t.open {
		t.columns = nil
		for _, n := range r.Alias.GetColnames() {
			t.columns = append(t.columns, described{name: n.GetString_().GetSval()})
		}
	}
	e := a.entryFor(a.scope, t.name, unique(t.columns))
	e.open, e.scalar = t.open, t.scalar && !r.Ordinality
	a.printed(e, t.name)
	text := strings.Join(t.texts, ", ")
	if len(functions) > 1 {
		text = "ROWS FROM (" + text + ")"
	}
	if r.Ordinality {
		text += " WITH ORDINALITY"
	}
	switch {
	case t.definitions != "":
		return e.item(), text + " AS " + e.print + "(" + t.definitions + ")"
	case len(e.columns) > 0:
		return e.item(), text + " AS " + e.print + columnList(e)
	}
	return e.item(), text + " AS " + e.print
}

// unnested spreads unnest(a, b) to one function for each argument.
func unnested(list []*pg_query.Node) []*pg_query.Node {
	var out []*pg_query.Node
	for _, f := range list {
		parts := f.GetList().GetItems()
		fc := parts[0].GetFuncCall()
		if fc == nil || len(fc.Args) < 2 || fc.FuncVariadic {
			out = append(out, f)
			continue
		}
		if namespace, name := qualifiedName(fc.Funcname); name != "unnest" || namespace != "" && namespace != "pg_catalog" {
			out = append(out, f)
			continue
		}
		for _, arg := range fc.Args {
			one := &pg_query.FuncCall{Funcname: fc.Funcname, Args: []*pg_query.Node{arg}, Funcformat: fc.Funcformat, Location: fc.Location}
			call := &pg_query.Node{Node: &pg_query.Node_FuncCall{FuncCall: one}}
			items := append([]*pg_query.Node{call}, parts[1:]...)
			out = append(out, &pg_query.Node{Node: &pg_query.Node_List{List: &pg_query.List{Items: items}}})
		}
	}
	return out
}

// tableFunction gathers what the functions of one FROM item are.
type tableFunction struct {
	name        string
	columns     []described
	texts       []string
	definitions string // the column definitions of a single function
	open        bool   // the columns are not known
	scalar      bool   // a single function with a plain result
}

// tableFunction adds one function: the call, and perhaps column definitions.
func (a *analyzer) tableFunction(t *tableFunction, r *pg_query.RangeFunction, parts []*pg_query.Node, alone bool) {
	n := a.expr(parts[0])
	text := n.String()
	single := figureColumn(parts[0])
	if single == "" {
		single = "?column?"
	}
	if t.name == "" {
		t.name = single
	}
	if alone && r.Alias != nil {
		single = r.Alias.Aliasname
	}
	defs := r.Coldeflist
	if len(parts) > 1 && parts[1].GetList() != nil {
		defs = parts[1].GetList().Items
	}
	if len(defs) > 0 {
		defined, names := a.definitions(defs)
		t.columns = append(t.columns, defined...)
		if alone && !r.Ordinality {
			t.definitions = names
		} else {
			text += " AS (" + names + ")"
		}
	} else if columns, plain := a.functionColumns(parts[0], n, single); columns != nil {
		t.columns = append(t.columns, columns...)
		t.scalar = plain && alone
	} else {
		t.open = true
	}
	t.texts = append(t.texts, text)
}

// definitions reads a column definition list.
func (a *analyzer) definitions(defs []*pg_query.Node) ([]described, string) {
	var list []described
	var b strings.Builder
	for i, d := range defs {
		c := d.GetColumnDef()
		t := a.named(c.TypeName)
		a.useType(t.Type)
		list = append(list, described{name: c.Colname, typed: t})
		if i > 0 {
			b.WriteString(", ")
		}
		writeQuoted(&b, c.Colname)
		b.WriteByte(' ')
		writeType(&b, t)
	}
	return list, b.String()
}

// functionColumns are the columns of a function in FROM; plain tells that it
// is one value, under the name single unless its only output has one.
func (a *analyzer) functionColumns(call *pg_query.Node, n *node, single string) (list []described, plain bool) {
	fc := call.GetFuncCall()
	if fc == nil || n.typ == nil && n.called == nil {
		if fc == nil && n.typ != nil {
			return []described{{name: single, typed: typed{n.typ, n.mod}}}, true
		}
		return nil, false
	}
	if f := n.called; f != nil && len(f.Out) > 0 {
		out := f.Out
		if len(out) == 1 && f.Result != a.record {
			if out[0].Name != "" {
				single = out[0].Name
			}
			return []described{{name: single, typed: typed{n.typ, out[0].Mod}}}, true
		}
		for i, o := range out {
			t := o.Type
			if t != nil && polymorphic(t) {
				t = nil
			}
			name := o.Name
			if name == "" {
				name = "column" + itoa(int64(i+1))
			}
			list = append(list, described{name: name, typed: typed{t, o.Mod}})
		}
		return list, false
	}
	if n.typ == nil || n.typ == a.record {
		return nil, false
	}
	if n.typ.Kind == 'c' {
		for _, f := range a.fields(n.typ) {
			list = append(list, described{name: f.Name, typed: typed{f.Type, f.Mod}})
		}
		return list, false
	}
	return []described{{name: single, typed: typed{n.typ, n.mod}}}, true
}
