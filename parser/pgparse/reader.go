package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// reader amends a catalog statement by statement, in the order of the text.
type reader struct {
	Options
	catalog *schema.Catalog
	source  parser.Source
	// path is the search_path in force, as SET and set_config left it.
	path []string
	// offset of the statement's first token in the source; end is behind its
	// last one (without the semicolon).
	offset, end int
}

// Names that are not looked up yet have one of these kinds; Schema is empty if
// the author gave none, and then Args holds the search_path, comma-separated.
// resolve replaces them all once the whole text is read, since a text may use
// what it defines further down.
const (
	unresolvedRelation schema.Kind = "?relation"
	unresolvedType     schema.Kind = "?type"
	unresolvedRoutine  schema.Kind = "?routine" // Parent holds the argument types, or "*" for any
)

// errorf is an error at a place in the source. location counts from the start
// of the statement's text as pg_query saw it; -1 is the statement's start.
func (r *reader) errorf(location int32, hint, format string, args ...any) error {
	return r.source.Errorf(r.offset+max(0, int(location)), hint, format, args...)
}

// add puts a newly defined object into the catalog.
func (r *reader) add(o schema.Object, location int32) error {
	if err := r.catalog.Add(o); err != nil {
		return r.errorf(location, "define it once, or remove one of the two", "%v", err)
	}
	r.catalog.Origin[o.ID()] = r.source.Pos(r.offset)
	return nil
}

// relation is the yet unresolved name of a table, view or sequence.
func (r *reader) relation(v *pg_query.RangeVar) schema.ID {
	return r.unresolved(unresolvedRelation, v.GetSchemaname(), v.GetRelname())
}

func (r *reader) unresolved(kind schema.Kind, namespace, name string) schema.ID {
	id := schema.ID{Kind: kind, Schema: namespace, Name: name}
	if namespace == "" {
		id.Args = strings.Join(r.path, ",")
	}
	return id
}

// creation is the schema in which an unqualified new name comes to be.
func (r *reader) creation(namespace string) string {
	switch {
	case namespace != "":
		return namespace
	case len(r.path) > 0:
		return r.path[0]
	}
	return r.defaultSchema()
}

// expr keeps an expression's text; its canonical form comes with [Normalize].
// Where the search_path in force differs from the target's, names in the text
// are qualified, so that it means the same there.
func (r *reader) expr(n *pg_query.Node) schema.Expr { panic("written by the reader's author") }

// typeName reads a type; a name that is not built in is left unresolved in Ref.
func (r *reader) typeName(t *pg_query.TypeName) pg.Type { panic("written by the reader's author") }
