package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema/pg"
)

// createSchema reads CREATE SCHEMA with the elements in it, which live in the
// new schema unless they say otherwise.
func (r *reader) createSchema(s *pg_query.CreateSchemaStmt) error {
	name := s.Schemaname
	if name == "" {
		name = s.Authrole.GetRolename()
	}
	if name == "" {
		return r.errorf(-1, "name the schema", "the name of the schema depends on who runs the statement")
	}
	o := &pg.Namespace{Name: name}
	if s.IfNotExists && r.catalog.Has(o.ID()) {
		r.skipped(o.ID())
		return nil
	}
	if err := r.add(o, -1); err != nil {
		return err
	}
	if s.Authrole != nil {
		if err := r.setOwner(o.ID(), s.Authrole); err != nil {
			return err
		}
	}
	outer := r.path
	r.path = append([]string{name}, outer...)
	defer func() { r.path = outer }()
	r.schemaElements()
	return nil
}

// schemaElements reads what stands inside CREATE SCHEMA: each as a statement of
// its own. They begin with a reserved word.
func (r *reader) schemaElements() {
	sql, list := r.sql(), r.tokens()
	var starts []int
	depth := 0
	for i, t := range list {
		depth += nesting(sql, t)
		label := i > 0 && (list[i-1].is(sql, "as") || list[i-1].is(sql, "with") || sql[list[i-1].start:list[i-1].end] == ".")
		if i > 0 && depth == 0 && !label && (t.is(sql, "create") || t.is(sql, "grant")) {
			starts = append(starts, r.offset+t.start)
		}
	}
	whole, end := r.offset, r.end
	for i, start := range starts {
		st := statement{start, end}
		if i+1 < len(starts) {
			st.end = starts[i+1]
		}
		p := parseOne(r.source.Text, st)
		r.offset, r.end, r.newer, r.lexed = p.start, p.end, p.newer, nil
		if p.err != nil {
			r.fail(p.err)
			continue
		}
		r.element(p.node)
	}
	r.offset, r.end, r.lexed = whole, end, nil
}
