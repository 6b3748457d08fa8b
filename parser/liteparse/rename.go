package liteparse

import (
	"strings"

	"github.com/trueup-sql/trueup/schema/lite"
)

// RenameColumn gives a column of an expression its new name. It is for the
// expressions of a table (checks, generated columns, indexes), in which a name
// can mean nothing but a column of that table.
func RenameColumn(text, from, to string) string {
	ts := Code(text)
	return replaceTokens(text, ts, to, func(i int) bool {
		t := ts[i]
		return t.IsName() && t.Class != String && fold(t) == lite.Fold(from) &&
			(i+1 == len(ts) || !ts[i+1].In("(", ".")) && (i == 0 || !ts[i-1].Is("collate"))
	})
}

// RenameTable gives the table before a column its new name, as in t.a.
func RenameTable(text, from, to string) string {
	ts := Code(text)
	return replaceTokens(text, ts, to, func(i int) bool {
		return ts[i].IsName() && i+1 < len(ts) && ts[i+1].Is(".") && fold(ts[i]) == lite.Fold(from)
	})
}

func replaceTokens(text string, ts []Token, to string, is func(int) bool) string {
	var b strings.Builder
	last := 0
	for i, t := range ts {
		if is(i) {
			b.WriteString(text[last:t.At])
			b.WriteString(Quote(to))
			last = t.End()
		}
	}
	b.WriteString(text[last:])
	return b.String()
}
