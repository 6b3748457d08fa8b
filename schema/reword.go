package schema

import "reflect"

// Reword copies an object with like's words for the expressions that are the
// same in both: the copy is equal to o, and reads like like.
func Reword(o, like Object) Object {
	if reflect.TypeOf(o) != reflect.TypeOf(like) {
		return o
	}
	out := Clone(o)
	reword(reflect.ValueOf(out), reflect.ValueOf(like))
	return out
}

func reword(v, like reflect.Value) {
	if v.Type() == exprType {
		if v.CanSet() && equal(v, like) {
			v.Set(like)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && !like.IsNil() {
			reword(v.Elem(), like.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			reword(v.Field(i), like.Field(i))
		}
	case reflect.Slice:
		for i := range min(v.Len(), like.Len()) {
			reword(v.Index(i), like.Index(i))
		}
	}
}
