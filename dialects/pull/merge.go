package pull

import (
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff/lcs"

	"github.com/trueup-sql/trueup/parser"
)

// piece is a part of a text with its tokens.
type piece struct {
	text   string
	tokens []parser.Token
}

func (u *unit) piece() piece {
	at, _ := u.body()
	return piece{u.doc.Text, u.within(parser.Span{Start: at, End: u.span().End})}
}

func (p piece) token(i int) string { return p.text[p.tokens[i].Start:p.tokens[i].End] }

// exact are the tokens as they are written.
func (p piece) exact() []string {
	out := make([]string, len(p.tokens))
	for i := range out {
		out[i] = p.token(i)
	}
	return out
}

// folded are the tokens without what authors write in different ways.
func (p piece) folded() []string {
	out := p.exact()
	for i, t := range p.tokens {
		switch {
		case t.Kind == parser.TokenWord:
			out[i] = strings.ToLower(out[i])
		case t.Kind == parser.TokenQuoted && len(out[i]) >= 2:
			out[i] = strings.ToLower(out[i][1 : len(out[i])-1])
			if n := strings.LastIndexByte(out[i], '#'); n > 0 { // a canonical alias
				out[i] = out[i][:n]
			}
		case strings.HasPrefix(out[i], "$"):
			if tag, body := dollars(out[i]); tag != "" {
				out[i] = "$$" + body + "$$"
			}
		}
	}
	return out
}

// dollars takes a dollar-quoted string apart; no tag if it is none.
func dollars(s string) (tag, body string) {
	n := strings.IndexByte(s[min(1, len(s)):], '$') + 2
	if n < 2 || len(s) < 2*n || !strings.HasPrefix(s, "$") || !strings.HasSuffix(s, s[:n]) {
		return "", ""
	}
	return s[:n], s[n : len(s)-n]
}

// same tells whether two pieces have the same tokens.
func same(a, b piece) bool {
	if len(a.tokens) != len(b.tokens) {
		return false
	}
	for i := range a.tokens {
		if a.token(i) != b.token(i) {
			return false
		}
	}
	return true
}

// aligned pairs the tokens that two lists have in common: for each of a, the
// index in b, or -1.
func aligned(a, b []string) []int {
	out := make([]int, len(a))
	i, j := 0, 0
	pair := func(to int) {
		for ; i < to; i, j = i+1, j+1 {
			out[i] = j
		}
	}
	// What begins or ends alike is paired first: the words of a definition have
	// an order.
	head := 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	pair(head)
	for _, d := range lcs.DiffLines(a[head:len(a)-tail], b[head:len(b)-tail]) {
		pair(head + d.Start)
		for ; i < head+d.End; i++ {
			out[i] = -1
		}
		j = head + d.ReplEnd
	}
	pair(len(a))
	return out
}

// change is a replacement in a text.
type change struct {
	parser.Span
	text string
}

// merge carries what differs between before and after, which are written in
// the same hand, over to the author's text. The words for it are those of
// another text that says the same as after, or after itself. ok is false if
// these words could not be found.
func merge(author, before, after, words piece) (out []change, ok bool) {
	m := merger{author: author, before: before, after: after, words: words,
		toAfter: aligned(before.exact(), after.exact()), toAuthor: aligned(before.folded(), author.folded())}
	if words.text != after.text {
		m.toWords = aligned(after.folded(), words.folded())
	}
	b, a, t := -1, -1, -1 // the last tokens that all three have in common
	for i := 0; i <= len(before.tokens); i++ {
		na, nt := len(after.tokens), len(author.tokens)
		if i < len(before.tokens) {
			if m.toAfter[i] < 0 || m.toAuthor[i] < 0 {
				continue
			}
			na, nt = m.toAfter[i], m.toAuthor[i]
		}
		gap := gap{b, i, a, na, t, nt}
		if !same(piece{before.text, before.tokens[b+1 : i]}, piece{after.text, after.tokens[a+1 : na]}) {
			changes, found := m.close(gap)
			if !found {
				changes, found = m.wide(gap)
			}
			if !found {
				return nil, false
			}
			out = append(out, changes...)
		}
		b, a, t = i, na, nt
	}
	slices.SortStableFunc(out, func(a, b change) int { return a.Start - b.Start })
	for i := 1; i < len(out); i++ {
		if out[i].Start < out[i-1].End {
			return nil, false
		}
	}
	return out, true
}

type merger struct {
	author, before, after, words piece
	toAfter, toAuthor            []int // of before's tokens
	toWords                      []int // of after's tokens; nil if the words are after's
}

// gap is between two tokens that all texts have in common: by their indexes in
// before, after and author.
type gap struct{ b, nb, a, na, t, nt int }

// close carries over the differences in a gap one by one, each to the very
// tokens that it is about; found is false if these are not there.
func (m *merger) close(g gap) (out []change, found bool) {
	i, j := g.b+1, g.a+1
	for i < g.nb || j < g.na {
		if i < g.nb && m.toAfter[i] == j {
			i, j = i+1, j+1
			continue
		}
		from, start := i, j
		for i < g.nb && m.toAfter[i] < 0 {
			i++
		}
		j = g.na
		if i < g.nb {
			j = m.toAfter[i]
		}
		c, ok := m.exactly(from, i, start, j)
		if !ok {
			return nil, false
		}
		out = append(out, c)
	}
	return out, true
}

// exactly replaces the author's counterparts of before[b:nb] by after[a:na].
func (m *merger) exactly(b, nb, a, na int) (change, bool) {
	if b == nb {
		return m.insert(b, a, na)
	}
	first := m.place(b, nb)
	if first < 0 {
		return change{}, false
	}
	span := parser.Span{Start: m.author.tokens[first].Start, End: m.author.tokens[first+nb-b-1].End}
	if a == na { // with the space before it
		text := m.author.text
		for first > 0 && span.Start > m.author.tokens[first-1].End && strings.IndexByte(" \t", text[span.Start-1]) >= 0 &&
			(span.End == len(text) || strings.IndexByte(" \t\r\n,);", text[span.End]) >= 0) {
			span.Start--
		}
		return change{span, ""}, true
	}
	text, ok := m.say(a, na)
	if nb-b == 1 && na-a == 1 {
		text = tagged(text, m.author.token(first))
	}
	return change{span, text}, ok
}

// place is where the author has before[b:nb]: by the alignment, or, if he has
// put it elsewhere, behind the same word as there, if that is one place only.
func (m *merger) place(b, nb int) int {
	aligned := m.toAuthor[b] >= 0
	for i := b; i < nb; i++ {
		aligned = aligned && m.toAuthor[i] == m.toAuthor[b]+i-b
	}
	if aligned {
		return m.toAuthor[b]
	}
	if b == 0 {
		return -1
	}
	want, has := m.before.folded()[b-1:nb], m.author.folded()
	found := -1
	for i := range len(has) - len(want) + 1 {
		if slices.Equal(has[i:i+len(want)], want) {
			if found >= 0 {
				return -1
			}
			found = i + 1
		}
	}
	return found
}

// insert puts after[a:na] between what stands on both sides of before[b].
func (m *merger) insert(b, a, na int) (change, bool) {
	tokens := m.author.tokens
	text, ok := m.say(a, na)
	left, right := -1, len(tokens)
	if b > 0 {
		left = m.toAuthor[b-1]
	}
	if b < len(m.toAuthor) {
		right = m.toAuthor[b]
	}
	if left < 0 && right == len(tokens) {
		left = right - 1
	}
	at := func(offset int, text string) (change, bool) {
		return change{parser.Span{Start: offset, End: offset}, text}, ok
	}
	switch {
	case left < 0 && right <= 0, left >= 0 && right >= 0 && right != left+1:
		return change{}, false
	case left < 0:
		return at(tokens[right].Start, text+" ")
	case strings.HasSuffix(text, ",") && right >= 0 && right < len(tokens): // an element before another one
		space := " "
		if between := m.author.text[tokens[left].End:tokens[right].Start]; strings.Contains(between, "\n") {
			space = blank(between)
		}
		return at(tokens[right].Start, text+space)
	}
	if strings.HasPrefix(text, ",") {
		return m.append(left, text), ok
	}
	lead := " "
	if a > 0 {
		lead = m.after.text[m.after.tokens[a-1].End:m.after.tokens[a].Start]
	}
	if strings.Contains(lead, "\n") {
		lead = " "
	}
	return at(tokens[left].End, lead+text)
}

// append puts further elements of a list behind an author's token and the
// comment on its line, indented as that line is.
func (m *merger) append(left int, text string) change {
	author, at := m.author.text, m.author.tokens[left].End
	end := len(author)
	if left+1 < len(m.author.tokens) {
		end = m.author.tokens[left+1].Start
	}
	comment, _ := line(author[at:end])
	rest := text[1:]
	if strings.Contains(comment, "--") || strings.Contains(comment, "#") {
		rest = "\n" + strings.TrimLeft(rest, " \t\r\n")
	}
	own := author[strings.LastIndexByte(author[:at], '\n')+1:]
	own = own[:len(own)-len(strings.TrimLeft(own, " \t"))]
	lines := strings.Split(rest, "\n")
	for i := range lines[1:] {
		lines[i+1] = own + strings.TrimLeft(lines[i+1], " \t")
	}
	comment = strings.TrimRight(comment, " \t")
	return change{parser.Span{Start: at, End: at + len(comment)}, "," + comment + strings.Join(lines, "\n")}
}

// say is the text of after[a:na] in the words to use.
func (m *merger) say(a, na int) (string, bool) {
	if m.toWords == nil {
		return m.after.text[m.after.tokens[a].Start:m.after.tokens[na-1].End], true
	}
	from, to := m.toWords[a], m.toWords[a]+na-a
	for i := a; i < na; i++ {
		if m.toWords[i] < 0 || m.toWords[i] != from+i-a { // then what stands between the same neighbours
			from, to = 0, len(m.words.tokens)
			if a > 0 {
				from = m.toWords[a-1] + 1
			}
			if na < len(m.toWords) {
				to = m.toWords[na]
			}
			break
		}
	}
	if a > 0 && from == 0 || to <= from {
		return "", false
	}
	return m.words.text[m.words.tokens[from].Start:m.words.tokens[to-1].End], true
}

// tagged is a dollar-quoted string in the quotes of another one.
func tagged(text, like string) string {
	mine, body := dollars(text)
	theirs, _ := dollars(like)
	if mine == "" || theirs == "" || strings.Contains(body, theirs) {
		return text
	}
	return theirs + body + theirs
}

// between is what stands between two tokens.
func (p piece) between(i, j int) string {
	if j-i < 2 {
		return ""
	}
	return p.text[p.tokens[i+1].Start:p.tokens[j-1].End]
}

// balance is how many parentheses a text leaves open.
func balance(text string) int { return strings.Count(text, "(") - strings.Count(text, ")") }

// wide puts all that after has in a gap in the place of all that the author
// has there; or beside it, if before has nothing there.
func (m *merger) wide(g gap) ([]change, bool) {
	author, after, t, nt := m.author, m.after, g.t, g.nt
	has, wants := nt-t > 1, g.na-g.a > 1
	var words string
	if wants {
		var ok bool
		if words, ok = m.say(g.a+1, g.na); !ok {
			return nil, false
		}
	}
	lead := " "
	if g.a >= 0 && wants {
		lead = after.text[after.tokens[g.a].End:after.tokens[g.a+1].Start]
	}
	at := func(start, end int, text string) ([]change, bool) {
		return []change{{parser.Span{Start: start, End: end}, text}}, true
	}
	add := g.nb-g.b == 1
	if m.toWords != nil && wants && !add && balance(words) != balance(author.between(t, nt)) {
		return nil, false // the words are cut in another way
	}
	switch {
	case has && add && wants:
		end := author.tokens[nt-1].End
		return at(end, end, " "+words)
	case has && add:
		return nil, true
	case has && wants:
		return at(author.tokens[t+1].Start, author.tokens[nt-1].End, words)
	case has:
		from := author.tokens[t+1].Start
		if t >= 0 && strings.TrimSpace(author.text[author.tokens[t].End:from]) == "" {
			from = author.tokens[t].End
		}
		return at(from, author.tokens[nt-1].End, "")
	case wants && nt < len(author.tokens) && g.na < len(after.tokens) && after.tokens[g.na-1].End == after.tokens[g.na].Start:
		start := author.tokens[nt].Start // as close to what follows as there
		return at(start, start, words)
	case wants && t >= 0:
		end := author.tokens[t].End
		return at(end, end, lead+words)
	case wants && nt < len(author.tokens):
		start := author.tokens[nt].Start
		return at(start, start, words+" ")
	}
	return nil, true
}

// applied is the text of a span with changes in it, which are in order.
func applied(text string, span parser.Span, changes []change) string {
	var b strings.Builder
	at := span.Start
	for _, c := range changes {
		b.WriteString(text[at:c.Start])
		b.WriteString(c.text)
		at = c.End
	}
	b.WriteString(text[at:span.End])
	return b.String()
}
