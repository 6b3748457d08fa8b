package postgres

import (
	"strconv"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// sequence is a row of pg_class with its pg_sequence. Whose it is decides what
// becomes of it: an object of its own, or a part of an identity column.
type sequence struct {
	relation *relation
	unlogged bool
	acl      []string
	hasACL   bool
	made     pg.Sequence
}

func (in *inspection) readSequences() []query {
	sql := `SELECT c.oid, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, d.deptype, d.refobjid, d.refobjsubid
 FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid
 LEFT JOIN pg_depend d ON d.classid = 1259 AND d.objid = c.oid AND d.objsubid = 0 AND d.refclassid = 1259 AND d.refobjsubid > 0 AND d.deptype IN ('a','i')
 WHERE c.relnamespace IN ` + ours + ` ORDER BY c.relname`
	return []query{{sql, func(r row) error {
		s := in.sequences[r.oid(0)]
		if s == nil {
			return nil
		}
		rel := s.relation
		s.made = pg.Sequence{Schema: rel.id.Schema, Name: rel.id.Name, Type: r.text(1), Start: r.int64(2), Increment: r.int64(3),
			Min: r.int64(4), Max: r.int64(5), Cache: r.int64(6), Cycle: r.bool(7), Unlogged: s.unlogged}
		table := in.relations[r.oid(9)]
		if r.char(8) == 'i' {
			if table == nil {
				return nil
			}
			in.identities[columnKey{r.oid(9), r.int(10)}] = s
			root := table.id
			in.targets[address{classRelation, r.oid(0), 0}] = target{id: rel.id, relation: in.column(r.oid(9), r.int(10)), root: root}
			in.granted(rel.id, in.column(r.oid(9), r.int(10)), rel.owner, s.acl, s.hasACL, root)
			return nil
		}
		made := s.made
		in.add(&made, rel.id)
		in.targets[address{classRelation, r.oid(0), 0}] = target{id: rel.id, root: rel.id}
		in.granted(rel.id, schema.ID{}, rel.owner, s.acl, s.hasACL, rel.id)
		if table == nil { // else it belongs to whom the table belongs to
			in.owned(rel.id, rel.owner, rel.id)
		} else {
			in.add(&pg.SequenceOwner{Sequence: rel.id, Column: in.column(r.oid(9), r.int(10))}, rel.id)
		}
		return nil
	}}}
}

// columnKey is a column by its table and number.
type columnKey struct {
	table  oid
	number int
}

func (in *inspection) identity(table oid, number int, how byte) *pg.Identity {
	out := &pg.Identity{Always: how == 'a'}
	if s := in.identities[columnKey{table, number}]; s != nil {
		out.Sequence = s.made
	}
	return out
}

func (r row) int64(i int) int64 {
	n, _ := strconv.ParseInt(string(r.values[i]), 10, 64) // the server wrote it
	return n
}
