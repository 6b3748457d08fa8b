package postgres

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type publicationKind struct{}

func (publicationKind) Create(p *pg.Publication, e *emitter) {
	what := ""
	switch list := published(p); {
	case p.AllTables:
		what = "FOR ALL TABLES"
	case list != "":
		what = "FOR " + list
	}
	e.emit(sql("CREATE PUBLICATION", ident(p.Name), what, with(p.Options)))
}

// published lists the tables, and since 15 the schemas, of a publication.
func published(p *pg.Publication) string {
	var out []string
	for i, t := range p.Tables {
		words := choose(i == 0, "TABLE ", "") + path(t.Table)
		if len(t.Columns) > 0 {
			words += " (" + columnNames(t.Columns) + ")"
		}
		if !t.Where.IsZero() {
			words += " WHERE " + parenthesized(t.Where.Text)
		}
		out = append(out, words)
	}
	for i, s := range p.Schemas {
		out = append(out, choose(i == 0, "TABLES IN SCHEMA ", "")+ident(s))
	}
	return strings.Join(out, ", ")
}

func (publicationKind) Drop(p *pg.Publication, e *emitter) { e.drop(p.ID()) }

// publicationDefaults is what an option goes back to: there is no RESET.
var publicationDefaults = map[string]string{
	"publish": "insert, update, delete, truncate", "publish_via_partition_root": "false", "publish_generated_columns": "none",
}

func (publicationKind) Alter(old, new *pg.Publication, e *emitter) {
	if old.AllTables != new.AllTables {
		return
	}
	set, reset := optionChanges(&old.Options, new.Options)
	for _, name := range reset {
		set = append(set, pg.Option{Name: name, Value: publicationDefaults[name]})
	}
	if len(set) > 0 {
		e.emit(sql("ALTER PUBLICATION", ident(new.Name), "SET", optionList(set)))
	}
	if !slices.Contains(schema.Differing(old, new), "Tables") && slices.Equal(old.Schemas, new.Schemas) {
		return
	}
	if list := published(new); list != "" {
		e.emit(sql("ALTER PUBLICATION", ident(new.Name), "SET", list))
	} else {
		names := &pg.Publication{Schemas: old.Schemas}
		for _, t := range old.Tables {
			names.Tables = append(names.Tables, pg.PublishedTable{Table: t.Table})
		}
		e.emit(sql("ALTER PUBLICATION", ident(new.Name), "DROP", published(names)))
	}
	old.Tables, old.Schemas = new.Tables, new.Schemas
}
