package pgparse

import (
	"slices"

	pg_query "github.com/pganalyze/pg_query_go/v5"
)

// What PostgreSQL 17 added to queries cannot be written over with something of
// the same meaning. It is blanked out, so that the rest can be read: the tree
// tells what a query refers to, and never what it means. The author's text
// stays as it is, and the server judges whether it differs from what is there.

const markQuery = "query"

// jsonFunctions have clauses of their own since 17, behind the first argument.
var jsonFunctions = []string{"json_table", "json_query", "json_value", "json_exists", "json_serialize", "json_scalar", "json"}

// jsonClauses are the words that such a clause begins with.
var jsonClauses = []string{"format", "passing", "columns", "returning", "with", "without"}

// query looks for what begins at the i-th token, and tells whether it is there.
func (d *downgrader) query(i int) bool {
	switch {
	case d.at(i+1, "(") && slices.ContainsFunc(jsonFunctions, func(name string) bool { return d.at(i, name) }):
		d.firstArgument(i + 2)
	case d.at(i, "not", "matched", "by", "source"): // it may do what may be done WHEN MATCHED
		d.take(i, 1, markQuery)
		d.blank(i+2, i+4)
	case d.at(i, "not", "matched", "by", "target"):
		d.take(i+2, 2, markQuery)
	case d.at(i, "merge", "into"):
		d.returning(i)
	default:
		return false
	}
	return true
}

// firstArgument leaves of a call's arguments, which begin at the i-th token, only
// the first.
func (d *downgrader) firstArgument(i int) {
	from := -1
	for j := i; j < len(d.tokens); j++ {
		if d.depths[j] < d.depths[i] || d.depths[j] == d.depths[i] && d.at(j, ")") {
			if from > i {
				d.take(from, j-from, markQuery)
			}
			return
		}
		clause := d.at(j, ",") || slices.ContainsFunc(jsonClauses, func(w string) bool { return d.at(j, w) })
		if from < 0 && d.depths[j] == d.depths[i] && clause {
			from = j
		}
	}
}

// returning takes out the RETURNING at the end of a MERGE.
func (d *downgrader) returning(i int) {
	from := -1
	for j := i; ; j++ {
		end := j == len(d.tokens) || d.depths[j] < d.depths[i] || d.depths[j] == d.depths[i] && (d.at(j, ";") || d.at(j, ")"))
		switch {
		case end && from > 0:
			d.take(from, j-from, markQuery)
			return
		case end:
			return
		case from < 0 && d.depths[j] == d.depths[i] && d.at(j, "returning"):
			from = j
		}
	}
}

// reduced is the tree of an expression that the grammar refuses, without what is
// too new for it; nil if that does not help.
func reduced(f form, text string) *pg_query.ParseResult {
	d := tokenized(wrappers[f] + text)
	for i := range d.tokens {
		d.query(i)
	}
	if d.empty() {
		return nil
	}
	tree, err := parseTree(string(d.out))
	if err != nil || len(tree.Stmts) != 1 {
		return nil
	}
	return tree
}
