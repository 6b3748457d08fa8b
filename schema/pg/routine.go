package pg

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// Function is a function or a procedure (pg_proc).
type Function struct {
	Schema, Name string
	// InputTypes are the canonical types of the input arguments, joined by
	// ", ": what tells overloads apart (pg_get_function_identity_arguments
	// without names and modes).
	InputTypes string
	Procedure  bool
	Args       []Argument
	Returns    Type // zero for a procedure, and for RETURNS TABLE
	SetOf      bool
	Language   string
	// Body is prosrc (AS 'body'); ObjectFile is set besides for C functions.
	Body       string
	ObjectFile string
	// SQLBody is an SQL-standard body: RETURN expr, or BEGIN ATOMIC .. END.
	SQLBody schema.Expr
	// Uses are what the body names, as far as it can be told.
	Uses []schema.Ref `schema:"derived"`

	Window          bool
	Volatility      string // "volatile", "stable", "immutable"
	Strict          bool
	SecurityDefiner bool
	Leakproof       bool
	Parallel        string // "unsafe", "restricted", "safe"
	Cost            float64
	Rows            float64
	Support         string
	Transforms      []Type
	Settings        []Option // SET name = value
}

// Argument is an argument of a routine.
type Argument struct {
	Name    string
	Mode    string // "in", "out", "inout", "variadic", "table"
	Type    Type
	Default schema.Expr
}

func (f *Function) ID() schema.ID {
	kind := KindFunction
	if f.Procedure {
		kind = KindProcedure
	}
	return schema.ID{Kind: kind, Schema: f.Schema, Name: f.Name, Args: f.InputTypes}
}
func (f *Function) Owner() schema.ID { return schema.ID{} }
func (f *Function) Refs() []schema.Ref {
	refs := schema.Refer(nil, schema.Exist, SchemaID(f.Schema))
	refs = append(refs, argRefs(f.Args)...)
	refs = schema.Refer(refs, schema.Steady, f.Returns.Ref)
	for _, t := range f.Transforms {
		refs = schema.Refer(refs, schema.Exist, t.Ref)
	}
	return slices.Concat(refs, f.SQLBody.Refs, f.Uses)
}
func (f *Function) Claims() []string { return []string{routineClaim(f.ID())} }

// Namesake: see [schema.Namesake].
func (f *Function) Namesake() string { return "routine " + Qualify(f.Schema, f.Name) }

func argRefs(args []Argument) []schema.Ref {
	var refs []schema.Ref
	for _, a := range args {
		refs = append(schema.Refer(refs, schema.Steady, a.Type.Ref), a.Default.Refs...)
	}
	return refs
}

// InputTypes is what tells routines of one name apart: the types of their
// input arguments, without names and modifiers.
func InputTypes(args ...Argument) string {
	var types []string
	for _, a := range args {
		if a.Mode != "out" && a.Mode != "table" {
			types = append(types, typeArgs(a.Type))
		}
	}
	return strings.Join(types, ", ")
}

// Aggregate is an aggregate function. What is empty or zero was not given.
type Aggregate struct {
	Schema, Name string
	InputTypes   string
	Args         []Argument
	OrderBy      []Argument // of ordered-set and hypothetical-set aggregates
	Kind         string     // "normal", "ordered-set", "hypothetical-set"
	// Functions by the option's name in lower case (sfunc, finalfunc,
	// combinefunc, serialfunc, deserialfunc, msfunc, minvfunc, mfinalfunc):
	// qualified names.
	Functions []Option
	Uses      []schema.ID `schema:"derived"` // those of them that are the user's
	SType     Type
	MSType    Type
	// Options are all others in lower case (initcond, minitcond, sspace,
	// mspace, finalfunc_extra, finalfunc_modify, sortop, parallel ..).
	Options []Option
}

func (a *Aggregate) ID() schema.ID {
	return schema.ID{Kind: KindAggregate, Schema: a.Schema, Name: a.Name, Args: a.InputTypes}
}

// Inputs are all arguments: those of an ordered-set aggregate that come before
// ORDER BY, then those behind it. A variadic argument before it takes the ones
// behind it in.
func (a *Aggregate) Inputs() []Argument {
	if n := len(a.Args); n > 0 && len(a.OrderBy) > 0 && a.Args[n-1].Mode == "variadic" {
		return a.Args
	}
	return slices.Concat(a.Args, a.OrderBy)
}

func (a *Aggregate) Owner() schema.ID { return schema.ID{} }
func (a *Aggregate) Refs() []schema.Ref {
	refs := schema.Refer(nil, schema.Exist, SchemaID(a.Schema))
	refs = append(refs, argRefs(a.Args)...)
	refs = append(refs, argRefs(a.OrderBy)...)
	refs = schema.Refer(refs, schema.Steady, a.SType.Ref, a.MSType.Ref)
	return schema.Refer(refs, schema.Exist, a.Uses...)
}
func (a *Aggregate) Claims() []string { return []string{routineClaim(a.ID())} }

// NameLists are the settings whose value is a list of names, each quoted like an
// identifier in pg_proc.proconfig (GUC_LIST_QUOTE).
var NameLists = map[string]bool{
	"local_preload_libraries": true, "search_path": true, "session_preload_libraries": true,
	"shared_preload_libraries": true, "temp_tablespaces": true, "unix_socket_directories": true,
}
