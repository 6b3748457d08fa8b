package pgparse

import (
	"slices"
	"strconv"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema/pg"
)

// Definition lists: name = value, .. of CREATE AGGREGATE, CREATE OPERATOR,
// WITH (..), and so on.

// word is the value of a list's entry as plain text: a name, a number, a
// string, a boolean; "true" if the entry has no value.
func word(d *pg_query.DefElem) string {
	if d.Arg == nil {
		return "true"
	}
	return nodeWord(d.Arg)
}

func nodeWord(n *pg_query.Node) string {
	switch v := n.GetNode().(type) {
	case *pg_query.Node_String_:
		return v.String_.Sval
	case *pg_query.Node_Integer:
		return strconv.Itoa(int(v.Integer.Ival))
	case *pg_query.Node_Float:
		return v.Float.Fval
	case *pg_query.Node_Boolean:
		return strconv.FormatBool(v.Boolean.Boolval)
	case *pg_query.Node_AConst:
		return constWord(v.AConst)
	case *pg_query.Node_TypeName:
		_, name := nameParts(v.TypeName.Names)
		return name
	case *pg_query.Node_List:
		_, name := nameParts(v.List.Items)
		return name
	}
	return ""
}

func constWord(c *pg_query.A_Const) string {
	switch v := c.GetVal().(type) {
	case *pg_query.A_Const_Sval:
		return v.Sval.Sval
	case *pg_query.A_Const_Ival:
		return strconv.Itoa(int(v.Ival.Ival))
	case *pg_query.A_Const_Fval:
		return v.Fval.Fval
	case *pg_query.A_Const_Boolval:
		return strconv.FormatBool(v.Boolval.Boolval)
	}
	return ""
}

// nameList is an entry's value as a qualified name.
func nameList(n *pg_query.Node) []*pg_query.Node {
	switch v := n.GetNode().(type) {
	case *pg_query.Node_List:
		return v.List.Items
	case *pg_query.Node_TypeName:
		return v.TypeName.Names
	case *pg_query.Node_String_:
		return []*pg_query.Node{n}
	}
	return nil
}

// typeOf is an entry's value as a type.
func typeOf(n *pg_query.Node) *pg_query.TypeName {
	if t := n.GetTypeName(); t != nil {
		return t
	}
	return &pg_query.TypeName{Names: nameList(n), Typemod: -1}
}

// boolean reads an entry the way defGetBoolean does.
func boolean(d *pg_query.DefElem) bool {
	switch strings.ToLower(word(d)) {
	case "true", "on", "1", "yes":
		return true
	}
	return false
}

// elements are the entries of a list.
func elements(list []*pg_query.Node) []*pg_query.DefElem {
	var out []*pg_query.DefElem
	for _, n := range list {
		if d := n.GetDefElem(); d != nil {
			out = append(out, d)
		}
	}
	return out
}

// setOption sets or adds an option, and keeps the list sorted by name.
func setOption(list []pg.Option, name, value string) []pg.Option {
	i, found := slices.BinarySearchFunc(list, name, func(o pg.Option, n string) int { return strings.Compare(o.Name, n) })
	o := pg.StorageParameter(name, value)
	if found {
		o.Place = list[i].Place
		list[i] = o
		return list
	}
	o.Place = len(list) + 1
	return slices.Insert(list, i, o)
}

// unsetOption removes an option if it is there.
func unsetOption(list []pg.Option, name string) []pg.Option {
	return slices.DeleteFunc(list, func(o pg.Option) bool { return o.Name == name })
}
