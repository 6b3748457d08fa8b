package parser

import "strings"

// An outline tells where the statements of a source stand, and the parts that
// commas separate inside of those that have such: the elements of a CREATE
// TABLE, the clauses of an ALTER TABLE. It is for editing texts in place. The
// dialects' lexers make the tokens; what is here is common to all of SQL.

// TokenKind is the class of a [Token].
type TokenKind uint8

const (
	TokenWord   TokenKind = iota + 1 // a keyword or a bare name
	TokenQuoted                      // a name in quotes
	TokenString                      // a constant in quotes of any kind
	TokenNumber
	TokenSign // everything else
)

// Token is a piece of a statement; comments are none.
type Token struct {
	Kind       TokenKind
	Start, End int // in the source
}

// Span is a range of a source, without its last byte.
type Span struct{ Start, End int }

// Contains tells whether an offset is in the span.
func (s Span) Contains(at int) bool { return s.Start <= at && at < s.End }

// Statement is the place of a statement in a source.
type Statement struct {
	Span       // from its first token to its last one
	Stop   int // behind the terminator, or End if there is none
	Tokens []Token
	// Elements are the comma separated parts of List, which is the inside of the
	// parentheses of a CREATE TABLE, or what follows the name in an ALTER TABLE.
	List     Span
	Elements []Span
	// Subjects are the names, without quotes and the schema before them, of what
	// an ALTER, DROP, COMMENT, GRANT or REVOKE is about.
	Subjects []string
}

// NewStatement finds the elements and the subject of a statement.
func NewStatement(text string, tokens []Token, stop int) Statement {
	s := Statement{Tokens: tokens, Stop: stop}
	if len(tokens) == 0 {
		return s
	}
	s.Span = Span{tokens[0].Start, tokens[len(tokens)-1].End}
	s.Stop = max(stop, s.End)
	o := outline{text, tokens}
	switch {
	case o.is(0, "create"):
		if open := o.elementList(); open > 0 {
			s.List, s.Elements = o.split(open+1, true)
		}
	case o.is(0, "grant"), o.is(0, "revoke"):
		s.Subjects = o.granted()
	case o.is(0, "alter"), o.is(0, "drop"), o.is(0, "comment"), o.is(0, "rename"):
		next, names := o.subjects()
		s.Subjects = names
		if o.is(0, "alter") && o.is(1, "table") && next < len(tokens) {
			s.List, s.Elements = o.split(next, false)
		}
	}
	return s
}

// outline is a statement that is looked at.
type outline struct {
	text   string
	tokens []Token
}

// is tells whether a token is this keyword or sign.
func (o outline) is(i int, word string) bool {
	if i >= len(o.tokens) || o.tokens[i].Kind == TokenQuoted || o.tokens[i].Kind == TokenString {
		return false
	}
	return strings.EqualFold(o.text[o.tokens[i].Start:o.tokens[i].End], word)
}

func (o outline) any(i int, words ...string) bool {
	for _, w := range words {
		if o.is(i, w) {
			return true
		}
	}
	return false
}

// elementList finds the parenthesis that opens the elements of a CREATE TABLE;
// 0 if there is none, as in CREATE TABLE .. AS, LIKE and PARTITION OF.
func (o outline) elementList() int {
	i := 1
	for o.any(i, "or", "replace", "temp", "temporary", "unlogged", "foreign", "global", "local") {
		i++
	}
	if !o.is(i, "table") {
		return 0
	}
	for ; i < len(o.tokens); i++ {
		if o.any(i, "as", "like", "partition", "of", "select") {
			return 0
		}
		if o.is(i, "(") {
			if o.is(i+1, "like") && o.closes(i) { // MySQL's (LIKE t)
				return 0
			}
			return i
		}
	}
	return 0
}

// closes tells whether nothing follows the parenthesis that opens at i.
func (o outline) closes(i int) bool {
	depth := 0
	for ; i < len(o.tokens); i++ {
		switch {
		case o.is(i, "("):
			depth++
		case o.is(i, ")"):
			if depth--; depth == 0 {
				return i == len(o.tokens)-1
			}
		}
	}
	return false
}

// split cuts the tokens from i on at the commas outside of parentheses, up to
// the closing parenthesis or, without one, to the end.
func (o outline) split(i int, closed bool) (Span, []Span) {
	list := Span{o.tokens[i-1].End, o.tokens[len(o.tokens)-1].End}
	var out []Span
	depth, from := 0, i
	element := func(to int) {
		if to > from {
			out = append(out, Span{o.tokens[from].Start, o.tokens[to-1].End})
		}
		from = to + 1
	}
	for ; i < len(o.tokens); i++ {
		switch {
		case o.any(i, "(", "["):
			depth++
		case depth == 0 && closed && o.is(i, ")"):
			element(i)
			list.End = o.tokens[i].Start
			return list, out
		case o.any(i, ")", "]"):
			depth--
		case depth == 0 && o.is(i, ","):
			element(i)
		}
	}
	if closed { // never closed: the parser has an opinion on that
		return Span{}, nil
	}
	element(i)
	return list, out
}

// subjects reads what follows ALTER, DROP, COMMENT ON: words for the kind, and
// names. next is behind the first name.
func (o outline) subjects() (next int, names []string) {
	i := 1
	for i < len(o.tokens) && o.any(i, "on", "ignore", "online", "offline", "table", "foreign", "view", "materialized", "index", "sequence", "type", "domain", "function",
		"procedure", "routine", "aggregate", "trigger", "event", "policy", "rule", "schema", "database", "column", "constraint", "extension",
		"publication", "collation", "statistics", "server", "if", "not", "exists", "only", "concurrently", "definer", "text", "search", "configuration", "dictionary",
		"operator", "class", "family", "cast", "language", "event") {
		i++
	}
	for i < len(o.tokens) {
		name := o.name(i)
		for o.is(i+1, ".") {
			i += 2
			if o.is(0, "comment") { // of a column: the relation is its subject, too
				names = append(names, name)
			}
			name = o.name(i)
		}
		names = append(names, name)
		i++
		if next == 0 {
			next = i
		}
		if o.is(0, "drop") && o.is(i, ",") {
			i++
			continue
		}
		if o.is(0, "comment") && o.is(i, "on") { // COMMENT ON TRIGGER x ON t
			i++
			continue
		}
		return next, names
	}
	return max(next, i), names
}

// granted are the names behind the ON of a GRANT or REVOKE.
func (o outline) granted() (names []string) {
	depth, on := 0, false
	for i := range o.tokens {
		switch {
		case o.is(i, "("):
			depth++
		case o.is(i, ")"):
			depth--
		case depth > 0:
		case !on:
			on = o.is(i, "on")
		case o.is(i, "to"), o.is(i, "from"):
			return names
		case o.is(i+1, ","), o.is(i+1, "("), o.is(i+1, "to"), o.is(i+1, "from"):
			names = append(names, o.name(i))
		}
	}
	return names
}

// name is a token's name without its quotes.
func (o outline) name(i int) string {
	if i >= len(o.tokens) {
		return ""
	}
	s := o.text[o.tokens[i].Start:o.tokens[i].End]
	if o.tokens[i].Kind == TokenQuoted && len(s) >= 2 {
		return strings.ReplaceAll(s[1:len(s)-1], s[:1]+s[:1], s[:1])
	}
	return s
}
