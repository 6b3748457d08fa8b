package myparse

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// createTrigger reads CREATE TRIGGER, behind that word. FOLLOWS and PRECEDES are
// resolved into the trigger's place.
func (r *reader) createTrigger(h header) {
	ifNot := r.ifNotExists()
	id, at := r.own(my.KindTrigger)
	if !r.free(id, at, h.orReplace, ifNot) {
		return
	}
	g := &my.Trigger{Self: id, Definer: h.definer, SQLMode: r.sqlMode()}
	if g.Timing = r.one("BEFORE", "AFTER"); g.Timing == "" {
		r.unexpected("BEFORE or AFTER")
	}
	if g.Event = r.one("INSERT", "UPDATE", "DELETE"); g.Event == "" {
		r.unexpected("INSERT, UPDATE or DELETE")
	}
	r.expect("ON")
	on := r.peek()
	g.Table, _ = r.own(my.KindTable)
	if t := r.table(g.Table); t != nil {
		g.Table = t.Self
	} else if !r.opts.Relaxed {
		r.later = append(r.later, func() {
			if t := r.table(g.Table); t != nil {
				g.Table = t.Self
				return
			}
			r.errs = append(r.errs, r.src.Errorf(on.off, r.meantTable(g.Table.Name), "there is no table %s for trigger %s", g.Table.Name, id.Name))
		})
	}
	r.expect("FOR", "EACH", "ROW")
	place := -1
	if w := r.one("FOLLOWS", "PRECEDES"); w != "" {
		place = r.neighbour(g, w)
	}
	from := r.i
	g.Body = r.body()
	r.rowColumns(g, from)
	r.define(at, g)
	r.addTrigger(g, place)
	r.about(g)
}

// rowColumns sees to it that the table has the columns that a trigger's body,
// which begins at a token, names as NEW.c and OLD.c. A body that uses one of the
// words in another way has an alias of its own.
func (r *reader) rowColumns(g *my.Trigger, from int) {
	var named []token
	for i, t := range r.toks[from:] {
		if !t.any("NEW", "OLD") || r.toks[from+i-1].is(".") {
			continue
		}
		rest := r.toks[from+i:]
		if len(rest) < 3 || !rest[1].is(".") || !rest[2].isName() {
			return
		}
		named = append(named, rest[2])
	}
	if r.opts.Relaxed || r.mode.oracle {
		return
	}
	r.later = append(r.later, func() {
		t := r.table(g.Table)
		for _, n := range named {
			if t == nil || t.column(n.val) != nil || t.WithSystemVersioning && (n.is("ROW_START") || n.is("ROW_END")) {
				continue
			}
			r.errs = append(r.errs, r.src.Errorf(n.off, t.meantColumn(n.val), "table %s has no column %s, which trigger %s names", t.Self.Name, n.val, g.Self.Name))
		}
	})
}

// neighbour reads the trigger that FOLLOWS or PRECEDES names, and returns the
// place among all objects where the new one belongs.
func (r *reader) neighbour(g *my.Trigger, where string) int {
	at := r.peek()
	id, _ := r.own(my.KindTrigger)
	i, ok := r.others[r.key(id)]
	var o *my.Trigger
	if ok {
		o, ok = r.items[i].object.(*my.Trigger)
	}
	if !ok || o.Table != g.Table || o.Timing != g.Timing || o.Event != g.Event {
		r.fail(at.off, "", "there is no trigger %s of the same table, time and event up to here", id.Name)
	}
	if where == "FOLLOWS" {
		return i + 1
	}
	return i
}

// addTrigger puts a trigger at a place among the objects; -1 is the end.
func (b *builder) addTrigger(g *my.Trigger, place int) {
	if place < 0 {
		b.addObject(g)
		return
	}
	b.items = slices.Insert(b.items, place, item{object: g})
	for k, i := range b.others {
		if i >= place {
			b.others[k] = i + 1
		}
	}
	b.others[b.key(g.Self)] = place
}

// sqlMode is the mode that a stored program keeps: the one of the session, as
// far as the source has set it.
func (r *reader) sqlMode() my.SQLMode {
	if !r.mode.said {
		return my.SQLMode{}
	}
	return my.SQLMode{Known: true, Modes: slices.Clone(r.mode.modes)}
}

// body is the rest of the statement: the body of a stored program as its author
// wrote it.
func (r *reader) body() schema.Expr {
	if r.done() {
		r.unexpected("a statement")
	}
	from := r.i
	r.i = len(r.toks)
	return schema.Expr{Text: r.raw(from, r.i), Canon: canonTokens(r.toks[from:])}
}

// canonTokens is the canonical form of what is compared word by word: space and
// comments do not count, nor does the case of words, nor how a name or a text is
// quoted.
func canonTokens(toks []token) string {
	var b strings.Builder
	for i, t := range toks {
		if i > 0 && spaced(toks[i-1], t) {
			b.WriteByte(' ')
		}
		switch t.kind {
		case word:
			b.WriteString(strings.ToLower(t.val))
		case quoted:
			b.WriteString(quoteName(t.val))
		case str:
			b.WriteString(quoteString(t.val))
		case variable:
			b.WriteString("@" + quoteName(t.val))
		default:
			b.WriteString(t.val)
		}
	}
	return b.String()
}

// spaced: two marks are kept apart only if they could be read as one.
func spaced(a, b token) bool {
	return a.kind != punct || b.kind != punct
}

// createRoutine reads CREATE PROCEDURE or FUNCTION, behind that word.
func (r *reader) createRoutine(h header, kind string) {
	ifNot := r.ifNotExists()
	id, at := r.own(schema.Kind(strings.ToLower(kind)))
	if !r.free(id, at, h.orReplace, ifNot) {
		return
	}
	f := &my.Routine{Self: id, Definer: h.definer, Aggregate: h.aggregate, DataAccess: "CONTAINS SQL", Security: "DEFINER", SQLMode: r.sqlMode()}
	if r.is("RETURNS") || r.accept("SONAME") {
		r.fail(at.off, "it belongs to the server, not to a schema", "a loadable function is not managed")
	}
	r.params(f, kind == "PROCEDURE")
	if kind == "FUNCTION" {
		if r.mode.oracle {
			r.expect("RETURN")
		} else {
			r.expect("RETURNS")
		}
		from := r.i
		p := r.paramType(my.Param{})
		if r.mode.oracle { // VARCHAR2 without a length
			p.Text = r.raw(from, r.i)
		}
		f.Returns = &p
		if r.is("SONAME") {
			r.fail(at.off, "it belongs to the server, not to a schema", "a loadable function is not managed")
		}
	}
	for r.characteristic(f) {
	}
	if r.mode.oracle && !r.peek().any("AS", "IS") {
		r.unexpected("AS")
	}
	f.Body = r.body()
	if rest, ok := strings.CutPrefix(f.Body.Canon, "is "); ok && r.mode.oracle { // as servers show it
		f.Body.Canon = "as " + rest
	}
	r.define(at, f)
	r.addObject(f)
	r.about(f)
}

// params reads the parameters in parentheses, which Oracle's mode does without
// if there are none.
func (r *reader) params(f *my.Routine, procedure bool) {
	if r.mode.oracle && !r.is("(") {
		return
	}
	r.expect("(")
	for !r.is(")") {
		f.Params = append(f.Params, r.param(procedure))
		if !r.accept(",") {
			break
		}
	}
	r.expect(")")
}

func (r *reader) param(procedure bool) my.Param {
	var p my.Param
	from := r.i
	if r.mode.oracle { // where the mode is behind the name
		p.Name = r.name("the name of a parameter")
	}
	if p.Mode = r.one("IN", "OUT", "INOUT"); p.Mode == "IN" && r.accept("OUT") {
		p.Mode = "INOUT"
	}
	if p.Mode == "" && procedure {
		p.Mode = "IN"
	}
	if p.Mode == "IN" && !procedure {
		p.Mode = ""
	}
	if !r.mode.oracle {
		p.Name = r.name("the name of a parameter")
	}
	p = r.paramType(p)
	p.Text = r.raw(from, r.i)
	return p
}

// paramType reads the type of a parameter or of a result.
func (r *reader) paramType(p my.Param) my.Param {
	if r.opts.mariadb() && (r.is("TYPE", "OF") || r.is("ROW", "TYPE", "OF") || r.is("ROW", "(")) {
		from := r.i
		if r.accept("ROW", "(") {
			r.i--
			r.parens()
		} else {
			r.balanced(func(t token) bool {
				return t.is(",") || r.i > from+2 && !t.is(".") && !r.toks[r.i-1].any(".", "OF")
			})
		}
		p.TypeOf = canonTokens(r.toks[from:r.i])
		return p
	}
	if r.mode.oracle && r.peek().isName() && r.ahead(1).any(".", "%") { // t.c%TYPE, t%ROWTYPE
		from := r.i
		r.balanced(func(token) bool { return r.i > from && r.toks[r.i-1].any("TYPE", "ROWTYPE") })
		p.TypeOf = canonTokens(r.toks[from:r.i])
		return p
	}
	t := r.parameterType()
	p.Type, p.Charset, p.Collation = t.Type, t.charset, t.collation
	if p.Charset == "" {
		p.Charset = charsetOf(p.Collation)
	}
	if r.opts.mariadb() && p.Mode != "" && r.accept("DEFAULT") {
		p.Default = r.defaultValue(p.Type)
	}
	return p
}

// parameterType reads a data type. In Oracle's mode, texts need no length, and
// the server takes and shows the longest.
func (r *reader) parameterType() typed {
	if !r.mode.oracle {
		return r.dataType()
	}
	relaxed := r.opts.Relaxed
	r.opts.Relaxed = true
	t := r.dataType()
	r.opts.Relaxed = relaxed
	if len(t.Args) == 0 && (t.Name == "varchar" || t.Name == "varbinary") {
		t.Args = []int{4000}
	}
	return t
}

// characteristic reads one of a routine's; it tells whether there was one.
func (r *reader) characteristic(f *my.Routine) bool {
	switch {
	case r.accept("COMMENT"):
		f.Comment = r.string("a comment")
	case r.accept("LANGUAGE"):
		if f.Language = strings.ToUpper(r.name("a language")); f.Language == "SQL" {
			f.Language = ""
		}
	case r.accept("DETERMINISTIC"):
		f.Deterministic = true
	case r.accept("NOT", "DETERMINISTIC"):
		f.Deterministic = false
	case r.accept("CONTAINS", "SQL"):
		f.DataAccess = "CONTAINS SQL"
	case r.accept("NO", "SQL"):
		f.DataAccess = "NO SQL"
	case r.accept("READS", "SQL", "DATA"):
		f.DataAccess = "READS SQL DATA"
	case r.accept("MODIFIES", "SQL", "DATA"):
		f.DataAccess = "MODIFIES SQL DATA"
	case r.accept("SQL", "SECURITY"):
		if f.Security = r.one("DEFINER", "INVOKER"); f.Security == "" {
			r.unexpected("DEFINER or INVOKER")
		}
	default:
		return false
	}
	return true
}

// createEvent reads CREATE EVENT, behind that word.
func (r *reader) createEvent(h header) {
	ifNot := r.ifNotExists()
	id, at := r.own(my.KindEvent)
	if !r.free(id, at, h.orReplace, ifNot) {
		return
	}
	e := &my.Event{Self: id, Definer: h.definer, SQLMode: r.sqlMode(), TimeZone: r.timeZone, Status: "ENABLE"}
	r.expect("ON", "SCHEDULE")
	r.schedule(e)
	if r.accept("ON", "COMPLETION") {
		e.Preserve = !r.accept("NOT")
		r.expect("PRESERVE")
	}
	switch {
	case r.accept("ENABLE"):
	case r.accept("DISABLE"):
		e.Status = "DISABLE"
		if r.accept("ON") {
			r.one("SLAVE", "REPLICA")
			e.Status = "DISABLE ON SLAVE"
		}
	}
	if r.accept("COMMENT") {
		e.Comment = r.string("a comment")
	}
	r.expect("DO")
	e.Body = r.body()
	r.define(at, e)
	r.addObject(e)
	r.about(e)
}

// schedule reads AT .. or EVERY .. [STARTS ..] [ENDS ..].
func (r *reader) schedule(e *my.Event) {
	until := func(words ...string) schema.Expr {
		from := r.i
		r.balanced(func(t token) bool { return t.any(words...) && !(t.is("ON") && !r.is("ON", "COMPLETION")) })
		return r.instant(from, r.i)
	}
	if r.accept("AT") {
		e.At = until("ON", "ENABLE", "DISABLE", "COMMENT", "DO")
		return
	}
	r.expect("EVERY")
	from := r.i
	r.balanced(func(t token) bool { return r.i > from && t.any(units...) })
	amount := r.expression(from, r.i)
	unit := strings.ToUpper(r.name("a unit"))
	// MariaDB and MySQL show compound amounts in quotes, numbers as they are.
	canon := amount
	if r.i == from+2 && r.toks[from].kind == str {
		canon = quoteString(r.toks[from].val)
		if unit == "DAY" || !strings.Contains(unit, "_") {
			canon = r.toks[from].val
		}
	}
	e.Every = schema.Expr{Text: amount + " " + unit, Canon: canon + " " + unit}
	if r.accept("STARTS") {
		e.Starts = until("ENDS", "ON", "ENABLE", "DISABLE", "COMMENT", "DO")
	}
	if r.accept("ENDS") {
		e.Ends = until("ON", "ENABLE", "DISABLE", "COMMENT", "DO")
	}
}

// instant is a moment of an event's schedule, which the server keeps as a
// DATETIME whatever its author wrote: '2030-01-01' and TIMESTAMP '2030-01-01
// 00:00' are both 2030-01-01 00:00:00.
func (r *reader) instant(from, to int) schema.Expr {
	e := r.expr(schema.ID{}, from, to)
	if to-from == 2 && r.toks[from].any("TIMESTAMP", "DATE") {
		from++
	}
	if m, ok := r.literalIn(my.Type{Name: "datetime"}, from, to); ok && !m.IsZero() && r.toks[from].kind == str {
		e.Canon = m.Canon
	}
	return e
}

// units of intervals.
var units = strings.Fields(`MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR SECOND_MICROSECOND MINUTE_MICROSECOND
	MINUTE_SECOND HOUR_MICROSECOND HOUR_SECOND HOUR_MINUTE DAY_MICROSECOND DAY_SECOND DAY_MINUTE DAY_HOUR YEAR_MONTH`)
