package mysql

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// readTables reads information_schema.TABLES, without the columns that need a
// table's statistics.
func (r *inspection) readTables(ctx context.Context, q querier) error {
	text := "SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = " + r.database
	err := each(ctx, q, text, func(f row) {
		t := &relation{name: f[0].String, kind: f[1].String, engine: f[2].String, collation: f[3].String, options: f[4].String, comment: f[5].String}
		switch t.kind {
		case "BASE TABLE", "SYSTEM VERSIONED":
			if !f[2].Valid { // a view may be shown so, too
				r.leave(schema.ID{Kind: my.KindTable, Name: t.name}, "the server cannot open it ("+t.comment+"); it is left alone")
				return
			}
			r.relations = append(r.relations, t)
			r.byName[t.name] = t
		case "SEQUENCE":
			r.sequences = append(r.sequences, t.name)
		case "VIEW", "SYSTEM VIEW":
			r.hasViews = true // they are read elsewhere
		default: // MariaDB: TEMPORARY, and whatever comes
			r.unmanaged = append(r.unmanaged, schema.ID{Kind: schema.Kind(strings.ToLower(t.kind)), Name: t.name})
		}
	})
	// The server lists files in the order of the disk.
	slices.SortFunc(r.relations, func(a, b *relation) int { return strings.Compare(a.name, b.name) })
	slices.Sort(r.sequences)
	return err
}

// hidden tells whether information_schema leaves something out, so that SHOW
// CREATE TABLE has to be asked:
//   - the parser of a FULLTEXT index;
//   - the interval of system-versioned partitions, MariaDB's algorithm of KEY
//     partitions, and the names of HASH and KEY partitions that were written out;
//   - the column of a check that was renamed (MariaDB);
//   - whether a LIST partition is the one for all other values, or for 0 (MariaDB);
//   - application-time periods, which show up only as a check of one column
//     against another (before MariaDB 11.4);
//   - the explicit period of a system-versioned table;
//   - characters beyond U+FFFF in an expression, each shown as a question mark;
//   - options of engines other than the common ones (UNION, CONNECTION);
//   - everything that is TiDB's own.
func (t *relation) hidden(f features) bool {
	if f.clusteredIndex || t.kind == "SYSTEM VERSIONED" {
		return true
	}
	switch strings.ToLower(t.engine) {
	case "innodb", "myisam", "aria", "memory", "archive", "csv", "blackhole":
	default:
		return true
	}
	for _, x := range t.indexes {
		if x.kind == "FULLTEXT" || x.kind == "VECTOR" {
			return true
		}
	}
	for _, p := range t.partitions {
		if f.listDefault && strings.HasPrefix(p.method, "LIST") && p.description == "0" {
			return true
		}
		if strings.Contains(p.method, "KEY") || p.method == "SYSTEM_TIME" || strings.Contains(p.subMethod, "KEY") {
			return true
		}
	}
	for _, c := range t.columns {
		if lossy(c.generation) || f.defaultsAsSQL && lossy(c.defaultValue) && !strings.HasPrefix(c.defaultValue, "'") {
			return true
		}
	}
	for _, c := range t.checks {
		if c.misnamed(t) || lossy(c.clause) {
			return true
		}
		if f.systemVersioned && !c.ofColumn(t) && periodCheck.MatchString(c.clause) {
			return true
		}
	}
	return false
}

var periodCheck = regexp.MustCompile("^`(?:[^`]|``)*` < `(?:[^`]|``)*`$")

// readHidden asks SHOW CREATE TABLE where needed.
func (r *inspection) readHidden(ctx context.Context, q querier) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(connections)
	for _, t := range r.relations {
		if t.hidden(r.features) {
			g.Go(func() error {
				return each(gctx, q, "SHOW CREATE TABLE "+quote(t.name), func(f row) { t.shown = f[1].String })
			})
		}
	}
	return g.Wait()
}

// tableDDL is a table as SHOW CREATE TABLE would have it.
func (b *bound) tableDDL(t *relation) string {
	var s strings.Builder
	s.WriteString("CREATE TABLE " + quote(t.name) + " (")
	sep := "\n  "
	for _, lines := range []func(*relation) []string{b.columnLines, b.indexLines, b.foreignKeyLines, b.checkLines} {
		for _, l := range lines(t) {
			s.WriteString(sep + l)
			sep = ",\n  "
		}
	}
	s.WriteString("\n)")
	if t.engine != "" {
		s.WriteString(" ENGINE=" + t.engine)
	}
	if t.collation != "" {
		s.WriteString(" COLLATE=" + t.collation)
	}
	for _, o := range splitOptions(t.options) {
		s.WriteString(" " + o)
	}
	if t.comment != "" {
		s.WriteString(" COMMENT=" + literal(t.comment))
	}
	s.WriteString(b.partitionDDL(t))
	return s.String()
}

// splitOptions takes TABLES.CREATE_OPTIONS apart: row_format=DYNAMIC
// COMPRESSION="zlib" `page_compressed`='1' DATA DIRECTORY='/x/' partitioned.
func splitOptions(s string) []string {
	var out []string
	var cur strings.Builder
	inside := byte(0)
	flush := func() {
		if o := cur.String(); strings.Contains(o, "=") {
			out = append(out, o)
		}
		cur.Reset()
	}
	for i := range len(s) {
		ch := s[i]
		switch {
		case inside != 0:
			if ch == inside {
				inside = 0
			}
		case ch == '"' || ch == '\'' || ch == '`':
			inside = ch
		case ch == ' ' && cur.String() != "DATA" && cur.String() != "INDEX":
			flush()
			continue
		}
		if ch == '"' {
			ch = '\''
		}
		cur.WriteByte(ch)
	}
	flush()
	return out
}
