package pgparse

import (
	"strconv"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// columnCommand reads what changes or drops a column.
func (t *tableReader) columnCommand(c *pg_query.AlterTableCmd) (bool, error) {
	r := t.r
	switch c.Subtype {
	case pg_query.AlterTableType_AT_SetNotNull, pg_query.AlterTableType_AT_DropNotNull:
		return true, t.setNotNull(c.Name, c.Subtype == pg_query.AlterTableType_AT_SetNotNull)
	case pg_query.AlterTableType_AT_ColumnDefault:
		return true, t.setDefault(c)
	case pg_query.AlterTableType_AT_DropColumn:
		return true, t.dropColumn(c)
	case pg_query.AlterTableType_AT_SetStatistics, pg_query.AlterTableType_AT_SetOptions, pg_query.AlterTableType_AT_ResetOptions,
		pg_query.AlterTableType_AT_SetStorage, pg_query.AlterTableType_AT_SetCompression, pg_query.AlterTableType_AT_DropExpression,
		pg_query.AlterTableType_AT_AlterColumnType, pg_query.AlterTableType_AT_AddIdentity, pg_query.AlterTableType_AT_SetIdentity, pg_query.AlterTableType_AT_DropIdentity:
	default:
		return false, nil
	}
	column, err := t.changed(c.Name)
	if err != nil {
		return true, err
	}
	switch c.Subtype {
	case pg_query.AlterTableType_AT_SetStatistics:
		column.Statistics, err = strconv.Atoi(nodeWord(c.Def))
	case pg_query.AlterTableType_AT_SetOptions:
		column.Options = storageOptions(column.Options, c.Def.GetList().GetItems())
	case pg_query.AlterTableType_AT_ResetOptions:
		column.Options = resetOptions(column.Options, c.Def.GetList().GetItems())
	case pg_query.AlterTableType_AT_SetStorage:
		column.Storage = columnStorage(str(c.Def))
	case pg_query.AlterTableType_AT_SetCompression:
		if column.Compression = strings.ToLower(str(c.Def)); column.Compression == "default" {
			column.Compression = ""
		}
	case pg_query.AlterTableType_AT_DropExpression:
		column.Generated, column.Virtual = schema.Expr{}, false
	case pg_query.AlterTableType_AT_AlterColumnType:
		err = t.setType(column, c.Def.GetColumnDef())
	case pg_query.AlterTableType_AT_AddIdentity:
		k := c.Def.GetConstraint()
		d := &tableReader{draft: r.draft(), id: t.id, table: t.table}
		if err = d.identity(column, k); err == nil {
			err = d.commit()
		}
	case pg_query.AlterTableType_AT_SetIdentity:
		err = t.setIdentity(column, c.Def.GetList().GetItems())
	case pg_query.AlterTableType_AT_DropIdentity:
		if column.Identity == nil && !c.MissingOk {
			err = r.errorf(-1, "", "%s is not an identity column", column.ID())
		}
		column.Identity = nil
	}
	return true, err
}

// changed is the column that a command changes: the table's own, or a copy of
// an inherited one.
func (t *tableReader) changed(name string) (*pg.Column, error) {
	if c, ok := schema.Lookup[*pg.Column](t.r.catalog, pg.ColumnID(t.id, name)); ok {
		return c, nil
	}
	for _, p := range t.r.inheritedColumns(t.table) {
		if p.Name == name {
			c := schema.Clone(p)
			c.Table, c.Inherited = t.id, true
			return c, t.r.add(c, -1)
		}
	}
	return nil, t.r.missing(-1, "column %s of %s does not exist", pg.Quote(name), t.id)
}

// setDefault reads SET DEFAULT, SET EXPRESSION and DROP DEFAULT.
func (t *tableReader) setDefault(c *pg_query.AlterTableCmd) error {
	r := t.r
	if !r.hasColumn(t.id, c.Name) {
		return r.missing(-1, "column %s of %s does not exist", pg.Quote(c.Name), t.id)
	}
	d := &pg.Default{Column: pg.ColumnID(t.id, c.Name)}
	if c.Def == nil {
		r.remove(d.ID())
		return nil
	}
	value := r.expr(c.Def)
	if r.newer.within(0, r.end-r.offset, markExpression) {
		column, err := t.changed(c.Name)
		if err == nil {
			column.Generated = value
		}
		return err
	}
	d.Value = value
	r.put(d, -1)
	return nil
}

// setType reads ALTER COLUMN .. TYPE. How the rows are converted is of no
// concern: the text says what is to be there in the end.
func (t *tableReader) setType(c *pg.Column, s *pg_query.ColumnDef) error {
	c.Type = t.r.typeName(s.TypeName)
	c.Collation = ""
	if s.CollClause != nil {
		c.Collation = t.r.collation(s.CollClause)
	}
	if s.RawDefault != nil {
		c.Using = t.r.expr(s.RawDefault).Text
	}
	if c.Identity == nil {
		return nil
	}
	as := &pg_query.DefElem{Defname: "as", Arg: &pg_query.Node{Node: &pg_query.Node_TypeName{TypeName: s.TypeName}}}
	return t.r.sequenceOptions(&c.Identity.Sequence, []*pg_query.Node{{Node: &pg_query.Node_DefElem{DefElem: as}}}, true, true)
}

// setIdentity reads SET GENERATED and SET with options of the sequence.
func (t *tableReader) setIdentity(c *pg.Column, list []*pg_query.Node) error {
	if c.Identity == nil {
		return t.r.errorf(-1, "", "%s is not an identity column", c.ID())
	}
	var rest []*pg_query.Node
	for _, n := range list {
		d := n.GetDefElem()
		if d.GetDefname() == "generated" {
			// The letter of attidentity, as an integer.
			c.Identity.Always = word(d) == strconv.Itoa('a')
			continue
		}
		rest = append(rest, n)
	}
	return t.r.sequenceOptions(&c.Identity.Sequence, rest, true, true)
}

func (t *tableReader) dropColumn(c *pg_query.AlterTableCmd) error {
	id := pg.ColumnID(t.id, c.Name)
	if !t.r.catalog.Has(id) {
		if c.MissingOk {
			return nil
		}
		return t.r.notDeferred(t.r.missing(-1, "%s does not exist", id), false)
	}
	t.r.dropTree(id, c.Behavior == pg_query.DropBehavior_DROP_CASCADE)
	return nil
}
