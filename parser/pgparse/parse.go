package pgparse

import (
	"cmp"
	"errors"
	"runtime"
	"slices"
	"unicode/utf8"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
)

// Parse reads the desired state that the sources describe. Its errors are
// [*parser.Error], joined, each with the place of what it speaks of. Order does
// not matter, within a source or among them, but for what amends (ALTER, DROP,
// RENAME): a statement whose object is defined further down waits for it.
func Parse(sources []parser.Source, o Options) (*schema.Catalog, error) {
	r := newReader(o)
	r.read(sources)
	if len(r.errs) == 0 {
		r.check()
	}
	return r.catalog, errors.Join(inOrder(r.errs, sources)...)
}

// Amend reads definitions as a server prints them, in the presence of what they
// refer to, into the catalog. It is given relations, types and routines without
// their parts, so that columns are taken on trust. The catalog that it is given
// must not be used afterwards.
func Amend(c *schema.Catalog, sources []parser.Source, o Options) (*schema.Catalog, error) {
	r := newReader(o)
	r.catalog = c
	for o := range c.All() {
		r.index(o)
		if isRoutine(o.ID().Kind) {
			r.noteRoutine(o.ID())
		}
	}
	r.read(sources)
	return r.catalog, errors.Join(r.errs...)
}

func (r *reader) read(sources []parser.Source) {
	for _, s := range sources {
		if err := valid(s); err != nil {
			r.errs = append(r.errs, err)
			continue
		}
		r.open(s)
		for p := range parseAll(s, r.split.statements) {
			r.statement(p)
		}
	}
	r.retry()
	// What is missing after another mistake may be due to that alone.
	if len(r.errs) == 0 {
		r.resolve()
		r.errs = append(r.errs, r.missed...)
	}
	r.leftDirectives()
}

// inOrder sorts errors by their places.
func inOrder(errs []error, sources []parser.Source) []error {
	file := map[string]int{}
	for i, s := range sources {
		file[s.Name] = i
	}
	place := func(err error) schema.Pos {
		if e, ok := errors.AsType[*parser.Error](err); ok {
			return e.Pos
		}
		return schema.Pos{}
	}
	slices.SortStableFunc(errs, func(a, b error) int {
		p, q := place(a), place(b)
		return cmp.Or(cmp.Compare(file[p.File], file[q.File]), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col))
	})
	return errs
}

// valid refuses what neither the server nor the grammar can read.
func valid(s parser.Source) error {
	for i, c := range s.Text {
		if c == 0 {
			return s.Errorf(i, "is this a text file? UTF-16 has to be converted to UTF-8", "a zero byte in the text")
		}
		if c == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s.Text[i:]); n == 1 {
				return s.Errorf(i, "convert the file to UTF-8", "invalid UTF-8")
			}
		}
	}
	return nil
}

// parsed is a statement and what the grammar made of it.
type parsed struct {
	statement
	node  *pg_query.Node
	newer newer // what the grammar does not know and was taken out
	err   error
}

// parseAll parses statements on all processors and yields them in their
// order. Only a few trees exist at any time.
func parseAll(s parser.Source, statements []statement) func(yield func(parsed) bool) {
	const size = 32
	return func(yield func(parsed) bool) {
		type batch struct {
			statements []statement
			done       chan []parsed
		}
		workers := runtime.GOMAXPROCS(0)
		work, order := make(chan batch), make(chan batch, 4*workers)
		stop := make(chan struct{})
		defer close(stop)
		for range workers {
			go func() {
				for b := range work {
					out := make([]parsed, len(b.statements))
					for i, st := range b.statements {
						out[i] = parseOne(s.Text, st)
					}
					b.done <- out
				}
			}()
		}
		go func() {
			defer close(work)
			defer close(order)
			for len(statements) > 0 {
				n := min(size, len(statements))
				b := batch{statements[:n], make(chan []parsed, 1)}
				statements = statements[n:]
				select {
				case order <- b:
				case <-stop:
					return
				}
				work <- b
			}
		}()
		for b := range order {
			for _, p := range <-b.done {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// parseOne parses one statement. If the grammar, which is that of PostgreSQL
// 16, refuses it, what later releases brought is looked for and taken out.
func parseOne(text string, st statement) parsed {
	p := parsed{statement: st}
	sql := text[st.start:st.end]
	if p.node = quick(sql); p.node != nil {
		return p
	}
	tree, err := parseTree(sql)
	if err != nil {
		if older, n := downgrade(sql); !n.empty() {
			if again, err2 := parseTree(older); err2 == nil {
				tree, err, p.newer = again, nil, n
			} else {
				err = err2
			}
		}
	}
	switch {
	case err != nil:
		p.err = err
	case len(tree.Stmts) == 1:
		p.node = tree.Stmts[0].Stmt
	default:
		p.err = &syntaxError{0, "not a single statement"}
	}
	return p
}
