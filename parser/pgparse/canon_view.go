package pgparse

import (
	"errors"
	"slices"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// viewed is a view's analysis.
type viewed struct {
	columns []column
	busy    bool
	err     error
}

// viewColumns are the output columns of a view, which is analysed now if it
// was not yet; nil if they are not known.
func (n *normalizer) viewColumns(id schema.ID) []column {
	v := n.views[id]
	if v == nil {
		v = n.view(id)
	}
	if v.busy {
		panic(mistake{errors.New("its query leads back to itself")})
	}
	return v.columns
}

// view analyses a view or materialized view.
func (n *normalizer) view(id schema.ID) *viewed {
	v := &viewed{busy: true}
	n.views[id] = v
	defer func() { v.busy = false }()
	var e *schema.Expr
	var given *[]pg.ViewColumn
	switch o := n.catalog.Object(id).(type) {
	case *pg.View:
		e, given = &o.Query, &o.Columns
	case *pg.MaterializedView:
		e, given = &o.Query, &o.Columns
	}
	s := site{object: n.catalog.Object(id), expr: e, form: query, columns: schema.Fixed}
	tree, err := n.parse(query, e.Text)
	if err != nil {
		n.unread(s)
		v.columns = n.given(*given)
		return v
	}
	a := n.analyzer(s)
	a.gather(tree)
	canon, err := a.run(func() string {
		q := a.selectStmt(tree.Stmts[0].Stmt.GetSelectStmt(), true)
		names := slices.Clone(q.columns)
		for i, c := range *given {
			if i < len(names) {
				names[i].name = c.Name
			}
		}
		q.name(names)
		v.columns = q.columns
		return q.String()
	})
	switch {
	case err != nil:
		v.err = err
	case canon == "":
		if canon, err = deparsed(query, tree); err != nil {
			canon = tokensOf(e.Text)
		}
		e.Canon = canon
		n.guessRefs(s, tree)
		v.columns = n.given(*given)
	default:
		e.Canon = canon
		for _, r := range a.refs { // what was read from a server may say more
			e.Refs = schema.Refer(e.Refs, r.Bind, r.To)
		}
		*given = n.viewColumnsOf(v.columns)
	}
	return v
}

// given are columns that were known before the analysis.
func (n *normalizer) given(list []pg.ViewColumn) []column {
	var out []column
	for _, c := range list {
		t := n.of(c.Type)
		x := raw(t.Type, "")
		x.mod = t.mod
		out = append(out, column{name: c.Name, node: x})
	}
	return out
}

// viewColumnsOf describes output columns for the model.
func (n *normalizer) viewColumnsOf(list []column) []pg.ViewColumn {
	out := make([]pg.ViewColumn, len(list))
	for i, c := range list {
		out[i] = pg.ViewColumn{Name: c.name, Type: n.model(typed{c.node.typ, c.node.mod}), Source: c.node.String()}
	}
	return out
}
