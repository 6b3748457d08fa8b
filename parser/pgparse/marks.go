package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// A name without a schema in an expression means something else once the
// search_path is another one. Where a text changes it, each such name gets a
// mark in front of it, which says what is named and in which schemas it may
// be. resolve puts the schema, or nothing, in the mark's place. A zero byte
// opens and closes a mark; no text of an author's has one.

const (
	markOpen  = "\x00"
	markField = "\x02"
)

// What a mark stands in front of.
const (
	markRelation = "r"
	markFunction = "f"
	markType     = "t"
	markLiteral  = "l" // the name of a relation inside a string constant
	markUse      = "x" // an operator that is not one of the system's
	markUsed     = "y" // stands behind it
	// These stand in front of plain names, not in expressions.
	markCollation = "c"
	markOpClass   = "o"
	markOperator  = "p"
)

// insertion is a text to be put in at a place of the statement.
type insertion struct {
	at   int
	text string
}

// markNames marks the names of a tree in its text, which begins at from.
func (r *reader) markNames(n *pg_query.Node, text string, from int) string {
	var list []insertion
	mark := func(at int32, kind, name string) {
		if int(at) >= from && int(at) < from+len(text) {
			list = append(list, insertion{int(at) - from, markOpen + strings.Join([]string{kind, name, strings.Join(r.path, pathSeparator)}, markField) + markOpen})
		}
	}
	ctes := map[string]bool{}
	eachMessage(n.ProtoReflect(), func(m protoreflect.Message) {
		if c, ok := m.Interface().(*pg_query.CommonTableExpr); ok {
			ctes[c.Ctename] = true
		}
	})
	eachMessage(n.ProtoReflect(), func(m protoreflect.Message) {
		switch v := m.Interface().(type) {
		case *pg_query.RangeVar:
			if v.Schemaname == "" && !ctes[v.Relname] {
				mark(v.Location, markRelation, v.Relname)
			}
		case *pg_query.FuncCall:
			if len(v.Funcname) != 1 {
				return
			}
			name := str(v.Funcname[0])
			mark(v.Location, markFunction, name)
			if len(v.Args) > 0 && slices.Contains([]string{"nextval", "currval", "setval"}, name) {
				markConstant(v.Args[0], mark)
			}
		case *pg_query.A_Expr:
			name, at := str(v.Name[0]), int(v.Location)-from
			if len(v.Name) == 1 && !r.builtinOperator(name) && at >= 0 && at < len(text) && strings.HasPrefix(text[at:], name) {
				apart := func(i int) string {
					if i < 0 || i >= len(text) || text[i] == ' ' {
						return ""
					}
					return " "
				}
				mark(v.Location, markUse, name)
				list[len(list)-1].text = apart(at-1) + list[len(list)-1].text
				mark(v.Location+int32(len(name)), markUsed, name)
				list[len(list)-1].text += apart(at + len(name))
			}
		case *pg_query.TypeName:
			if name := str(v.Names[0]); len(v.Names) == 1 && !r.builtinType(name) {
				mark(v.Location, markType, name)
			}
		case *pg_query.TypeCast:
			if _, name := nameParts(v.TypeName.GetNames()); name == "regclass" {
				markConstant(v.Arg, mark)
			}
		}
	})
	slices.SortStableFunc(list, func(a, b insertion) int { return a.at - b.at })
	return insert(text, slices.Compact(list))
}

// insert puts texts in at their places, which are in order.
func insert(text string, list []insertion) string {
	var b strings.Builder
	done := 0
	for _, ins := range list {
		b.WriteString(text[done:ins.at])
		b.WriteString(ins.text)
		done = ins.at
	}
	b.WriteString(text[done:])
	return b.String()
}

// markConstant marks a string constant that names a relation.
func markConstant(n *pg_query.Node, mark func(int32, string, string)) {
	if s := n.GetAConst().GetSval().GetSval(); s != "" && !strings.Contains(s, ".") {
		mark(n.GetAConst().Location+1, markLiteral, foldRegclass(s))
	}
}

// foldRegclass reads the text of a regclass constant.
func foldRegclass(s string) string {
	if strings.HasPrefix(s, `"`) && strings.HasSuffix(s, `"`) && len(s) > 1 {
		return strings.ReplaceAll(s[1:len(s)-1], `""`, `"`)
	}
	return strings.ToLower(s)
}

// unmark replaces the marks in a text, once all that can be named is known.
func (v *resolver) unmark(text string) string {
	for {
		before, rest, ok := strings.Cut(text, markOpen)
		if !ok {
			return text
		}
		mark, after, _ := strings.Cut(rest, markOpen)
		text = before + v.prefix(strings.Split(mark, markField)) + after
	}
}

func (v *resolver) prefix(mark []string) string {
	if len(mark) != 3 {
		return ""
	}
	path := strings.Split(mark[2], pathSeparator)
	switch mark[0] {
	case markCollation, markOpClass, markOperator:
		return v.schemaOf(mark[0], mark[1], path)
	case markUse, markUsed:
		namespace := v.schemaOf(markOperator, mark[1], path)
		switch {
		case namespace == "":
			return ""
		case mark[0] == markUse:
			return "OPERATOR(" + namespace
		}
		return ")"
	}
	for _, s := range path {
		var found bool
		switch k := key(s, mark[1]); mark[0] {
		case markRelation, markLiteral:
			_, found = v.r.relations[k]
		case markType:
			_, found = v.r.types[k]
		case markFunction:
			found = len(v.routines[k]) > 0
		}
		if !found {
			continue
		}
		if mark[0] == markLiteral {
			return strings.ReplaceAll(pg.Quote(s), "'", "''") + "."
		}
		return pg.Quote(s) + "."
	}
	return ""
}

// schemaOf finds the schema of a collation, operator class or operator: of the
// text's own first, then of an extension's.
func (v *resolver) schemaOf(mark, name string, path []string) string {
	kinds := map[string]schema.Kind{markCollation: pg.KindCollation, markOpClass: pg.KindOperatorClass, markOperator: pg.KindOperator}
	if mark == markOpClass {
		extension, found := v.r.builtinClass(name)
		switch {
		case found && extension == "":
			return ""
		case found:
			return pg.Quote(v.extensionSchema(extension, path)) + "."
		}
	}
	if v.byKind == nil {
		v.byKind = map[schema.ID]bool{}
		for o := range v.r.catalog.All() {
			v.byKind[schema.ID{Kind: o.ID().Kind, Schema: o.ID().Schema, Name: o.ID().Name}] = true
		}
	}
	for _, s := range path {
		if v.byKind[schema.ID{Kind: kinds[mark], Schema: s, Name: name}] {
			return pg.Quote(s) + "."
		}
	}
	if mark == markOpClass && v.extensions {
		return pg.Quote(v.extensionSchema("", path)) + "."
	}
	return ""
}
