package postgres

import (
	"strings"
	"unicode/utf8"
)

// maxNameLength is NAMEDATALEN - 1: longer names are cut.
const maxNameLength = 63

// prediction is a name that the server would choose (makeObjectName): two names
// that are cut as evenly as needed, and a label.
type prediction struct{ first, second, label string }

func predictName(first, second, label string) prediction { return prediction{first, second, label} }

func (p prediction) with(digits string) string {
	room := maxNameLength
	if p.label != "" {
		room -= len(p.label) + len(digits) + 1
	}
	if p.second != "" {
		room--
	}
	a, b := len(p.first), len(p.second)
	for a+b > room {
		if a > b {
			a--
		} else {
			b--
		}
	}
	name := cutName(p.first, a)
	if p.second != "" {
		name += "_" + cutName(p.second, b)
	}
	if p.label != "" {
		name += "_" + p.label + digits
	}
	return name
}

// cutName cuts to a number of bytes, but never inside of a character.
func cutName(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// serverNamed tells whether a name is the predicted one, with or without the
// number that keeps it apart from others.
func serverNamed(name string, p prediction) bool {
	digits := name[len(strings.TrimRight(name, "0123456789")):]
	for i := range len(digits) + 1 {
		if d := digits[i:]; name == p.with(d) && !strings.HasPrefix(d, "0") {
			return true
		}
	}
	return false
}
