package report

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

func properties(ch *planner.Change) []Property {
	var out []Property
	old, now := reflect.ValueOf(ch.Old).Elem(), reflect.ValueOf(ch.New).Elem()
	for _, f := range schema.Differing(ch.Old, ch.New) {
		out = append(out, Property{f, text(now.FieldByName(f)), text(old.FieldByName(f))})
	}
	return out
}

// text is a property's value for a reader.
func text(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case schema.Expr:
		return x.Text
	case schema.ID:
		if x.IsZero() {
			return ""
		}
		return x.Path()
	case string:
		return x
	case fmt.Stringer:
		return x.String()
	}
	switch v.Kind() {
	case reflect.Slice:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = text(v.Index(i))
		}
		return strings.Join(parts, ", ")
	case reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return text(v.Elem())
	case reflect.Struct:
		var parts []string
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !v.Field(i).IsZero() {
				if s := text(v.Field(i)); v.Field(i).Kind() == reflect.Bool {
					parts = append(parts, strings.ToLower(f.Name))
				} else {
					parts = append(parts, s)
				}
			}
		}
		return strings.Join(parts, " ")
	case reflect.Bool:
		if v.Bool() {
			return "yes"
		}
		return "no"
	}
	return fmt.Sprint(v.Interface())
}
