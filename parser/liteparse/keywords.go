package liteparse

import (
	"strings"

	"github.com/trueup-sql/trueup/schema/lite"
)

// keywords are all of SQLite's (https://www.sqlite.org/lang_keywords.html). Many
// of them may be used as bare names all the same.
var keywords = set(`abort action add after all alter always analyze and as asc attach autoincrement
before begin between by cascade case cast check collate column commit conflict constraint create cross current
current_date current_time current_timestamp database default deferrable deferred delete desc detach distinct do
drop each else end escape except exclude exclusive exists explain fail filter first following for foreign from
full generated glob group groups having if ignore immediate in index indexed initially inner insert instead
intersect into is isnull join key last left like limit match materialized natural no not nothing notnull null
nulls of offset on or order others outer over partition plan pragma preceding primary query raise range
recursive references regexp reindex release rename replace restrict returning right rollback row rows savepoint
select set table temp temporary then ties to transaction trigger unbounded union unique update using vacuum
values view virtual when where window with within without`)

// reserved are the keywords that never stand for a name in an expression.
var reserved = set(`add all alter and as autoincrement between case check collate commit constraint create
current_date current_time current_timestamp default deferrable delete distinct drop else escape except exists
foreign from group having if in index insert intersect into is isnull join limit not nothing notnull null on or
order primary references returning select set table then to transaction union unique update using values when
where with`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// Keyword tells whether a word is one of SQLite's keywords.
func Keyword(word string) bool { return keywords[lite.Fold(word)] }

// Quote writes a name: bare if it is a plain word and no keyword, or else in
// double quotes.
func Quote(name string) string {
	if plain(name) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// plain tells whether a name needs no quotes anywhere.
func plain(name string) bool {
	if name == "" || isDigit(name[0]) || name[0] == '$' {
		return false
	}
	for i := range len(name) {
		if !isWord(name[i]) {
			return false
		}
	}
	return !keywords[lite.Fold(name)]
}

// Literal writes a string.
func Literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// Reserved tells whether a word is a keyword that never stands for a name
// without quotes.
func Reserved(word string) bool { return reserved[lite.Fold(word)] }
