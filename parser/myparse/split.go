package myparse

import "strings"

// statement collects the tokens of the next statement; it is empty at the end
// of the source. The client's command DELIMITER is obeyed; but a ";" ends a
// statement under any delimiter, since the client sends what stands between two
// delimiters as one text, which the server splits. In a stored program it does
// so only behind the END that belongs to it.
func (l *lexer) statement() []token {
	var toks []token
	b := blocks{oracle: l.mode.oracle}
	for l.err == nil {
		t := l.next()
		switch {
		case t.kind == eof:
			if b.open() && l.err == nil {
				l.errorf(toks[0].off, hintProgram, "this stored program has no end: a BEGIN, CASE, IF or loop is still open")
			}
			return toks
		case t.kind == punct && (t.val == l.delim && l.delim != ";" || t.val == ";" && !b.open()):
			if len(toks) > 0 {
				return toks
			}
			continue
		case len(toks) == 0 && t.is("DELIMITER"):
			l.delimiter()
			continue
		case len(toks) == 0 && t.kind == punct && t.val == "\\":
			if l.at(l.pos) != '-' { // \- is the sandbox of mariadb-dump
				l.errorf(t.off, "write SQL only: no \\u, \\. or the like", "commands of the client are not read")
			}
			l.restOfLine()
			continue
		}
		toks = append(toks, t)
		b.token(toks)
		l.body = b.open()
	}
	return nil
}

// delimiter obeys the client's command, whose argument is the rest of the line.
func (l *lexer) delimiter() {
	start := l.pos
	d, _, _ := strings.Cut(strings.TrimSpace(l.restOfLine()), " ")
	if d == "" || strings.ContainsRune(d, '\\') {
		l.errorf(start, "DELIMITER ;;", "DELIMITER needs a delimiter, and no backslash in it")
		return
	}
	l.delim = d
}

func (l *lexer) restOfLine() string {
	start := l.pos
	end := strings.IndexByte(l.text[start:], '\n')
	if end < 0 {
		end = len(l.text) - start
	}
	l.pos = start + end
	return l.text[start:l.pos]
}

// blocks follows the compound statements of a stored program, token by token,
// so that a ";" inside can be told from the one that ends it.
type blocks struct {
	decided, program bool
	oracle           bool     // declarations stand before BEGIN, behind AS, IS or DECLARE
	declared         bool     // .. and have begun
	stack            []string // BEGIN, IF, LOOP, WHILE, REPEAT, FOR, CASE; "case" is the expression
}

func (b *blocks) open() bool { return len(b.stack) > 0 }

// token looks at the last token.
func (b *blocks) token(toks []token) {
	n := len(toks) - 1
	if !b.decided {
		b.decided, b.program = isProgram(toks)
		return
	}
	t := toks[n]
	if !b.program || t.kind != word {
		return
	}
	prev := toks[n-1]
	inCase := b.open() && b.stack[len(b.stack)-1] == "case"
	starts := !inCase && b.starts(toks)
	switch word := strings.ToUpper(t.val); word {
	case "END":
		if b.open() && !prev.is(".") && (inCase || starts) {
			b.stack = b.stack[:len(b.stack)-1]
		}
	case "CASE":
		switch {
		case prev.is("END"), prev.is("."):
		case starts:
			b.stack = append(b.stack, word)
		default:
			b.stack = append(b.stack, "case")
		}
	case "AS", "IS", "DECLARE":
		if b.oracle && !b.declared {
			b.declared = true
			b.stack = append(b.stack, "DECLARE")
		}
	case "BEGIN":
		if b.open() && b.stack[len(b.stack)-1] == "DECLARE" {
			b.stack[len(b.stack)-1] = word
			return
		}
		b.declared = true
		if !inCase && !prev.any(".", ",", "(", "=", "<", ">", "SELECT", "BY", "AND", "OR", "WHERE", "ON", "SET", "AS", "XA") {
			b.stack = append(b.stack, word)
		}
	case "IF", "LOOP", "WHILE", "REPEAT", "FOR":
		if starts && !prev.is("END") {
			b.stack = append(b.stack, word)
		}
	}
}

// starts tells whether the last token stands where a statement can.
func (b *blocks) starts(toks []token) bool {
	prev := toks[len(toks)-2]
	if prev.any(";", "BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", ":", "ATOMIC") {
		return true
	}
	if len(b.stack) > 0 {
		return false
	}
	// The body's first word, behind the header.
	return prev.kind == str || prev.any("ROW", ")", "DETERMINISTIC", "SQL", "DATA", "INVOKER", "DEFINER") ||
		len(toks) > 2 && toks[len(toks)-3].any("FOLLOWS", "PRECEDES", "RETURNS")
}

// isProgram tells whether a statement creates a stored program, as soon as its
// first tokens decide it.
func isProgram(toks []token) (decided, program bool) {
	t := toks[len(toks)-1]
	switch {
	case len(toks) == 1:
		return !t.is("CREATE"), false
	case t.any("TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE"):
		return true, true
	case t.kind != word, t.any("OR", "REPLACE", "DEFINER", "AGGREGATE", "CURRENT_USER", "CURRENT_ROLE"):
		return len(toks) > 12, false
	}
	// A word in the place of an account's name.
	return !toks[len(toks)-2].any("=", "@"), false
}
