package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// createAggregate reads both syntaxes of CREATE AGGREGATE: the one with
// arguments, and the old one with BASETYPE.
func (r *reader) createAggregate(s *pg_query.DefineStmt) error {
	a := &pg.Aggregate{Kind: "normal"}
	a.Schema, a.Name = r.newName(s.Defnames)
	definition := map[string]*pg_query.DefElem{}
	for _, d := range elements(s.Definition) {
		d.Defname = aggregateOptionName(strings.ToLower(d.Defname))
		definition[d.Defname] = d
	}
	if err := r.aggregateArguments(a, s, definition["basetype"]); err != nil {
		return err
	}
	a.InputTypes = pg.InputTypes(a.Inputs()...)
	if d := definition["stype"]; d != nil {
		a.SType = r.argumentType(typeOf(d.Arg))
	}
	if d := definition["mstype"]; d != nil {
		a.MSType = r.argumentType(typeOf(d.Arg))
	}
	for _, d := range elements(s.Definition) {
		if err := r.aggregateOption(a, d); err != nil {
			return err
		}
	}
	slices.SortFunc(a.Uses, schema.ID.Compare)
	if err := r.addOrReplace(a, s.Replace); err != nil {
		return err
	}
	r.noteRoutine(a.ID())
	return nil
}

// aggregateOptionName replaces names from before 7.3 that the server still takes.
func aggregateOptionName(name string) string {
	switch name {
	case "sfunc1":
		return "sfunc"
	case "stype1":
		return "stype"
	case "initcond1":
		return "initcond"
	}
	return name
}

// aggregateArguments reads (direct ORDER BY aggregated), or BASETYPE.
func (r *reader) aggregateArguments(a *pg.Aggregate, s *pg_query.DefineStmt, base *pg_query.DefElem) error {
	if s.Oldstyle {
		if base == nil {
			return r.errorf(-1, "write CREATE AGGREGATE name (type) (..)", "aggregate %s: no BASETYPE", a.Name)
		}
		if t := r.argumentType(typeOf(base.Arg)); t.Name != "any" && t.Name != `"any"` && !strings.EqualFold(nodeWord(base.Arg), "any") {
			a.Args = []pg.Argument{{Mode: "in", Type: t}}
		}
		return nil
	}
	if len(s.Args) == 0 {
		return nil
	}
	direct := -1 // all are aggregated
	if len(s.Args) > 1 {
		direct = int(s.Args[1].GetInteger().GetIval())
	}
	for i, n := range s.Args[0].GetList().GetItems() {
		arg, err := r.argument(n.GetFunctionParameter())
		if err != nil {
			return err
		}
		if direct >= 0 && i >= direct {
			a.OrderBy = append(a.OrderBy, arg)
		} else {
			a.Args = append(a.Args, arg)
		}
	}
	if direct >= 0 {
		a.Kind = "ordered-set"
		if n := len(a.Args); n > 0 && len(a.OrderBy) == 0 && a.Args[n-1].Mode == "variadic" {
			a.OrderBy = a.Args[n-1:]
		}
	}
	return nil
}

// aggregateOption reads one option but the types. What is the default is left
// out.
func (r *reader) aggregateOption(a *pg.Aggregate, d *pg_query.DefElem) error {
	switch name := d.Defname; name {
	case "basetype", "stype", "mstype":
	case "sfunc", "finalfunc", "combinefunc", "serialfunc", "deserialfunc", "msfunc", "minvfunc", "mfinalfunc":
		text, id, err := r.function(nameList(d.Arg), aggregateCall(a, name), true)
		if err != nil {
			return err
		}
		a.Functions = setOption(a.Functions, name, text)
		if !id.IsZero() {
			a.Uses = appendID(a.Uses, id)
		}
	case "hypothetical":
		if boolean(d) {
			a.Kind = "hypothetical-set"
		}
	case "initcond", "minitcond":
		a.Options = setOption(a.Options, name, word(d))
	case "sspace", "msspace":
		if v := word(d); v != "0" {
			a.Options = setOption(a.Options, name, v)
		}
	case "finalfunc_extra", "mfinalfunc_extra":
		if boolean(d) {
			a.Options = setOption(a.Options, name, "true")
		}
	case "finalfunc_modify", "mfinalfunc_modify":
		if v := strings.ToLower(word(d)); v != finalModify(a) {
			a.Options = setOption(a.Options, name, v)
		}
	case "parallel":
		if v := strings.ToLower(word(d)); v != "unsafe" {
			a.Options = setOption(a.Options, name, v)
		}
	case "sortop":
		a.Options = setOption(a.Options, name, r.operatorText(&pg.Operator{}, nameList(d.Arg)))
	default:
		return r.errorf(d.Location, "", "aggregate attribute %q is unknown", d.Defname)
	}
	return nil
}

// finalModify is the default of FINALFUNC_MODIFY.
func finalModify(a *pg.Aggregate) string {
	if a.Kind == "normal" {
		return "read_only"
	}
	return "read_write"
}

// aggregateCall is how an aggregate calls one of its functions, as the types
// of the arguments.
func aggregateCall(a *pg.Aggregate, name string) string {
	state, moving := pg.Argument{Type: a.SType}, pg.Argument{Type: a.MSType}
	aggregated := a.Args
	if a.Kind != "normal" {
		aggregated = a.OrderBy
	}
	switch name {
	case "sfunc":
		return pg.InputTypes(append([]pg.Argument{state}, aggregated...)...)
	case "msfunc", "minvfunc":
		return pg.InputTypes(append([]pg.Argument{moving}, aggregated...)...)
	case "combinefunc":
		return pg.InputTypes(state, state)
	case "serialfunc":
		return pg.InputTypes(state)
	case "deserialfunc":
		return "bytea, internal"
	}
	return "*" // final functions take more or less, as finalfunc_extra says
}
