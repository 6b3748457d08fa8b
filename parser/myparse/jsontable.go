package myparse

import "strings"

// jsonTable writes JSON_TABLE(document, path COLUMNS (..)) as a derived table
// that has the columns, and in the first of them the mark.
func (w *translator) jsonTable() {
	end := w.i + w.closing(1)
	comma, depth := w.i+2, 0
	for ; comma < end; comma++ {
		t := w.toks[comma]
		if t.is(",") && depth == 0 {
			break
		}
		if t.is("(") {
			depth++
		} else if t.is(")") {
			depth--
		}
	}
	if comma >= end || end >= len(w.toks) {
		w.fail(w.ahead(0), "JSON_TABLE(document, path COLUMNS (..))", "JSON_TABLE needs a document and a path")
		w.i = len(w.toks)
		return
	}
	columns, names, err := w.jsonColumns(comma+1, end)
	if err != nil {
		if w.mistaken == nil {
			w.mistaken = err
		}
		w.i = len(w.toks)
		return
	}
	w.emit("LATERAL (SELECT "+marked(markTable)+"(", 2)
	w.until(comma)
	text := ", " + quoteString(columns) + ")"
	for i, n := range names {
		if i > 0 {
			text += ", NULL"
		}
		text += " AS " + quoteName(n)
	}
	w.emit(text+")", end+1-comma)
}

// jsonColumns reads the path and the columns of a JSON_TABLE, between two
// tokens: their canonical form, and the names of all columns in order.
func (w *translator) jsonColumns(from, to int) (canon string, names []string, mistake *syntaxError) {
	l := newLexer(sourceOf(w.source), w.opts)
	r := &reader{cursor: cursor{lexer: l, toks: w.toks[:to], i: from}, builder: &builder{opts: w.opts}}
	c := &jsonColumns{reader: r}
	err := protect(func() {
		canon = c.level()
		r.atEnd()
	})
	if err != nil {
		off := len(w.source)
		if r.i < to {
			off = w.toks[r.i].off
		}
		return "", nil, &syntaxError{off: off, why: err.Message, hint: err.Hint}
	}
	return canon, c.names, nil
}

type jsonColumns struct {
	*reader
	names []string
}

// level is a path and its columns.
func (c *jsonColumns) level() string {
	var b strings.Builder
	b.WriteString(quoteString(c.string("a path")) + " columns (")
	c.expect("COLUMNS", "(")
	for {
		b.WriteString(c.column())
		if !c.accept(",") {
			break
		}
		b.WriteString(", ")
	}
	c.expect(")")
	return b.String() + ")"
}

func (c *jsonColumns) column() string {
	if c.is("NESTED") && (c.ahead(1).is("PATH") || c.ahead(1).kind == str) {
		c.expect("NESTED")
		c.accept("PATH")
		return "nested path " + c.level()
	}
	name := c.name("a column")
	c.names = append(c.names, name)
	text := quoteName(strings.ToLower(name))
	if c.accept("FOR") {
		c.expect("ORDINALITY")
		return text + " for ordinality"
	}
	t := c.dataType()
	text += " " + t.String()
	if t.charset != "" && t.charset != "utf8mb4" { // MySQL says it, whoever wrote it
		text += " character set " + t.charset
	}
	if t.collation != "" {
		text += " collate " + t.collation
	}
	if c.accept("EXISTS") {
		text += " exists"
	}
	c.expect("PATH")
	text += " path " + quoteString(c.string("a path"))
	return text + c.responses()
}

// responses reads what stands for a value that is missing or wrong; NULL does by
// itself.
func (c *jsonColumns) responses() string {
	found := map[string]string{}
	for c.peek().any("NULL", "ERROR", "DEFAULT") {
		what := strings.ToLower(c.take().val)
		switch what {
		case "default":
			what += " " + quoteString(c.string("a text"))
		case "null":
			what = ""
		}
		c.expect("ON")
		on := c.one("EMPTY", "ERROR")
		if on == "" {
			c.unexpected("EMPTY or ERROR")
		}
		found[on] = what
	}
	text := ""
	for _, on := range [...]string{"EMPTY", "ERROR"} {
		if found[on] != "" {
			text += " " + found[on] + " on " + strings.ToLower(on)
		}
	}
	return text
}
