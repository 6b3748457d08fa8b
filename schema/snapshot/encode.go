package snapshot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"unicode"

	"github.com/trueup-sql/trueup/schema"
)

// members is a JSON object whose members keep their order.
type members []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in order.
func (m members) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, x := range m {
		if i > 0 {
			b.WriteByte(',')
		}
		v, err := marshal(x.value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%q:%s", x.name, v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// marshal leaves <, > and & as they are: this is for reading SQL, not for HTML.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// plain turns an object into members: the exported fields that are not zero,
// by their names with a small first letter, which encoding/json reads back.
func plain(o schema.Object) (members, error) {
	return structure(reflect.ValueOf(o).Elem())
}

var exprType = reflect.TypeFor[schema.Expr]()

func structure(v reflect.Value) (members, error) {
	var m members
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || v.Field(i).IsZero() {
			continue
		}
		// Of an expression that was not canonical when it was inspected, the rest
		// comes with Normalize.
		if v.Type() == exprType && f.Name != "Text" && v.FieldByName("Canon").IsZero() {
			continue
		}
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			inner, err := structure(v.Field(i))
			if err != nil {
				return nil, err
			}
			m = append(m, inner...)
			continue
		}
		x, err := value(v.Field(i))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		m = append(m, member{memberName(f.Name), x})
	}
	return m, nil
}

func memberName(field string) string {
	r := []rune(field)
	for i := range r { // ID becomes id, and OpClass opClass
		if i > 0 && i+1 < len(r) && unicode.IsLower(r[i+1]) || i > 0 && unicode.IsLower(r[i]) {
			break
		}
		r[i] = unicode.ToLower(r[i])
	}
	return string(r)
}

func value(v reflect.Value) (any, error) {
	if m, ok := v.Interface().(json.Marshaler); ok && v.Kind() == reflect.Struct { // it knows how to read itself, too
		return m, nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil, nil
		}
		return value(v.Elem())
	case reflect.Struct:
		return structure(v)
	case reflect.Slice:
		out := make([]any, v.Len())
		for i := range out {
			var err error
			if out[i], err = value(v.Index(i)); err != nil {
				return nil, err
			}
		}
		return out, nil
	case reflect.Interface, reflect.Func, reflect.Chan:
		return nil, fmt.Errorf("a %s cannot be written", v.Kind())
	default: // maps are sorted by encoding/json
		return v.Interface(), nil
	}
}
