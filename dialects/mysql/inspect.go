package mysql

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/parser/myparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// Inspect reads the database. Tables come from information_schema with a fixed
// number of statements; SHOW CREATE TABLE is asked only for tables of which
// information_schema does not tell everything (see [relation.hidden]), over a
// few connections at the same time.
//
// What was read is put together as the DDL that the server would show, and goes
// through the same reader as an author's file.
func (c *connection) Inspect(ctx context.Context) (*schema.Catalog, error) {
	r, err := c.read(ctx, c.db)
	if err != nil {
		return nil, fmt.Errorf("reading the database: %w", err)
	}
	catalog, err := c.assemble(r)
	if err != nil {
		return nil, fmt.Errorf("reading what the server shows: %w", err)
	}
	return catalog, nil
}

// inspection is what was read, before it is put together.
type inspection struct {
	*bound
	database  string // the literal of its name
	self      my.Database
	relations []*relation
	byName    map[string]*relation
	hasViews  bool
	views     []string // the DDL of each
	sequences []string // names

	sequenceDDL []string

	triggers, routines, events []program

	defaults map[schema.ID]string // the true values of those that are shown with losses
	comments map[schema.ID]string // of routines whose own text has them in another form

	mu        sync.Mutex // for what several queries add to
	unmanaged []schema.ID
	notes     []string
}

// relation is one table with all its rows of information_schema.
type relation struct {
	name, kind, engine, collation, options, comment string

	columns    []column
	indexes    []*index
	keys       []*foreignKey
	checks     []check
	partitions []partition
	// shown is what SHOW CREATE TABLE printed, if it was asked.
	shown string
}

// program is the DDL of a stored program, with the sql_mode that it keeps.
type program struct{ sqlMode, text string }

// read sends all queries. Each part of the inspection is filled by one of them,
// so that they can run at the same time.
func (c *connection) read(ctx context.Context, q querier) (*inspection, error) {
	r := &inspection{bound: c.bound, database: literal(c.setting(settingDatabase)), byName: map[string]*relation{}, defaults: map[schema.ID]string{}, comments: map[schema.ID]string{}}
	rights, err := r.readPrivileges(ctx, q)
	if err != nil {
		return nil, err
	}
	r.rights.Store(rights)
	if err := r.readTables(ctx, q); err != nil {
		return nil, err
	}
	r.blindSpots()
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(connections)
	for _, part := range []func(context.Context, querier) error{
		r.readDatabase, r.readIndexes, r.readColumns, r.readForeignKeys, r.readChecks, r.readPartitions,
		r.readViews, r.readTriggers, r.readRoutines, r.readEvents, r.readSequences,
	} {
		g.Go(func() error { return part(gctx, q) })
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if err := r.readDefaults(ctx, q); err != nil {
		return nil, err
	}
	return r, r.readHidden(ctx, q)
}

// readDatabase reads what new tables inherit, which a plan may have changed
// since the connection was opened.
func (r *inspection) readDatabase(ctx context.Context, q querier) error {
	comment := "''"
	if r.databaseComment {
		comment = "SCHEMA_COMMENT"
	}
	text := "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME, " + comment + " FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = " + r.database
	return each(ctx, q, text, func(f row) {
		r.self = my.Database{Charset: f[0].String, Collation: f[1].String, Comment: f[2].String}
	})
}

// each runs a query and hands every row on.
func each(ctx context.Context, q querier, text string, f func(row)) error {
	rows, err := query(ctx, q, text)
	if err != nil {
		return fmt.Errorf("%w\n  query: %s", err, text)
	}
	for _, r := range rows {
		f(r)
	}
	return nil
}

// assemble makes a catalog of what was read.
func (b *bound) assemble(r *inspection) (*schema.Catalog, error) {
	o := b.parserOptions()
	o.Relaxed = true
	tables, err := b.assembleTables(r, o)
	if err != nil {
		return nil, err
	}
	others, err := myparse.Parse(r.otherSources(), o)
	if err != nil {
		return nil, err
	}
	catalog := schema.NewCatalog()
	catalog.Put(&r.self)
	for _, objects := range append(tables, slices.Collect(others.All())) {
		for _, o := range objects {
			r.restoreDefault(o)
			if f, ok := o.(*my.Routine); ok && r.comments[f.Self] != "" {
				f.Comment = r.comments[f.Self]
			}
			if err := catalog.Add(o); err != nil {
				return nil, err
			}
		}
	}
	if b.lowerCase() == 2 {
		respell(catalog)
	}
	slices.SortFunc(r.unmanaged, schema.ID.Compare)
	slices.Sort(r.notes)
	catalog.Unmanaged, catalog.Notes = r.unmanaged, r.notes
	return catalog, nil
}

// assembleTables reads the DDL of the tables, on all processors.
func (b *bound) assembleTables(r *inspection, o myparse.Options) ([][]schema.Object, error) {
	out := make([][]schema.Object, len(r.relations))
	var g errgroup.Group
	const chunk = 64
	for from := 0; from < len(out); from += chunk {
		g.Go(func() error {
			for i := from; i < min(from+chunk, len(out)); i++ {
				text := r.relations[i].shown
				if text == "" {
					text = b.tableDDL(r.relations[i])
				}
				objects, err := myparse.ShowCreateTable(text, o)
				if err != nil {
					return fmt.Errorf("table %s: %w", r.relations[i].name, err)
				}
				out[i] = objects
			}
			return nil
		})
	}
	return out, g.Wait()
}

// otherSources are the DDL of everything but tables. Stored programs get a
// source of their own each, under their own sql_mode.
func (r *inspection) otherSources() []parser.Source {
	out := []parser.Source{{Name: "information_schema", Text: strings.Join(slices.Concat(r.sequenceDDL, r.views), ";\n")}}
	for _, p := range slices.Concat(r.routines, r.triggers, r.events) {
		text := "SET sql_mode = " + literal(p.sqlMode) + ";\nDELIMITER " + bodyDelimiter + "\n" + p.text + "\n" + bodyDelimiter + "\n"
		out = append(out, parser.Source{Name: "information_schema", Text: text})
	}
	return out
}

// bodyDelimiter ends a statement whose body has semicolons in it.
const bodyDelimiter = ";;"

// note keeps a remark for the user.
func (r *inspection) note(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}
