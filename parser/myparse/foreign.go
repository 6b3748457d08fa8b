package myparse

import (
	"slices"
	"strconv"
	"strings"
)

// Queries have constructs that TiDB's grammar lacks. Each is written as one that
// it has, around a call of a function whose name no author can write: the mark.
// The converters find the marks in the tree, and write the construct again in
// its canonical form, so that both sides of a comparison keep all of it.

// mark begins the name of such a function. A name with this character is refused.
const mark = "\x01"

const (
	markTable = mark + "json_table"  // the document, the columns
	markTime  = mark + "system_time" // what, and the ends of the range with their units
	markTies  = mark + "ties"
	markShare = mark + "percentile" // the function, the share, the key, the direction
	markCut   = mark + "cut"        // the aggregate function, and its LIMIT
	markCycle = mark + "cycle"      // in the name of a common table expression
)

// marked is the text of a mark's name.
func marked(m string) string { return "`" + m + "`" }

// foreignWord writes a construct that begins with this word; it tells whether
// there is one.
func (w *translator) foreignWord(t token) bool {
	if n, ok := w.skip[w.i]; ok {
		w.i += n
		return true
	}
	next := w.ahead(1)
	switch {
	case t.is("JSON_TABLE") && next.is("("):
		w.jsonTable()
	case w.ahead(-1).is("AS") && w.castType(t):
	case !w.opts.mariadb():
		return w.sounds(t)
	case t.any("OFFSET", "FETCH"):
		return w.fetch()
	case t.any("PERCENTILE_CONT", "PERCENTILE_DISC") && next.is("("):
		return w.percentile()
	case t.is("MEDIAN") && next.is("("): // which the server writes so: DESC
		w.emit("FIRST_VALUE("+marked(markShare)+"('percentile_cont', 0.5,", 2)
		w.open = append(w.open, ", 'desc'))")
	case t.any("GROUP_CONCAT", "JSON_ARRAYAGG") && next.is("("):
		return w.cut()
	case t.any("SETVAL", "VALUE") && next.is("("): // with two more arguments than TiDB's, and no word of its grammar
		w.emit("`"+strings.ToLower(t.val)+"`", 1)
	case t.is("VALUES") && next.is("(") && w.queryBegins():
		w.rows()
	case t.is("EXCLUDE") && next.is("NO") && w.ahead(2).is("OTHERS"): // as without it
		w.i += 3
	default:
		return w.sounds(t)
	}
	return true
}

// castLike are types of CAST that TiDB lacks, each written as a length of CHAR
// that no other one has.
var castLike = []string{"inet4", "inet6", "uuid", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection"}

// castLength is the length of the first of them.
const castLength = 900_000_000

// castType writes the type of CAST(x AS type), behind AS.
func (w *translator) castType(t token) bool {
	next := w.ahead(1)
	i := slices.Index(castLike, strings.ToLower(t.val))
	switch {
	case t.is("VARCHAR") && next.is("("), t.is("NCHAR") && next.any("(", ")"):
		w.emit("CHAR", 1)
	case t.any("INT", "INTEGER") && next.is(")"):
		w.emit("SIGNED", 1)
	case i >= 0 && next.is(")") && w.casting():
		w.emit("CHAR("+strconv.Itoa(castLength+i)+")", 1)
	default:
		return false
	}
	return true
}

// casting tells whether the parenthesis that is open belongs to CAST.
func (w *translator) casting() bool {
	depth := 0
	for i := w.i - 1; i > 0; i-- {
		switch t := w.toks[i]; {
		case t.is(")"):
			depth++
		case t.is("(") && depth == 0:
			return w.toks[i-1].is("CAST")
		case t.is("("):
			depth--
		}
	}
	return false
}

// sounds writes SOUNDS LIKE as ILIKE, which only TiDB has.
func (w *translator) sounds(t token) bool {
	if !t.is("SOUNDS") || !w.ahead(1).is("LIKE") || w.opts.tidb() {
		return false
	}
	w.emit("ILIKE", 2)
	return true
}

// foreignName writes what begins with the name of a table or of a common table
// expression and has something behind it that TiDB lacks.
func (w *translator) foreignName() bool {
	if !w.opts.mariadb() {
		return false
	}
	n := 1
	if w.ahead(1).is(".") && w.ahead(2).isName() {
		n = 3
	}
	if w.ahead(n).is("PARTITION") && w.ahead(n+1).is("(") {
		n = w.closing(n+1) + 1
	}
	if w.ahead(n).is("FOR") && w.ahead(n+1).is("SYSTEM_TIME") && !w.ahead(-1).is(".") {
		w.systemTime(n)
		return true
	}
	return w.cycle()
}

// closing is how far ahead the parenthesis closes that is open n tokens ahead.
func (w *translator) closing(n int) int {
	depth := 0
	for ; w.i+n < len(w.toks); n++ {
		switch t := w.ahead(n); {
		case t.is("("):
			depth++
		case t.is(")"):
			if depth--; depth == 0 {
				return n
			}
		}
	}
	return n
}

// insert writes a piece that stands for no token.
func (w *translator) insert(s string) {
	at := len(w.source)
	if w.i < len(w.toks) {
		at = w.toks[w.i].off
	}
	w.text.WriteByte(' ')
	w.from = append(w.from, place{w.text.Len(), at, at})
	w.text.WriteString(s)
}

// until writes the tokens before an index.
func (w *translator) until(i int) {
	for w.i < min(i, len(w.toks)) {
		w.token()
	}
}

// systemTime writes t FOR SYSTEM_TIME .. as a query on t whose condition is the
// mark; n is how far ahead FOR is.
func (w *translator) systemTime(n int) {
	w.insert("(SELECT 1 FROM")
	at := w.i + n
	w.timed = at // so that the name is only a name now
	w.until(at)
	what := " WHERE " + marked(markTime) + "("
	switch {
	case w.ahead(2).is("ALL"):
		w.emit(what+"'all'))", 3)
	case w.ahead(2).is("AS") && w.ahead(3).is("OF"):
		w.emit(what+"'as of',", 4)
		w.moment()
		w.insert("))")
	case w.ahead(2).is("BETWEEN"), w.ahead(2).is("FROM"):
		w.emit(what+"'"+strings.ToLower(w.ahead(2).val)+"',", 3)
		w.moment()
		if w.ahead(0).any("AND", "TO") {
			w.emit(",", 1)
			w.moment()
		}
		w.insert("))")
	default:
		w.emit("FOR", 1)
	}
}

// moment writes a point of time: [TIMESTAMP | TRANSACTION] expression.
func (w *translator) moment() {
	switch {
	case w.ahead(0).is("TRANSACTION"):
		w.emit("'transaction',", 1)
	case w.ahead(0).is("TIMESTAMP") && !w.ahead(1).is("("):
		w.emit("'timestamp',", 1)
	default:
		w.insert("'timestamp',")
	}
	if t := w.ahead(0); t.kind == str && !strings.Contains(t.val, ":") && !w.opts.Relaxed {
		w.fail(t, "write "+quoteString(t.val+" 00:00:00"), "MariaDB creates a view with such a point of time, and cannot read it again: it needs a date and a time")
	}
	w.until(w.operand(w.i))
}

// operand is the index behind an expression of arithmetic (bit_expr in the
// grammars), which an alias can follow.
func (w *translator) operand(i int) int {
	at := func(n int) token { return w.ahead(i + n - w.i) }
	for at(0).any("+", "-", "~", "!", "BINARY") {
		i++
	}
	switch {
	case at(0).is("("):
		i = w.i + w.closing(i-w.i) + 1
	case at(0).is("CASE"):
		for ; i < len(w.toks) && !at(0).is("END"); i++ {
		}
		i++
	case at(0).is("INTERVAL"):
		i = w.operand(i+1) + 1
	case at(0).any("TIMESTAMP", "DATE", "TIME") && at(1).kind == str:
		i += 2
	default:
		i++
		for at(0).is(".") {
			i += 2
		}
		if at(0).is("(") {
			i = w.i + w.closing(i-w.i) + 1
		}
	}
	if at(0).any("+", "-", "*", "/", "%", "^", "|", "&", "<<", ">>", "DIV", "MOD", "COLLATE") {
		return w.operand(i + 1)
	}
	return i
}

// fetch writes OFFSET .. ROWS and FETCH FIRST .. ROWS as LIMIT, with a mark
// among the keys for WITH TIES, which needs an ORDER BY.
func (w *translator) fetch() bool {
	n, offset := 0, ""
	if w.ahead(0).is("OFFSET") {
		if !w.ahead(2).any("ROW", "ROWS") {
			return false
		}
		offset = " OFFSET " + w.source[w.ahead(1).off:w.ahead(1).end]
		n = 3
	}
	if !w.ahead(n).is("FETCH") || !w.ahead(n+1).any("FIRST", "NEXT") {
		if n > 0 && !w.opts.Relaxed {
			w.fail(w.ahead(0), "write LIMIT 18446744073709551615"+offset, "MariaDB does not keep an OFFSET without FETCH in a view")
		}
		return false
	}
	n += 2
	count := "1"
	if !w.ahead(n).any("ROW", "ROWS") {
		count = w.source[w.ahead(n).off:w.ahead(n).end]
		n++
	}
	limit := "LIMIT " + count + offset
	switch {
	case !w.ahead(n).any("ROW", "ROWS"):
		return false
	case w.ahead(n + 1).is("ONLY"):
		n += 2
	case w.ahead(n+1).is("WITH") && w.ahead(n+2).is("TIES"):
		limit = ", " + marked(markTies) + "() " + limit
		n += 3
	default:
		return false
	}
	w.emit(limit, n)
	return true
}

// percentile writes PERCENTILE_CONT(x) WITHIN GROUP (ORDER BY y) OVER .. as a
// window function of the mark.
func (w *translator) percentile() bool {
	end := w.closing(1)
	if !w.ahead(end+1).is("WITHIN") || !w.ahead(end+2).is("GROUP") || !w.ahead(end+3).is("(") || !w.ahead(end+4).is("ORDER") || !w.ahead(end+5).is("BY") {
		return false
	}
	last := w.i + w.closing(end+3)
	end += w.i
	w.emit("FIRST_VALUE("+marked(markShare)+"('"+strings.ToLower(w.ahead(0).val)+"',", 2)
	w.until(end)
	w.emit(",", 6)
	direction := ""
	if last > 0 && w.toks[last-1].any("ASC", "DESC") {
		direction = strings.ToLower(w.toks[last-1].val)
		w.until(last - 1)
		w.emit(", '"+direction+"'", 1)
	} else {
		w.until(last)
	}
	if w.i < len(w.toks) {
		w.emit("))", 1)
	}
	return true
}

// cut writes GROUP_CONCAT(.. LIMIT ..), and JSON_ARRAYAGG with more than one
// argument in its parentheses, as GROUP_CONCAT with the mark in front.
func (w *translator) cut() bool {
	end := w.closing(1)
	depth, limit, more := 0, 0, false
	for n := 1; n < end; n++ {
		switch t := w.ahead(n); {
		case t.is("("):
			depth++
		case t.is(")"):
			depth--
		case depth == 1 && t.is("LIMIT"):
			limit = n
		case depth == 1 && t.any("DISTINCT", "ORDER"):
			more = true
		}
	}
	array := w.ahead(0).is("JSON_ARRAYAGG")
	if limit == 0 && !(array && more) {
		return false
	}
	text := marked(markCut) + "('" + strings.ToLower(w.ahead(0).val) + "'"
	if limit > 0 {
		for _, t := range w.toks[w.i+limit : w.i+end] {
			switch {
			case t.is("OFFSET"):
				text += ", 'offset'"
			case t.kind == number:
				text += ", " + w.source[t.off:t.end]
			}
		}
		w.leave(w.i+limit, end-limit)
	}
	w.emit("GROUP_CONCAT(", 2)
	w.open = append(w.open, "")
	if w.ahead(0).is("DISTINCT") {
		w.emit("DISTINCT", 1)
	}
	w.insert(text + "),")
	return true
}

// leave has n tokens from an index on left out.
func (w *translator) leave(i, n int) {
	if w.skip == nil {
		w.skip = map[int]int{}
	}
	w.skip[i] = n
}

// queryBegins tells whether a query can begin here.
func (w *translator) queryBegins() bool {
	return w.i == 0 || w.ahead(-1).any("(", "UNION", "EXCEPT", "INTERSECT", "ALL", "DISTINCT")
}

// rows writes VALUES (1, 2), (3, 4) with the word ROW, as in MySQL.
func (w *translator) rows() {
	w.emit("VALUES ROW", 1)
	for {
		w.until(w.i + w.closing(0) + 1)
		if !w.ahead(0).is(",") || !w.ahead(1).is("(") {
			return
		}
		w.emit(", ROW", 1)
	}
}

// cycle writes the CYCLE clause of a common table expression into its name.
func (w *translator) cycle() bool {
	if !w.ahead(-1).any("WITH", "RECURSIVE", ",") {
		return false
	}
	n := 1
	if w.ahead(n).is("(") {
		n = w.closing(n) + 1
	}
	if !w.ahead(n).is("AS") || !w.ahead(n+1).is("(") {
		return false
	}
	n = w.closing(n+1) + 1
	if !w.ahead(n).is("CYCLE") {
		return false
	}
	var names []string
	end := n
	for end++; w.i+end < len(w.toks) && !w.ahead(end).is("RESTRICT"); end++ {
		if t := w.ahead(end); t.isName() {
			names = append(names, strings.ToLower(t.val))
		}
	}
	w.leave(w.i+n, end+1-n)
	w.emit(quoteName(w.ahead(0).val+markCycle+strings.Join(names, mark)), 1)
	return true
}

// fail notes a mistake.
func (w *translator) fail(t token, hint, why string) {
	if w.mistaken == nil {
		w.mistaken = &syntaxError{off: t.off, why: why, hint: hint}
	}
}
