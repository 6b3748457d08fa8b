package pgparse

import (
	"slices"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// createView reads CREATE VIEW.
func (r *reader) createView(s *pg_query.ViewStmt) error {
	if s.View.Relpersistence == "t" {
		return r.notManaged(-1, "a temporary view")
	}
	v := &pg.View{Schema: r.creation(s.View.Schemaname), Name: s.View.Relname}
	for _, d := range elements(s.Options) {
		v.Options = setOption(v.Options, d.Defname, word(d))
	}
	switch s.WithCheckOption {
	case pg_query.ViewCheckOption_LOCAL_CHECK_OPTION:
		v.Options = setOption(v.Options, "check_option", "local")
	case pg_query.ViewCheckOption_CASCADED_CHECK_OPTION:
		v.Options = setOption(v.Options, "check_option", "cascaded")
	}
	from, recursive, err := r.definingQuery()
	if err != nil {
		return err
	}
	to := r.end - r.offset
	if s.WithCheckOption != pg_query.ViewCheckOption_NO_CHECK_OPTION {
		to = r.checkOption()
	}
	if v.Recursive = recursive; recursive {
		if v.Query, err = r.recursiveQuery(v.Name, strs(s.Aliases), withoutComments(r.text(from, to))); err != nil {
			return err
		}
	} else {
		v.Query = r.slice(s.Query, from, to)
		v.Aliases = strs(s.Aliases)
		v.Columns = named(v.Aliases)
	}
	return r.addOrReplace(v, s.Replace)
}

// alterView reads ALTER VIEW with commands.
func (r *reader) alterView(s *pg_query.AlterTableStmt) error {
	v, err := defined[*pg.View](r, pg.KindView, s.Relation.Schemaname, s.Relation.Relname, "")
	if err != nil {
		return err
	}
	for _, n := range s.Cmds {
		if err := r.alterViewCommand(v, n.GetAlterTableCmd()); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) alterViewCommand(v *pg.View, c *pg_query.AlterTableCmd) error {
	switch c.Subtype {
	case pg_query.AlterTableType_AT_ChangeOwner:
		return r.setOwner(v.ID(), c.Newowner)
	case pg_query.AlterTableType_AT_SetRelOptions:
		for _, d := range elements(c.Def.GetList().GetItems()) {
			v.Options = setOption(v.Options, d.Defname, word(d))
		}
	case pg_query.AlterTableType_AT_ResetRelOptions:
		for _, d := range elements(c.Def.GetList().GetItems()) {
			v.Options = unsetOption(v.Options, d.Defname)
		}
	case pg_query.AlterTableType_AT_ColumnDefault:
		r.viewDefault(v, c.Name, c.Def)
	case pg_query.AlterTableType_AT_EnableTrig, pg_query.AlterTableType_AT_DisableTrig,
		pg_query.AlterTableType_AT_EnableAlwaysTrig, pg_query.AlterTableType_AT_EnableReplicaTrig,
		pg_query.AlterTableType_AT_EnableTrigAll, pg_query.AlterTableType_AT_DisableTrigAll,
		pg_query.AlterTableType_AT_EnableTrigUser, pg_query.AlterTableType_AT_DisableTrigUser:
		return r.enableTrigger(v.ID(), c)
	case pg_query.AlterTableType_AT_EnableRule, pg_query.AlterTableType_AT_DisableRule,
		pg_query.AlterTableType_AT_EnableAlwaysRule, pg_query.AlterTableType_AT_EnableReplicaRule:
		return r.enableRule(v.ID(), c)
	default:
		return r.notManaged(-1, "this form of ALTER VIEW")
	}
	return nil
}

// renameViewColumn gives a view's column another name, if the text tells which
// columns it has.
func (r *reader) renameViewColumn(view schema.ID, query string, aliases *[]string, old, new string) error {
	names := outputNames(query)
	copy(names, *aliases)
	if names == nil {
		names = *aliases
	}
	i := slices.Index(names, old)
	if i < 0 {
		return r.errorf(-1, "write the new name in the view's query", "which column of %s is %s cannot be told", view, pg.Quote(old))
	}
	*aliases = slices.Clone(names)
	(*aliases)[i] = new
	return nil
}

// viewDefault sets or drops the default of a view's column; the list stays
// sorted by column.
func (r *reader) viewDefault(v *pg.View, column string, value *pg_query.Node) {
	kept := v.Defaults[:0]
	for _, d := range v.Defaults {
		if d.Column != column {
			kept = append(kept, d)
		}
	}
	v.Defaults = kept
	if value == nil {
		return
	}
	at := 0
	for at < len(kept) && kept[at].Column < column {
		at++
	}
	v.Defaults = append(v.Defaults, pg.ViewDefault{})
	copy(v.Defaults[at+1:], v.Defaults[at:])
	v.Defaults[at] = pg.ViewDefault{Column: column, Value: r.expr(value)}
}
