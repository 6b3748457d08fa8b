package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

func (r *reader) createPublication(s *pg_query.CreatePublicationStmt) error {
	p := &pg.Publication{Name: s.Pubname, AllTables: s.ForAllTables}
	if err := r.publicationOptions(p, s.Options); err != nil {
		return err
	}
	if err := r.publish(p, s.Pubobjects); err != nil {
		return err
	}
	return r.add(p, -1)
}

// publicationDefaults are left out of Publication.Options.
var publicationDefaults = map[string]string{
	"publish": "insert, update, delete, truncate", "publish_via_partition_root": "false", "publish_generated_columns": "none",
}

func (r *reader) publicationOptions(p *pg.Publication, list []*pg_query.Node) error {
	for _, d := range elements(list) {
		value := ""
		switch d.Defname {
		case "publish":
			value = publishedActions(word(d))
		case "publish_via_partition_root":
			if value = "false"; boolean(d) {
				value = "true"
			}
		case "publish_generated_columns":
			value = strings.ToLower(word(d))
		default:
			return r.errorf(d.Location, "", "publication option %q is unknown", d.Defname)
		}
		if value == publicationDefaults[d.Defname] {
			p.Options = unsetOption(p.Options, d.Defname)
		} else {
			p.Options = setOption(p.Options, d.Defname, value)
		}
	}
	return nil
}

// publishedActions puts the actions into the server's order.
func publishedActions(list string) string {
	given := map[string]bool{}
	for _, a := range strings.Split(list, ",") {
		given[strings.ToLower(strings.TrimSpace(a))] = true
	}
	var out []string
	for _, a := range []string{"insert", "update", "delete", "truncate"} {
		if given[a] {
			out = append(out, a)
		}
	}
	return strings.Join(out, ", ")
}

// publish adds the tables and schemas of a list.
func (r *reader) publish(p *pg.Publication, list []*pg_query.Node) error {
	for _, n := range list {
		o := n.GetPublicationObjSpec()
		switch o.Pubobjtype {
		case pg_query.PublicationObjSpecType_PUBLICATIONOBJ_TABLE:
			t, err := r.publishedTable(o.Pubtable)
			if err != nil {
				return err
			}
			p.Tables = append(p.Tables, t)
		case pg_query.PublicationObjSpecType_PUBLICATIONOBJ_TABLES_IN_SCHEMA:
			p.Schemas = append(p.Schemas, o.Name)
		case pg_query.PublicationObjSpecType_PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA:
			p.Schemas = append(p.Schemas, r.creation(""))
		}
	}
	slices.SortFunc(p.Tables, func(a, b pg.PublishedTable) int { return a.Table.Compare(b.Table) })
	slices.Sort(p.Schemas)
	return nil
}

func (r *reader) publishedTable(t *pg_query.PublicationTable) (pg.PublishedTable, error) {
	table, err := r.existing(t.Relation)
	if err != nil {
		return pg.PublishedTable{}, err
	}
	out := pg.PublishedTable{Table: table}
	for _, c := range strs(t.Columns) {
		out.Columns = append(out.Columns, pg.ColumnID(table, c))
	}
	slices.SortFunc(out.Columns, schema.ID.Compare)
	if t.WhereClause != nil {
		out.Where = r.expr(t.WhereClause)
	}
	return out, nil
}

// alterPublication reads SET (options) and ADD, DROP, SET of tables and schemas.
func (r *reader) alterPublication(s *pg_query.AlterPublicationStmt) error {
	p, ok := schema.Lookup[*pg.Publication](r.catalog, schema.ID{Kind: pg.KindPublication, Name: s.Pubname})
	if !ok {
		return r.missing(-1, "publication %s does not exist", pg.Quote(s.Pubname))
	}
	if s.Options != nil {
		return r.publicationOptions(p, s.Options)
	}
	switch s.Action {
	case pg_query.AlterPublicationAction_AP_SetObjects:
		fresh := &pg.Publication{}
		if err := r.publish(fresh, s.Pubobjects); err != nil {
			return err
		}
		p.Tables, p.Schemas = fresh.Tables, fresh.Schemas
	case pg_query.AlterPublicationAction_AP_DropObjects:
		gone := &pg.Publication{}
		if err := r.publish(gone, s.Pubobjects); err != nil {
			return err
		}
		p.Tables = slices.DeleteFunc(p.Tables, func(t pg.PublishedTable) bool {
			return slices.ContainsFunc(gone.Tables, func(g pg.PublishedTable) bool { return g.Table == t.Table })
		})
		p.Schemas = slices.DeleteFunc(p.Schemas, func(s string) bool { return slices.Contains(gone.Schemas, s) })
	default:
		return r.publish(p, s.Pubobjects)
	}
	return nil
}
