package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/trueup-sql/trueup/schema"
)

// expr keeps an expression's text as its author wrote it, up to a comma or
// closing parenthesis; its canonical form and references come with
// [Normalize]. Where the search_path in force differs from the target's, names
// in the text are qualified, so that it means the same there.
func (r *reader) expr(n *pg_query.Node) schema.Expr { return r.exprUntil(n, r.end-r.offset) }

// exprUntil is expr for an expression that ends, at the latest, at an offset
// from the statement's start.
func (r *reader) exprUntil(n *pg_query.Node, bound int) schema.Expr {
	if n == nil {
		return schema.Expr{}
	}
	from, to := r.extent(n, bound)
	return r.slice(n, from, to)
}

// slice is the text between two offsets from the statement's start, which
// holds the tree n (that names are found by), without comments.
func (r *reader) slice(n *pg_query.Node, from, to int) schema.Expr {
	text := r.text(from, to)
	if !slices.Equal(r.path, r.searchPath()) && len(r.path) > 0 {
		text = r.markNames(n, text, from)
	}
	return schema.Expr{Text: strings.TrimSpace(withoutComments(text))}
}

// withoutComments takes comments out of a text.
func withoutComments(text string) string {
	if !strings.Contains(text, "--") && !strings.Contains(text, "/*") {
		return text
	}
	var b strings.Builder
	s := scanner{text: text}
	done := 0
	for t := s.next(); t.kind != tokenEnd; t = s.next() {
		if t.kind != tokenComment {
			continue
		}
		b.WriteString(strings.TrimRight(text[done:t.start], " \t"))
		if done = t.end; done < len(text) && !space(text[done]) {
			b.WriteByte(' ')
		}
	}
	b.WriteString(text[done:])
	return b.String()
}

// extent finds where an expression begins and ends. The tree holds the places
// of most tokens, but not of parentheses nor of what trails.
func (r *reader) extent(n *pg_query.Node, bound int) (from, to int) {
	span := locations(n)
	if span.first < 0 {
		return 0, 0
	}
	tokens := r.tokens()
	i := tokenAt(tokens, span.first)
	j := max(i, tokenAt(tokens, span.last))
	text := r.source.Text[r.offset:r.end]
	// Parentheses that are closed inside were opened to the left.
	depth, lowest := 0, 0
	for _, t := range tokens[i:j] {
		depth += nesting(text, t)
		lowest = min(lowest, depth)
	}
	for ; lowest < 0 && i > 0; lowest++ {
		i--
		depth++
	}
	end := tokens[j].end
	depth += nesting(text, tokens[j])
	for k := j + 1; k < len(tokens) && tokens[k].start < bound; k++ {
		t := tokens[k]
		if depth == 0 && (t.is(text, ",") || t.is(text, ";")) {
			break
		}
		if depth == 0 && t.is(text, ")") {
			// (expr).field and (expr)[1]
			if k+1 == len(tokens) || !tokens[k+1].is(text, ".") && !tokens[k+1].is(text, "[") || i == 0 || !tokens[i-1].is(text, "(") {
				break
			}
			i--
			depth++
		}
		depth += nesting(text, t)
		end = t.end
	}
	return tokens[i].start, end
}

// nesting is by how much a token changes the depth of parentheses and brackets.
func nesting(text string, t token) int {
	if t.kind == tokenSymbol {
		switch text[t.start] {
		case '(', '[':
			return 1
		case ')', ']':
			return -1
		}
	}
	return 0
}

// tokenAt is the index of the token at or behind an offset.
func tokenAt(tokens []token, offset int) int {
	i, _ := slices.BinarySearchFunc(tokens, offset, func(t token, at int) int {
		if t.end <= at {
			return -1
		} else if t.start > at {
			return 1
		}
		return 0
	})
	return min(i, len(tokens)-1)
}

// follow is the offset of what follows the given keywords.
func (r *reader) follow(from int32, keywords ...string) (start int, ok bool) {
	tokens := r.tokens()
	i := r.behind(tokens, from, keywords)
	if i < 0 || i >= len(tokens) {
		return 0, false
	}
	return tokens[i].start, true
}

// behind is the index of the token behind the keywords, or -1.
func (r *reader) behind(tokens []token, from int32, keywords []string) int {
	text := r.source.Text[r.offset:r.end]
	depth := 0
	for i := tokenAt(tokens, max(0, int(from))); i+len(keywords) <= len(tokens); i++ {
		if depth == 0 {
			found := true
			for k, w := range keywords {
				found = found && tokens[i+k].is(text, w)
			}
			if found {
				return i + len(keywords)
			}
		}
		depth += nesting(text, tokens[i])
	}
	return -1
}

// span are the places of the first and the last located token of a tree.
type span struct{ first, last int }

func (s *span) add(location int32) {
	at := int(location)
	if at <= 0 {
		return // unknown: no statement begins with an expression
	}
	if s.first < 0 || at < s.first {
		s.first = at
	}
	s.last = max(s.last, at)
}

// locations finds the span of a tree.
func locations(n *pg_query.Node) span {
	s := span{-1, -1}
	s.walk(n)
	return s
}

// walk knows the commonest nodes, and reflects on the others.
func (s *span) walk(n *pg_query.Node) {
	switch v := n.GetNode().(type) {
	case nil:
	case *pg_query.Node_AConst:
		s.add(v.AConst.Location)
	case *pg_query.Node_ColumnRef:
		s.add(v.ColumnRef.Location)
	case *pg_query.Node_TypeCast:
		s.add(v.TypeCast.Location)
		s.add(v.TypeCast.TypeName.GetLocation())
		s.walk(v.TypeCast.Arg)
	case *pg_query.Node_FuncCall:
		s.reflect(v.FuncCall.ProtoReflect())
	case *pg_query.Node_AExpr:
		s.add(v.AExpr.Location)
		s.walk(v.AExpr.Lexpr)
		s.walk(v.AExpr.Rexpr)
	case *pg_query.Node_List:
		for _, i := range v.List.Items {
			s.walk(i)
		}
	case *pg_query.Node_BoolExpr:
		s.add(v.BoolExpr.Location)
		for _, i := range v.BoolExpr.Args {
			s.walk(i)
		}
	default:
		s.reflect(n.ProtoReflect())
	}
}

func (s *span) reflect(m protoreflect.Message) {
	eachMessage(m, func(m protoreflect.Message) {
		if f := m.Descriptor().Fields().ByName("location"); f != nil && f.Kind() == protoreflect.Int32Kind {
			s.add(int32(m.Get(f).Int()))
		}
	})
}

// eachMessage visits a tree's messages from the root.
func eachMessage(m protoreflect.Message, visit func(protoreflect.Message)) {
	visit(m)
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Kind() != protoreflect.MessageKind:
		case f.IsList():
			for i := range v.List().Len() {
				eachMessage(v.List().Get(i).Message(), visit)
			}
		default:
			eachMessage(v.Message(), visit)
		}
		return true
	})
}
