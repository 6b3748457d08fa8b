package pgparse

import (
	"fmt"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// publicComment is what initdb says of the schema public. It is no difference,
// neither here nor there.
const publicComment = "standard public schema"

// comment reads COMMENT ON; NULL and the empty text take a comment away.
func (r *reader) comment(s *pg_query.CommentStmt) error {
	id, err := r.object(s.Objtype, s.Object)
	if err != nil {
		return r.leave(err, "the comment on")
	}
	c := &pg.Comment{Target: id, Relation: r.standsFor(id), Text: s.Comment}
	if c.Text == "" || id == pg.SchemaID("public") && c.Text == publicComment {
		r.remove(c.ID())
		return nil
	}
	r.catalog.Put(c)
	r.catalog.Origin[c.ID()] = r.pos(r.offset)
	return nil
}

// standsFor is the object of the catalog that a target belongs to if it is
// none itself: the relation of a column of a view, the column of an identity's
// sequence, the constraint of an index.
func (r *reader) standsFor(target schema.ID) schema.ID {
	if r.catalog.Has(target) {
		return schema.ID{}
	}
	switch target.Kind {
	case pg.KindColumn:
		relation, _ := r.find(r.relations, target.Schema, target.Parent)
		return relation
	case pg.KindSequence:
		_, column, _ := r.identitySequence(target.Schema, target.Name)
		return column
	case pg.KindIndex:
		constraint, _ := r.find(r.relations, target.Schema, target.Name)
		return constraint
	}
	return schema.ID{}
}

// settleComments gives comments on columns that are not the table's own the
// table to belong to, once it is known which are; and refuses those on columns
// that do not exist.
func (r *reader) settleComments() {
	for c := range schema.Each[*pg.Comment](r.catalog) {
		if c.Target.Kind != pg.KindColumn {
			continue
		}
		c.Relation = r.standsFor(c.Target)
		r.checkColumn(c.Target, c.Relation, c.ID())
	}
}

// checkColumn reports a column of a table that nothing defines. Columns of
// views are the query's, those of children may be the parent's.
func (r *reader) checkColumn(column, relation, about schema.ID) {
	t, ok := schema.Lookup[*pg.Table](r.catalog, relation)
	if ok && len(t.Inherits) == 0 && t.PartitionOf.IsZero() && t.OfType.IsZero() {
		r.errs = append(r.errs, &parser.Error{Pos: r.catalog.Origin[about], Message: fmt.Sprintf("column %s of %s does not exist", pg.Quote(column.Name), relation)})
	}
}

// objectWords names a type of object that is not managed.
func objectWords(t pg_query.ObjectType) string {
	return "a " + strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(t.String(), "OBJECT_"), "_", " "))
}
