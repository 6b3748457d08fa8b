package myparse

import (
	"strconv"
	"strings"
)

// space skips white space and comments, opens version comments that are meant
// for the target, and closes them.
func (l *lexer) space() {
	for l.pos < len(l.text) {
		switch c := l.text[l.pos]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v' || c == 0:
			l.pos++
		case c == '#':
			l.lineComment(1)
		case c == '-' && l.at(l.pos+1) == '-' && l.dashEnds():
			l.lineComment(2)
		case c == '/' && l.at(l.pos+1) == '*':
			l.block()
		case c == '*' && l.at(l.pos+1) == '/' && len(l.open) > 0:
			l.open = l.open[:len(l.open)-1]
			l.marks = append(l.marks, span{l.pos, l.pos + 2})
			l.pos += 2
		default:
			return
		}
	}
}

// dashEnds: "--" opens a comment only before white space or a control character.
func (l *lexer) dashEnds() bool { return l.pos+2 >= len(l.text) || l.text[l.pos+2] <= ' ' }

// lineComment skips to the end of the line; the comment's mark has n bytes.
func (l *lexer) lineComment(n int) {
	start := l.pos
	end := strings.IndexByte(l.text[start:], '\n')
	if end < 0 {
		end = len(l.text)
	} else {
		end += start
	}
	l.pos = end
	l.comments = append(l.comments, span{start, end})
	l.directive(l.text[start+n:end], start, end)
}

func (l *lexer) directive(text string, start, end int) {
	if l.body || strings.IndexByte(text, '@') < 0 {
		return
	}
	d, err := l.src.ParseDirective(text, start, end)
	switch {
	case err == nil:
	case l.opts.Relaxed:
		return
	default:
		if l.err == nil {
			l.err = asError(l.src, start, err)
		}
		return
	}
	if d != nil {
		l.directives = append(l.directives, d)
	}
}

// block reads a comment in /* */, of whichever sort.
func (l *lexer) block() {
	start := l.pos
	switch body, meant := l.versionComment(); {
	case body == 0:
		l.plainBlock()
	case meant:
		l.pos = body
		l.open = append(l.open, start)
		l.marks = append(l.marks, span{start, body})
	default:
		l.skipBlock(body)
		l.marks = append(l.marks, span{start, l.pos})
	}
}

// plainBlock skips a comment; such do not nest.
func (l *lexer) plainBlock() {
	start := l.pos
	end := strings.Index(l.text[start+2:], "*/")
	if end < 0 {
		l.errorf(start, hintComment, "this comment is not closed")
		return
	}
	l.pos = start + 2 + end + 2
	l.comments = append(l.comments, span{start, l.pos})
	l.directive(l.text[start+2:l.pos-2], start, l.pos)
}

// skipBlock skips a version comment that is for another server, with the
// comments inside it.
func (l *lexer) skipBlock(body int) {
	start := l.pos
	depth := 1
	for i := body; i+1 < len(l.text); i++ {
		switch l.text[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			i++
			if depth--; depth == 0 {
				l.pos = i + 1
				return
			}
		}
	}
	l.errorf(start, hintComment, "this comment is not closed")
}

// versionComment looks at the comment at pos: 0 if it is a plain one, or else
// where its content begins, and whether the target executes it.
//
// MySQL executes /*!NNNNN if it is at least that version. MariaDB does, too, but
// for numbers from 50700 to 99999, which mean features of MySQL that it lacks;
// /*M! is for it alone. TiDB executes every /*! and, by feature, /*T!.
func (l *lexer) versionComment() (body int, meant bool) {
	i := l.pos + 2
	own := byte(0)
	if c := l.at(i); (c == 'M' || c == 'T') && l.at(i+1) == '!' {
		own = c
		i++
	}
	if l.at(i) != '!' {
		return 0, false
	}
	switch {
	case own == 'M' && !l.opts.mariadb(), own == 'T' && !l.opts.tidb():
		return 0, false // a plain comment to the others
	}
	i++
	if own == 'T' {
		if l.at(i) == '[' {
			if end := strings.IndexByte(l.text[i:], ']'); end > 0 {
				i += end + 1
			}
		}
		return i, true
	}
	n := i
	for n < i+6 && isDigit(l.at(n)) {
		n++
	}
	if n-i < 5 { // no version: meant for all
		return i, true
	}
	v, _ := strconv.Atoi(l.text[i:n])
	switch {
	case l.opts.tidb():
		return n, true
	case l.opts.mariadb() && own == 0 && v >= 50700 && v <= 99999:
		return n, false
	case l.opts.Version == 0:
		return n, v < 999999
	}
	return n, l.opts.Version >= v
}
