package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema/pg"
)

// Comments are a great part of the statements of a large schema, and the grammar
// spends as much on each of them as on any. If they are written in the plainest
// way they are read without it, to the same tree.

// quick is the tree of a statement that can be read without the grammar, or nil.
func quick(sql string) *pg_query.Node {
	q := quickReader{scanner: scanner{text: sql}}
	q.advance()
	if !q.take("comment") {
		return nil
	}
	return q.comment()
}

// quickReader is a scanner that looks one token ahead, and past comments.
type quickReader struct {
	scanner
	token
	word string // its text
}

func (q *quickReader) advance() {
	q.token = q.next()
	for q.kind == tokenComment {
		q.token = q.next()
	}
	q.word = q.text[q.start:q.end]
}

// take moves on if the token is a keyword or a symbol.
func (q *quickReader) take(what string) bool {
	ok := (q.kind == tokenWord || q.kind == tokenSymbol) && strings.EqualFold(q.word, what)
	if ok {
		q.advance()
	}
	return ok
}

// name reads one without anything that the grammar would have to look at:
// keywords, letters to fold, quotes inside, more than 63 bytes.
func (q *quickReader) name() (string, bool) {
	name, ok := q.word, false
	switch {
	case len(name) > maxName:
	case q.kind == tokenQuoted && name[0] == '"':
		name = name[1 : len(name)-1]
		ok = name != "" && !strings.Contains(name, `"`)
	case q.kind == tokenWord:
		ok = pg.Quote(name) == name
	}
	if ok {
		q.advance()
	}
	return name, ok
}

func (q *quickReader) ended() bool { return q.kind == tokenEnd && q.err == nil }

// comment reads COMMENT ON TABLE and COMMENT ON COLUMN.
func (q *quickReader) comment() *pg_query.Node {
	if !q.take("on") {
		return nil
	}
	of := pg_query.ObjectType_OBJECT_TABLE
	if !q.take("table") {
		of = pg_query.ObjectType_OBJECT_COLUMN
		if !q.take("column") {
			return nil
		}
	}
	var names []*pg_query.Node
	for {
		name, ok := q.name()
		if !ok {
			return nil
		}
		names = append(names, pg_query.MakeStrNode(name))
		if !q.take(".") {
			break
		}
	}
	if !q.take("is") || q.kind != tokenString || q.word[0] != '\'' {
		return nil
	}
	text := strings.ReplaceAll(q.word[1:len(q.word)-1], "''", "'")
	if q.advance(); !q.ended() {
		return nil
	}
	return &pg_query.Node{Node: &pg_query.Node_CommentStmt{CommentStmt: &pg_query.CommentStmt{
		Objtype: of, Object: pg_query.MakeListNode(names), Comment: text}}}
}
