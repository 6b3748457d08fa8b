package postgres

import "strings"

// prediction is a name that the server would choose; see [chosenName].
type prediction struct{ table, columns, label string }

// matches tells whether a name is the predicted one, with or without the
// number that keeps it apart from others.
func (p prediction) matches(name string) bool {
	digits := name[len(strings.TrimRight(name, "0123456789")):]
	for i := range len(digits) + 1 {
		if d := digits[i:]; !strings.HasPrefix(d, "0") && name == chosenName(p.table, p.columns, p.label+d) {
			return true
		}
	}
	return false
}

// serverLike tells whether a name is the predicted one but for the number that
// the server puts behind a name that is taken.
func serverLike(name, predicted string) bool {
	a, b := strings.TrimRight(name, "0123456789"), strings.TrimRight(predicted, "0123456789")
	if a == b {
		return true
	}
	// Where names are cut to their maximum, the number takes room from the front.
	if len(name) < maxName-3 || len(predicted) < maxName-3 {
		return false
	}
	i, j := strings.LastIndexByte(a, '_'), strings.LastIndexByte(b, '_')
	return i > 20 && j > 20 && a[i:] == b[j:] && a[:20] == b[:20]
}
