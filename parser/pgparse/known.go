package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// What a statement names has to be found while the text is read, as the server
// would; a statement that names something that is not there yet waits for it
// ([missingError]).

// Kinds of routines.
var (
	functionKinds = []schema.Kind{pg.KindFunction, pg.KindProcedure}
	routineKinds  = []schema.Kind{pg.KindFunction, pg.KindProcedure, pg.KindAggregate}
)

// searched lists the schemas in which a name is looked up.
func (r *reader) searched(namespace string) []string {
	if namespace != "" {
		return []string{namespace}
	}
	return r.path
}

// known finds a name among the objects of a kind; args is that of the ID.
func (r *reader) known(kind schema.Kind, namespace, name, args string) (schema.ID, bool) {
	for _, s := range r.searched(namespace) {
		if id := (schema.ID{Kind: kind, Schema: s, Name: name, Args: args}); r.catalog.Has(id) {
			return id, true
		}
	}
	return schema.ID{}, false
}

// defined is the object of this kind and name that a statement amends, or a
// [*missingError].
func defined[T schema.Object](r *reader, kind schema.Kind, namespace, name, args string) (T, error) {
	id, _ := r.known(kind, namespace, name, args)
	o, ok := schema.Lookup[T](r.catalog, id)
	if !ok {
		return o, r.missing(-1, "%s %s does not exist", kind, pg.Qualify(namespace, name))
	}
	return o, nil
}

// part is the part of a relation that a statement amends, or a [*missingError].
func part[T schema.Object](r *reader, kind schema.Kind, relation schema.ID, name string) (T, error) {
	o, ok := schema.Lookup[T](r.catalog, pg.Part(kind, relation, name))
	if !ok {
		return o, r.missing(-1, "%s %s of %s does not exist", kind, pg.Quote(name), relation)
	}
	return o, nil
}

// noteRoutine remembers a function, procedure or aggregate under its name.
func (r *reader) noteRoutine(id schema.ID) {
	k := key(id.Schema, id.Name)
	if !slices.Contains(r.routines[k], id) {
		r.routines[k] = append(r.routines[k], id)
	}
}

// overloads lists the routines of a name along the search_path.
func (r *reader) overloads(kinds []schema.Kind, namespace, name string) []schema.ID {
	var out []schema.ID
	for _, s := range r.searched(namespace) {
		for _, id := range r.routines[key(s, name)] {
			if slices.Contains(kinds, id.Kind) && r.catalog.Has(id) {
				out = append(out, id)
			}
		}
	}
	return out
}

// overload picks the routine with these argument types. "*" takes any, and so
// does loose if none has exactly these: a call may rely on implicit casts and
// polymorphic types.
func (r *reader) overload(kinds []schema.Kind, namespace, name, types string, loose bool) (schema.ID, bool) {
	ids := r.overloads(kinds, namespace, name)
	for _, id := range ids {
		if id.Args == types {
			return id, true
		}
	}
	if types != "*" && !loose || len(ids) == 0 {
		return schema.ID{}, false
	}
	for _, id := range ids {
		if strings.Count(id.Args, ",") == strings.Count(types, ",") {
			return id, true
		}
	}
	return ids[0], true
}

// function finds a routine that a definition uses, by the types with which it
// is called: its qualified name, and its ID if it is one of the catalog. Names
// of the system and of extensions are only names.
func (r *reader) function(names []*pg_query.Node, types string, loose bool) (string, schema.ID, error) {
	if len(names) == 0 {
		return "", schema.ID{}, nil
	}
	namespace, name := nameParts(names)
	if id, ok := r.overload(functionKinds, namespace, name, types, loose); ok && namespace != "pg_catalog" {
		return pg.Qualify(id.Schema, id.Name), id, nil
	}
	extension, foreign := r.systemFunction(name)
	if foreign && extension == "" && (namespace == "" || namespace == "pg_catalog") {
		return pg.Qualify("", name), schema.ID{}, nil
	}
	if r.Known != nil {
		for _, s := range r.searched(namespace) {
			if r.Known.Functions[s][name] {
				return pg.Qualify(s, name), schema.ID{}, nil
			}
		}
	}
	if r.again && (foreign || r.unknownExtensions() || strings.HasPrefix(namespace, "pg_")) {
		return pg.Qualify(namespace, name), schema.ID{}, nil
	}
	return "", schema.ID{}, r.missing(-1, "function %s does not exist", pg.Qualify(namespace, name))
}

// systemFunction tells whether the system (with no extension's name) or a
// contributed extension has a function of this name.
func (r *reader) systemFunction(name string) (extension string, ok bool) {
	facts := builtin.For(r.Version)
	extension, ok = facts.Internal[name]
	for _, f := range facts.Functions[name] {
		if !ok || f.Extension == "" {
			extension, ok = f.Extension, true
		}
	}
	return extension, ok
}

// awaited tells whether a type is not known yet, but may be defined further
// down.
func (r *reader) awaited(t pg.Type) bool {
	if r.again || t.Ref.Kind != unresolvedType && t.Ref.Kind != unresolvedColumn {
		return false
	}
	for _, s := range pathOf(t.Ref) {
		if r.Known != nil && r.Known.Types[s][t.Ref.Name] {
			return false
		}
	}
	return true
}

// argumentTypes are the types of a routine's or operator's arguments as its
// address gives them, in the spelling of [pg.InputTypes].
func (r *reader) argumentTypes(types []*pg_query.Node) string {
	args := make([]pg.Argument, len(types))
	for i, t := range types {
		args[i].Type = r.argumentType(t.GetTypeName())
	}
	return pg.InputTypes(args...)
}

// newName is the schema and the name that a definition makes.
func (r *reader) newName(list []*pg_query.Node) (namespace, name string) {
	namespace, name = nameParts(list)
	return r.creation(namespace), name
}

// addOrReplace adds o, or replaces its former definition where OR REPLACE
// allows it.
func (r *reader) addOrReplace(o schema.Object, replace bool) error {
	if !replace {
		return r.add(o, -1)
	}
	r.put(o, -1)
	return nil
}

// notManaged is the error for what the tool does not manage.
func (r *reader) notManaged(location int32, what string) error {
	return r.errorf(location, "take it out of the files and run it on its own; trueup leaves such objects alone", "%s is not managed", what)
}
