package schema

import (
	"reflect"
	"slices"
	"sync"
)

var exprType = reflect.TypeFor[Expr]()

// Equal tells whether two objects are the same to the planner: field by field,
// where an [Expr] counts by its canonical form alone, and nil equals empty.
// Unexported fields and those tagged `schema:"derived"` do not count: they
// follow from the others, or only one of the two sides can know them.
func Equal(a, b Object) bool {
	va, vb := reflect.ValueOf(a), reflect.ValueOf(b)
	return va.Type() == vb.Type() && equal(va, vb)
}

// Differing lists the names of the top-level fields in which two objects of
// the same type differ, in the order of their declaration.
func Differing(a, b Object) []string {
	va, vb := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	if va.Type() != vb.Type() {
		return []string{"Kind"}
	}
	var out []string
	for _, i := range counting(va.Type()) {
		if !equal(va.Field(i), vb.Field(i)) {
			out = append(out, va.Type().Field(i).Name)
		}
	}
	return out
}

// counted caches [counting], which is asked for every object.
var counted sync.Map // reflect.Type to []int

// counting lists the fields of a struct that take part in equality.
func counting(t reflect.Type) []int {
	if list, ok := counted.Load(t); ok {
		return list.([]int)
	}
	list := []int{}
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && f.Tag.Get("schema") != "derived" {
			list = append(list, i)
		}
	}
	counted.Store(t, list)
	return list
}

func equal(a, b reflect.Value) bool {
	switch a.Type() {
	case exprType:
		return at[Expr](a).key() == at[Expr](b).key()
	case idType:
		return *at[ID](a) == *at[ID](b)
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		return a.Elem().Type() == b.Elem().Type() && equal(a.Elem(), b.Elem())
	case reflect.Struct:
		for _, i := range counting(a.Type()) {
			if !equal(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Map:
		if a.Len() != b.Len() {
			return false
		}
		for it := a.MapRange(); it.Next(); {
			v := b.MapIndex(it.Key())
			if !v.IsValid() || !equal(it.Value(), v) {
				return false
			}
		}
		return true
	default:
		return a.Equal(b)
	}
}

// at is the address of a value, without a copy where it has one.
func at[T any](v reflect.Value) *T {
	if v.CanAddr() {
		return v.Addr().Interface().(*T)
	}
	x := v.Interface().(T)
	return &x
}

// Clone copies an object deeply, so that the copy can be changed.
func Clone[T Object](o T) T {
	return clone(reflect.ValueOf(o)).Interface().(T)
}

func clone(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(clone(v.Elem()))
		return p
	case reflect.Interface:
		if v.IsNil() {
			return v
		}
		out.Set(clone(v.Elem()))
	case reflect.Struct:
		out.Set(v) // unexported fields too
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(clone(v.Field(i)))
			}
		}
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		s := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			s.Index(i).Set(clone(v.Index(i)))
		}
		return s
	case reflect.Map:
		if v.IsNil() {
			return v
		}
		m := reflect.MakeMapWithSize(v.Type(), v.Len())
		for it := v.MapRange(); it.Next(); {
			m.SetMapIndex(it.Key(), clone(it.Value()))
		}
		return m
	default:
		return v
	}
	return out
}

// Rewrite returns a copy of o in which every [ID] was passed through f,
// wherever it stands: in fields, slices, and the references of expressions.
// Texts are not touched.
func Rewrite[T Object](o T, f func(ID) ID) T {
	c := Clone(o)
	rewrite(reflect.ValueOf(c), f)
	return c
}

var idType = reflect.TypeFor[ID]()

func rewrite(v reflect.Value, f func(ID) ID) {
	if v.Type() == idType {
		if id := v.Interface().(ID); !id.IsZero() {
			v.Set(reflect.ValueOf(f(id)))
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			rewrite(v.Elem(), f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				rewrite(v.Field(i), f)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			rewrite(v.Index(i), f)
		}
	}
}

// Refer appends refs for every non-zero ID, skipping those that are there.
func Refer(refs []Ref, bind Bind, ids ...ID) []Ref {
	for _, id := range ids {
		if r := (Ref{id, bind}); !id.IsZero() && !slices.Contains(refs, r) {
			refs = append(refs, r)
		}
	}
	return refs
}
