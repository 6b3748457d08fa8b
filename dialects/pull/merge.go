package pull

import (
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
		}
	}
	return out
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
// the same hand, over to the author's text.
func merge(author, before, after piece) []change {
	toAfter := aligned(before.exact(), after.exact())
	toAuthor := aligned(before.folded(), author.folded())
	var out []change
	b, a, t := -1, -1, -1 // the last tokens that all three have in common
	for i := 0; i <= len(before.tokens); i++ {
		na, nt := len(after.tokens), len(author.tokens)
		if i < len(before.tokens) {
			if toAfter[i] < 0 || toAuthor[i] < 0 {
				continue
			}
			na, nt = toAfter[i], toAuthor[i]
		}
		old, now := piece{before.text, before.tokens[b+1 : i]}, piece{after.text, after.tokens[a+1 : na]}
		if !same(old, now) {
			if c, ok := carry(author, t, nt, len(old.tokens) == 0, after, a, na); ok {
				out = append(out, c)
			}
		}
		b, a, t = i, na, nt
	}
	return out
}

// carry puts what stands between two tokens of after between two of author's;
// beside what is there already, if add is set.
func carry(author piece, t, nt int, add bool, after piece, a, na int) (change, bool) {
	has, wants := nt-t > 1, na-a > 1
	var words string
	if wants {
		words = after.text[after.tokens[a+1].Start:after.tokens[na-1].End]
	}
	lead := " "
	if a >= 0 && wants {
		lead = after.text[after.tokens[a].End:after.tokens[a+1].Start]
	}
	switch {
	case has && add && wants:
		end := author.tokens[nt-1].End
		return change{parser.Span{Start: end, End: end}, " " + words}, true
	case has && add:
		return change{}, false
	case has && wants:
		return change{parser.Span{Start: author.tokens[t+1].Start, End: author.tokens[nt-1].End}, words}, true
	case has:
		from := author.tokens[t+1].Start
		if t >= 0 && strings.TrimSpace(author.text[author.tokens[t].End:from]) == "" {
			from = author.tokens[t].End
		}
		return change{parser.Span{Start: from, End: author.tokens[nt-1].End}, ""}, true
	case wants && nt < len(author.tokens) && na < len(after.tokens) && after.tokens[na-1].End == after.tokens[na].Start:
		start := author.tokens[nt].Start // as close to what follows as there
		return change{parser.Span{Start: start, End: start}, words}, true
	case wants && t >= 0:
		end := author.tokens[t].End
		return change{parser.Span{Start: end, End: end}, lead + words}, true
	case wants && nt < len(author.tokens):
		start := author.tokens[nt].Start
		return change{parser.Span{Start: start, End: start}, words + " "}, true
	}
	return change{}, false
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
