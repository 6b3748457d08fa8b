package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"
)

// figureColumn is the name that the server gives an output column without AS,
// or "" if it would be "?column?".
func figureColumn(n *pg_query.Node) string {
	name, _ := columnName(n)
	return name
}

// columnName also tells how good the name is: 2 for a good one, 1 for one that a
// better one inside would replace, 0 for none.
func columnName(n *pg_query.Node) (string, int) {
	switch v := n.GetNode().(type) {
	case *pg_query.Node_ColumnRef:
		for i := len(v.ColumnRef.Fields) - 1; i >= 0; i-- {
			if s := v.ColumnRef.Fields[i].GetString_(); s != nil {
				return s.Sval, 2
			}
		}
	case *pg_query.Node_AIndirection:
		for i := len(v.AIndirection.Indirection) - 1; i >= 0; i-- {
			if s := v.AIndirection.Indirection[i].GetString_(); s != nil {
				return s.Sval, 2
			}
		}
		return columnName(v.AIndirection.Arg)
	case *pg_query.Node_FuncCall:
		_, name := qualifiedName(v.FuncCall.Funcname)
		return name, 2
	case *pg_query.Node_AExpr:
		if v.AExpr.Kind == pg_query.A_Expr_Kind_AEXPR_NULLIF {
			return "nullif", 2
		}
	case *pg_query.Node_AConst:
		// The grammar of the server reads true as a cast to bool.
		if v.AConst.GetBoolval() != nil {
			return "bool", 1
		}
	case *pg_query.Node_TypeCast:
		name, strength := columnName(v.TypeCast.Arg)
		if strength <= 1 {
			_, name = qualifiedName(v.TypeCast.TypeName.Names)
			return name, 1
		}
		return name, strength
	case *pg_query.Node_CollateClause:
		return columnName(v.CollateClause.Arg)
	case *pg_query.Node_GroupingFunc:
		return "grouping", 2
	case *pg_query.Node_SubLink:
		return figureSubLink(v.SubLink)
	case *pg_query.Node_CaseExpr:
		name, strength := columnName(v.CaseExpr.Defresult)
		if strength <= 1 {
			return "case", 1
		}
		return name, strength
	case *pg_query.Node_AArrayExpr:
		return "array", 2
	case *pg_query.Node_RowExpr:
		return "row", 2
	case *pg_query.Node_CoalesceExpr:
		return "coalesce", 2
	case *pg_query.Node_MinMaxExpr:
		if v.MinMaxExpr.Op == pg_query.MinMaxOp_IS_LEAST {
			return "least", 2
		}
		return "greatest", 2
	case *pg_query.Node_SqlvalueFunction:
		name := strings.TrimSuffix(strings.TrimPrefix(v.SqlvalueFunction.Op.String(), "SVFOP_"), "_N")
		return strings.ToLower(name), 2
	case *pg_query.Node_XmlExpr:
		return strings.ToLower(strings.TrimPrefix(v.XmlExpr.Op.String(), "IS_")), 2
	case *pg_query.Node_XmlSerialize:
		return "xmlserialize", 2
	case *pg_query.Node_JsonObjectConstructor:
		return "json_object", 2
	case *pg_query.Node_JsonArrayConstructor, *pg_query.Node_JsonArrayQueryConstructor:
		return "json_array", 2
	case *pg_query.Node_JsonObjectAgg:
		return "json_objectagg", 2
	case *pg_query.Node_JsonArrayAgg:
		return "json_arrayagg", 2
	}
	return "", 0
}

func figureSubLink(s *pg_query.SubLink) (string, int) {
	switch s.SubLinkType {
	case pg_query.SubLinkType_EXISTS_SUBLINK:
		return "exists", 2
	case pg_query.SubLinkType_ARRAY_SUBLINK:
		return "array", 2
	case pg_query.SubLinkType_EXPR_SUBLINK:
		q := s.Subselect.GetSelectStmt()
		for q.GetLarg() != nil {
			q = q.Larg
		}
		if len(q.GetValuesLists()) > 0 {
			return "column1", 2
		}
		if len(q.GetTargetList()) > 0 {
			t := q.TargetList[0].GetResTarget()
			if t.Name != "" {
				return t.Name, 2
			}
			if name, _ := columnName(t.Val); name != "" {
				return name, 2
			}
			return "?column?", 2
		}
	}
	return "", 0
}
