// Package builtin knows what PostgreSQL itself and its contributed extensions
// define: types, casts, operators, functions, operator classes, and the
// columns of the system's relations, for every supported release. The facts
// were read from servers (see gen).
//
// It knows nothing of SQL text, and nothing of what users define; callers make
// their own [Type] values for that.
package builtin

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/trueup-sql/trueup/schema"
)

//go:generate sh -c "go run ./gen $TRUEUP_GEN_SERVERS > facts.txt"
//go:embed facts.txt
var text string

// Type is a data type. Types are compared as pointers.
type Type struct {
	// Schema is empty for pg_catalog, and for an extension's type, whose schema
	// the user chose.
	Schema, Name string
	Extension    string
	// ID is set for a type that a user defined.
	ID schema.ID
	// Kind is pg_type.typtype, with a for an array.
	Kind      byte
	Category  byte // pg_type.typcategory
	Preferred bool
	Elem      *Type // of an array
	Array     *Type // the array of this type
	// Base is a domain's base type, a range's subtype, a multirange's range.
	Base    *Type
	BaseMod string // a domain's type modifier
	Fields  []Field
}

// Field is a column of a composite type or of a relation.
type Field struct {
	Name string
	Type *Type
	Mod  string
}

// Cast is a row of pg_cast.
type Cast struct {
	Context   byte // 'i'mplicit, 'a'ssignment, 'e'xplicit
	Method    byte // 'f'unction, 'i'nput/output, 'b'inary
	Extension string
}

// Operator is a row of pg_operator; Left is nil for a prefix operator.
type Operator struct {
	Name                string
	Left, Right, Result *Type
	Extension           string
	ID                  schema.ID // of a user's operator
	Schema              string    // of a user's operator
}

// Function is a row of pg_proc.
type Function struct {
	Name      string
	Kind      byte // 'f'unction, 'a'ggregate, 'w'indow
	Args      []*Type
	Result    *Type
	Set       bool
	Defaults  int
	Variadic  bool
	Names     []string // of the input arguments, where known
	Out       []Field  // output arguments
	Extension string
	ID        schema.ID // of a user's function
	Schema    string    // of a user's function
}

// Class is an operator class.
type Class struct {
	Name, Method string
	Type         *Type
	Default      bool
	Extension    string
}

// Relation is a table or view of the system or of an extension.
type Relation struct {
	Schema, Name string
	Columns      []Field
	Extension    string
}

// Facts are what one release defines. They must not be changed.
type Facts struct {
	Types     map[string]*Type
	Casts     map[[2]*Type]Cast
	Operators map[string][]*Operator
	Functions map[string][]*Function
	// Internal names the functions that only the server calls (triggers,
	// handlers, estimators, support functions), with their extension.
	Internal  map[string]string
	Classes   map[string][]*Class // by method
	Relations map[string]*Relation
}

var (
	mu    sync.Mutex
	cache = map[int]*Facts{}
)

// For returns the facts of a release, given its server_version_num; of the
// nearest one that is known for others.
func For(version int) *Facts {
	major := min(max(version/10000, 14), 18)
	if version == 0 {
		major = 18
	}
	mu.Lock()
	defer mu.Unlock()
	f := cache[major]
	if f == nil {
		f = load(major)
		cache[major] = f
	}
	return f
}

// load reads the facts that hold for a release.
func load(major int) *Facts {
	f := &Facts{Types: make(map[string]*Type, 300), Casts: map[[2]*Type]Cast{}, Operators: map[string][]*Operator{},
		Functions: make(map[string][]*Function, 2000), Classes: map[string][]*Class{}, Relations: map[string]*Relation{}, Internal: map[string]string{}}
	var types [][]string
	var others [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		cols := strings.Split(line, "\t")
		if !holds(cols[1], major) {
			continue
		}
		if cols[0] == "T" {
			types = append(types, cols)
			f.Types[cols[3]] = &Type{Name: cols[3], Extension: cols[2], Category: cols[4][0], Preferred: cols[5] == "t", Kind: cols[7][0]}
		} else {
			others = append(others, cols)
		}
	}
	for _, cols := range types {
		t := f.Types[cols[3]]
		if t.Kind == 'a' && t.Name[0] != '_' {
			t.Kind = 'b' // oidvector and int2vector only look like arrays
		}
		if t.Kind == 'a' {
			t.Elem = f.Types[cols[6]]
			if t.Elem != nil {
				t.Elem.Array = t
			}
		}
		t.Base = f.Types[cols[8]]
	}
	for _, cols := range others {
		f.add(cols)
	}
	return f
}

// holds reads a span of releases: empty for all, or from-to with open ends.
func holds(span string, major int) bool {
	if span == "" {
		return true
	}
	from, to, _ := strings.Cut(span, "-")
	if n, err := strconv.Atoi(from); err == nil && major < n {
		return false
	}
	if n, err := strconv.Atoi(to); err == nil && major > n {
		return false
	}
	return true
}

func (f *Facts) add(cols []string) {
	extension, cols, tag := cols[2], cols[3:], cols[0]
	switch tag {
	case "C":
		f.Casts[[2]*Type{f.Types[cols[0]], f.Types[cols[1]]}] = Cast{Context: cols[2][0], Method: cols[2][1], Extension: extension}
	case "O":
		f.Operators[cols[0]] = append(f.Operators[cols[0]], &Operator{Name: cols[0], Left: f.Types[cols[1]], Right: f.typ(cols[2]), Result: f.typ(cols[3]), Extension: extension})
	case "F":
		f.Functions[cols[0]] = append(f.Functions[cols[0]], f.function(cols, extension))
	case "N":
		f.Internal[cols[0]] = extension
	case "K":
		f.Classes[cols[1]] = append(f.Classes[cols[1]], &Class{Name: cols[0], Method: cols[1], Type: f.typ(cols[2]), Default: cols[3] == "default", Extension: extension})
	case "R":
		r := &Relation{Extension: extension}
		r.Schema, r.Name, _ = strings.Cut(cols[0], ".")
		for _, c := range strings.Split(cols[1], ",") {
			name, typ, _ := strings.Cut(c, " ")
			r.Columns = append(r.Columns, Field{Name: name, Type: f.Types[typ]})
		}
		f.Relations[cols[0]] = r
	default:
		panic(fmt.Sprintf("builtin: unknown tag %q", tag))
	}
}

func (f *Facts) function(cols []string, extension string) *Function {
	fn := &Function{Name: cols[0], Kind: cols[2][0], Extension: extension}
	if cols[1] != "" {
		for _, a := range strings.Split(cols[1], ",") {
			fn.Args = append(fn.Args, f.typ(a))
		}
	}
	result, set := strings.CutPrefix(cols[3], "setof ")
	fn.Result, fn.Set = f.typ(result), set
	defaults, variadic := strings.CutSuffix(cols[4], "v")
	fn.Defaults, _ = strconv.Atoi(defaults)
	fn.Variadic = variadic
	if cols[5] == "-" {
		return fn
	}
	for _, a := range strings.Split(cols[5], ",") {
		p := strings.Split(a, " ")
		if p[0] != "o" && p[0] != "t" {
			fn.Names = append(fn.Names, strings.Trim(p[1], "-"))
		}
		if p[0] != "i" && p[0] != "v" {
			fn.Out = append(fn.Out, Field{Name: strings.Trim(p[1], "-"), Type: f.typ(p[2])})
		}
	}
	return fn
}

// typ is a type by name; one that the facts leave out (a row type) becomes an
// opaque one.
func (f *Facts) typ(name string) *Type {
	t := f.Types[name]
	if t == nil {
		t = &Type{Name: name, Kind: 'c', Category: 'C'}
		f.Types[name] = t
	}
	return t
}
