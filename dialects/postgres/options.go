package postgres

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema/pg"
)

// with is WITH (name = value, ..), or nothing.
func with(list []pg.Option) string {
	if len(list) == 0 {
		return ""
	}
	return "WITH " + optionList(list)
}

// optionList is a list of options in the order in which their author gave them.
func optionList(list []pg.Option) string {
	list = inPlace(list)
	out := make([]string, len(list))
	for i, o := range list {
		out[i] = optionName(o.Name)
		if o.Value != "" {
			out[i] += " = " + optionValue(orDefault(o.Written, o.Value))
		}
	}
	return "(" + strings.Join(out, ", ") + ")"
}

// inPlace puts options into their author's order.
func inPlace(list []pg.Option) []pg.Option {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b pg.Option) int { return cmp.Compare(a.Place, b.Place) })
	return list
}

// optionName: toast.x is two names.
func optionName(name string) string {
	if prefix, rest, ok := strings.Cut(name, "."); ok {
		return ident(prefix) + "." + ident(rest)
	}
	return ident(name)
}

var plainValue = regexp.MustCompile(`^([a-z_][a-z0-9_]*|[+-]?[0-9]+(\.[0-9]+)?)$`)

// optionValue quotes a storage parameter's value where the grammar wants it.
func optionValue(v string) string {
	if plainValue.MatchString(v) && !keywords[v] || v == "true" || v == "false" || v == "on" {
		return v
	}
	return literal(v)
}

// optionChanges compares two sorted lists: what has to be SET, and the names
// that have to be RESET.
func optionChanges(old *[]pg.Option, new []pg.Option) (set []pg.Option, reset []string) {
	have := map[string]string{}
	for _, o := range *old {
		have[o.Name] = o.Value
	}
	for _, o := range new {
		if v, ok := have[o.Name]; !ok || v != o.Value {
			set = append(set, o)
		}
		delete(have, o.Name)
	}
	for _, o := range *old {
		if _, ok := have[o.Name]; ok {
			reset = append(reset, o.Name)
		}
	}
	*old = new
	return set, reset
}

func optionNames(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = optionName(n)
	}
	return "(" + strings.Join(out, ", ") + ")"
}

// alterOptions emits SET and RESET of storage parameters.
func (e *emitter) alterOptions(old *[]pg.Option, new []pg.Option, alter func(clause string)) {
	set, reset := optionChanges(old, new)
	if len(set) > 0 {
		alter("SET " + optionList(set))
	}
	if len(reset) > 0 {
		alter("RESET " + optionNames(reset))
	}
}
