package myparse

import (
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"

	tidb "github.com/pingcap/tidb/pkg/parser"
	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/charset"
	"github.com/pingcap/tidb/pkg/parser/mysql"
	_ "github.com/pingcap/tidb/pkg/parser/test_driver" // values in trees
)

// syntaxError is a mistake in a piece of text.
type syntaxError struct {
	off  int // in the piece
	near string
	// why, if it is more than a mistake in the grammar.
	why, hint string
}

func (e *syntaxError) Error() string {
	if e.why != "" {
		return e.why
	}
	if e.near == "" {
		return "syntax error at its end"
	}
	return "syntax error near " + strconv.Quote(short(e.near))
}

// translation is a text in the words of TiDB's grammar, with the way back.
type translation struct {
	source string
	toks   []token // of the source
	text   strings.Builder
	from   []place // by their offset in text
}

// place maps an offset in a translation to one in the source.
type place struct{ to, off, end int }

// translate rewrites what TiDB's grammar does not take into what means the same
// there; names and texts are quoted the same way whatever the sql_mode.
func (o Options) translate(source string, m mode) (*translation, error) {
	l := newLexer(sourceOf(source), o)
	l.mode = m
	l.delim = "\x00" // none
	t := &translation{source: source}
	for {
		tok := l.next()
		if l.err != nil {
			return nil, &syntaxError{off: l.pos, near: l.err.Message}
		}
		if tok.kind == eof {
			break
		}
		if tok.kind == quoted && (tok.val == "" || strings.Contains(tok.val, mark)) {
			return nil, &syntaxError{off: tok.off, near: source[tok.off:]}
		}
		t.toks = append(t.toks, tok)
	}
	w := translator{translation: t, opts: o}
	w.until(len(t.toks))
	if w.mistaken != nil {
		return nil, w.mistaken
	}
	return t, nil
}

type translator struct {
	*translation
	opts Options
	i    int
	// open holds, for every open parenthesis, what to write at its end.
	open []string
	// skip are tokens that have been written, and how many from there on.
	skip map[int]int
	// timed is the FOR SYSTEM_TIME behind the name that is being written.
	timed    int
	mistaken *syntaxError
}

func (w *translator) ahead(n int) token {
	if w.i+n < len(w.toks) && w.i+n >= 0 {
		return w.toks[w.i+n]
	}
	return token{}
}

// emit writes a piece that stands for the next n tokens.
func (w *translator) emit(s string, n int) {
	if w.text.Len() > 0 && !(s == "(" && w.tight()) {
		w.text.WriteByte(' ')
	}
	first, last := w.toks[w.i], w.toks[w.i+n-1]
	w.from = append(w.from, place{w.text.Len(), first.off, last.end})
	w.text.WriteString(s)
	w.i += n
}

// tight: a function's parenthesis must follow its name at once.
func (w *translator) tight() bool {
	return w.i > 0 && w.toks[w.i-1].kind == word && w.toks[w.i-1].end == w.toks[w.i].off
}

func (w *translator) token() {
	t := w.toks[w.i]
	if t.isName() && w.i > w.timed-1 && w.foreignName() {
		return
	}
	switch t.kind {
	case str:
		n, v := 1, t.val
		for w.ahead(n).kind == str {
			v += w.ahead(n).val
			n++
		}
		w.emit(quoteString(v), n)
	case quoted:
		w.emit(quoteName(t.val), 1)
	case word:
		w.word(t)
	case punct:
		w.punct(t)
	default:
		w.emit(w.source[t.off:t.end], 1)
	}
}

func (w *translator) punct(t token) {
	switch t.val {
	case "(":
		w.open = append(w.open, "")
	case ")":
		if n := len(w.open) - 1; n >= 0 {
			end := w.open[n]
			w.open = w.open[:n]
			if end != "" {
				w.emit(end, 1)
				return
			}
		}
	}
	w.emit(t.val, 1)
}

// word writes a keyword, a name, or a construct that begins with this word.
func (w *translator) word(t token) {
	next, before := w.ahead(1), w.ahead(-1)
	switch {
	case before.is("."):
		w.emit(quoteName(t.val), 1)
	case w.foreignWord(t):
	case strings.HasPrefix(t.val, "_") && next.kind == str:
		w.introduced(t)
	case strings.HasPrefix(t.val, "_") && next.kind == bits && !strings.EqualFold(t.val, "_binary"):
		w.i++
	case t.any("CHARSET") && next.isName(), t.is("SET") && before.any("CHARACTER", "CHAR"):
		w.charset(next)
	case t.any("CHARACTER", "CHAR") && next.is("SET"):
		w.i++ // written with SET
	case t.is("USING") && next.isName() && !next.is("("):
		w.using(next)
	case t.is("COLLATE") && (next.isName() || next.kind == str):
		known(collation(next.val))
		w.emit("COLLATE "+collation(next.val), 2)
	case t.any("NEXT", "PREVIOUS") && next.is("VALUE") && w.ahead(2).is("FOR"):
		w.sequence(t)
	case t.is("INTERVAL") && next.is("(") && !w.listFollows():
		w.emit("INTERVAL +", 1) // TiDB would take it for the function
	case t.is("MATCH") && !next.is("("):
		w.match()
	case t.is("ARRAY") && next.is(")") && before.any("UNSIGNED", "SIGNED", "CHAR", "BINARY", "DATE", "DATETIME", "TIME", "YEAR", "DECIMAL", "DOUBLE", ")"):
		w.emit("ARRAY", 1)
	case w.opts.freeName(t.val) && !next.is("(") && !(t.is("WINDOW") && w.ahead(2).is("AS")) && !(t.is("OF") && before.is("AS")) && !(t.is("LATERAL")):
		w.emit(quoteName(t.val), 1)
	default:
		w.emit(t.val, 1)
	}
}

// introduced writes a text with an introducer: without it, if the character set
// can hold any text of the catalogs anyhow, or else as a call.
func (w *translator) introduced(t token) {
	w.i++
	n, v := 1, w.ahead(0).val
	for w.ahead(n).kind == str {
		v += w.ahead(n).val
		n++
	}
	switch set := strings.ToLower(t.val[1:]); set {
	case "utf8", "utf8mb3", "utf8mb4", "latin1", "ascii":
		w.emit(quoteString(v), n)
	case "binary":
		w.emit("_binary "+quoteString(v), n)
	default:
		w.emit("introduced_"+set+"("+quoteString(v)+")", n)
	}
}

// charset writes the character set of CAST(.. AS CHAR ..).
func (w *translator) charset(name token) {
	switch set := charsetName(name.val); set {
	case "utf8mb4", "utf8mb3":
		w.i += 2
	case "latin1", "ascii", "binary", "gbk":
		w.emit("CHARSET "+set, 2)
	default:
		w.i += 2
	}
}

// using writes CONVERT(.. USING set), for a set that TiDB does not know as a
// call of another function. USING of a join is followed by a parenthesis.
func (w *translator) using(set token) {
	name := charsetName(set.val)
	switch name {
	case "utf8mb4", "latin1", "ascii", "binary", "gbk":
	case "utf8mb3":
		name = "utf8"
	default:
		name = "latin1"
	}
	w.emit("USING "+name, 2)
}

// listFollows tells whether the parentheses that follow hold a list.
func (w *translator) listFollows() bool {
	depth := 0
	for n := 1; ; n++ {
		switch t := w.ahead(n); {
		case t.is("("):
			depth++
		case t.is(")"):
			if depth--; depth == 0 {
				return false
			}
		case t.is(",") && depth == 1:
			return true
		case t.kind == eof:
			return false
		}
	}
}

// sequence writes NEXT VALUE FOR s as a call.
func (w *translator) sequence(t token) {
	f := "nextval"
	if t.is("PREVIOUS") {
		f = "lastval"
	}
	name, n := quoteName(w.ahead(3).val), 4
	if w.ahead(4).is(".") {
		name, n = name+"."+quoteName(w.ahead(5).val), 6
	}
	w.emit(f+"("+name+")", min(n, len(w.toks)-w.i))
}

// match writes the columns of MATCH in parentheses, which MySQL leaves out when
// it prints a view.
func (w *translator) match() {
	w.emit("MATCH (", 1)
	for w.i < len(w.toks) && !w.ahead(0).is("AGAINST") {
		w.token()
	}
	if w.i < len(w.toks) {
		w.emit(") AGAINST", 1)
	}
}

// back maps an offset of the translation to the source.
func (t *translation) back(to int) place {
	i := sort.Search(len(t.from), func(i int) bool { return t.from[i].to > to })
	if i == 0 {
		return place{}
	}
	return t.from[i-1]
}

// original is the source's text for a range of the translation.
func (t *translation) original(from, to int) string {
	a, b := t.back(from), t.back(to-1)
	if b.end < a.off {
		return ""
	}
	return t.source[a.off:b.end]
}

var parsers = sync.Pool{New: func() any { return tidb.New() }}

// registry guards TiDB's table of collations, to which names are added that only
// other servers have.
var registry sync.RWMutex

var collations = 1 << 20

// known makes sure that TiDB's parser knows a collation.
func known(name string) {
	registry.RLock()
	_, err := charset.GetCollationByName(name)
	registry.RUnlock()
	if err == nil {
		return
	}
	registry.Lock()
	defer registry.Unlock()
	collations++
	charset.AddCollation(&charset.Collation{ID: collations, CharsetName: "utf8mb4", Name: name})
}

// parse has TiDB's parser read a statement, of which the translation follows a
// prefix.
func (t *translation) parse(prefix string, m mode) (ast.StmtNode, error) {
	p := parsers.Get().(*tidb.Parser)
	defer parsers.Put(p)
	p.Reset()
	var sqlMode mysql.SQLMode
	if m.pipesConcat {
		sqlMode |= mysql.ModePipesAsConcat
	}
	if m.highNot {
		sqlMode |= mysql.ModeHighNotPrecedence
	}
	p.SetSQLMode(sqlMode)
	registry.RLock()
	defer registry.RUnlock()
	stmt, err := p.ParseOneStmt(prefix+t.text.String(), "utf8mb4", "utf8mb4_bin")
	if err != nil {
		return nil, t.mistake(err, len(prefix))
	}
	return stmt, nil
}

var nearBy = regexp.MustCompile(`line (\d+) column (\d+) near "((?s).*)"`)

// mistake turns the parser's error into one with a place in the source.
func (t *translation) mistake(err error, prefix int) error {
	m := nearBy.FindStringSubmatch(err.Error())
	if m == nil {
		return &syntaxError{off: 0, near: fmt.Sprint(err)}
	}
	col, _ := strconv.Atoi(m[2])
	near := strings.TrimSpace(m[3])
	if near == "" {
		return &syntaxError{off: len(t.source)}
	}
	p := t.back(max(0, col-prefix-1))
	return &syntaxError{off: p.off, near: t.source[p.off:]}
}
