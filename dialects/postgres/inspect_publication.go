package postgres

import (
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// readPublications reads pg_publication. Column lists, row filters, and whole
// schemas are new in 15.
func (in *inspection) readPublications() []query {
	columns, where, schemas := "p.prattrs", "pg_get_expr(p.prqual, p.prrelid)", "SELECT pnpubid, n.nspname FROM pg_publication_namespace JOIN pg_namespace n ON n.oid = pnnspid ORDER BY 2"
	if in.version < 150000 {
		columns, where, schemas = "NULL", "NULL", "SELECT NULL, NULL WHERE false"
	}
	generated := "''"
	if in.version >= 180000 {
		generated = "CASE p.pubgencols WHEN 's' THEN 'stored' ELSE '' END"
	}
	made := map[oid]*pg.Publication{}
	return []query{
		{`SELECT p.oid, p.pubname, p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot, pg_get_userbyid(p.pubowner), ` + generated + `
 FROM pg_publication p ORDER BY p.pubname`, func(r row) error {
			at := address{classPublication, r.oid(0), 0}
			if in.members[at] || len(in.options.Schemas) > 0 {
				return nil
			}
			p := &pg.Publication{Name: r.text(1), AllTables: r.bool(2), Options: publicationOptions(r)}
			made[r.oid(0)] = p
			in.add(p, p.ID())
			in.targets[at] = target{id: p.ID(), root: p.ID()}
			in.owned(p.ID(), r.text(8), p.ID())
			return nil
		}},
		{`SELECT p.prpubid, p.prrelid, ` + columns + `, ` + where + ` FROM pg_publication_rel p JOIN pg_class c ON c.oid = p.prrelid ORDER BY c.relname`, func(r row) error {
			p, rel := made[r.oid(0)], in.relations[r.oid(1)]
			if p != nil && rel != nil {
				p.Tables = append(p.Tables, pg.PublishedTable{Table: rel.id, Columns: in.columnIDs(r.oid(1), r.vector(2)), Where: schema.Expr{Text: r.text(3)}})
			}
			return nil
		}},
		{schemas, func(r row) error {
			if p := made[r.oid(0)]; p != nil {
				p.Schemas = append(p.Schemas, r.text(1))
			}
			return nil
		}},
	}
}

// publicationOptions lists what is not the default.
func publicationOptions(r row) []pg.Option {
	var operations []string
	for i, name := range [...]string{"insert", "update", "delete", "truncate"} {
		if r.bool(3 + i) {
			operations = append(operations, name)
		}
	}
	var out []pg.Option
	if len(operations) < 4 {
		out = append(out, pg.Option{Name: "publish", Value: strings.Join(operations, ", ")})
	}
	if g := r.text(9); g != "" {
		out = append(out, pg.Option{Name: "publish_generated_columns", Value: g})
	}
	if r.bool(7) {
		out = append(out, pg.Option{Name: "publish_via_partition_root", Value: strconv.FormatBool(true)})
	}
	return out
}
