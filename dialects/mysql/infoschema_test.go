package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
)

// TestInformationSchema has the inspection read the information_schema of a
// server that does not run here. The files of testdata/mysql8/information_schema
// hold:
//
//	(comment)     "server: FLAVOR VERSION [setting=value].." and where the rows are from
//	TABLE.tsv     a table of information_schema: all columns that the manual of that
//	              version lists, and rows in the server's form; \N is NULL
//	show.sql      what SHOW CREATE shows, each ended by ";"
//	written.sql   the author's DDL, to which nothing may differ
//	statements    how many statements may be sent
//
// A query that names a column that is not there is an error, as it is there.
func TestInformationSchema(t *testing.T) {
	files, err := filepath.Glob("testdata/mysql8/information_schema/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { checkInspection(t, a) })
	}
}

func checkInspection(t *testing.T, a *txtar.Archive) {
	f := newFact(t, "comment", string(a.Comment))
	server := &recorded{t: t, tables: map[string]*recordedTable{}, shown: map[string][]string{}}
	written, limit := "", 0
	for _, x := range a.Files {
		switch name, ext, _ := strings.Cut(x.Name, "."); {
		case ext == "tsv":
			server.tables[strings.ToUpper(name)] = readRecorded(t, name, string(x.Data))
		case x.Name == "show.sql":
			server.show(string(x.Data))
		case x.Name == "written.sql":
			written = string(x.Data)
		case x.Name == "statements":
			if _, err := fmt.Sscan(string(x.Data), &limit); err != nil {
				t.Fatal(err)
			}
		default:
			t.Fatalf("unknown file %s", x.Name)
		}
	}
	b, err := newBound(f.target, dialect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(server)
	defer db.Close()
	c := &connection{b, db}
	p, err := dialect.Prepare(context.Background(), "mysql", server.offline(c), []parser.Source{{Name: "written.sql", Text: written}}, dialect.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	if !p.Empty() {
		t.Errorf("the plan is not empty:\n%s%s", statements(p), changes(p))
	}
	for _, n := range p.Notes {
		t.Errorf("note: %s", n)
	}
	if len(server.asked) != limit {
		t.Errorf("%d statements were sent, wanted %d:\n%s", len(server.asked), limit, strings.Join(server.asked, "\n"))
	}
}

// recorded is a server that answers from its tables.
type recorded struct {
	t      *testing.T
	tables map[string]*recordedTable
	shown  map[string][]string // by what follows SHOW CREATE
	mu     sync.Mutex
	asked  []string
}

type recordedTable struct {
	columns []string
	rows    [][]*string
}

// offline is the connection without the proof by temporary tables, which needs a
// server that computes.
func (r *recorded) offline(c *connection) *connection {
	c.temporaryProof = false
	return c
}

func readRecorded(t *testing.T, name, text string) *recordedTable {
	t.Helper()
	out := &recordedTable{}
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		fields := strings.Split(line, "\t")
		if i == 0 {
			out.columns = fields
			continue
		}
		if len(fields) != len(out.columns) {
			t.Fatalf("%s: row %d has %d fields, not %d", name, i, len(fields), len(out.columns))
		}
		row := make([]*string, len(fields))
		for j, f := range fields {
			if f != `\N` {
				f = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n").Replace(f)
				row[j] = &f
			}
		}
		out.rows = append(out.rows, row)
	}
	return out
}

var showName = regexp.MustCompile("^CREATE .*?(TABLE|VIEW|PROCEDURE|FUNCTION) `([^`]*)`")

func (r *recorded) show(text string) {
	for s := range strings.SplitSeq(text, ";\n") {
		if m := showName.FindStringSubmatch(strings.TrimSpace(s)); m != nil {
			answer := []string{m[2], strings.TrimSpace(s)}
			if m[1] == "PROCEDURE" || m[1] == "FUNCTION" {
				answer = []string{m[2], "STRICT_TRANS_TABLES", strings.TrimSpace(s)}
			}
			r.shown[m[1]+" `"+m[2]+"`"] = answer
		}
	}
}

func (r *recorded) Connect(context.Context) (driver.Conn, error) { return r, nil }
func (r *recorded) Driver() driver.Driver                        { return nil }
func (r *recorded) Prepare(string) (driver.Stmt, error)          { return nil, errors.New("not prepared") }
func (r *recorded) Close() error                                 { return nil }
func (r *recorded) Begin() (driver.Tx, error)                    { return nil, errors.New("no transactions") }

// QueryContext answers SHOW CREATE, and SELECTs from one table, or from the two
// that describe checks.
func (r *recorded) QueryContext(_ context.Context, query string, _ []driver.NamedValue) (driver.Rows, error) {
	r.mu.Lock()
	r.asked = append(r.asked, query)
	r.mu.Unlock()
	if query == "SHOW GRANTS" { // as under --skip-grant-tables
		return &recordedRows{columns: []string{"Grants"}}, nil
	}
	if rest, ok := strings.CutPrefix(query, "SHOW CREATE "); ok {
		answer, ok := r.shown[rest]
		if !ok {
			return nil, fmt.Errorf("nothing recorded for %s", query)
		}
		row := make([]*string, len(answer))
		for i := range answer {
			row[i] = &answer[i]
		}
		return &recordedRows{columns: answer, rows: [][]*string{row}}, nil
	}
	m := selects.FindStringSubmatch(query)
	if m == nil {
		return nil, fmt.Errorf("cannot answer %s", query)
	}
	table, err := r.from(m[2])
	if err != nil {
		return nil, err
	}
	out := &recordedRows{columns: splitTop(m[1])}
	for _, row := range table.rows {
		ok, err := table.where(row, m[3])
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		var fields []*string
		for _, c := range out.columns {
			v, err := table.value(row, c)
			if err != nil {
				return nil, err
			}
			fields = append(fields, v)
		}
		out.rows = append(out.rows, fields)
	}
	return out, nil
}

var (
	selects = regexp.MustCompile(`^SELECT (.*?) FROM (information_schema\.\S+(?: t JOIN .* ON \S+ = \S+ AND \S+ = \S+)?)(?: WHERE (.*?))?(?: ORDER BY .*)?$`)
	joins   = regexp.MustCompile(`^information_schema\.(\w+) (\w) JOIN information_schema\.(\w+) (\w) ON (\S+) = (\S+) AND (\S+) = (\S+)$`)
)

func splitTop(s string) []string {
	out := strings.Split(s, ",")
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

// from is a table, or two of them joined.
func (r *recorded) from(s string) (*recordedTable, error) {
	one := func(name, alias string) (*recordedTable, error) {
		t := r.tables[strings.ToUpper(name)]
		if t == nil {
			return nil, fmt.Errorf("there is no table information_schema.%s", name)
		}
		out := &recordedTable{rows: t.rows}
		for _, c := range t.columns {
			out.columns = append(out.columns, alias+c)
		}
		return out, nil
	}
	m := joins.FindStringSubmatch(s)
	if m == nil {
		return one(strings.TrimPrefix(s, "information_schema."), "")
	}
	a, err := one(m[1], m[2]+".")
	if err != nil {
		return nil, err
	}
	b, err := one(m[3], m[4]+".")
	if err != nil {
		return nil, err
	}
	out := &recordedTable{columns: slices.Concat(a.columns, b.columns)}
	for _, x := range a.rows {
		for _, y := range b.rows {
			row := slices.Concat(x, y)
			ok := true
			for i := 5; i < len(m); i += 2 {
				p, err := out.value(row, m[i])
				if err != nil {
					return nil, err
				}
				q, err := out.value(row, m[i+1])
				if err != nil {
					return nil, err
				}
				ok = ok && p != nil && q != nil && *p == *q
			}
			if ok {
				out.rows = append(out.rows, row)
			}
		}
	}
	return out, nil
}

func (t *recordedTable) value(row []*string, expr string) (*string, error) {
	if expr == "NULL" {
		return nil, nil
	}
	if strings.HasPrefix(expr, "'") {
		s := strings.Trim(expr, "'")
		return &s, nil
	}
	i := slices.Index(t.columns, expr)
	if i < 0 {
		return nil, fmt.Errorf("Error 1054: unknown column %s; there are %v", expr, t.columns)
	}
	return row[i], nil
}

func (t *recordedTable) where(row []*string, cond string) (bool, error) {
	if cond == "" {
		return true, nil
	}
	for _, c := range strings.Split(cond, " AND ") {
		if column, ok := strings.CutSuffix(c, " IS NOT NULL"); ok {
			if v, err := t.value(row, column); err != nil || v == nil {
				return false, err
			}
			continue
		}
		column, want, ok := strings.Cut(c, " = ")
		if !ok {
			return false, fmt.Errorf("cannot judge %s", c)
		}
		v, err := t.value(row, column)
		if err != nil || v == nil || *v != strings.Trim(want, "'") {
			return false, err
		}
	}
	return true, nil
}

type recordedRows struct {
	columns []string
	rows    [][]*string
	i       int
}

func (r *recordedRows) Columns() []string { return r.columns }
func (r *recordedRows) Close() error      { return nil }

func (r *recordedRows) Next(dest []driver.Value) error {
	if r.i == len(r.rows) {
		return io.EOF
	}
	for i, v := range r.rows[r.i] {
		dest[i] = nil
		if v != nil {
			dest[i] = *v
		}
	}
	r.i++
	return nil
}
