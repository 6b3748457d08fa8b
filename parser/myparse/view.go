package myparse

import (
	"errors"
	"strings"

	"github.com/trueup-sql/trueup/schema/my"
)

// createView reads CREATE VIEW, behind that word. The canonical form of its
// query needs the columns of what it selects from, and is made at the end.
func (r *reader) createView(h header) {
	ifNot := r.ifNotExists()
	id, at := r.own(my.KindView)
	if !r.free(id, at, h.orReplace, ifNot) {
		return
	}
	v := &my.View{Self: id, Algorithm: h.algorithm, Definer: h.definer, Security: h.security, ConnectionCollation: r.collation}
	if r.is("(") && !r.ahead(1).any("SELECT", "WITH", "(", "VALUES", "TABLE") {
		v.Columns = r.names()
	}
	r.expect("AS")
	from := r.i
	if len(v.Columns) > 0 && r.is("VALUES") && r.opts.mariadb() && !r.opts.Relaxed {
		r.fail(r.peek().off, "write WITH v ("+strings.Join(v.Columns, ", ")+") AS (VALUES ..) SELECT * FROM v", "MariaDB does not keep the names of the columns of a view that begins with VALUES")
	}
	r.balanced(func(t token) bool { return t.is("WITH") && r.checkOption() })
	if from == r.i {
		r.unexpected("a query")
	}
	v.Query.Text = r.query(from, r.i)
	if r.accept("WITH") {
		if v.CheckOption = r.one("CASCADED", "LOCAL"); v.CheckOption == "" {
			v.CheckOption = "CASCADED"
		}
		r.expect("CHECK", "OPTION")
	}
	r.atEnd()
	r.validate(v, from)
	if r.mode.changed(newMode(r.opts.SQLMode)) {
		r.modes[v] = r.mode
	}
	r.define(at, v)
	r.addObject(v)
	r.about(v)
}

// checkOption tells whether WITH .. CHECK OPTION comes next.
func (r *reader) checkOption() bool {
	return r.is("WITH", "CHECK", "OPTION") || r.is("WITH", "LOCAL", "CHECK", "OPTION") || r.is("WITH", "CASCADED", "CHECK", "OPTION")
}

// names reads a list of names in parentheses.
func (r *reader) names() []string {
	var out []string
	r.expect("(")
	for {
		out = append(out, r.name("a name"))
		if !r.accept(",") {
			break
		}
	}
	r.expect(")")
	return out
}

// query is the author's text of a query, comments included.
func (r *reader) query(from, to int) string {
	if r.mode.changed(newMode(r.opts.SQLMode)) {
		return r.expression(from, to)
	}
	return r.raw(from, to)
}

// validate reports a query that cannot be read.
func (r *reader) validate(v *my.View, from int) {
	_, err := r.opts.parseQuery(v.Query.Text, r.mode)
	if err == nil || r.opts.Relaxed {
		return
	}
	off, hint := r.toks[from].off, ""
	var mistake *syntaxError
	if errors.As(err, &mistake) {
		hint = mistake.hint
		if strings.HasPrefix(r.text[off:], v.Query.Text) { // no marks of version comments were cut
			off += mistake.off
		}
	}
	r.fail(off, hint, "cannot read the query of view %s: %s", v.Self.Name, err)
}
