package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
)

// rangeFunction is a function, or several (ROWS FROM), in FROM.
func (a *analyzer) rangeFunction(r *pg_query.RangeFunction) (*item, string) {
	var list []described
	var texts []string
	alias := r.Alias.GetAliasname()
	open, scalar := false, false
	name := alias
	for _, f := range r.Functions {
		parts := f.GetList().GetItems()
		defs := r.Coldeflist
		if len(parts) > 1 && parts[1].GetList() != nil {
			defs = parts[1].GetList().Items
		}
		n := a.expr(parts[0])
		text := n.String()
		single := "?column?"
		if c := figureColumn(parts[0]); c != "" {
			single = c
		}
		if name == "" {
			name = single
		}
		if len(r.Functions) == 1 && alias != "" {
			single = alias
		}
		switch columns, plain := a.functionColumns(parts[0], n, single); {
		case len(defs) > 0:
			defined, names := a.definitions(defs)
			list = append(list, defined...)
			if len(r.Functions) > 1 {
				text += " AS (" + names + ")"
			} else {
				defer func() {}()
				text += ""
				texts = append(texts, text)
				return a.definedFunction(r, defined, text, names, name)
			}
		case columns == nil:
			open = true
		default:
			list = append(list, columns...)
			scalar = plain && len(r.Functions) == 1 && !r.Ordinality
		}
		texts = append(texts, text)
	}
	if r.Ordinality {
		list = append(list, described{name: "ordinality", typed: typed{a.int8, ""}})
	}
	rename(list, r.Alias)
	if open {
		list = nil
		for _, n := range r.Alias.GetColnames() {
			list = append(list, described{name: n.GetString_().GetSval()})
		}
	}
	e := a.entryFor(a.scope, name, unique(list))
	e.open, e.scalar = open, scalar
	a.printed(e, name)
	text := strings.Join(texts, ", ")
	if len(r.Functions) > 1 {
		text = "ROWS FROM (" + text + ")"
	}
	if r.Ordinality {
		text += " WITH ORDINALITY"
	}
	names := ""
	if len(e.columns) > 0 {
		names = columnList(e)
	}
	return e.item(), text + " AS " + e.print + names
}

// definedFunction is a function with a column definition list.
func (a *analyzer) definedFunction(r *pg_query.RangeFunction, list []described, text, names, name string) (*item, string) {
	if r.Ordinality {
		panic(unsupported("WITH ORDINALITY and column definitions"))
	}
	e := a.entryFor(a.scope, name, list)
	a.printed(e, name)
	return e.item(), text + " AS " + e.print + "(" + names + ")"
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

var _ = builtin.Type{}
