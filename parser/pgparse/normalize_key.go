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
