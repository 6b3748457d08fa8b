package postgres

import (
	"strings"

	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type viewKind struct{}

func (viewKind) Create(v *pg.View, e *emitter) {
	e.emit(createView(v, "CREATE"))
	alterViewDefaults(&pg.View{}, v, e)
}

// createView: the options of a view that is replaced are those given.
func createView(v *pg.View, verb string) []string {
	return sql(verb, "VIEW", path(v.ID()), aliases(v.Aliases), with(v.Options), "AS\n"+queryText(v.Query))
}

// aliases is the column list of a view, if its author wrote one.
func aliases(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "(" + idents(names) + ")"
}

func queryText(q schema.Expr) string {
	return strings.TrimRight(strings.Trim(q.Text, "\r\n"), "; \t\r\n")
}

func (viewKind) Drop(v *pg.View, e *emitter) { e.drop(v.ID(), lock(v.ID(), planner.LockAll)) }

func (viewKind) Alter(old, new *pg.View, e *emitter) {
	id := new.ID()
	switch {
	case !old.Query.Equal(new.Query) && !pgparse.ViewReplaceable(old, new):
		return
	case !old.Query.Equal(new.Query):
		e.emit(createView(new, "CREATE OR REPLACE"), lock(id, planner.LockAll))
		old.Query, old.Options = new.Query, new.Options
	default:
		e.alterOptions(&old.Options, new.Options, func(clause string) { e.emit(sql("ALTER VIEW", path(id), clause), lock(id, planner.LockAll)) })
	}
	alterViewDefaults(old, new, e)
}

func alterViewDefaults(old, new *pg.View, e *emitter) {
	alter := func(column, action string) {
		e.emit(sql("ALTER VIEW", path(new.ID()), "ALTER COLUMN", ident(column), action))
	}
	find := func(v *pg.View, column string) (schema.Expr, bool) {
		for _, d := range v.Defaults {
			if d.Column == column {
				return d.Value, true
			}
		}
		return schema.Expr{}, false
	}
	for _, d := range old.Defaults {
		if _, ok := find(new, d.Column); !ok {
			alter(d.Column, "DROP DEFAULT")
		}
	}
	for _, d := range new.Defaults {
		if have, ok := find(old, d.Column); !ok || !have.Equal(d.Value) {
			alter(d.Column, "SET DEFAULT "+d.Value.Text)
		}
	}
	old.Defaults = new.Defaults
}

type materializedViewKind struct{}

func (materializedViewKind) Create(v *pg.MaterializedView, e *emitter) {
	words := sql("CREATE MATERIALIZED VIEW", path(v.ID()), aliases(v.Aliases))
	if v.AccessMethod != "" {
		words = append(words, "USING "+ident(v.AccessMethod))
	}
	words = append(words, with(v.Options))
	if v.Tablespace != "" {
		words = append(words, "TABLESPACE "+ident(v.Tablespace))
	}
	words = append(words, "AS\n"+queryText(v.Query), choose(v.Unpopulated, "\nWITH NO DATA", ""))
	e.emit(words)
	e.matviewCluster(v)
}

func (materializedViewKind) Drop(v *pg.MaterializedView, e *emitter) {
	e.drop(v.ID(), lock(v.ID(), planner.LockAll))
}

func (materializedViewKind) Alter(old, new *pg.MaterializedView, e *emitter) {
	if !old.Query.Equal(new.Query) {
		return
	}
	id := new.ID()
	alter := func(action string, notes ...note) {
		e.emit(sql("ALTER MATERIALIZED VIEW", path(id), action), append(notes, lock(id, planner.LockAll))...)
	}
	e.alterOptions(&old.Options, new.Options, func(clause string) { alter(clause) })
	if old.AccessMethod != new.AccessMethod && e.at(15) {
		alter("SET ACCESS METHOD "+ident(orDefault(new.AccessMethod, "heap")), rewrites(id))
		old.AccessMethod = new.AccessMethod
	}
	if changed(&old.Tablespace, new.Tablespace) {
		alter("SET TABLESPACE "+ident(orDefault(new.Tablespace, "pg_default")), rewrites(id))
	}
	if changed(&old.Unpopulated, new.Unpopulated) {
		e.emit(sql("REFRESH MATERIALIZED VIEW", path(id), choose(new.Unpopulated, "WITH NO DATA", "")), lock(id, planner.LockAll))
	}
	if changed(&old.ClusterOn, new.ClusterOn) {
		if new.ClusterOn == "" {
			alter("SET WITHOUT CLUSTER")
		} else {
			e.matviewCluster(new)
		}
	}
}

func (e *emitter) matviewCluster(v *pg.MaterializedView) {
	if v.ClusterOn != "" && !e.indexAwaited(v.ID(), v.ClusterOn) {
		e.emit(sql("ALTER MATERIALIZED VIEW", path(v.ID()), "CLUSTER ON", ident(v.ClusterOn)))
	}
}
