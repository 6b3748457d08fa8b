package postgres

import (
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type functionKind struct{}

func (functionKind) Create(f *pg.Function, e *emitter) { e.emit(sql(createFunction(f, "CREATE"))) }

func (functionKind) Drop(f *pg.Function, e *emitter) { e.drop(f.ID()) }

// Alter replaces a function where the server allows that; its owner and
// privileges stay, and whatever uses it does not notice.
func (functionKind) Alter(old, new *pg.Function, e *emitter) {
	if functionReplaceable(old, new) {
		e.emit(sql(createFunction(new, "CREATE OR REPLACE")))
		*old = *schema.Clone(new)
	}
}

// functionReplaceable: the server keeps the result's type, the names of input
// arguments that have one, the output arguments, and does not take away a default.
func functionReplaceable(old, new *pg.Function) bool {
	if old.Procedure != new.Procedure || old.Window != new.Window || old.Returns != new.Returns || old.SetOf != new.SetOf {
		return false
	}
	var in, out [2][]pg.Argument
	for i, f := range []*pg.Function{old, new} {
		for _, a := range f.Args {
			if a.Mode != "out" && a.Mode != "table" {
				in[i] = append(in[i], a)
			}
			if a.Mode != "in" && a.Mode != "variadic" {
				out[i] = append(out[i], a)
			}
		}
	}
	sameOut := slices.EqualFunc(out[0], out[1], func(a, b pg.Argument) bool { return a.Name == b.Name && a.Type == b.Type })
	return sameOut && slices.EqualFunc(in[0], in[1], func(a, b pg.Argument) bool {
		return a.Type == b.Type && a.Mode == b.Mode && (a.Name == "" || a.Name == b.Name) && (a.Default.IsZero() || !b.Default.IsZero())
	})
}

func createFunction(f *pg.Function, verb string) string {
	var b strings.Builder
	line := func(words ...string) {
		if s := join(words...); s != "" {
			b.WriteString("\n" + s)
		}
	}
	b.WriteString(verb + choose(f.Procedure, " PROCEDURE ", " FUNCTION ") + path(f.ID()) + "(" + arguments(f.Args) + ")")
	line(resultType(f))
	line("LANGUAGE", ident(f.Language))
	line(functionAttributes(f))
	for _, s := range f.Settings {
		line("SET", settingName(s.Name), "TO", settingValue(s))
	}
	switch {
	case !f.SQLBody.IsZero():
		line(f.SQLBody.Text)
	case f.ObjectFile != "":
		line("AS", literal(f.ObjectFile)+",", literal(f.Body))
	default:
		line("AS", dollar(f.Body))
	}
	return b.String()
}

// arguments is the list of a routine's arguments; those of RETURNS TABLE are
// not among them.
func arguments(args []pg.Argument) string {
	var out []string
	for _, a := range args {
		if a.Mode == "table" {
			continue
		}
		words := []string{choose(a.Mode == "in", "", strings.ToUpper(a.Mode))}
		if a.Name != "" {
			words = append(words, argumentName(a.Name))
		}
		words = append(words, typeName(a.Type))
		if !a.Default.IsZero() {
			words = append(words, "DEFAULT "+a.Default.Text)
		}
		out = append(out, join(words...))
	}
	return strings.Join(out, ", ")
}

// argumentName also quotes what would be read as a type or a mode.
func argumentName(name string) string {
	switch pg.Quote(name) {
	case name:
		return name
	}
	return pg.Quote(name)
}

func resultType(f *pg.Function) string {
	if f.Procedure {
		return ""
	}
	var table []string
	out := 0
	for _, a := range f.Args {
		switch a.Mode {
		case "table":
			table = append(table, argumentName(a.Name)+" "+typeName(a.Type))
		case "out", "inout":
			out++
		}
	}
	switch {
	case table != nil:
		return "RETURNS TABLE(" + strings.Join(table, ", ") + ")"
	case out > 0 && !f.SetOf:
		return "" // it follows from them
	case f.SetOf:
		return "RETURNS SETOF " + typeName(f.Returns)
	}
	return "RETURNS " + typeName(f.Returns)
}

// functionAttributes are those that are not the default.
func functionAttributes(f *pg.Function) string {
	var words []string
	add := func(is bool, word string) {
		if is {
			words = append(words, word)
		}
	}
	if len(f.Transforms) > 0 {
		names := make([]string, len(f.Transforms))
		for i, t := range f.Transforms {
			names[i] = "FOR TYPE " + typeName(t)
		}
		words = append(words, "TRANSFORM "+strings.Join(names, ", "))
	}
	add(f.Window, "WINDOW")
	add(f.Volatility != "" && f.Volatility != "volatile", strings.ToUpper(f.Volatility))
	add(f.Leakproof, "LEAKPROOF")
	add(f.Strict, "STRICT")
	add(f.SecurityDefiner, "SECURITY DEFINER")
	add(f.Parallel != "" && f.Parallel != "unsafe", "PARALLEL "+strings.ToUpper(f.Parallel))
	usual := 100.0
	if f.Language == "c" || f.Language == "internal" {
		usual = 1
	}
	add(f.Cost > 0 && f.Cost != usual, "COST "+strconv.FormatFloat(f.Cost, 'g', -1, 32))
	add(f.SetOf && f.Rows > 0 && f.Rows != 1000, "ROWS "+strconv.FormatFloat(f.Rows, 'g', -1, 32))
	add(f.Support != "", "SUPPORT "+f.Support)
	return strings.Join(words, " ")
}

func settingName(name string) string {
	parts := strings.Split(name, ".")
	for i, p := range parts {
		parts[i] = ident(p)
	}
	return strings.Join(parts, ".")
}

// settingValue writes a value of pg_proc.proconfig. An empty name cannot be
// written as an identifier.
func settingValue(o pg.Option) string {
	if !pg.NameLists[o.Name] {
		return literal(o.Value)
	}
	names := pgparse.SettingNames(o.Value)
	if len(names) == 0 {
		return "''"
	}
	for i, n := range names {
		names[i] = choose(n == "", "''", ident(n))
	}
	return strings.Join(names, ", ")
}

type aggregateKind struct{}

func (aggregateKind) Create(a *pg.Aggregate, e *emitter) { e.emit(createAggregate(a, "CREATE")) }

func (aggregateKind) Drop(a *pg.Aggregate, e *emitter) { e.drop(a.ID()) }

// Alter replaces an aggregate whose result is sure to keep its type.
func (aggregateKind) Alter(old, new *pg.Aggregate, e *emitter) {
	same := func(x, y pg.Argument) bool {
		return x.Type == y.Type && x.Mode == y.Mode && (x.Name == "" || x.Name == y.Name)
	}
	if old.Kind == new.Kind && old.SType == new.SType && option(old.Functions, "finalfunc") == option(new.Functions, "finalfunc") &&
		option(old.Options, "finalfunc_extra") == option(new.Options, "finalfunc_extra") &&
		slices.EqualFunc(old.Args, new.Args, same) && slices.EqualFunc(old.OrderBy, new.OrderBy, same) {
		e.emit(createAggregate(new, "CREATE OR REPLACE"))
		*old = *schema.Clone(new)
	}
}

func option(list []pg.Option, name string) string {
	for _, o := range list {
		if o.Name == name {
			return o.Value
		}
	}
	return ""
}

func createAggregate(a *pg.Aggregate, verb string) []string {
	var lines []string
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, strings.ToUpper(name)+" = "+value)
		}
	}
	add("sfunc", option(a.Functions, "sfunc"))
	add("stype", typeName(a.SType))
	for _, f := range a.Functions {
		if f.Name != "sfunc" {
			add(f.Name, f.Value)
		}
	}
	add("mstype", typeName(a.MSType))
	for _, o := range a.Options {
		switch o.Name {
		case "finalfunc_extra", "mfinalfunc_extra":
			lines = append(lines, strings.ToUpper(o.Name))
		case "initcond", "minitcond":
			lines = append(lines, strings.ToUpper(o.Name)+" = "+literal(o.Value))
		case "sortop":
			add(o.Name, operatorUse(o.Value))
		default:
			add(o.Name, strings.ToUpper(o.Value))
		}
	}
	if a.Kind == "hypothetical-set" {
		lines = append(lines, "HYPOTHETICAL")
	}
	return sql(verb, "AGGREGATE", path(a.ID())+"("+aggregateArguments(a)+") (\n    "+strings.Join(lines, ",\n    ")+"\n)")
}

// operatorUse wraps a qualified operator.
func operatorUse(name string) string {
	if strings.Contains(name, ".") && !strings.HasPrefix(name, "OPERATOR(") {
		return "OPERATOR(" + name + ")"
	}
	return name
}

func aggregateArguments(a *pg.Aggregate) string {
	return aggregateList(a, func(list []pg.Argument) string { return arguments(list) })
}

// aggregateInput are the types by which an aggregate is told apart.
func aggregateInput(a *pg.Aggregate) string { return aggregateList(a, inputTypes) }

func aggregateList(a *pg.Aggregate, list func([]pg.Argument) string) string {
	switch {
	case a.Kind != "normal" && a.Kind != "":
		return join(list(a.Args), "ORDER BY", list(a.OrderBy))
	case len(a.Args) == 0:
		return "*"
	}
	return list(a.Args)
}
