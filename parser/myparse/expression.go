package myparse

import (
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/trueup-sql/trueup/schema"
)

// expression is the canonical form of an expression over one table.
type expression struct {
	canon     string
	columns   []string // in lower case, in order
	sequences []schema.ID
}

// Expression brings an expression over the columns of one table (a default, a
// check, a generated column, a functional key part) into its canonical form:
// every operation in parentheses, names in lower case and backquotes without
// qualifiers, synonyms resolved. It names the columns, in lower case.
//
// Two texts with the same form mean the same; it is a text of the same language
// and its own canonical form.
func (o Options) Expression(text string) (canon string, columns []string, err error) {
	e, err := o.expression(text, newMode(o.SQLMode))
	if err != nil {
		return "", nil, err
	}
	return e.canon, e.columns, nil
}

// expression does so for a text read under a mode of its own.
func (o Options) expression(text string, m mode) (*expression, error) {
	t, err := o.translate(text, m)
	if err != nil {
		return nil, err
	}
	if e := t.trivial(); e != nil {
		return e, nil
	}
	const prefix = "SELECT "
	stmt, err := t.parse(prefix, m)
	sel, ok := stmt.(*ast.SelectStmt)
	if err == nil && (!ok || len(sel.Fields.Fields) != 1 || sel.Fields.Fields[0].Expr == nil || sel.Fields.Fields[0].AsName.L != "" || sel.From != nil) {
		err = &syntaxError{near: text}
	}
	if err != nil {
		if o.Relaxed || t.foreign() {
			return &expression{canon: t.opaque()}, nil
		}
		return nil, err
	}
	c := converter{opts: o, t: t}
	n := c.expr(sel.Fields.Fields[0].Expr)
	if c.failed != nil {
		return &expression{canon: t.opaque()}, nil
	}
	return &expression{canon: n.String(), columns: c.columns, sequences: c.sequences}, nil
}

// trivial is the form of a single constant or name, which most expressions of
// partitions are; nil for all others.
func (t *translation) trivial() *expression {
	if len(t.toks) != 1 {
		return nil
	}
	switch tok := t.toks[0]; {
	case tok.kind == str:
		return &expression{canon: quoteString(tok.val)}
	case tok.kind == quoted:
		name := strings.ToLower(tok.val)
		return &expression{canon: quoteName(name), columns: []string{name}}
	case tok.kind == number && strings.Trim(tok.val, "0123456789") == "" && len(tok.val) < 19 && (tok.val[0] != '0' || tok.val == "0"):
		return &expression{canon: tok.val}
	}
	return nil
}

// foreign tells whether the text has a construct that some server knows and
// TiDB's grammar does not, so that it is compared word by word.
func (t *translation) foreign() bool {
	for i, tok := range t.toks {
		if tok.kind != word {
			continue
		}
		switch w := strings.ToUpper(tok.val); w {
		case "XMLTABLE", "WITHIN", "RETURNING", "QUALIFY", "LATERAL", "EXAMINED", "GROUPING", "ROLLUP", "CUBE", "PASSING", "LIBRARY":
			return true
		case "JSON_VALUE", "CAST", "CONVERT", "OVER", "ROW", "COLUMN_GET", "COLUMN_CREATE", "COLUMN_ADD", "WEIGHT_STRING":
			return true
		case "FOR", "OF":
			return i > 0
		}
	}
	return false
}

// opaque is the form of what is only compared word by word. Quotes of names do
// not count, nor does case outside of texts.
func (t *translation) opaque() string {
	toks := make([]token, len(t.toks))
	for i, tok := range t.toks {
		if tok.kind == quoted && plainName(tok.val) {
			tok.kind = word
		}
		toks[i] = tok
	}
	return canonTokens(toks)
}

// plainName tells whether a name can do without quotes, as far as its characters
// go.
func plainName(s string) bool {
	for i := range len(s) {
		if !isWordByte(s[i]) || i == 0 && isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}
