package pgparse

import (
	"slices"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// The bits of a LIKE clause (TableLikeOption).
const (
	likeComments = 1 << iota
	likeCompression
	likeConstraints
	likeDefaults
	likeGenerated
	likeIdentity
	likeIndexes
	likeStatistics
	likeStorage
)

// like copies what a table has at this place of the text. What it gets later
// is not copied, as on the server.
func (t *tableReader) like(s *pg_query.TableLikeClause) error {
	r := t.r
	source, err := r.existing(s.Relation)
	if err != nil {
		return err
	}
	columns := r.allColumns(source)
	if c, ok := schema.Lookup[*pg.Composite](r.catalog, source); ok {
		columns = nil
		for _, a := range c.Attributes {
			columns = append(columns, &pg.Column{Table: source, Name: a.Name, Type: a.Type, Collation: a.Collation, Statistics: -1})
		}
	} else if source.Kind != pg.KindTable {
		return r.errorf(s.Relation.Location, "write the columns out", "LIKE %s: what columns that has is known to the server alone", source)
	}
	l := &likeReader{t, source, s.Options, s.Relation.Location}
	for _, c := range columns {
		if err := l.column(c); err != nil {
			return err
		}
	}
	for o := range r.catalog.All() {
		if o.Owner() == source {
			l.part(o)
		}
	}
	return nil
}

// likeReader copies from one table to another.
type likeReader struct {
	*tableReader
	source   schema.ID
	options  uint32
	location int32
}

func (l *likeReader) has(bit uint32) bool { return l.options&bit != 0 }

// mine is the ID of the copy of something in the source.
func (l *likeReader) mine(id schema.ID) schema.ID {
	switch {
	case id == l.source:
		return l.id
	case id.Schema == l.source.Schema && id.Parent == l.source.Name:
		id.Schema, id.Parent = l.id.Schema, l.id.Name
	}
	return id
}

func (l *likeReader) column(c *pg.Column) error {
	r := l.r
	from := pg.ColumnID(c.Table, c.Name)
	n := schema.Clone(c)
	l.number++
	n.Table, n.Number, n.Using, n.Inherited, n.Statistics, n.Options = l.id, l.number, "", false, -1, nil
	if !l.has(likeStorage) {
		n.Storage = ""
	}
	if !l.has(likeCompression) {
		n.Compression = ""
	}
	if !l.has(likeGenerated) {
		n.Generated, n.Virtual = schema.Expr{}, false
	}
	if !l.has(likeIdentity) {
		n.Identity = nil
	}
	l.add(n, l.location)
	if n.Identity != nil {
		n.Identity.Schema, n.Identity.Name = "", ""
		l.claimIdentity(&n.Identity.Sequence, n.Name)
	}
	if l.has(likeDefaults) {
		if d, ok := schema.Lookup[*pg.Default](r.catalog, (&pg.Default{Column: from}).ID()); ok {
			l.add(&pg.Default{Column: n.ID(), Value: d.Value}, l.location)
		}
	}
	l.comment(from, n.ID())
	l.notNullOf(c, n)
	return nil
}

// notNullOf gives a copied column's NOT NULL the name that it has in the source,
// as the server does since 18.
func (l *likeReader) notNullOf(source, copied *pg.Column) {
	if l.r.Version < 180000 || !copied.NotNull {
		return
	}
	name := choose(source.Table.Name, source.Name, "not_null", func(string) bool { return false })
	for k := range schema.Each[*pg.Constraint](l.r.catalog) {
		if k.Type == pg.NotNull && k.Columns[0] == source.ID() {
			name = k.Name
		}
	}
	l.add(&pg.Constraint{Table: l.id, Name: name, Type: pg.NotNull, Columns: []schema.ID{copied.ID()}}, l.location)
}

// comment copies the comment of an object.
func (l *likeReader) comment(from, to schema.ID) {
	if !l.has(likeComments) {
		return
	}
	if c, ok := schema.Lookup[*pg.Comment](l.r.catalog, (&pg.Comment{Target: from}).ID()); ok {
		l.add(&pg.Comment{Target: to, Text: c.Text}, l.location)
	}
}

// part copies a constraint, index or statistics object. Checks keep their
// names; the server chooses new ones for all that has an index.
func (l *likeReader) part(o schema.Object) {
	switch o := o.(type) {
	case *pg.Constraint:
		switch o.Type {
		case pg.Check:
			if l.has(likeConstraints) {
				n := schema.Rewrite(o, l.mine)
				n.NotValid, n.Unnamed = false, false
				l.add(n, l.location)
				l.comment(o.ID(), n.ID())
			}
		case pg.PrimaryKey, pg.Unique, pg.Exclusion:
			if l.has(likeIndexes) {
				n := schema.Rewrite(o, l.mine)
				n.UsingIndex, n.Unnamed = "", true
				n.Name = l.chooseKey(n.Type, apart(l.keyNames(o)))
				l.add(n, l.location)
				l.comment(o.ID(), n.ID())
			}
		}
	case *pg.Index:
		if l.has(likeIndexes) {
			n := schema.Rewrite(o, l.mine)
			n.Schema, n.Unnamed, n.Only, n.AttachedTo = l.id.Schema, true, false, schema.ID{}
			n.Name = l.chooseRelation(n.Schema, l.id.Name, joinNames(apart(l.indexNames(o))), "idx", false)
			l.add(n, l.location)
			l.comment(o.ID(), n.ID())
		}
	case *pg.Statistics:
		if l.has(likeStatistics) {
			n := schema.Rewrite(o, l.mine)
			n.Schema, n.Unnamed = l.id.Schema, true
			n.Name = l.chooseStatistics(n.Schema, l.id.Name, columnNames(n.Columns, len(n.Exprs)))
			l.add(n, l.location)
			l.comment(o.ID(), n.ID())
		}
	}
}

// keyNames are the names of a constraint's columns that the name of a copy
// is made of.
func (l *likeReader) keyNames(c *pg.Constraint) []string {
	var out []string
	for _, e := range c.Elements {
		out = append(out, keyName(e.IndexKey))
	}
	for _, id := range slices.Concat(c.Columns, c.Include) {
		out = append(out, id.Name)
	}
	return out
}

func (l *likeReader) indexNames(i *pg.Index) []string {
	var out []string
	for _, k := range i.Keys {
		out = append(out, keyName(k))
	}
	for _, id := range i.Include {
		out = append(out, id.Name)
	}
	return out
}

// keyName is the name of an index's column.
func keyName(k pg.IndexKey) string {
	if !k.Column.IsZero() {
		return k.Column.Name
	}
	tree, err := parseTree("SELECT " + k.Expr.Text)
	if err == nil && len(tree.Stmts) == 1 {
		for _, t := range tree.Stmts[0].Stmt.GetSelectStmt().GetTargetList() {
			if name := figureColumn(t.GetResTarget().GetVal()); name != "" {
				return name
			}
		}
	}
	return "expr"
}
