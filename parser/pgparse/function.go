package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// createFunction reads CREATE FUNCTION and CREATE PROCEDURE.
func (r *reader) createFunction(s *pg_query.CreateFunctionStmt) error {
	f := &pg.Function{Procedure: s.IsProcedure, Volatility: "volatile", Parallel: "unsafe", Cost: -1, Rows: -1}
	f.Schema, f.Name = r.newName(s.Funcname)
	table := false
	for _, n := range s.Parameters {
		a, err := r.argument(n.GetFunctionParameter())
		if err != nil {
			return err
		}
		table = table || a.Mode == "table"
		f.Args = append(f.Args, a)
	}
	for _, a := range f.Args {
		if r.awaited(a.Type) {
			return r.missing(s.Parameters[0].GetFunctionParameter().GetArgType().GetLocation(), "type %s does not exist", pg.Qualify(a.Type.Ref.Schema, a.Type.Ref.Name))
		}
	}
	f.InputTypes = pg.InputTypes(f.Args...)
	if err := r.returns(f, s.ReturnType, table); err != nil {
		return err
	}
	if err := r.routineOptions(f, s.Options); err != nil {
		return err
	}
	if s.SqlBody != nil {
		f.SQLBody = r.sqlBody(s.SqlBody)
		if f.Language == "" {
			f.Language = "sql"
		}
	}
	if f.Language == "" {
		return r.errorf(-1, "add LANGUAGE ..", "no language given for %s", f.Name)
	}
	settleBody(f)
	fillCosts(f)
	if err := r.addOrReplace(f, s.Replace); err != nil {
		return err
	}
	r.noteRoutine(f.ID())
	return nil
}

// argument reads an argument of a routine.
func (r *reader) argument(p *pg_query.FunctionParameter) (pg.Argument, error) {
	a := pg.Argument{Name: p.Name, Mode: argumentModes[p.Mode], Type: r.argumentType(p.ArgType)}
	if p.ArgType.Setof {
		return a, r.errorf(p.ArgType.Location, "", "an argument cannot be a set")
	}
	if p.Defexpr != nil {
		a.Default = r.expr(p.Defexpr)
	}
	return a, nil
}

var argumentModes = map[pg_query.FunctionParameterMode]string{
	pg_query.FunctionParameterMode_FUNC_PARAM_IN:       "in",
	pg_query.FunctionParameterMode_FUNC_PARAM_DEFAULT:  "in",
	pg_query.FunctionParameterMode_FUNC_PARAM_OUT:      "out",
	pg_query.FunctionParameterMode_FUNC_PARAM_INOUT:    "inout",
	pg_query.FunctionParameterMode_FUNC_PARAM_VARIADIC: "variadic",
	pg_query.FunctionParameterMode_FUNC_PARAM_TABLE:    "table",
}

// returns sets the result's type. The server derives it from output arguments
// where it is not given: the type of the only one, or record.
func (r *reader) returns(f *pg.Function, t *pg_query.TypeName, table bool) error {
	var out []pg.Argument
	for _, a := range f.Args {
		if a.Mode == "out" || a.Mode == "inout" {
			out = append(out, a)
		}
	}
	switch {
	case f.Procedure:
	case table:
		f.SetOf = true
	case t != nil:
		f.Returns, f.SetOf = r.argumentType(t), t.Setof
	case len(out) == 1:
		f.Returns = out[0].Type
	case len(out) > 1:
		f.Returns = pg.Type{Name: "record"}
	default:
		return r.errorf(-1, "add RETURNS ..", "no result type given for function %s", f.Name)
	}
	return nil
}

// fillCosts sets what the server assumes where the author does not say.
func fillCosts(f *pg.Function) {
	if f.Cost < 0 {
		f.Cost = 100
		if f.Language == "internal" || f.Language == "c" {
			f.Cost = 1
		}
	}
	if f.Rows < 0 {
		f.Rows = 0
		if f.SetOf {
			f.Rows = 1000
		}
	}
}

// sqlBody keeps the text of RETURN .. or BEGIN ATOMIC .. END, which is the last
// part of the statement.
func (r *reader) sqlBody(n *pg_query.Node) schema.Expr {
	text := r.sql()
	depth, options := 0, false
	for _, t := range r.tokens() {
		depth += nesting(text, t)
		switch {
		case t.is(text, ")"):
			options = true // behind the arguments
		case options && depth == 0 && (t.is(text, "return") || t.is(text, "begin")):
			return r.slice(n, t.start, len(text))
		}
	}
	return schema.Expr{}
}
