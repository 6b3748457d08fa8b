package pgparse

import (
	"errors"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// rename reads ALTER .. RENAME: what the text said before has another name
// from here on. It does not wait for what is defined further down.
func (r *reader) rename(s *pg_query.RenameStmt) error {
	err := r.renamed(s)
	return r.notDeferred(err, s.MissingOk)
}

// notDeferred is the error of a statement that does not wait for what is
// defined further down.
func (r *reader) notDeferred(err error, missingOK bool) error {
	if _, missing := errors.AsType[*missingError](err); missing {
		if !missingOK {
			r.missed = append(r.missed, err)
		}
		return nil
	}
	return err
}

func (r *reader) renamed(s *pg_query.RenameStmt) error {
	var id schema.ID
	var err error
	kind := map[pg_query.ObjectType]schema.Kind{
		pg_query.ObjectType_OBJECT_COLUMN: pg.KindColumn, pg_query.ObjectType_OBJECT_ATTRIBUTE: pg.KindColumn,
		pg_query.ObjectType_OBJECT_TABCONSTRAINT: pg.KindConstraint, pg_query.ObjectType_OBJECT_TRIGGER: pg.KindTrigger,
		pg_query.ObjectType_OBJECT_RULE: pg.KindRule, pg_query.ObjectType_OBJECT_POLICY: pg.KindPolicy,
	}[s.RenameType]
	switch {
	case kind != "":
		var relation schema.ID
		if relation, err = r.existing(s.Relation); err != nil {
			return err
		}
		if kind == pg.KindColumn {
			return r.renameColumn(relation, s.Subname, s.Newname)
		}
		id = pg.Part(kind, relation, s.Subname)
	case s.RenameType == pg_query.ObjectType_OBJECT_DOMCONSTRAINT:
		domain, err := r.object(pg_query.ObjectType_OBJECT_DOMAIN, s.Object)
		if err != nil {
			return err
		}
		id = pg.Part(pg.KindDomainConstraint, domain, s.Subname)
	case s.Relation != nil:
		id, err = r.existing(s.Relation)
	case s.RenameType == pg_query.ObjectType_OBJECT_SCHEMA:
		return r.renameSchema(s.Subname, s.Newname)
	default:
		id, err = r.object(s.RenameType, s.Object)
	}
	if err != nil {
		return err
	}
	if !r.catalog.Has(id) {
		return r.missing(-1, "%s does not exist", id)
	}
	to := id
	to.Name = s.Newname
	return r.move(id, to)
}

// move gives an object another ID, and everything that refers to it.
func (r *reader) move(from, to schema.ID) error {
	if r.catalog.Has(to) {
		return r.errorf(-1, "", "%s exists already", to)
	}
	catalog := schema.NewCatalog()
	old := r.catalog
	catalog.Notes, catalog.Unmanaged = old.Notes, old.Unmanaged
	follow := func(id schema.ID) schema.ID { return moved(id, from, to) }
	for o := range old.All() {
		id := o.ID()
		o = relocated(schema.Rewrite(o, follow), id, from, to)
		if from.Parent == "" {
			own := id.Schema == from.Schema && id.Parent == from.Name || o.Owner() == to
			eachExpr(o, func(e *schema.Expr) {
				if own {
					e.Text = requalify(e.Text, from.Name, to.Name)
				}
				e.Text = r.renameRelationIn(e.Text, from, to)
			})
		}
		catalog.Put(o)
	}
	for id, pos := range old.Origin {
		catalog.Origin[follow(id)] = pos
	}
	for id, was := range old.Renames {
		catalog.Renames[follow(id)] = was
	}
	for id, d := range old.Directives {
		catalog.Directives[follow(id)] = d
	}
	r.catalog = catalog
	r.reindex()
	return nil
}

// hasParts are the kinds whose names are in the IDs of their parts.
var hasParts = map[schema.Kind]bool{pg.KindTable: true, pg.KindView: true, pg.KindMaterializedView: true, pg.KindComposite: true, pg.KindDomain: true}

// moved is what an ID becomes when the object from becomes to: its parts
// follow.
func moved(id, from, to schema.ID) schema.ID {
	switch {
	case id == from:
		return to
	case id.Parent == from.Name && id.Schema == from.Schema && hasParts[from.Kind]:
		id.Schema, id.Parent = to.Schema, to.Name
	}
	return id
}

// reindex builds the indexes of names anew.
func (r *reader) reindex() {
	clear(r.relations)
	clear(r.types)
	clear(r.tables)
	clear(r.constraints)
	clear(r.routines)
	for o := range r.catalog.All() {
		r.index(o)
		if isRoutine(o.ID().Kind) {
			r.noteRoutine(o.ID())
		}
	}
	for sequence := range r.implicit {
		r.relations[key(sequence.Schema, sequence.Name)] = sequence
	}
}
