package pgparse

import (
	"slices"
	"strconv"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// alterFunction reads ALTER FUNCTION, PROCEDURE and ROUTINE with attributes.
func (r *reader) alterFunction(s *pg_query.AlterFunctionStmt) error {
	id, err := r.routineAt(routineKinds, s.Func)
	if err != nil {
		return err
	}
	f, ok := schema.Lookup[*pg.Function](r.catalog, id)
	if !ok {
		return r.errorf(-1, "", "%s is not a function", id)
	}
	return r.routineOptions(f, s.Actions)
}

// routineOptions sets a routine's attributes.
func (r *reader) routineOptions(f *pg.Function, list []*pg_query.Node) error {
	for _, d := range elements(list) {
		if err := r.routineOption(f, d); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) routineOption(f *pg.Function, d *pg_query.DefElem) (err error) {
	switch d.Defname {
	case "as":
		r.routineBody(f, d.Arg.GetList().GetItems())
	case "language":
		f.Language = word(d)
	case "transform":
		for _, n := range d.Arg.GetList().GetItems() {
			f.Transforms = append(f.Transforms, r.argumentType(n.GetTypeName()))
		}
	case "window":
		f.Window = boolean(d)
	case "volatility":
		f.Volatility = word(d)
	case "strict":
		f.Strict = boolean(d)
	case "security":
		f.SecurityDefiner = boolean(d)
	case "leakproof":
		f.Leakproof = boolean(d)
	case "parallel":
		f.Parallel = strings.ToLower(word(d))
	case "cost":
		f.Cost, err = strconv.ParseFloat(word(d), 32)
	case "rows":
		f.Rows, err = strconv.ParseFloat(word(d), 32)
	case "support":
		if f.Support, _, err = r.function(nameList(d.Arg), "internal", false); err != nil {
			return err
		}
	case "set":
		return r.routineSetting(f, d.Arg.GetVariableSetStmt())
	default:
		return r.errorf(d.Location, "", "function attribute %q is unknown", d.Defname)
	}
	if err != nil {
		return r.errorf(d.Location, "", "%s: %q is no number", d.Defname, word(d))
	}
	return nil
}

// routineBody reads AS 'body', or AS 'object file', 'symbol' of a C function;
// the symbol is the function's name if it is left out.
func (r *reader) routineBody(f *pg.Function, as []*pg_query.Node) {
	first := as[0].GetString_().GetSval()
	switch {
	case len(as) > 1:
		f.ObjectFile, f.Body = first, as[1].GetString_().GetSval()
	default:
		f.Body = first
	}
}

// settleBody settles what depends on the language, which may come after AS.
func settleBody(f *pg.Function) {
	if f.Language == "c" && f.ObjectFile == "" {
		f.ObjectFile, f.Body = f.Body, f.Name
	}
}

// settingName is a setting's name in the server's letter case.
func settingName(name string) string {
	for _, s := range [...]string{"DateStyle", "IntervalStyle", "TimeZone"} {
		if strings.EqualFold(s, name) {
			return s
		}
	}
	return strings.ToLower(name)
}

// routineSetting reads SET .. and RESET .. among a routine's attributes, into
// the spelling of pg_proc.proconfig.
func (r *reader) routineSetting(f *pg.Function, s *pg_query.VariableSetStmt) error {
	name := settingName(s.Name)
	switch s.Kind {
	case pg_query.VariableSetKind_VAR_RESET_ALL:
		f.Settings = nil
		return nil
	case pg_query.VariableSetKind_VAR_RESET, pg_query.VariableSetKind_VAR_SET_DEFAULT:
		f.Settings = unsetOption(f.Settings, name)
		return nil
	case pg_query.VariableSetKind_VAR_SET_CURRENT:
		if name != "search_path" {
			return r.errorf(-1, "write the value: SET "+name+" TO ..", "SET %s FROM CURRENT depends on who runs it", name)
		}
		f.Settings = setOption(f.Settings, name, r.currentPath())
		return nil
	case pg_query.VariableSetKind_VAR_SET_VALUE:
		f.Settings = setOption(f.Settings, name, settingValue(name, s.Args))
		return nil
	}
	return r.notManaged(-1, "this form of SET")
}

// currentPath is the search_path in force as a setting's value. What the text
// did not set is taken for the server's default.
func (r *reader) currentPath() string {
	if slices.Equal(r.path, r.searchPath()) && slices.Equal(r.path, r.cleanPath([]string{"public"})) {
		return `"$user", public`
	}
	return quotedList(r.path)
}

// settingValue writes a setting's values as flatten_set_variable_args() does.
func settingValue(name string, args []*pg_query.Node) string {
	var values []string
	for _, a := range args {
		switch {
		case a.GetTypeCast() != nil: // SET TIME ZONE INTERVAL '..'
			values = append(values, "INTERVAL "+literal(nodeWord(a.GetTypeCast().Arg)))
		case pg.NameLists[name]:
			values = append(values, pg.Quote(nodeWord(a)))
		default:
			values = append(values, nodeWord(a))
		}
	}
	return strings.Join(values, ", ")
}

// SettingNames are the names in the value of one of [pg.NameLists], as
// pg_proc.proconfig has it.
func SettingNames(value string) []string {
	var out []string
	for _, t := range lex(value) {
		if name, ok := identifier(value, t); ok {
			out = append(out, name)
		}
	}
	return out
}

func quotedList(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = pg.Quote(n)
	}
	return strings.Join(out, ", ")
}

// literal writes a string constant.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
