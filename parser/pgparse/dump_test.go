package pgparse

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// dump prints a catalog: an object a line, with the fields that are set and
// are not part of its ID.
func dump(c *schema.Catalog) string {
	var b strings.Builder
	for o := range c.All() {
		id := o.ID()
		fmt.Fprintf(&b, "%s", id)
		v := reflect.ValueOf(o).Elem()
		for i := range v.NumField() {
			f, name := v.Field(i), v.Type().Field(i).Name
			if f.IsZero() || f.Kind() == reflect.Slice && f.Len() == 0 || partOfID(id, name, f) {
				continue
			}
			fmt.Fprintf(&b, " %s=%s", name, show(f))
		}
		b.WriteString("\n")
	}
	var ids []schema.ID
	for id := range c.Renames {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, schema.ID.Compare)
	for _, id := range ids {
		fmt.Fprintf(&b, "renamed %s <- %s\n", id, c.Renames[id].Path())
	}
	ids = nil
	for id := range c.Directives {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, schema.ID.Compare)
	for _, id := range ids {
		for _, d := range c.Directives[id] {
			fmt.Fprintf(&b, "@%s %s %s\n", d.Name, d.Arg, id)
		}
	}
	for _, n := range c.Notes {
		fmt.Fprintf(&b, "note %s\n", n)
	}
	return b.String()
}

func partOfID(id schema.ID, name string, f reflect.Value) bool {
	switch name {
	case "Schema":
		return f.Kind() == reflect.String && f.String() == id.Schema
	case "Name":
		return f.Kind() == reflect.String && f.String() == id.Name
	case "InputTypes":
		return true
	case "Table", "Relation", "Column", "Domain":
		return f.Type() == idType && id.Parent != ""
	}
	return false
}

func show(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case schema.ID:
		return x.Path()
	case schema.Expr:
		return fmt.Sprintf("<%s>", x.Text)
	case string:
		if x == "" || strings.ContainsAny(x, " =,\n") {
			return fmt.Sprintf("%q", x)
		}
		return x
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return show(v.Elem())
	case reflect.Slice:
		var out []string
		for i := range v.Len() {
			out = append(out, show(v.Index(i)))
		}
		return "[" + strings.Join(out, ", ") + "]"
	case reflect.Struct:
		var out []string
		for i := range v.NumField() {
			if f := v.Field(i); !f.IsZero() {
				s := show(f)
				if v.Type().Field(i).Anonymous {
					out = append(out, strings.Trim(s, "{}"))
				} else {
					out = append(out, v.Type().Field(i).Name+"="+s)
				}
			}
		}
		return "{" + strings.Join(out, " ") + "}"
	}
	return fmt.Sprint(v.Interface())
}
