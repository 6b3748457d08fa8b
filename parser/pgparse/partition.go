package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// partition reads PARTITION OF with its bound. The parent has to be known: the
// partition gets its columns from there.
func (t *tableReader) partition(s *pg_query.CreateStmt) error {
	r := t.r
	v := s.InhRelations[0].GetRangeVar()
	parent, err := r.existingTable(v)
	if err != nil {
		return err
	}
	if p, ok := schema.Lookup[*pg.Table](r.catalog, parent); !ok || p.PartitionBy == nil {
		return r.errorf(v.Location, "", "%s is not partitioned", parent)
	}
	t.table.PartitionOf = parent
	t.table.Bound = r.bound(s.Partbound)
	return nil
}

// bound is the text of a partition's bound: DEFAULT, or FOR VALUES ..
func (r *reader) bound(b *pg_query.PartitionBoundSpec) schema.Expr {
	if b.IsDefault {
		return schema.Expr{Text: "DEFAULT"}
	}
	tokens, text := r.tokens(), r.source.Text[r.offset:r.end]
	i := r.behind(tokens, 0, []string{"for", "values"})
	if i < 2 {
		return schema.Expr{}
	}
	// IN (..), WITH (..), or FROM (..) TO (..)
	depth, end := 0, tokens[i].end
	for k := i; k < len(tokens); k++ {
		d := nesting(text, tokens[k])
		depth += d
		end = tokens[k].end
		if depth == 0 && d < 0 && (k+1 == len(tokens) || !tokens[k+1].is(text, "to")) {
			break
		}
	}
	values := &pg_query.List{Items: append(append(b.Listdatums, b.Lowerdatums...), b.Upperdatums...)}
	return r.slice(&pg_query.Node{Node: &pg_query.Node_List{List: values}}, tokens[i-2].start, end)
}

// partitionKey reads PARTITION BY.
func (r *reader) partitionKey(table schema.ID, s *pg_query.PartitionSpec) (*pg.PartitionKey, error) {
	k := &pg.PartitionKey{}
	switch s.Strategy {
	case pg_query.PartitionStrategy_PARTITION_STRATEGY_LIST:
		k.Strategy = "list"
	case pg_query.PartitionStrategy_PARTITION_STRATEGY_RANGE:
		k.Strategy = "range"
	case pg_query.PartitionStrategy_PARTITION_STRATEGY_HASH:
		k.Strategy = "hash"
	default:
		return nil, r.errorf(s.Location, "", "unrecognized partitioning strategy")
	}
	items := r.listItems(int(s.Location))
	for i, n := range s.PartParams {
		e := n.GetPartitionElem()
		key := pg.IndexKey{Collation: r.collationName(e.Collation), OpClass: r.opClass(e.Opclass)}
		if e.Name != "" {
			key.Column = pg.ColumnID(table, e.Name)
		} else {
			key.Expr = r.keyExpr(e.Expr, items[i])
		}
		k.Keys = append(k.Keys, key)
	}
	return k, nil
}

// attachPartition reads ALTER TABLE .. ATTACH PARTITION.
func (r *reader) attachPartition(parent schema.ID, s *pg_query.PartitionCmd) error {
	child, err := r.existingTable(s.Name)
	if err != nil {
		return err
	}
	p, _ := schema.Lookup[*pg.Table](r.catalog, parent)
	c, _ := schema.Lookup[*pg.Table](r.catalog, child)
	switch {
	case p == nil || p.PartitionBy == nil:
		return r.errorf(-1, "", "%s is not partitioned", parent)
	case !c.PartitionOf.IsZero():
		return r.errorf(s.Name.Location, "", "%s is already a partition", child)
	case r.descends(parent, child):
		return r.errorf(s.Name.Location, "", "circular inheritance: %s is above %s", child, parent)
	}
	r.mergeNotNulls(child, parent)
	c.PartitionOf, c.Bound = parent, r.bound(s.Bound)
	for x := range schema.Each[*pg.Index](r.catalog) {
		if x.Table == child {
			c.Brought = append(c.Brought, x.ID())
		}
	}
	for _, name := range r.parts(child).constraints {
		if k, ok := schema.Lookup[*pg.Constraint](r.catalog, pg.Part(pg.KindConstraint, child, name)); ok && isKey(k) {
			c.Brought = append(c.Brought, k.ID())
		}
	}
	return nil
}

// detachPartition reads ALTER TABLE .. DETACH PARTITION: the table keeps all
// that it had from its parent.
func (r *reader) detachPartition(parent schema.ID, s *pg_query.PartitionCmd) error {
	child, err := r.existingTable(s.Name)
	if err != nil {
		return err
	}
	c, _ := schema.Lookup[*pg.Table](r.catalog, child)
	if c == nil || c.PartitionOf != parent {
		return r.errorf(s.Name.Location, "", "%s is not a partition of %s", child, parent)
	}
	r.keepInherited(c)
	c.PartitionOf, c.Bound = schema.ID{}, schema.Expr{}
	return nil
}

// keepInherited gives a table columns of its own for those that it has had
// from its parents.
func (r *reader) keepInherited(t *pg.Table) {
	for i, c := range r.allColumns(t.ID()) {
		own := schema.Clone(c)
		own.Table, own.Inherited, own.Number = t.ID(), false, i+1
		from := (&pg.Default{Column: c.ID()}).ID()
		r.put(own, -1)
		if d, ok := schema.Lookup[*pg.Default](r.catalog, from); ok {
			if n := (&pg.Default{Column: own.ID(), Value: d.Value}); !r.catalog.Has(n.ID()) {
				r.put(n, -1)
			}
		}
	}
}

// descends tells whether a table is another one or below it.
func (r *reader) descends(id, ancestor schema.ID) bool {
	if id == ancestor {
		return true
	}
	t, ok := schema.Lookup[*pg.Table](r.catalog, id)
	if !ok {
		return false
	}
	for _, p := range append([]schema.ID{t.PartitionOf}, t.Inherits...) {
		if !p.IsZero() && r.descends(p, ancestor) {
			return true
		}
	}
	return false
}

// attachIndex reads ALTER INDEX .. ATTACH PARTITION.
func (r *reader) attachIndex(parent schema.ID, s *pg_query.PartitionCmd) error {
	child, err := r.existing(s.Name)
	if err != nil {
		return err
	}
	if i, ok := schema.Lookup[*pg.Index](r.catalog, child); ok {
		i.AttachedTo = parent
		return nil
	}
	// The index of a constraint, which is the parent's constraint from now on.
	if own, ok := schema.Lookup[*pg.Constraint](r.catalog, child); ok {
		if parent.Kind == pg.KindIndex {
			own.Backs = parent
			return nil
		}
		r.catalog.Remove(child)
		if k, ok := schema.Lookup[*pg.Constraint](r.catalog, parent); ok {
			k.Attached = append(k.Attached, own.Table)
			k.Covers = append(k.Covers, own.Claims()...)
		}
		return nil
	}
	return r.errorf(s.Name.Location, "", "%s is not an index", child)
}
