package postgres

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Settle has the server print the author's expressions that still differ. It
// makes empty temporary twins in a transaction that is always rolled back,
// locks no user table, and reads no row.
func (s *server) Settle(ctx context.Context, current, desired *schema.Catalog) error {
	err := s.settle(ctx, s.conn, current, desired, "BEGIN", "ROLLBACK")
	if err != nil {
		err = errors.Join(err, abandon(s.conn))
	}
	return err
}

// Settle is as [server.Settle], inside the session's transaction.
func (s *session) Settle(ctx context.Context, current, desired *schema.Catalog) error {
	if s.conn.TxStatus() == 'I' {
		return s.server.settle(ctx, s.conn, current, desired, "BEGIN", "ROLLBACK")
	}
	return s.server.settle(ctx, s.conn, current, desired, "SAVEPOINT trueup_settle", "ROLLBACK TO SAVEPOINT trueup_settle; RELEASE SAVEPOINT trueup_settle")
}

// batch is how many expressions are judged in one transaction: each twin takes
// a lock of its own, and the server's table of locks is finite.
const batch = 200

func (b *bound) settle(ctx context.Context, conn *pgconn.PgConn, current, desired *schema.Catalog, begin, end string) error {
	w := &workshop{current: current, desired: desired}
	for o := range desired.All() {
		if old := current.Object(o.ID()); old != nil && anyDiffers(expressions(old), expressions(o)) && differInExpressions(old, o) {
			w.build(old, o)
		}
	}
	if len(w.twins) == 0 {
		return nil
	}
	if why := b.unsettled(); why != "" {
		desired.Notes = append(desired.Notes, fmt.Sprintf("%d expressions differ from the server's text of them, and the server could not be asked whether they mean the same: %s", len(w.twins), why))
		return nil
	}
	for start := 0; start < len(w.twins); start += batch {
		if err := b.judge(ctx, conn, w.twins[start:min(start+batch, len(w.twins))], begin, end); err != nil {
			return fmt.Errorf("comparing expressions on the server: %w", err)
		}
	}
	return nil
}

// unsettled says why no twins can be made; empty if they can.
func (b *bound) unsettled() string {
	switch {
	case b.options.ReadOnly:
		return "--read-only forbids temporary objects"
	case b.target.Settings[settingTemp] == "":
		return "the role may not create temporary objects here, or the server is read-only"
	case b.target.Settings[settingPlpgsql] == "":
		return "the language plpgsql is not installed"
	}
	return ""
}

// anyDiffers tells whether two lists of the same length differ somewhere.
func anyDiffers(a, b []*schema.Expr) bool {
	return !slices.EqualFunc(a, b, func(x, y *schema.Expr) bool { return x.Equal(*y) })
}

// differInExpressions tells whether nothing but expressions differ.
func differInExpressions(old, new schema.Object) bool {
	a, b := schema.Clone(old), schema.Clone(new)
	x, y := expressions(a), expressions(b)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i].IsZero() != y[i].IsZero() {
			return false
		}
		*y[i] = *x[i]
	}
	return sameDefinition(a, b)
}

// expressions are those of an object, in an order of their own.
func expressions(o schema.Object) []*schema.Expr {
	var out []*schema.Expr
	keys := func(list []pg.IndexKey) {
		for i := range list {
			out = append(out, &list[i].Expr)
		}
	}
	switch o := o.(type) {
	case *pg.Table:
		out = append(out, &o.Bound)
		if o.PartitionBy != nil {
			keys(o.PartitionBy.Keys)
		}
	case *pg.Column:
		out = append(out, &o.Generated)
	case *pg.Default:
		out = append(out, &o.Value)
	case *pg.Constraint:
		out = append(out, &o.Check, &o.Predicate)
		for i := range o.Elements {
			out = append(out, &o.Elements[i].Expr)
		}
	case *pg.Index:
		keys(o.Keys)
		out = append(out, &o.Predicate)
	case *pg.Statistics:
		for i := range o.Exprs {
			out = append(out, &o.Exprs[i])
		}
	case *pg.View:
		out = append(out, &o.Query)
		for i := range o.Defaults {
			out = append(out, &o.Defaults[i].Value)
		}
	case *pg.MaterializedView:
		out = append(out, &o.Query)
	case *pg.Rule:
		out = append(out, &o.Where, &o.Action)
	case *pg.Trigger:
		out = append(out, &o.When)
	case *pg.Policy:
		out = append(out, &o.Using, &o.Check)
	case *pg.Domain:
		out = append(out, &o.Default)
	case *pg.DomainConstraint:
		out = append(out, &o.Check)
	case *pg.Function:
		for i := range o.Args {
			out = append(out, &o.Args[i].Default)
		}
		out = append(out, &o.SQLBody)
	case *pg.Publication:
		for i := range o.Tables {
			out = append(out, &o.Tables[i].Where)
		}
	}
	return out
}

// twin is one question to the server.
type twin struct {
	// base are statements that several twins share, such as the empty table;
	// setup are the twin's own. One that fails leaves the question open.
	base, setup []string
	// print is SQL for the text that the server prints for the twin; live is
	// what it printed for the object, or SQL for it if printed is empty.
	print, live, liveSQL string
	// namespace is the live object's schema, in the place of which the twin's
	// text names the temporary one.
	namespace string
	// Then: each of these has the same meaning as its counterpart.
	settle []pair
}

// pair is the author's expression and the server's.
type pair struct {
	desired *schema.Expr
	current schema.Expr
}

// bare is an expression as the server prints it, without parentheses around
// it: where the parser took a text out of a statement, they are gone.
func bare(text string) string {
	text = strings.TrimSpace(text)
	for strings.HasPrefix(text, "(") && closing(text) == len(text)-1 {
		text = strings.TrimSpace(text[1 : len(text)-1])
	}
	return text
}

// closing is where the bracket that opens a printed text closes.
func closing(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '(', '[':
			depth++
		case ')', ']':
			if depth--; depth == 0 {
				return i
			}
		case '"', '\'':
			i = skipQuoted(text, i)
		}
	}
	return -1
}

// temporary is the schema of temporary objects as the server prints it.
var temporary = regexp.MustCompile(`\bpg_temp(_\d+)?\.`)

// judge makes twins, and settles what the server prints alike.
func (b *bound) judge(ctx context.Context, conn *pgconn.PgConn, twins []*twin, begin, end string) error {
	path := "pg_temp"
	if p := b.target.Settings[settingSearchPath]; p != "" {
		path = p + ", pg_temp" // last, so that the author's names mean what they always mean
	}
	queries := statements(begin)
	queries = append(queries, query{sql: "SET LOCAL search_path TO " + path}, query{sql: "SET LOCAL check_function_bodies TO off"},
		query{sql: "SET LOCAL client_min_messages TO error"}, query{sql: build(twins)})
	queries = append(queries, statements(printing)...)
	for _, t := range twins {
		live := t.liveSQL
		if live == "" {
			live = quoteLiteral(t.live)
		}
		queries = append(queries, query{"SELECT (" + t.print + "), (" + live + ")", func(r row) error {
			if r.null(0) || r.null(1) {
				return nil
			}
			mine := temporary.ReplaceAllString(r.text(0), strings.ReplaceAll(pg.Quote(t.namespace)+".", "$", "$$"))
			if bare(mine) == bare(r.text(1)) {
				for _, p := range t.settle {
					p.desired.Canon = p.current.Canon
				}
			}
			return nil
		}})
	}
	queries = append(queries, statements(end)...)
	return script(ctx, conn, newInterner(), queries)
}

// build is one statement that makes all twins; what fails is passed over.
func build(twins []*twin) string {
	var body strings.Builder
	body.WriteString("BEGIN\n")
	made := map[string]bool{}
	for _, t := range twins {
		for _, group := range [...][]string{t.base, t.setup} {
			text := strings.Join(group, "\x00")
			if text == "" || made[text] {
				continue
			}
			made[text] = true
			body.WriteString("BEGIN\n")
			for _, sql := range group {
				body.WriteString("EXECUTE " + quoteLiteral(sql) + ";\n")
			}
			body.WriteString("EXCEPTION WHEN OTHERS THEN NULL; END;\n")
		}
	}
	body.WriteString("END")
	tag := "$trueup$"
	for i := 0; strings.Contains(body.String(), tag); i++ {
		tag = fmt.Sprintf("$trueup%d$", i)
	}
	return "DO LANGUAGE plpgsql " + tag + body.String() + tag
}
