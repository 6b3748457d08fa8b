package pgparse

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// keyDetails takes out of keys what is the default: operator classes and
// collations.
func (n *normalizer) keyDetails() {
	for o := range n.catalog.All() {
		switch o := o.(type) {
		case *pg.Index:
			if o.Method == "" {
				o.Method = "btree"
			}
			n.keys(o.Keys, o.Method)
		case *pg.Constraint:
			for i := range o.Elements {
				n.key(&o.Elements[i].IndexKey, o.Method)
			}
		case *pg.Table:
			if o.PartitionBy != nil {
				method := "btree"
				if o.PartitionBy.Strategy == "hash" {
					method = "hash"
				}
				n.keys(o.PartitionBy.Keys, method)
			}
		}
	}
}

func (n *normalizer) keys(list []pg.IndexKey, method string) {
	for i := range list {
		n.key(&list[i], method)
	}
}

func (n *normalizer) key(k *pg.IndexKey, method string) {
	k.OpClass = strings.TrimPrefix(k.OpClass, "pg_catalog.")
	if len(k.OpClassOptions) == 0 && n.defaultClass(k.OpClass, method) {
		k.OpClass = ""
	}
	k.Collation = strings.TrimPrefix(k.Collation, "pg_catalog.")
	if k.Collation != "" && !k.Column.IsZero() && k.Collation == n.columnCollation(k.Column) {
		k.Collation = ""
	}
}

// strip makes of an expression that is only a column, perhaps with a collation,
// a column's key, as the server does.
func (n *normalizer) strip(k *pg.IndexKey, relation schema.ID) {
	if k.Expr.Text == "" {
		return
	}
	tree, err := n.parse(scalar, k.Expr.Text)
	if err != nil || len(tree.Stmts[0].Stmt.GetSelectStmt().GetTargetList()) != 1 {
		return
	}
	x := tree.Stmts[0].Stmt.GetSelectStmt().TargetList[0].GetResTarget().GetVal()
	if c := x.GetCollateClause(); c != nil {
		if k.Collation == "" {
			k.Collation = n.analyzer(site{}).collation(c.Collname)
			if namespace, name, ok := splitName(k.Collation); ok {
				k.Collation = pg.Quote(name)
				if namespace != "" {
					k.Collation = pg.Qualify(namespace, name)
				}
			}
		}
		x = c.Arg
	}
	if c := x.GetColumnRef(); c != nil && len(c.Fields) == 1 {
		name := c.Fields[0].GetString_().GetSval()
		for _, col := range n.names.tableColumns(relation) {
			if col.Name == name {
				k.Column, k.Expr = pg.ColumnID(relation, name), schema.Expr{}
			}
		}
	}
}

// defaultClass tells whether an operator class is the default one for its type.
func (n *normalizer) defaultClass(name, method string) bool {
	if name == "" {
		return false
	}
	namespace, bare, ok := splitName(name)
	if !ok {
		return false
	}
	if namespace != "" {
		c, ok := schema.Lookup[*pg.OperatorClass](n.catalog, schema.ID{Kind: pg.KindOperatorClass, Schema: namespace, Name: bare, Args: method})
		if ok {
			return c.Default
		}
	}
	for _, c := range n.facts.Classes[method] {
		if c.Name == bare && c.Default && (namespace == "" || c.Extension != "" && n.types.extensions[c.Extension] == namespace) {
			return true
		}
	}
	return false
}

// columnCollation is a column's own collation; empty for its type's.
func (n *normalizer) columnCollation(id schema.ID) string {
	table := schema.ID{Kind: pg.KindTable, Schema: id.Schema, Name: id.Parent}
	for _, c := range n.names.tableColumns(table) {
		if c.Name == id.Name {
			return strings.TrimPrefix(c.Collation, "pg_catalog.")
		}
	}
	return ""
}
