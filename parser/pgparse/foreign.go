package pgparse

import (
	"errors"
	"fmt"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// foreignError: a statement speaks of something that belongs to an extension or
// to the system. Such things are not objects of the catalog; what a dump says
// of their owners, comments and privileges is noted and left alone.
type foreignError struct{ name string }

func (e *foreignError) Error() string { return e.name + " belongs to an extension or to the system" }

// leave turns a [*foreignError] into a note.
func (r *reader) leave(err error, what string) error {
	f, ok := errors.AsType[*foreignError](err)
	if !ok {
		return err
	}
	r.catalog.Notes = append(r.catalog.Notes, fmt.Sprintf("%s: %s %s: left alone, since it belongs to an extension or to the system", r.pos(r.offset), what, f.name))
	return nil
}

// foreign tells whether something that is not in the catalog belongs to an
// extension or to the system. It is asked once the whole text is read.
func (r *reader) foreign(t pg_query.ObjectType, n *pg_query.Node) (string, bool) {
	var names []*pg_query.Node
	switch v := n.GetNode().(type) {
	case *pg_query.Node_RangeVar:
		return r.foreignName(t, v.RangeVar.Schemaname, v.RangeVar.Relname)
	case *pg_query.Node_ObjectWithArgs:
		names = v.ObjectWithArgs.Objname
	default:
		names = nameList(n)
	}
	if t == pg_query.ObjectType_OBJECT_COLUMN && len(names) > 1 {
		names = names[:len(names)-1]
	}
	namespace, name := nameParts(names)
	return r.foreignName(t, namespace, name)
}

func (r *reader) foreignName(t pg_query.ObjectType, namespace, name string) (string, bool) {
	full := pg.Qualify(namespace, name)
	if strings.HasPrefix(namespace, "pg_") || namespace == "information_schema" {
		return namespace + "." + name, true
	}
	in := func(known map[string]map[string]bool) bool {
		for _, s := range r.searched(namespace) {
			if known[s][name] {
				return true
			}
		}
		return false
	}
	if r.Known == nil {
		r.Known = &Known{}
	}
	switch t {
	case pg_query.ObjectType_OBJECT_LANGUAGE:
		switch name {
		case "plpgsql", "sql", "c", "internal":
			return full, true
		}
		return full, r.catalog.Has(schema.ID{Kind: pg.KindExtension, Name: name})
	case pg_query.ObjectType_OBJECT_FUNCTION, pg_query.ObjectType_OBJECT_PROCEDURE, pg_query.ObjectType_OBJECT_ROUTINE, pg_query.ObjectType_OBJECT_AGGREGATE:
		_, known := r.systemFunction(name)
		return full, known || in(r.Known.Functions)
	case pg_query.ObjectType_OBJECT_TYPE, pg_query.ObjectType_OBJECT_DOMAIN:
		return full, in(r.Known.Types) || builtin.For(r.Version).Types[name] != nil
	}
	return full, in(r.Known.Relations)
}
