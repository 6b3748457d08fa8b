package pgparse

import (
	"math"
	"strconv"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// serialTypes are the pseudo-types that make a sequence, by name.
var serialTypes = map[string]string{
	"smallserial": "smallint", "serial2": "smallint",
	"serial": "integer", "serial4": "integer",
	"bigserial": "bigint", "serial8": "bigint",
}

// column reads a column's definition.
func (t *tableReader) column(s *pg_query.ColumnDef) error {
	c, err := t.newColumn(s)
	if err != nil {
		return err
	}
	if s.Compression != "" && s.Compression != "default" {
		c.Compression = strings.ToLower(s.Compression)
	}
	if s.StorageName != "" {
		c.Storage = columnStorage(s.StorageName)
	}
	if s.CollClause != nil {
		c.Collation = t.r.collation(s.CollClause)
	}
	return t.columnConstraints(c, s)
}

// columnStorage: DEFAULT is the type's own.
func columnStorage(s string) string {
	if s = strings.ToLower(s); s == "default" {
		return ""
	}
	return s
}

// newColumn finds or makes the column that a definition is about. Without a
// type, it is one that the table has from its type or its parent.
func (t *tableReader) newColumn(s *pg_query.ColumnDef) (*pg.Column, error) {
	r := t.r
	if s.TypeName == nil {
		if c := t.typed[s.Colname]; c != nil {
			return c, nil
		}
		for _, p := range r.inheritedColumns(t.table) {
			if p.Name == s.Colname {
				c := schema.Clone(p)
				c.Table, c.Inherited, c.Identity = t.id, true, nil
				t.add(c, s.Location)
				return c, nil
			}
		}
		return nil, r.missing(s.Location, "column %s does not exist", pg.Quote(s.Colname))
	}
	t.number++
	c := &pg.Column{Table: t.id, Name: s.Colname, Statistics: -1, Number: t.number}
	t.add(c, s.Location)
	names := strs(s.TypeName.Names)
	if base := serialTypes[names[len(names)-1]]; base != "" && len(names) == 1 && !s.TypeName.PctType {
		if len(s.TypeName.ArrayBounds) > 0 {
			return nil, r.errorf(s.TypeName.Location, "", "array of %s is not implemented", names[0])
		}
		t.serial(c, base, s.Location)
		return c, nil
	}
	if s.TypeName.Setof {
		return nil, r.errorf(s.TypeName.Location, "", "column %s cannot be a SETOF type", pg.Quote(s.Colname))
	}
	c.Type = r.typeName(s.TypeName)
	return c, nil
}

// serial makes the sequence of a serial column.
func (t *tableReader) serial(c *pg.Column, base string, location int32) {
	c.Type, c.NotNull = pg.Type{Name: base}, true
	q := &pg.Sequence{Schema: t.id.Schema, Type: base, Unlogged: t.unloggedSequences()}
	q.Name = t.chooseRelation(q.Schema, t.id.Name, c.Name, "seq", false)
	sequenceDefaults(q)
	name := strings.ReplaceAll(pg.Qualify(q.Schema, q.Name), "'", "''")
	t.add(q, location)
	t.add(&pg.Default{Column: c.ID(), Value: schema.Expr{Text: "nextval('" + name + "'::regclass)"}}, location)
	t.add(&pg.SequenceOwner{Sequence: q.ID(), Column: c.ID()}, location)
}

// unloggedSequences tells whether the sequences that the server makes for the
// table's columns are unlogged, as they are with an unlogged table since 15.
func (t *tableReader) unloggedSequences() bool { return t.table.Unlogged && t.r.Version >= 150000 }

// columnConstraints reads what follows a column's type.
func (t *tableReader) columnConstraints(c *pg.Column, s *pg_query.ColumnDef) error {
	r := t.r
	var last *pg_query.Constraint
	for i, n := range s.Constraints {
		k := n.GetConstraint()
		end := t.constraintEnd(s, i)
		// GENERATED .. VIRTUAL comes as a CHECK, see newer.go.
		virtual := r.newer.within(k.Location, end, markVirtual)
		unsaid := r.newer.within(k.Location, end, markGenerated)
		switch k.Contype {
		case pg_query.ConstrType_CONSTR_NULL:
			if c.NotNull && (c.Identity != nil || !c.Inherited) {
				return r.errorf(k.Location, "", "conflicting NULL and NOT NULL for column %s", pg.Quote(c.Name))
			}
		case pg_query.ConstrType_CONSTR_NOTNULL:
			c.NotNull = true
			t.notNull(c.Name, k, end)
		case pg_query.ConstrType_CONSTR_DEFAULT:
			t.add(&pg.Default{Column: c.ID(), Value: r.exprUntil(k.RawExpr, end)}, k.Location)
		case pg_query.ConstrType_CONSTR_IDENTITY:
			if err := t.identity(c, k); err != nil {
				return err
			}
		case pg_query.ConstrType_CONSTR_GENERATED:
			c.Generated = r.exprUntil(k.RawExpr, end)
		case pg_query.ConstrType_CONSTR_ATTR_DEFERRABLE, pg_query.ConstrType_CONSTR_ATTR_NOT_DEFERRABLE,
			pg_query.ConstrType_CONSTR_ATTR_DEFERRED, pg_query.ConstrType_CONSTR_ATTR_IMMEDIATE:
			if last == nil {
				return r.errorf(k.Location, "", "misplaced DEFERRABLE or INITIALLY clause")
			}
			switch k.Contype {
			case pg_query.ConstrType_CONSTR_ATTR_DEFERRABLE:
				last.Deferrable = true
			case pg_query.ConstrType_CONSTR_ATTR_DEFERRED:
				last.Deferrable, last.Initdeferred = true, true
			}
			continue
		default:
			if !virtual && !unsaid {
				t.pend(k, c.Name, end)
				break
			}
			if r.Version < 180000 {
				return r.errorf(k.Location, "add STORED", "virtual generated columns need PostgreSQL 18")
			}
			c.Generated, c.Virtual = r.exprUntil(k.RawExpr, end), true
		}
		last = k
	}
	return nil
}

// constraintEnd is the offset, from the statement's start, where the i-th of a
// column's constraints ends at the latest.
func (t *tableReader) constraintEnd(s *pg_query.ColumnDef, i int) int {
	from := s.Constraints[i].GetConstraint().GetLocation()
	end := t.r.itemEnd(from)
	for _, n := range s.Constraints {
		if l := n.GetConstraint().GetLocation(); l > from {
			end = min(end, int(l))
		}
	}
	if l := s.CollClause.GetLocation(); l > from {
		end = min(end, int(l))
	}
	return end
}

// itemEnd is where the item of a list ends that begins at a place: at the next
// comma or closing parenthesis outside of parentheses of its own.
func (r *reader) itemEnd(from int32) int {
	tokens, text := r.tokens(), r.source.Text[r.offset:r.end]
	depth := 0
	for _, t := range tokens[tokenAt(tokens, int(from)):] {
		if depth == 0 && (t.is(text, ",") || t.is(text, ")")) {
			return t.start
		}
		depth += nesting(text, t)
	}
	return len(text)
}

// identity reads GENERATED .. AS IDENTITY.
func (t *tableReader) identity(c *pg.Column, k *pg_query.Constraint) error {
	c.NotNull = true
	c.Identity = &pg.Identity{Always: k.GeneratedWhen == "a", Sequence: pg.Sequence{Type: c.Type.Name, Unlogged: t.unloggedSequences()}}
	q := &c.Identity.Sequence
	if !integerType(q.Type) {
		return t.r.errorf(k.Location, "", "identity column type must be smallint, integer, or bigint")
	}
	sequenceDefaults(q)
	if err := t.r.sequenceOptions(q, k.Options, true, false); err != nil {
		return err
	}
	t.claimIdentity(q, c.Name)
	return nil
}

// claimIdentity occupies the name of the column's implicit sequence.
func (t *tableReader) claimIdentity(q *pg.Sequence, column string) {
	namespace, name := q.Schema, q.Name
	if name == "" {
		namespace, name = t.id.Schema, t.chooseRelation(t.id.Schema, t.id.Name, column, "seq", false)
	}
	t.implicit[schema.ID{Kind: pg.KindSequence, Schema: namespace, Name: name}] = pg.ColumnID(t.id, column)
	t.named["relation "+namespace+"."+name] = true
}

func integerType(name string) bool {
	return name == "smallint" || name == "integer" || name == "bigint"
}

// sequenceDefaults fills in what CREATE SEQUENCE assumes for the type and for
// an ascending sequence.
func sequenceDefaults(q *pg.Sequence) {
	q.Start, q.Increment, q.Min, q.Cache = 1, 1, 1, 1
	_, q.Max = sequenceBounds(q.Type)
}

func sequenceBounds(typ string) (lowest, highest int64) {
	switch typ {
	case "smallint":
		return math.MinInt16, math.MaxInt16
	case "integer":
		return math.MinInt32, math.MaxInt32
	}
	return math.MinInt64, math.MaxInt64
}

// integer reads an integer constant, which the grammar keeps as a float if it
// does not fit into 32 bits.
func integer(d *pg_query.DefElem) (int64, error) { return strconv.ParseInt(word(d), 10, 64) }
