package mysql

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema/my"
)

// quote writes a name; every name is quoted, so that no release's new reserved
// word can break a plan.
func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// quoteAll writes a list of names.
func quoteAll(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = quote(n)
	}
	return strings.Join(q, ", ")
}

// literal writes a string. A session never has NO_BACKSLASH_ESCAPES.
func literal(s string) string {
	return "'" + literalEscapes.Replace(s) + "'"
}

var literalEscapes = strings.NewReplacer(`\`, `\\`, `'`, `''`, "\x00", `\0`, "\n", `\n`, "\r", `\r`, "\x1a", `\Z`)

// literalUnder writes a string in a statement that runs under a program's own modes.
func literalUnder(m my.SQLMode, s string) string {
	if slices.Contains(m.Modes, "NO_BACKSLASH_ESCAPES") {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return literal(s)
}

// literals writes a list of strings.
func literals(values []string) string {
	q := make([]string, len(values))
	for i, v := range values {
		q[i] = literal(v)
	}
	return strings.Join(q, ", ")
}
