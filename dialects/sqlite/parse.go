package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/parser/liteparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

// Parse runs the sources in a database in memory and reads what came of it.
//
// Statements that fail for want of another object are tried again after the
// others, so that their order does not matter; ALTER and DROP amend what is
// there when their turn comes.
func (b *bound) Parse(sources []parser.Source) (*schema.Catalog, error) {
	ctx := context.Background()
	sources = parser.Tagged(sources, b.options.CommentTags)
	e, err := memory(ctx)
	if err != nil {
		return nil, err
	}
	defer e.close()
	d := &desired{engine: e, defined: map[string]*statement{}, virtual: map[string]*statement{}}
	for i := range sources {
		if err := d.split(&sources[i]); err != nil {
			d.errs = append(d.errs, err)
		}
	}
	d.run(ctx)
	if len(d.errs) > 0 {
		return nil, errors.Join(d.errs...)
	}
	c, err := inspect(ctx, e)
	if err != nil {
		return nil, err
	}
	c.Notes = nil // what is to be said of modules is said of the live database
	d.locate(c)
	d.direct(c)
	if err := d.probe(ctx, c); err != nil {
		return nil, err
	}
	return c, errors.Join(d.errs...)
}

// Outline tells where the statements of a source stand.
func (b *bound) Outline(src parser.Source) ([]parser.Statement, error) { return liteparse.Outline(src) }

// statement is one statement of the sources.
type statement struct {
	liteparse.Statement
	source *parser.Source
	verb   verb
	kind   schema.Kind // of a CREATE
	name   string      // of what a CREATE makes, in lower case
	ifNot  bool        // CREATE .. IF NOT EXISTS
	// definition are the tokens of a CREATE from the name on.
	definition []liteparse.Token
}

func (s *statement) errorf(hint, format string, args ...any) *parser.Error {
	return s.source.Errorf(s.At, hint, format, args...)
}

type desired struct {
	*engine
	statements []*statement
	defined    map[string]*statement // CREATEs by kind and name
	virtual    map[string]*statement // CREATE VIRTUAL TABLEs by name
	errs       []error
}

// split cuts a source into statements, and refuses those that define nothing.
func (d *desired) split(src *parser.Source) error {
	var errs []error
	for _, raw := range liteparse.Split(src.Text) {
		s := &statement{Statement: raw, source: src}
		if err := classify(s); err != nil {
			errs = append(errs, err)
			continue
		}
		if s.verb == create && s.kind == lite.KindVirtualTable {
			d.virtual[s.name] = s
		}
		d.statements = append(d.statements, s)
	}
	return errors.Join(errs...)
}

// run executes the statements, again and again as long as that leads further.
func (d *desired) run(ctx context.Context) {
	todo := d.statements
	for len(todo) > 0 {
		var later []*statement
		var failed []error
		for _, s := range todo {
			switch err := d.exec(ctx, s); {
			case err == nil:
			case s.verb != drop && (err == errLater || missing(err)):
				later = append(later, s)
				failed = append(failed, d.explain(ctx, s, err))
			default:
				d.errs = append(d.errs, d.explain(ctx, s, err))
			}
		}
		if len(later) == len(todo) {
			d.errs = append(d.errs, failed...)
			return
		}
		todo = later
	}
}

// errLater: the virtual tables come first, so that their own tables are known.
var errLater = errors.New("its virtual table could not be created")

// exec runs one statement.
func (d *desired) exec(ctx context.Context, s *statement) error {
	switch {
	case s.verb == nothing:
		return nil
	case s.verb != create:
		return d.engine.exec(ctx, s.Text)
	}
	key := string(s.kind) + " " + s.name
	if first := d.defined[key]; first != nil {
		there, err := d.has(ctx, s)
		if err != nil {
			return err
		}
		if there && s.ifNot && canonical(first) == canonical(s) {
			return nil
		}
		if there {
			return fmt.Errorf("%s %s is defined twice (first at %s)", s.kind, s.name, first.source.Pos(first.At))
		}
	}
	run := d.create
	if d.shadow(s) {
		run = d.shadowed
	}
	err := run(ctx, s)
	if err == nil {
		d.defined[key] = s
	}
	return err
}

func (d *desired) create(ctx context.Context, s *statement) error {
	if s.kind == lite.KindVirtualTable {
		if ok, err := d.foreign(ctx, s); ok || err != nil {
			return err
		}
	}
	return d.engine.exec(ctx, s.Text)
}

// has tells whether there is such an object: it may have been dropped again.
func (d *desired) has(ctx context.Context, s *statement) (there bool, err error) {
	typ := string(s.kind)
	if s.kind == lite.KindVirtualTable {
		typ = "table"
	}
	err = d.rows(ctx, "SELECT 1 FROM sqlite_schema WHERE type = ? AND lower(name) = ?", func(*sql.Rows) error {
		there = true
		return nil
	}, typ, s.name)
	return there, err
}

// canonical is what a statement defines, by its tokens.
func canonical(s *statement) string {
	var b strings.Builder
	for _, t := range s.definition {
		if t.IsName() && t.Class != liteparse.String {
			b.WriteString(liteparse.Quote(lite.Fold(t.Name())) + " ")
		} else {
			b.WriteString(t.Text + " ")
		}
	}
	return b.String()
}

// missing tells whether a statement failed because an object is not there
// (yet).
func missing(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (strings.HasPrefix(e.Message, "no such table") || strings.HasPrefix(e.Message, "no such column") ||
		strings.HasPrefix(e.Message, "no such view") || strings.Contains(e.Message, "has no column named"))
}

// explain gives an error of the engine its place: that of the token which it
// stumbles over, or of the statement.
func (d *desired) explain(ctx context.Context, s *statement, err error) error {
	if _, ok := errors.AsType[*parser.Error](err); ok {
		return err
	}
	at, hint := s.At, ""
	if e, ok := errors.AsType[*Error](err); ok {
		if rest, ok := strings.CutPrefix(e.Message, `near "`); ok {
			at = d.near(ctx, s, strings.TrimSuffix(rest, `": syntax error`), e.Message)
		}
		switch {
		case strings.HasPrefix(e.Message, "no such collation sequence"), strings.HasPrefix(e.Message, "no such function"):
			hint = "functions and collations of applications and extensions are not part of trueup's SQLite"
		case strings.HasPrefix(e.Message, "object name reserved"):
			hint = "names that begin with sqlite_ belong to SQLite"
		}
	}
	return s.source.Errorf(at, hint, "%s", err)
}

// near finds the token that a syntax error names: the first of that text with
// which the statement, cut off behind it, gives the same error.
func (d *desired) near(ctx context.Context, s *statement, text, message string) int {
	for _, t := range s.Tokens {
		if t.Text != text {
			continue
		}
		err := d.engine.exec(ctx, "EXPLAIN "+s.source.Text[s.At:t.End()])
		if err != nil && err.Error() == message {
			return t.At
		}
	}
	return s.At
}
