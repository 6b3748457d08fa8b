package myparse

import (
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// partitionBy reads PARTITION BY with everything that follows.
func (r *reader) partitionBy(t *table) {
	at := r.peek()
	r.expect("PARTITION", "BY")
	p := &my.Partitioning{Self: my.PartitioningID(t.Self)}
	p.Scheme = r.scheme(t, true)
	if p.Method == "SYSTEM_TIME" {
		r.systemTime(t, p)
	}
	if r.accept("PARTITIONS") {
		p.Count = r.integer("a number")
	}
	if r.accept("SUBPARTITION", "BY") {
		s := r.scheme(t, false)
		p.Sub = &s
		if r.accept("SUBPARTITIONS") {
			s.Count = r.integer("a number")
		}
	}
	if r.is("(") {
		p.Partitions = r.partitions(t, p)
	}
	r.define(at, p)
	t.parts = p
}

// scheme reads RANGE (..), LINEAR HASH (..) and the like.
func (r *reader) scheme(t *table, top bool) my.Scheme {
	var s my.Scheme
	linear := r.accept("LINEAR")
	switch {
	case r.accept("HASH"):
		s.Method = "HASH"
		r.schemeExpr(t, &s)
	case r.accept("KEY"):
		s.Method = "KEY"
		if r.accept("ALGORITHM") {
			r.expect("=")
			s.Algorithm = r.integer("1 or 2")
		}
		s.Columns = r.columnList(t)
	case top && !linear && r.peek().any("RANGE", "LIST"):
		s.Method = strings.ToUpper(r.take().val)
		if r.one("COLUMNS", "FIELDS") != "" {
			s.Method += " COLUMNS"
			s.Columns = r.columnList(t)
		} else {
			r.schemeExpr(t, &s)
		}
	case top && !linear && r.accept("SYSTEM_TIME"):
		s.Method = "SYSTEM_TIME"
	default:
		r.unexpected("HASH, KEY, RANGE or LIST")
	}
	if linear {
		s.Method = "LINEAR " + s.Method
	}
	return s
}

func (r *reader) schemeExpr(t *table, s *my.Scheme) {
	from, to := r.parens()
	s.Expr = r.expr(t.Self, from, to)
}

// columnList reads columns in parentheses; there may be none.
func (r *reader) columnList(t *table) []schema.ID {
	var out []schema.ID
	r.expect("(")
	for !r.is(")") {
		at := r.peek()
		out = append(out, r.knownColumn(t, r.name("a column"), at))
		if !r.accept(",") {
			break
		}
	}
	r.expect(")")
	return out
}

// systemTime reads INTERVAL, LIMIT, STARTS and AUTO of MariaDB's history.
func (r *reader) systemTime(t *table, p *my.Partitioning) {
	for {
		from := r.i
		switch {
		case r.accept("INTERVAL"):
			n := r.take()
			unit := strings.ToUpper(r.name("a unit"))
			p.Interval = schema.Expr{Text: n.val + " " + unit, Canon: n.val + " " + unit}
		case r.accept("LIMIT"):
			p.Limit = strconv.Itoa(r.integer("a number"))
		case r.accept("STARTS"):
			from++
			r.balanced(func(t token) bool { return t.any("AUTO", "PARTITIONS", "INTERVAL", "LIMIT") })
			p.Starts = r.expr(t.Self, from, r.i)
		case r.accept("AUTO"):
			p.Auto = true
		default:
			return
		}
	}
}

// partitions reads the list of partitions in parentheses.
func (r *reader) partitions(t *table, p *my.Partitioning) []my.Partition {
	var out []my.Partition
	r.expect("(")
	for {
		at := r.peek()
		r.expect("PARTITION")
		n := r.partition(t, p)
		for _, o := range out {
			if strings.EqualFold(o.Name, n.Name) {
				r.fail(at.off, "", "table %s has two partitions %s", t.Self.Name, n.Name)
			}
		}
		out = append(out, n)
		if !r.accept(",") {
			break
		}
	}
	r.expect(")")
	return out
}

func (r *reader) partition(t *table, p *my.Partitioning) my.Partition {
	n := my.Partition{Name: r.name("the name of a partition")}
	switch {
	case r.accept("VALUES", "LESS", "THAN"):
		if r.accept("MAXVALUE") {
			n.Less = []schema.Expr{maxValue}
			break
		}
		n.Less = r.values(t, p)
	case r.accept("VALUES", "IN"):
		r.valuesIn(t, p, &n)
	case r.accept("CURRENT"):
		n.Current = true
	case r.accept("HISTORY"):
		n.History = true
	case r.accept("DEFAULT"):
		n.Default = true
	}
	r.partitionOptions(&n)
	if r.accept("(") {
		for {
			r.expect("SUBPARTITION")
			s := my.Partition{Name: r.name("the name of a subpartition")}
			r.partitionOptions(&s)
			n.Sub = append(n.Sub, s)
			if !r.accept(",") {
				break
			}
		}
		r.expect(")")
	}
	return n
}

var maxValue = schema.Expr{Text: "MAXVALUE", Canon: "maxvalue"}

// valuesIn reads the list of VALUES IN: values, or rows of them, or DEFAULT.
func (r *reader) valuesIn(t *table, p *my.Partitioning, n *my.Partition) {
	r.expect("(")
	for {
		switch {
		case r.accept("DEFAULT"):
			n.Default = true
		case r.is("(") && len(p.Columns) > 0:
			n.In = append(n.In, r.values(t, p))
		default:
			n.In = append(n.In, []schema.Expr{r.value(t, p, 0)})
		}
		if !r.accept(",") {
			break
		}
	}
	r.expect(")")
	if len(p.Columns) == 0 { // servers show NULL first
		slices.SortStableFunc(n.In, func(a, b []schema.Expr) int {
			return boolInt(b[0].Canon == "NULL") - boolInt(a[0].Canon == "NULL")
		})
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// values reads a list of values in parentheses.
func (r *reader) values(t *table, p *my.Partitioning) []schema.Expr {
	var out []schema.Expr
	r.expect("(")
	for {
		out = append(out, r.value(t, p, len(out)))
		if !r.accept(",") {
			break
		}
	}
	r.expect(")")
	return out
}

// value reads one value, for the i-th column of the scheme.
func (r *reader) value(t *table, p *my.Partitioning, i int) schema.Expr {
	from := r.i
	if r.accept("MAXVALUE") {
		return maxValue
	}
	r.balanced(func(t token) bool { return t.is(",") })
	if i < len(p.Columns) {
		if c := t.column(p.Columns[i].Name); c != nil {
			start := from
			if r.toks[from].any("DATE", "TIMESTAMP") {
				start++
			}
			if e, ok := r.literalIn(c.Type, start, r.i); ok && !e.IsZero() {
				e.Text = r.expression(from, r.i)
				return e
			}
		}
	}
	e := r.expr(t.Self, from, r.i)
	if len(p.Columns) == 0 {
		if n, zoned, ok := r.constantOf(e.Text); ok {
			e.Canon = n
			if zoned && r.timeZone != "" {
				e.Text = n // in the session that runs the plan, it might be another
			}
		}
	}
	return e
}

func (r *reader) partitionOptions(n *my.Partition) {
	for {
		storage := r.accept("STORAGE")
		switch {
		case r.accept("ENGINE"):
			r.accept("=")
			n.Engine = engineName(r.word("an engine"))
		case storage:
			r.unexpected("ENGINE")
		case r.accept("COMMENT"):
			r.accept("=")
			n.Comment = r.string("a comment")
		case r.accept("DATA", "DIRECTORY"):
			r.accept("=")
			n.DataDirectory = r.string("a folder")
		case r.accept("INDEX", "DIRECTORY"):
			r.accept("=")
			n.IndexDirectory = r.string("a folder")
		case r.accept("MAX_ROWS"):
			r.accept("=")
			n.MaxRows = strconv.Itoa(r.integer("a number"))
		case r.accept("MIN_ROWS"):
			r.accept("=")
			n.MinRows = strconv.Itoa(r.integer("a number"))
		case r.accept("TABLESPACE"):
			r.accept("=")
			n.Tablespace = r.word("a tablespace")
		case r.accept("NODEGROUP"):
			r.accept("=")
			n.Options = setOption(n.Options, my.Option{Name: "NODEGROUP", Value: strconv.Itoa(r.integer("a number"))})
		case r.opts.mariadb() && r.peek().isName() && r.ahead(1).is("="):
			n.Options = setOption(n.Options, r.option())
		default:
			return
		}
	}
}
