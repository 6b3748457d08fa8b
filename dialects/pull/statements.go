package pull

import (
	"strings"

	"github.com/trueup-sql/trueup/parser"
)

// lineKind is what stands on a line between two statements.
type lineKind uint8

const (
	lineBlank lineKind = iota
	lineComment
	lineOther // a command of the client
)

type gapLine struct {
	parser.Span // with its end of line
	kind        lineKind
}

// gap are the lines between a statement and the one before it, without the rest
// of that one's line.
func (s *statement) gap() []gapLine {
	text := s.doc.Text
	at := 0
	if s.index > 0 {
		at = s.doc.statements[s.index-1].Stop
		if n := strings.IndexByte(text[at:s.Start], '\n'); n >= 0 {
			at += n + 1
		} else {
			at = s.Start
		}
	}
	var out []gapLine
	inside := false
	for at < s.Start {
		end := s.Start
		if n := strings.IndexByte(text[at:s.Start], '\n'); n >= 0 {
			end = at + n + 1
		}
		l := gapLine{parser.Span{Start: at, End: end}, lineOther}
		switch content := strings.TrimSpace(text[at:end]); {
		case inside, strings.HasPrefix(content, "/*") && !strings.HasPrefix(content, "/*!") && !strings.HasPrefix(content, "/*M!"):
			l.kind = lineComment
			inside = !strings.Contains(content, "*/")
		case content == "":
			l.kind = lineBlank
		case strings.HasPrefix(content, "--"), strings.HasPrefix(content, "#"):
			l.kind = lineComment
		}
		out = append(out, l)
		at = end
	}
	return out
}

// removal is the range to cut out for a statement: with the comment directly
// above it, one that names it a blank line further up, and one behind it.
func (s *statement) removal(names []string) parser.Span {
	text := s.doc.Text
	out := parser.Span{Start: s.Start, End: s.Stop}
	lines := s.gap()
	i := len(lines)
	if i > 0 && lines[i-1].kind == lineBlank && !strings.Contains(text[lines[i-1].Start:lines[i-1].End], "\n") { // the indentation
		i--
		out.Start = lines[i].Start
	}
	from := i
	for from > 0 && lines[from-1].kind == lineComment {
		from--
	}
	if from == i && i > 1 && lines[i-1].kind == lineBlank && lines[i-2].kind == lineComment { // the title of a dump's section
		top := i - 1
		for top > 0 && lines[top-1].kind == lineComment {
			top--
		}
		if mentions(text[lines[top].Start:lines[i-1].Start], names) {
			from = top
		}
	}
	if from < len(lines) {
		out.Start = lines[from].Start
	}
	if out.Start == 0 || text[out.Start-1] == '\n' {
		return s.alone(out)
	}
	// Others stand on the line, too: a comment behind them may be about these.
	rest := text[s.Stop:]
	out.End = s.Stop + len(rest) - len(strings.TrimLeft(rest, " \t"))
	if out.End == len(text) || text[out.End] == '\n' || text[out.End] == '\r' {
		out.Start = len(strings.TrimRight(text[:out.Start], " \t"))
	}
	return out
}

// alone extends the range of a statement that begins a line to all of its last
// line, if there is nothing behind it but a comment, and to the blank lines that
// set it off.
func (s *statement) alone(out parser.Span) parser.Span {
	text := s.doc.Text
	end := strings.IndexByte(text[s.Stop:], '\n') + s.Stop + 1
	if end == s.Stop {
		end = len(text)
	}
	if !onlyComment(text[s.Stop:end]) {
		return out
	}
	out.End = end
	blankAbove := out.Start == 0 || strings.HasSuffix(text[:out.Start], "\n\n") || strings.HasSuffix(text[:out.Start], "\n\r\n")
	for blankAbove {
		n := strings.IndexByte(text[out.End:], '\n')
		if n < 0 || strings.TrimSpace(text[out.End:out.End+n]) != "" {
			break
		}
		out.End += n + 1
	}
	for out.End == len(text) && out.Start > 0 { // nothing follows that blank lines could set off
		n := strings.LastIndexByte(text[:out.Start-1], '\n') + 1
		if strings.TrimSpace(text[n:out.Start]) != "" {
			break
		}
		out.Start = n
	}
	return out
}

// onlyComment tells whether a rest of a line has nothing but one comment in it.
func onlyComment(rest string) bool {
	rest = strings.TrimSpace(rest)
	return rest == "" || strings.HasPrefix(rest, "--") || strings.HasPrefix(rest, "#") ||
		strings.HasPrefix(rest, "/*") && strings.Index(rest, "*/") == len(rest)-2
}

// mentions tells whether a comment has one of these names in it.
func mentions(comment string, names []string) bool {
	for _, word := range strings.FieldsFunc(comment, func(r rune) bool { return strings.ContainsRune(" \t\r\n;:,.()`\"'-*/#=", r) }) {
		for _, n := range names {
			if strings.EqualFold(word, n) {
				return true
			}
		}
	}
	return false
}

// behind is where a new statement goes that follows this one: at the end of its
// line, behind a comment there and the client's own commands.
func (s *statement) behind() int {
	text := s.doc.Text
	rest := text[s.Stop:]
	end := strings.IndexByte(rest, '\n')
	if end < 0 {
		end = len(rest)
	}
	next := len(text)
	if s.index+1 < len(s.doc.statements) {
		next = s.doc.statements[s.index+1].Start
	}
	at := s.Stop
	if s.Stop+end <= next {
		at = s.Stop + len(strings.TrimRight(rest[:end], "\r \t"))
	}
	// A delimiter that was changed for this statement is changed back first.
	for off := at; off < next; {
		n := strings.IndexByte(text[off:next], '\n')
		if n < 0 {
			n = next - off
		}
		line := strings.TrimSpace(text[off : off+n])
		switch {
		case len(line) >= 9 && strings.EqualFold(line[:9], "delimiter"):
			if strings.TrimSpace(line[9:]) != ";" {
				return at
			}
			return off + len(strings.TrimRight(text[off:off+n], "\r \t"))
		case line != "":
			return at
		}
		off += n + 1
	}
	return at
}
