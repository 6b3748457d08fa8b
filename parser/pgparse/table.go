package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// tableReader reads the parts of one table: in CREATE TABLE, or in ALTER TABLE.
type tableReader struct {
	*draft
	table   *pg.Table
	id      schema.ID
	altered bool                  // ALTER TABLE
	only    bool                  // .. ONLY, and there are partitions
	number  int                   // of the last column
	typed   map[string]*pg.Column // those that come from the type OF which the table is
	// The server works constraints off in this order, whatever the order of the
	// text; the names that it chooses depend on it.
	notNulls, checks, keys, foreign []pending
}

// pending is a constraint that waits for its turn.
type pending struct {
	*pg_query.Constraint
	column string // of a column's own constraint
	end    int    // offset behind its text
}

// createTable reads CREATE TABLE in all its forms.
func (r *reader) createTable(s *pg_query.CreateStmt) error {
	v := s.Relation
	if v.Relpersistence == "t" {
		return r.temporary(v)
	}
	t := &tableReader{draft: r.draft(), typed: map[string]*pg.Column{}, table: &pg.Table{
		Schema: r.creation(v.Schemaname), Name: v.Relname, Unlogged: v.Relpersistence == "u",
		AccessMethod: s.AccessMethod, Tablespace: s.Tablespacename,
	}}
	t.id = t.table.ID()
	if found, ok := r.relations[key(t.id.Schema, t.id.Name)]; ok && s.IfNotExists {
		r.skipped(found)
		return nil
	}
	t.add(t.table, -1)
	if err := t.properties(s); err != nil {
		return err
	}
	if err := t.elements(s); err != nil {
		return err
	}
	if err := t.constraints(); err != nil {
		return err
	}
	t.validFromStart()
	return t.commit()
}

func (r *reader) temporary(v *pg_query.RangeVar) error {
	return r.errorf(v.GetLocation(), "remove it: a temporary object vanishes with the session that makes it", "temporary relation %s is not part of a desired state", pg.Quote(v.GetRelname()))
}

// properties reads all but the list of columns and constraints.
func (t *tableReader) properties(s *pg_query.CreateStmt) error {
	r, table := t.r, t.table
	if table.Tablespace == "" {
		table.Tablespace = r.tablespace
	}
	if table.AccessMethod == "" && s.Partspec == nil {
		table.AccessMethod = r.accessMethod
	}
	if table.AccessMethod == "heap" {
		table.AccessMethod = ""
	}
	for _, d := range elements(s.Options) {
		if d.Defname == "oids" {
			if boolean(d) {
				return r.errorf(d.Location, "remove WITH OIDS", "tables with OIDs do not exist since PostgreSQL 12")
			}
			continue
		}
		table.Options = setOption(table.Options, storageName(d), word(d))
	}
	if s.Partbound != nil {
		if err := t.partition(s); err != nil {
			return err
		}
	} else {
		for _, p := range s.InhRelations {
			id, err := r.existingTable(p.GetRangeVar())
			if err != nil {
				return err
			}
			table.Inherits = append(table.Inherits, id)
		}
	}
	if s.OfTypename != nil {
		if err := t.ofType(s.OfTypename); err != nil {
			return err
		}
	}
	if s.Partspec != nil {
		key, err := r.partitionKey(t.id, s.Partspec)
		if err != nil {
			return err
		}
		table.PartitionBy = key
	}
	t.number = len(r.inheritedColumns(table))
	return nil
}

// elements reads the list of columns, constraints and LIKE clauses.
func (t *tableReader) elements(s *pg_query.CreateStmt) error {
	for _, e := range s.TableElts {
		var err error
		switch e := e.GetNode().(type) {
		case *pg_query.Node_ColumnDef:
			err = t.column(e.ColumnDef)
		case *pg_query.Node_Constraint:
			t.tableConstraint(e.Constraint)
		case *pg_query.Node_TableLikeClause:
			err = t.like(e.TableLikeClause)
		}
		if err != nil {
			return err
		}
	}
	for _, c := range s.Constraints {
		t.tableConstraint(c.GetConstraint())
	}
	return nil
}

// ofType gives a typed table the columns of its type.
func (t *tableReader) ofType(name *pg_query.TypeName) error {
	typ := t.r.typeName(name)
	c, ok := schema.Lookup[*pg.Composite](t.r.catalog, typ.Ref)
	if !ok {
		return t.r.missing(name.Location, "composite type %s does not exist", pg.Qualify(nameParts(name.Names)))
	}
	t.table.OfType = typ.Ref
	for i, a := range c.Attributes {
		column := &pg.Column{Table: t.id, Name: a.Name, Type: a.Type, Collation: a.Collation, Statistics: -1, Number: i + 1}
		t.typed[a.Name] = column
		t.add(column, name.Location)
	}
	return nil
}

// inheritedColumns are the columns that a table has from its parents, in
// order, as the parents have them.
func (r *reader) inheritedColumns(t *pg.Table) []*pg.Column {
	var out []*pg.Column
	seen := map[string]bool{}
	parents := t.Inherits
	if !t.PartitionOf.IsZero() {
		parents = []schema.ID{t.PartitionOf}
	}
	for _, p := range parents {
		for _, c := range r.allColumns(p) {
			if !seen[c.Name] {
				seen[c.Name] = true
				out = append(out, c)
			}
		}
	}
	return out
}

// allColumns are the columns of a table: inherited ones first, then its own.
// Where it has an inherited one itself, that counts.
func (r *reader) allColumns(id schema.ID) []*pg.Column {
	t, ok := schema.Lookup[*pg.Table](r.catalog, id)
	if !ok {
		return nil
	}
	var out []*pg.Column
	own := map[string]bool{}
	for _, c := range r.inheritedColumns(t) {
		if mine, ok := schema.Lookup[*pg.Column](r.catalog, pg.ColumnID(id, c.Name)); ok {
			c = mine
			own[c.Name] = true
		}
		out = append(out, c)
	}
	for _, name := range r.parts(id).columns {
		if c, ok := schema.Lookup[*pg.Column](r.catalog, pg.ColumnID(id, name)); ok && !own[name] {
			out = append(out, c)
		}
	}
	return out
}

// hasColumn tells whether a table has a column, of its own or inherited.
func (r *reader) hasColumn(table schema.ID, name string) bool {
	if r.catalog.Has(pg.ColumnID(table, name)) {
		return true
	}
	t, ok := schema.Lookup[*pg.Table](r.catalog, table)
	if !ok {
		return false
	}
	if t.PartitionOf.IsZero() && len(t.Inherits) == 0 {
		return false
	}
	for _, c := range r.inheritedColumns(t) {
		if c.Name == name {
			return true
		}
	}
	return false
}
