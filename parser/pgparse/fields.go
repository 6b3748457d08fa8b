package pgparse

import (
	"reflect"
	"slices"
	"sync"
)

// finder visits those values inside of others that may hold one of some types.
// What fields of a struct do is found out once.
type finder struct {
	wanted []reflect.Type
	fields sync.Map // of structs: reflect.Type to []int
	holds  sync.Map // reflect.Type to bool
}

func newFinder(wanted ...reflect.Type) *finder { return &finder{wanted: wanted} }

var (
	typeFields = newFinder(typeType)
	exprFields = newFinder(exprType)
	nameFields = newFinder(idType, exprType, reflect.TypeFor[string]())
)

// each calls f for the addressable values inside x that may hold what is wanted.
func (n *finder) each(x reflect.Value, f func(reflect.Value)) {
	switch x.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !x.IsNil() {
			f(x.Elem())
		}
	case reflect.Struct:
		for _, i := range n.fieldsOf(x.Type()) {
			f(x.Field(i))
		}
	case reflect.Slice:
		if n.mayHold(x.Type().Elem()) {
			for i := range x.Len() {
				f(x.Index(i))
			}
		}
	}
}

// fieldsOf are the exported fields of a struct that may hold what is wanted.
func (n *finder) fieldsOf(t reflect.Type) []int {
	if known, ok := n.fields.Load(t); ok {
		return known.([]int)
	}
	var out []int
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && n.mayHold(f.Type) {
			out = append(out, i)
		}
	}
	n.fields.Store(t, out)
	return out
}

// mayHold tells whether a value of a type is, or has in it, what is wanted.
func (n *finder) mayHold(t reflect.Type) bool {
	if slices.Contains(n.wanted, t) {
		return true
	}
	if known, ok := n.holds.Load(t); ok {
		return known.(bool)
	}
	out := false
	switch t.Kind() {
	case reflect.String: // a named string type
		out = slices.Contains(n.wanted, reflect.TypeFor[string]())
	case reflect.Pointer, reflect.Slice:
		out = n.mayHold(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && n.mayHold(f.Type) {
				out = true
			}
		}
	}
	n.holds.Store(t, out)
	return out
}
