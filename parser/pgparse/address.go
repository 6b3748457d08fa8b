package pgparse

import (
	"errors"
	"slices"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Addresses of objects, as COMMENT ON, GRANT, ALTER .. OWNER TO, DROP and
// RENAME write them.

// object is the ID of an existing object of the catalog; a [*missingError] if
// there is none. What is only part of an object and none itself, a column of a
// view, has an ID, too.
func (r *reader) object(t pg_query.ObjectType, n *pg_query.Node) (schema.ID, error) {
	find, ok := addresses[t]
	if !ok {
		return schema.ID{}, r.notManaged(-1, objectWords(t))
	}
	return r.orForeign(t, n, find)
}

// orForeign looks an object up; once the whole text is read, what belongs to an
// extension or to the system is a [*foreignError].
func (r *reader) orForeign(t pg_query.ObjectType, n *pg_query.Node, find func(*reader, *pg_query.Node) (schema.ID, error)) (schema.ID, error) {
	id, err := find(r, n)
	if _, missing := errors.AsType[*missingError](err); missing && r.again {
		if name, ok := r.foreign(t, n); ok {
			return id, &foreignError{name}
		}
	}
	return id, err
}

var addresses map[pg_query.ObjectType]func(*reader, *pg_query.Node) (schema.ID, error)

func init() { // the functions refer to the map
	addresses = map[pg_query.ObjectType]func(*reader, *pg_query.Node) (schema.ID, error){
		pg_query.ObjectType_OBJECT_TABLE:           relationAddress(pg.KindTable),
		pg_query.ObjectType_OBJECT_VIEW:            relationAddress(pg.KindView),
		pg_query.ObjectType_OBJECT_MATVIEW:         relationAddress(pg.KindMaterializedView),
		pg_query.ObjectType_OBJECT_SEQUENCE:        relationAddress(pg.KindSequence),
		pg_query.ObjectType_OBJECT_INDEX:           relationAddress(pg.KindIndex),
		pg_query.ObjectType_OBJECT_COLUMN:          (*reader).columnAddress,
		pg_query.ObjectType_OBJECT_ATTRIBUTE:       (*reader).columnAddress,
		pg_query.ObjectType_OBJECT_TABCONSTRAINT:   partAddress(pg.KindConstraint),
		pg_query.ObjectType_OBJECT_TRIGGER:         partAddress(pg.KindTrigger),
		pg_query.ObjectType_OBJECT_RULE:            partAddress(pg.KindRule),
		pg_query.ObjectType_OBJECT_POLICY:          partAddress(pg.KindPolicy),
		pg_query.ObjectType_OBJECT_DOMCONSTRAINT:   (*reader).domainConstraintAddress,
		pg_query.ObjectType_OBJECT_TYPE:            (*reader).typeAddress,
		pg_query.ObjectType_OBJECT_DOMAIN:          (*reader).typeAddress,
		pg_query.ObjectType_OBJECT_FUNCTION:        routineAddress(pg.KindFunction, pg.KindAggregate),
		pg_query.ObjectType_OBJECT_PROCEDURE:       routineAddress(pg.KindProcedure),
		pg_query.ObjectType_OBJECT_ROUTINE:         routineAddress(routineKinds...),
		pg_query.ObjectType_OBJECT_AGGREGATE:       routineAddress(pg.KindAggregate),
		pg_query.ObjectType_OBJECT_OPERATOR:        (*reader).operatorNodeAddress,
		pg_query.ObjectType_OBJECT_OPCLASS:         methodAddress(pg.KindOperatorClass),
		pg_query.ObjectType_OBJECT_OPFAMILY:        methodAddress(pg.KindOperatorFamily),
		pg_query.ObjectType_OBJECT_CAST:            (*reader).castAddress,
		pg_query.ObjectType_OBJECT_SCHEMA:          (*reader).schemaAddress,
		pg_query.ObjectType_OBJECT_EXTENSION:       plainAddress(pg.KindExtension),
		pg_query.ObjectType_OBJECT_LANGUAGE:        plainAddress(pg.KindLanguage),
		pg_query.ObjectType_OBJECT_PUBLICATION:     plainAddress(pg.KindPublication),
		pg_query.ObjectType_OBJECT_EVENT_TRIGGER:   plainAddress(pg.KindEventTrigger),
		pg_query.ObjectType_OBJECT_COLLATION:       qualifiedAddress(pg.KindCollation),
		pg_query.ObjectType_OBJECT_STATISTIC_EXT:   qualifiedAddress(pg.KindStatistics),
		pg_query.ObjectType_OBJECT_TSCONFIGURATION: qualifiedAddress(pg.KindTSConfiguration),
		pg_query.ObjectType_OBJECT_TSDICTIONARY:    qualifiedAddress(pg.KindTSDictionary),
		pg_query.ObjectType_OBJECT_TSPARSER:        qualifiedAddress(pg.KindTSParser),
		pg_query.ObjectType_OBJECT_TSTEMPLATE:      qualifiedAddress(pg.KindTSTemplate),
	}
}

// relationAddress finds a table, view, sequence or index. ALTER and COMMENT
// take ones of another of these kinds as the server does, but not an index for
// a table.
func relationAddress(kind schema.Kind) func(*reader, *pg_query.Node) (schema.ID, error) {
	return func(r *reader, n *pg_query.Node) (schema.ID, error) {
		namespace, name := nameParts(nameList(n))
		id, ok := r.find(r.relations, namespace, name)
		switch {
		case !ok && kind == pg.KindSequence:
			if id, _, ok := r.identitySequence(namespace, name); ok {
				return id, nil
			}
		case ok && id.Kind == pg.KindConstraint && kind == pg.KindIndex:
			return schema.ID{Kind: pg.KindIndex, Schema: id.Schema, Name: id.Name}, nil
		case ok && id.Kind == pg.KindIndex && kind != pg.KindIndex, ok && id.Kind == pg.KindConstraint:
			return schema.ID{}, r.errorf(-1, "", "%s is not a %s", id, kind)
		case ok:
			return id, nil
		}
		return schema.ID{}, r.missing(-1, "%s %s does not exist", kind, pg.Qualify(namespace, name))
	}
}

// identitySequence finds the sequence of an identity column, which is no
// object of the catalog; the column stands for it.
func (r *reader) identitySequence(namespace, name string) (sequence, column schema.ID, ok bool) {
	for _, s := range r.searched(namespace) {
		for c := range schema.Each[*pg.Column](r.catalog) {
			if c.Identity == nil || c.Table.Schema != s {
				continue
			}
			if identityName(c) == name {
				return schema.ID{Kind: pg.KindSequence, Schema: s, Name: name}, c.ID(), true
			}
		}
	}
	return schema.ID{}, schema.ID{}, false
}

// identityName is the name of the sequence of an identity column.
func identityName(c *pg.Column) string {
	if c.Identity.Name != "" {
		return c.Identity.Name
	}
	return objectName(c.Table.Name, c.Name, "seq")
}

// columnAddress finds relation.column.
func (r *reader) columnAddress(n *pg_query.Node) (schema.ID, error) {
	relation, name, err := r.owner(n)
	return pg.ColumnID(relation, name), err
}

// owner splits [schema.]relation.part, and finds the relation.
func (r *reader) owner(n *pg_query.Node) (relation schema.ID, name string, err error) {
	list := nameList(n)
	if len(list) < 2 {
		return schema.ID{}, "", r.errorf(-1, "write table.name", "the name lacks its table")
	}
	namespace, table := nameParts(list[:len(list)-1])
	relation, ok := r.find(r.relations, namespace, table)
	if !ok {
		return relation, "", r.missing(-1, "relation %s does not exist", pg.Qualify(namespace, table))
	}
	return relation, str(list[len(list)-1]), nil
}

// partAddress finds a constraint, trigger, rule or policy of a relation.
func partAddress(kind schema.Kind) func(*reader, *pg_query.Node) (schema.ID, error) {
	return func(r *reader, n *pg_query.Node) (schema.ID, error) {
		relation, name, err := r.owner(n)
		if err != nil {
			return schema.ID{}, err
		}
		id := pg.Part(kind, relation, name)
		if !r.catalog.Has(id) {
			return id, r.missing(-1, "%s does not exist", id)
		}
		return id, nil
	}
}

func (r *reader) domainConstraintAddress(n *pg_query.Node) (schema.ID, error) {
	list := n.GetList().GetItems()
	domain, err := r.typeAddress(list[0])
	if err != nil {
		return domain, err
	}
	id := pg.Part(pg.KindDomainConstraint, domain, str(list[1]))
	if !r.catalog.Has(id) {
		return id, r.missing(-1, "%s does not exist", id)
	}
	return id, nil
}

// typeAddress finds a type that is no relation's row type.
func (r *reader) typeAddress(n *pg_query.Node) (schema.ID, error) {
	namespace, name := nameParts(nameList(n))
	id, ok := r.find(r.types, namespace, name)
	if !ok {
		return id, r.missing(-1, "type %s does not exist", pg.Qualify(namespace, name))
	}
	switch id.Kind {
	case pg.KindEnum, pg.KindComposite, pg.KindDomain, pg.KindRange:
		return id, nil
	}
	return id, r.errorf(-1, "", "%s is not a type of its own", id)
}

// routineAddress finds a function, procedure or aggregate by its arguments;
// without any, by its name if that is unique.
func routineAddress(kinds ...schema.Kind) func(*reader, *pg_query.Node) (schema.ID, error) {
	return func(r *reader, n *pg_query.Node) (schema.ID, error) { return r.routineAt(kinds, n.GetObjectWithArgs()) }
}

func (r *reader) routineAt(kinds []schema.Kind, o *pg_query.ObjectWithArgs) (schema.ID, error) {
	namespace, name := nameParts(o.GetObjname())
	types := ""
	if o.GetArgsUnspecified() {
		if ids := r.overloads(kinds, namespace, name); len(ids) > 1 {
			return schema.ID{}, r.errorf(-1, "give its argument types", "%s is not unique", pg.Qualify(namespace, name))
		}
		types = "*"
	} else {
		types = r.argumentTypes(o.GetObjargs())
	}
	if id, ok := r.overload(kinds, namespace, name, types, false); ok {
		return id, nil
	}
	// A procedure's address may list its output arguments.
	if slices.Contains(kinds, pg.KindProcedure) {
		for _, id := range r.overloads([]schema.Kind{pg.KindProcedure}, namespace, name) {
			if f, ok := schema.Lookup[*pg.Function](r.catalog, id); ok && allTypes(f.Args) == types {
				return id, nil
			}
		}
	}
	return schema.ID{}, r.missing(-1, "%s %s(%s) does not exist", kinds[0], pg.Qualify(namespace, name), types)
}

// allTypes are the types of all arguments.
func allTypes(args []pg.Argument) string {
	all := slices.Clone(args)
	for i := range all {
		all[i].Mode = "in"
	}
	return pg.InputTypes(all...)
}

func (r *reader) operatorNodeAddress(n *pg_query.Node) (schema.ID, error) {
	return r.operatorAddress(n.GetObjectWithArgs())
}

// operatorAddress finds an operator by its operands; NONE stands for a missing
// left one.
func (r *reader) operatorAddress(o *pg_query.ObjectWithArgs) (schema.ID, error) {
	namespace, name := nameParts(o.GetObjname())
	var operands [2]pg.Type
	list := o.GetObjargs()
	for i, n := range list[:min(2, len(list))] {
		operands[i] = r.argumentType(n.GetTypeName())
	}
	for _, s := range r.searched(namespace) {
		if id := operatorID(s, name, operands[0], operands[1]); r.catalog.Has(id) {
			return id, nil
		}
	}
	return schema.ID{}, r.missing(-1, "operator %s does not exist", operatorID(namespace, name, operands[0], operands[1]).Path())
}

// methodAddress finds an operator class or family: its access method comes
// first.
func methodAddress(kind schema.Kind) func(*reader, *pg_query.Node) (schema.ID, error) {
	return func(r *reader, n *pg_query.Node) (schema.ID, error) {
		list := nameList(n)
		namespace, name := nameParts(list[1:])
		id, ok := r.known(kind, namespace, name, str(list[0]))
		if !ok {
			return id, r.missing(-1, "%s %s does not exist", kind, pg.Qualify(namespace, name))
		}
		return id, nil
	}
}

func (r *reader) castAddress(n *pg_query.Node) (schema.ID, error) {
	list := n.GetList().GetItems()
	id := (&pg.Cast{From: r.argumentType(list[0].GetTypeName()), To: r.argumentType(list[1].GetTypeName())}).ID()
	if !r.catalog.Has(id) {
		return id, r.missing(-1, "%s does not exist", id)
	}
	return id, nil
}

// schemaAddress finds a schema; public need not be created by the text.
func (r *reader) schemaAddress(n *pg_query.Node) (schema.ID, error) {
	id := pg.SchemaID(str(n))
	if !r.catalog.Has(id) && id.Name != "public" {
		return id, r.missing(-1, "%s does not exist", id)
	}
	return id, nil
}

func plainAddress(kind schema.Kind) func(*reader, *pg_query.Node) (schema.ID, error) {
	return func(r *reader, n *pg_query.Node) (schema.ID, error) {
		id := schema.ID{Kind: kind, Name: str(n)}
		if !r.catalog.Has(id) {
			return id, r.missing(-1, "%s does not exist", id)
		}
		return id, nil
	}
}

func qualifiedAddress(kind schema.Kind) func(*reader, *pg_query.Node) (schema.ID, error) {
	return func(r *reader, n *pg_query.Node) (schema.ID, error) {
		namespace, name := nameParts(nameList(n))
		id, ok := r.known(kind, namespace, name, "")
		if !ok {
			return id, r.missing(-1, "%s %s does not exist", kind, pg.Qualify(namespace, name))
		}
		return id, nil
	}
}
