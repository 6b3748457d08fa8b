package pgparse

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// jsonbValue copies the next value of a document in jsonb's spelling.
func jsonbValue(d *json.Decoder, b *strings.Builder) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '[' {
			return jsonbArray(d, b)
		}
		return jsonbObject(d, b)
	case string:
		jsonbString(b, t)
	case json.Number:
		b.WriteString(numericText(t.String()))
	case bool:
		fmt.Fprint(b, t)
	default:
		b.WriteString("null")
	}
	return nil
}

func jsonbArray(d *json.Decoder, b *strings.Builder) error {
	b.WriteByte('[')
	for i := 0; d.More(); i++ {
		if i > 0 {
			b.WriteString(", ")
		}
		if err := jsonbValue(d, b); err != nil {
			return err
		}
	}
	b.WriteByte(']')
	_, err := d.Token()
	return err
}

func jsonbObject(d *json.Decoder, b *strings.Builder) error {
	values := map[string]string{}
	var keys []string
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return err
		}
		var v strings.Builder
		if err := jsonbValue(d, &v); err != nil {
			return err
		}
		key, _ := k.(string)
		if _, ok := values[key]; !ok {
			keys = append(keys, key)
		}
		values[key] = v.String()
	}
	slices.SortFunc(keys, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	b.WriteByte('{')
	for i, k := range keys {
		if i > 0 {
			b.WriteString(", ")
		}
		jsonbString(b, k)
		b.WriteString(": " + values[k])
	}
	b.WriteByte('}')
	_, err := d.Token()
	return err
}

// jsonbString escapes as escape_json does.
func jsonbString(b *strings.Builder, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch r {
		case '\b':
			b.WriteString(`\b`)
		case '\f':
			b.WriteString(`\f`)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case '"':
			b.WriteString(`\"`)
		case '\\':
			b.WriteString(`\\`)
		default:
			if r < ' ' {
				fmt.Fprintf(b, `\u%04x`, r)
			} else {
				b.WriteRune(r)
			}
		}
	}
	b.WriteByte('"')
}
