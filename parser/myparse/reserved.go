package myparse

import (
	"strings"

	tidb "github.com/pingcap/tidb/pkg/parser"
)

// freeName tells whether a word is reserved in TiDB's grammar, and a plain name
// on the target: MySQL 8 has reserved words that MariaDB has not.
func (o Options) freeName(s string) bool {
	if len(s) > 16 {
		return false
	}
	w := strings.ToUpper(s)
	if notInMySQL[w] {
		return !o.tidb()
	}
	return o.mariadb() && notInMariaDB[w]
}

// notInMariaDB are words that MySQL 8 reserves and MariaDB does not, and that
// cannot be meant as a keyword where no parenthesis follows.
var notInMariaDB = upper(`cume_dist dense_rank empty first_value function generated get grouping groups lag last_value
	lateral lead nth_value ntile of percent_rank rank row_number system window cube stored virtual qualify manual`)

// notInMySQL are words that TiDB reserves and MySQL does not.
var notInMySQL = upper(`array ilike tidbcurrenttso tablesample until`)

// reserved are the words that TiDB's grammar reserves.
var reserved = func() map[string]bool {
	m := map[string]bool{}
	for _, k := range tidb.Keywords {
		if k.Reserved {
			m[k.Word] = true
		}
	}
	return m
}()

func upper(s string) map[string]bool { return words(strings.ToUpper(s)) }

// Reserved tells whether a word cannot stand for a name without backquotes.
func (o Options) Reserved(word string) bool {
	return reserved[strings.ToUpper(word)] && !o.freeName(word)
}
