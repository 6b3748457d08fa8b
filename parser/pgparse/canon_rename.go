package pgparse

import (
	"reflect"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Renamed returns o as the server has it after from was renamed to to: all IDs,
// its own name, and the names in canonical forms, follow. o stays as it is.
func Renamed(o schema.Object, from, to schema.ID) schema.Object {
	self := o.ID() == from
	o = Rewritten(o, func(id schema.ID) schema.ID {
		switch {
		case id == from:
			return to
		case from.Parent == "" && id.Parent == from.Name && id.Schema == from.Schema:
			id.Schema, id.Parent = to.Schema, to.Name
		}
		return id
	})
	v := reflect.ValueOf(o).Elem()
	if self {
		for field, name := range map[string]string{"Name": to.Name, "Schema": to.Schema} {
			if f := v.FieldByName(field); f.IsValid() {
				f.SetString(name)
			}
		}
	}
	if from.Kind == pg.KindSchema {
		renameNamespace(o, from.Name, to.Name)
		return o
	}
	if c, ok := o.(*pg.Column); ok && from.Kind == pg.KindTable && c.Identity != nil && c.Identity.Schema == from.Schema && c.Table == to {
		c.Identity.Schema = to.Schema // the sequence is where the table is
	}
	if from.Kind == pg.KindFunction {
		for _, name := range namedRoutines(o) {
			if *name == pg.Qualify(from.Schema, from.Name) {
				*name = pg.Qualify(to.Schema, to.Name)
			}
		}
	}
	renameExprs(v, from, to)
	return o
}

// Rewritten is a copy of o in which every ID was passed through f, with the
// signatures of routines that follow from them, and the order of sets.
func Rewritten(o schema.Object, f func(schema.ID) schema.ID) schema.Object {
	o = schema.Rewrite(o, f)
	eachCollation(reflect.ValueOf(o), func(name *string) {
		if id := pg.CollationID(*name); !id.IsZero() {
			id = f(id)
			*name = pg.Qualify(id.Schema, id.Name)
		}
	})
	switch o := o.(type) {
	case *pg.Function:
		o.InputTypes = pg.InputTypes(o.Args...)
	case *pg.Aggregate:
		o.InputTypes = pg.InputTypes(o.Inputs()...)
	case *pg.Statistics:
		slices.SortFunc(o.Columns, schema.ID.Compare)
	}
	return o
}

// eachCollation visits the names of collations in an object's fields.
func eachCollation(v reflect.Value, visit func(*string)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			eachCollation(v.Elem(), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.Name == "Collation" && f.Type.Kind() == reflect.String {
				visit(v.Field(i).Addr().Interface().(*string))
			} else if f.IsExported() {
				eachCollation(v.Field(i), visit)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Struct {
			for i := range v.Len() {
				eachCollation(v.Index(i), visit)
			}
		}
	}
}

// namedRoutines are the fields that name a routine besides an ID of it.
func namedRoutines(o schema.Object) []*string {
	switch o := o.(type) {
	case *pg.Operator:
		return []*string{&o.Function}
	case *pg.Range:
		return []*string{&o.SubtypeDiff}
	case *pg.Aggregate:
		var out []*string
		for i := range o.Functions {
			out = append(out, &o.Functions[i].Value)
		}
		return out
	}
	return nil
}

// renameNamespace renames a schema in what names it by itself; the objects in it
// are renamed one by one.
func renameNamespace(o schema.Object, from, to string) {
	field := func(name *string) {
		if *name == from {
			*name = to
		}
	}
	switch o := o.(type) {
	case *pg.Extension:
		field(&o.Schema)
	case *pg.DefaultPrivilege:
		field(&o.Schema)
	case *pg.Publication:
		for i := range o.Schemas {
			field(&o.Schemas[i])
		}
		slices.Sort(o.Schemas)
	}
}

// renameExprs carries a rename into every expression below v.
func renameExprs(v reflect.Value, from, to schema.ID) {
	if e, ok := v.Interface().(schema.Expr); ok {
		e.Canon = renameIn(e.Canon, from, to)
		v.Set(reflect.ValueOf(e))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			renameExprs(v.Elem(), from, to)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				renameExprs(v.Field(i), from, to)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			renameExprs(v.Index(i), from, to)
		}
	}
}

// renameIn renames in a canonical form, in which every name is quoted, and that
// of a relation, type or routine qualified. The output name of a view's column
// stays, as it does on the server.
func renameIn(canon string, from, to schema.ID) string {
	if from.Kind != pg.KindColumn {
		return strings.ReplaceAll(canon, quoteAlways(from.Schema)+"."+quoteAlways(from.Name), quoteAlways(to.Schema)+"."+quoteAlways(to.Name))
	}
	old := quoteAlways(from.Name)
	if !strings.Contains(canon, old) {
		return canon
	}
	var b strings.Builder
	s := scanner{text: canon}
	var before token
	end := 0
	for t := s.next(); t.kind != tokenEnd; t = s.next() {
		alias := before.kind == tokenWord && strings.EqualFold(canon[before.start:before.end], "as")
		qualifier := strings.HasPrefix(canon[t.end:], ".") || strings.HasPrefix(canon[t.end:], "(")
		if t.kind == tokenQuoted && canon[t.start:t.end] == old && !alias && !qualifier {
			b.WriteString(canon[end:t.start] + quoteAlways(to.Name))
			end = t.end
		}
		before = t
	}
	return b.String() + canon[end:]
}

func quoteAlways(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// ViewReplaceable tells whether CREATE OR REPLACE VIEW turns old into new: the
// old view's columns come first, with the same names and types.
func ViewReplaceable(old, new *pg.View) bool {
	if len(new.Columns) < len(old.Columns) || len(new.Columns) == 0 { // none: not known
		return false
	}
	for i, c := range old.Columns {
		d := new.Columns[i]
		same := c.Type == d.Type
		if c.Type.IsZero() || d.Type.IsZero() {
			same = c.Source != "" && c.Source == d.Source
		}
		if c.Name != d.Name || !same {
			return false
		}
	}
	return true
}
