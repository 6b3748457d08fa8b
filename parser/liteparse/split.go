package liteparse

import "strings"

// Statement is one statement of a script.
type Statement struct {
	Text   string // from its first to its last token, without the semicolon
	At     int    // offset of the text in the script
	Tokens []Token
	// Comments stand before the statement (behind the one before), inside of it,
	// or behind its semicolon on the same line; those in the body of a trigger
	// are its own. Offsets are those of the script, here and in Tokens.
	Comments []Token
}

// Split cuts a script into statements as SQLite's own shell does: at semicolons,
// but for a CREATE TRIGGER, which ends with "; END;". Comments at the end that
// belong to nothing come as a statement without tokens.
func Split(script string) []Statement {
	var out []Statement
	var s Statement
	flush := func() {
		if n := len(s.Tokens); n > 0 {
			s.At = s.Tokens[0].At
			s.Text = script[s.At:s.Tokens[n-1].End()]
			out = append(out, s)
			s = Statement{}
		}
	}
	trigger, body := false, false
	last := 0 // end of the last semicolon
	for _, t := range Lex(script) {
		switch {
		case t.Class == Comment && body:
		case t.Class == Comment:
			if len(s.Tokens) == 0 && len(out) > 0 && !strings.Contains(script[last:t.At], "\n") {
				o := &out[len(out)-1]
				o.Comments = append(o.Comments, t)
				continue
			}
			s.Comments = append(s.Comments, t)
		case t.Is(";") && (!trigger || endsTrigger(s.Tokens)):
			flush()
			trigger, body, last = false, false, t.End()
		default:
			s.Tokens = append(s.Tokens, t)
			trigger = trigger || startsTrigger(s.Tokens)
			body = body || trigger && t.Is("begin")
		}
	}
	flush()
	if len(s.Comments) > 0 {
		s.At = s.Comments[0].At
		out = append(out, s)
	}
	return out
}

func startsTrigger(ts []Token) bool {
	switch len(ts) {
	case 2:
		return ts[0].Is("create") && ts[1].Is("trigger")
	case 3:
		return ts[0].Is("create") && ts[1].In("temp", "temporary") && ts[2].Is("trigger")
	}
	return false
}

// endsTrigger: END right behind a semicolon closes the body; any other END
// belongs to a CASE.
func endsTrigger(ts []Token) bool {
	n := len(ts)
	return n > 1 && ts[n-1].Is("end") && ts[n-2].Is(";")
}

// Inner is what a comment says: the text between its marks.
func Inner(comment Token) string {
	if s, ok := strings.CutPrefix(comment.Text, "--"); ok {
		return s
	}
	return strings.TrimSuffix(strings.TrimPrefix(comment.Text, "/*"), "*/")
}

// Trim cuts off what follows the last token: space, comments, semicolons.
func Trim(text string) string {
	ts := Code(text)
	for len(ts) > 0 && ts[len(ts)-1].Is(";") {
		ts = ts[:len(ts)-1]
	}
	if len(ts) == 0 {
		return ""
	}
	return text[ts[0].At:ts[len(ts)-1].End()]
}
