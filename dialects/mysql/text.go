package mysql

import (
	"strconv"

	"github.com/trueup-sql/trueup/schema/my"
)

func itoa(n int) string { return strconv.Itoa(n) }

func uitoa(n uint64) string { return strconv.FormatUint(n, 10) }

// typeText is a type as an author would write it: without a width that the
// server fills in itself.
func typeText(t my.Type) string {
	if !t.Zerofill && len(t.Args) == 1 {
		if t.IsInteger() && t.Args[0] == defaultWidth(t) || t.Name == "year" {
			t.Args = nil
		}
	}
	return t.String()
}

// defaultWidth is the display width that a server gives an integer.
func defaultWidth(t my.Type) int {
	w := map[string]int{"tinyint": 4, "smallint": 6, "mediumint": 9, "int": 11, "bigint": 20}[t.Name]
	if t.Unsigned && t.Name != "bigint" {
		w--
	}
	return w
}
