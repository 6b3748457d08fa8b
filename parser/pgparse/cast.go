package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema/pg"
)

var castContexts = map[pg_query.CoercionContext]string{
	pg_query.CoercionContext_COERCION_IMPLICIT: "implicit", pg_query.CoercionContext_COERCION_ASSIGNMENT: "assignment",
	pg_query.CoercionContext_COERCION_EXPLICIT: "explicit",
}

func (r *reader) createCast(s *pg_query.CreateCastStmt) error {
	c := &pg.Cast{From: r.argumentType(s.Sourcetype), To: r.argumentType(s.Targettype), Context: castContexts[s.Context], Method: "binary"}
	switch {
	case s.Inout:
		c.Method = "inout"
	case s.Func != nil:
		c.Method = "function"
		types := "*"
		if !s.Func.ArgsUnspecified {
			types = r.argumentTypes(s.Func.Objargs)
		}
		var name string
		var err error
		if name, c.FunctionID, err = r.function(s.Func.Objname, types, false); err != nil {
			return err
		}
		if types == "*" {
			types = c.FunctionID.Args
		}
		c.Function = name + "(" + types + ")"
	}
	return r.add(c, -1)
}
