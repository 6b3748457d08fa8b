package schema

import "reflect"

// Reword copies an object with like's words for the expressions that are the
// same in both: the copy is equal to o, and reads like like.
func Reword(o, like Object) Object {
	return bothExpressions(o, like, func(e, other Expr) Expr {
		if e.Equal(other) {
			return other
		}
		return e
	})
}

// Written copies an object with the flags, besides what counts, that tell how
// like was written, if the two are the same.
func Written(o, like Object) Object {
	if !Equal(o, like) {
		return o
	}
	out := Clone(o)
	v, from := reflect.ValueOf(out).Elem(), reflect.ValueOf(like).Elem()
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() && f.Type.Kind() == reflect.Bool && f.Tag.Get("schema") == "derived" {
			v.Field(i).Set(from.Field(i))
		}
	}
	return out
}

// Spell copies an object with the canonical form as the text of the expressions
// that like has, too, but not the same: so the two can be compared word by word.
func Spell(o, like Object) Object {
	return bothExpressions(o, like, func(e, other Expr) Expr {
		if !e.Equal(other) && e.Canon != "" && other.Canon != "" {
			e.Text = e.Canon
		}
		return e
	})
}

// bothExpressions copies an object with its expressions changed, each beside the
// one at the same place of another object.
func bothExpressions(o, other Object, f func(e, other Expr) Expr) Object {
	if reflect.TypeOf(o) != reflect.TypeOf(other) {
		return o
	}
	out := Clone(o)
	expressions(reflect.ValueOf(out), reflect.ValueOf(other), f)
	return out
}

func expressions(v, other reflect.Value, f func(e, other Expr) Expr) {
	if v.Type() == exprType {
		if v.CanSet() {
			v.Set(reflect.ValueOf(f(v.Interface().(Expr), other.Interface().(Expr))))
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && !other.IsNil() {
			expressions(v.Elem(), other.Elem(), f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			expressions(v.Field(i), other.Field(i), f)
		}
	case reflect.Slice:
		for i := range min(v.Len(), other.Len()) {
			expressions(v.Index(i), other.Index(i), f)
		}
	}
}
