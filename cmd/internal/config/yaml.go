package config

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/trueup-sql/trueup/parser"
)

// Decode reads YAML in which nothing is unknown. Its errors have file, line and
// column, and say what is wanted.
func Decode(file string, text []byte, into any) error {
	err := yaml.UnmarshalWithOptions(text, into, yaml.Strict())
	if err == nil {
		return nil
	}
	message := yaml.FormatError(err, false, false)
	pos, hint := "", ""
	if m := place.FindStringSubmatch(message); m != nil {
		pos, message = m[1]+":"+m[2]+":", m[3]
	}
	if m := unknown.FindStringSubmatch(message); m != nil {
		hint = nearest(m[1], keys(reflect.TypeOf(into)))
	}
	if m := wrongType.FindStringSubmatch(message); m != nil {
		message = "want " + wanted(m[2]) + ", not " + wanted(m[1])
	}
	return fmt.Errorf("%s:%s %s%s", file, pos, message, hint)
}

// What goccy/go-yaml writes.
var (
	place     = regexp.MustCompile(`(?s)^\[(\d+):(\d+)\] (.*)$`)
	unknown   = regexp.MustCompile(`^unknown field "(.*)"$`)
	wrongType = regexp.MustCompile(`^(?:cannot unmarshal )?(.+?) (?:into Go (?:struct field \S+|value) of type|was used where) (\S+)`)
)

// wanted are words for a type of Go or of YAML.
func wanted(t string) string {
	switch strings.TrimPrefix(t, "*") {
	case "bool":
		return "true or false"
	case "time.Duration":
		return "a time such as 5s or 1m30s"
	case "sequence", "[]string", "[]interface {}":
		return "a list"
	case "mapping", "map[string]interface {}":
		return "keys with values"
	case "string":
		return "text"
	case "uint64", "int64", "int", "float64":
		return "a number"
	}
	return t
}

// keys are all that a structure and those inside it have.
func keys(t reflect.Type) (out []string) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return keys(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if name := t.Field(i).Tag.Get("yaml"); name != "" && name != "-" {
				out = append(append(out, name), keys(t.Field(i).Type)...)
			}
		}
	}
	return out
}

// nearest is a hint at the key that may have been meant.
func nearest(word string, keys []string) string {
	best, at := 4, ""
	for _, k := range keys {
		if d := parser.Distance(word, k); d < best && d < len(k) {
			best, at = d, k
		}
	}
	if at == "" {
		return ""
	}
	return ", did you mean " + at + "?"
}
