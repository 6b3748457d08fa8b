package postgres

import (
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// maxName is the length in bytes to which the server cuts names (NAMEDATALEN-1).
const maxName = 63

// ident quotes a name where it has to be quoted: where it would be folded, or
// is a keyword that cannot name a table or column. Type and function names are
// always qualified, and behind a dot every commandWord is a name.
func ident(name string) string {
	if plainName(name) && !keywords[name] {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func plainName(name string) bool {
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= 'a' && c <= 'z', c == '_':
		case i > 0 && (c >= '0' && c <= '9' || c == '$'):
		default:
			return false
		}
	}
	return name != ""
}

func idents(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = ident(n)
	}
	return strings.Join(out, ", ")
}

// qualify is schema.name, or the name alone for what has no schema.
func qualify(namespace, name string) string {
	if namespace == "" {
		return ident(name)
	}
	return ident(namespace) + "." + ident(name)
}

// path is the qualified name of what an ID names by schema and name.
func path(id schema.ID) string { return qualify(id.Schema, id.Name) }

// relationOf is the relation that a part (a column, a trigger) lives in.
func relationOf(part schema.ID) string { return qualify(part.Schema, part.Parent) }

// columnNames is a list of columns without the table's name.
func columnNames(ids []schema.ID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = id.Name
	}
	return idents(names)
}

func paths(ids []schema.ID) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = path(id)
	}
	return strings.Join(out, ", ")
}

// literal quotes a string, for standard_conforming_strings = on.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func literalList(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = literal(s)
	}
	return strings.Join(out, ", ")
}

// dollar quotes the body of a function with a tag that it does not hold.
func dollar(body string) string {
	tag := "$$"
	for _, t := range []string{"$function$", "$body$"} {
		if !strings.Contains(body, tag) && !strings.HasSuffix(body, "$") {
			break
		}
		tag = t
	}
	for i := 1; strings.Contains(body, tag); i++ {
		tag = "$function" + strconv.Itoa(i) + "$"
	}
	return tag + body + tag
}

// role is a role's name; PUBLIC is none, and cannot be quoted.
func role(name string, public bool) string {
	if public {
		return "PUBLIC"
	}
	return ident(name)
}

// typeName is the name of a type as SQL takes it.
func typeName(t pg.Type) string {
	s := t.Name
	if !t.Ref.IsZero() {
		s = qualify(t.Path())
	}
	if t.Array {
		s += "[]"
	}
	return s
}

// parenthesized puts an expression into the parentheses that a clause demands,
// unless its text is one parenthesis already.
func parenthesized(text string) string {
	text = strings.TrimSpace(text)
	if enclosed(text) {
		return text
	}
	return "(" + text + ")"
}

// enclosed tells whether the parenthesis that opens the text closes at its very
// end. It may fail to see that, and then a pair too many is printed.
func enclosed(text string) bool {
	if !strings.HasPrefix(text, "(") || strings.ContainsAny(text, `$-/\`) {
		return false // dollar quotes, comments, escapes: not worth a lexer
	}
	depth, quote := 0, byte(0)
	for i := range len(text) {
		c := text[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 && i < len(text)-1 {
				return false
			}
		}
	}
	return depth == 0 && quote == 0
}
