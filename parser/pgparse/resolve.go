package pgparse

import (
	"reflect"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// resolver replaces placeholders by what they name, once all sources are read.
type resolver struct {
	r *reader
	// routines by schema and name, in the order of the catalog.
	routines map[string][]schema.ID
	// extensions tells that the text creates extensions whose objects are not
	// known: then a name that is found nowhere may be theirs.
	extensions bool
	object     schema.ID // that is being resolved
	errs       []error
	reported   map[string]bool
	byKind     map[schema.ID]bool // what there is, without parents and arguments
}

// resolve replaces all placeholders in the catalog, and gives routines their
// final IDs.
func (r *reader) resolve() {
	v := &resolver{r: r, routines: map[string][]schema.ID{}, reported: map[string]bool{}}
	v.extensions = r.unknownExtensions()
	for o := range r.catalog.All() {
		v.object = o.ID()
		v.types(reflect.ValueOf(o))
	}
	v.rekeyRoutines()
	for o := range r.catalog.All() {
		if isRoutine(o.ID().Kind) {
			k := key(o.ID().Schema, o.ID().Name)
			v.routines[k] = append(v.routines[k], o.ID())
		}
	}
	for o := range r.catalog.All() {
		v.object = o.ID()
		v.names(reflect.ValueOf(o))
	}
	r.errs = append(r.errs, v.errs...)
	r.settleObjects()
}

func isRoutine(k schema.Kind) bool {
	return k == pg.KindFunction || k == pg.KindProcedure || k == pg.KindAggregate
}

// unknownExtensions tells whether the text creates an extension that the
// target does not have yet.
func (r *reader) unknownExtensions() bool {
	for e := range schema.Each[*pg.Extension](r.catalog) {
		if r.Known == nil || !r.Known.Extensions[e.Name] {
			return true
		}
	}
	return false
}

func (v *resolver) errorf(hint, format string, args ...any) {
	e := parser.Source{}.Errorf(0, hint, format, args...)
	e.Pos = v.r.catalog.Origin[v.object]
	if k := e.Pos.String() + e.Message; !v.reported[k] {
		v.reported[k] = true
		v.errs = append(v.errs, e)
	}
}

var (
	typeType = reflect.TypeFor[pg.Type]()
	idType   = reflect.TypeFor[schema.ID]()
	exprType = reflect.TypeFor[schema.Expr]()
)

// types resolves every [pg.Type] in a value.
func (v *resolver) types(x reflect.Value) {
	if x.Type() == typeType {
		t := x.Addr().Interface().(*pg.Type)
		v.typeOf(t)
		return
	}
	typeFields.each(x, v.types)
}

// names resolves every ID and takes the marks out of every text.
func (v *resolver) names(x reflect.Value) {
	switch {
	case x.Type() == idType:
		id := x.Addr().Interface().(*schema.ID)
		if strings.HasPrefix(string(id.Kind), "?") {
			*id = v.name(*id)
		}
		return
	case x.Kind() == reflect.String:
		if strings.Contains(x.String(), markOpen) {
			x.SetString(v.unmark(x.String()))
		}
		return
	case x.Type() == exprType:
		e := x.Addr().Interface().(*schema.Expr)
		if strings.Contains(e.Text, markOpen) {
			e.Text = v.unmark(e.Text)
		}
	}
	nameFields.each(x, v.names)
}

// typeOf resolves one use of a type.
func (v *resolver) typeOf(t *pg.Type) {
	switch t.Ref.Kind {
	case unresolvedType:
	case unresolvedColumn:
		v.columnType(t)
		return
	default:
		return
	}
	id := t.Ref
	for _, s := range pathOf(id) {
		if found, ok := v.r.types[key(s, id.Name)]; ok {
			*t = typeOfName(found, id.Name, t.Array)
			return
		}
		if v.known(s, id.Name) {
			*t = pg.Type{Name: pg.Qualify(s, id.Name) + id.Parent, Array: t.Array}
			return
		}
		if base, ok := strings.CutPrefix(id.Name, "_"); ok {
			if found, ok := v.r.types[key(s, base)]; ok {
				*t = typeOfName(found, base, true)
				return
			}
			if v.known(s, base) {
				*t = pg.Type{Name: pg.Qualify(s, base), Array: true}
				return
			}
		}
	}
	if v.extensions {
		s := id.Schema
		if s == "" {
			s = v.extensionSchema("", pathOf(id))
		}
		*t = pg.Type{Name: pg.Qualify(s, id.Name) + id.Parent, Array: t.Array}
		return
	}
	v.errorf(v.suggest(v.r.types, id), "type %s does not exist", pg.Qualify(id.Schema, id.Name))
	*t = pg.Type{Name: pg.Qualify(id.Schema, id.Name), Array: t.Array}
}

// known tells whether an extension or a system schema has a type.
func (v *resolver) known(namespace, name string) bool {
	if namespace == "information_schema" {
		return true
	}
	return v.r.Known != nil && v.r.Known.Types[namespace][name]
}

// extensionSchema is where the objects of an extension are, or will be once it
// is installed; "" stands for an extension that is not known.
func (v *resolver) extensionSchema(name string, path []string) string {
	for e := range schema.Each[*pg.Extension](v.r.catalog) {
		if e.Schema != "" && (name == e.Name || name == "" && slices.Contains(path, e.Schema)) {
			return e.Schema
		}
	}
	if v.r.Known != nil && v.r.Known.ExtensionSchemas[name] != "" {
		return v.r.Known.ExtensionSchemas[name]
	}
	return v.r.defaultSchema()
}

// columnType resolves table.column%TYPE.
func (v *resolver) columnType(t *pg.Type) {
	for _, s := range pathOf(t.Ref) {
		table, ok := v.r.relations[key(s, t.Ref.Parent)]
		if !ok {
			continue
		}
		if c, ok := schema.Lookup[*pg.Column](v.r.catalog, pg.ColumnID(table, t.Ref.Name)); ok {
			array := t.Array
			*t = c.Type
			v.typeOf(t)
			t.Array = t.Array || array
			return
		}
	}
	v.errorf("", "%s%%TYPE: there is no such column", pg.Qualify(t.Ref.Parent, t.Ref.Name))
	*t = pg.Type{Name: "text"}
}

// name resolves the placeholder of a relation.
func (v *resolver) name(id schema.ID) schema.ID {
	if id.Kind != unresolvedRelation {
		return schema.ID{}
	}
	for _, s := range pathOf(id) {
		if found, ok := v.r.relations[key(s, id.Name)]; ok {
			return found
		}
		if v.r.Known != nil && v.r.Known.Relations[s][id.Name] {
			return schema.ID{Kind: pg.KindTable, Schema: s, Name: id.Name}
		}
	}
	v.errorf(v.suggest(v.r.relations, id), "relation %s does not exist", pg.Qualify(id.Schema, id.Name))
	return schema.ID{}
}

// suggest looks for a name that may have been meant.
func (v *resolver) suggest(index map[string]schema.ID, id schema.ID) string {
	best := ""
	for k := range index {
		namespace, name, _ := strings.Cut(k, "\x00")
		s := pg.Qualify(namespace, name)
		if (name == id.Name || distance(name, id.Name) <= 2 && len(name) > 3) && (best == "" || s < best) {
			best = s
		}
	}
	if best == "" {
		return ""
	}
	return "did you mean " + best + "?"
}

// distance is the number of edits between two names, 3 standing for more.
func distance(a, b string) int {
	if len(a)-len(b) > 2 || len(b)-len(a) > 2 {
		return 3
	}
	return min(parser.Distance(a, b), 3)
}

// rekeyRoutines gives every routine the signature of its resolved types, and
// renames it wherever it is referred to.
func (v *resolver) rekeyRoutines() {
	renamed := map[schema.ID]schema.ID{}
	for o := range v.r.catalog.All() {
		id := o.ID()
		switch f := o.(type) {
		case *pg.Function:
			id.Args = pg.InputTypes(f.Args...)
		case *pg.Aggregate:
			id.Args = pg.InputTypes(f.Inputs()...)
		}
		if o.ID() != id {
			renamed[o.ID()] = id
		}
	}
	if len(renamed) > 0 {
		v.r.rekey(func(id schema.ID) schema.ID {
			if n, ok := renamed[id]; ok {
				return n
			}
			return id
		})
	}
}

// rekey passes every ID in the catalog through f.
func (r *reader) rekey(f func(schema.ID) schema.ID) {
	old := r.catalog
	c := schema.NewCatalog()
	c.Notes, c.Unmanaged = old.Notes, old.Unmanaged
	for o := range old.All() {
		args := f(o.ID()).Args
		o = schema.Rewrite(o, f)
		switch o := o.(type) {
		case *pg.Function:
			o.InputTypes = args
		case *pg.Aggregate:
			o.InputTypes = args
		}
		if err := c.Add(o); err != nil {
			r.errs = append(r.errs, &parser.Error{Pos: r.catalog.Origin[o.ID()], Message: err.Error(), Hint: "define it once, or remove one of the two"})
		}
	}
	for id, pos := range old.Origin {
		c.Origin[f(id)] = pos
	}
	for id, was := range old.Renames {
		c.Renames[f(id)] = was
	}
	for id, d := range old.Directives {
		c.Directives[f(id)] = d
	}
	r.catalog = c
}
