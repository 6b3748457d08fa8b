package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

var ruleEvents = map[pg_query.CmdType]string{
	pg_query.CmdType_CMD_SELECT: "select", pg_query.CmdType_CMD_INSERT: "insert",
	pg_query.CmdType_CMD_UPDATE: "update", pg_query.CmdType_CMD_DELETE: "delete",
}

// createRule reads CREATE RULE. One ON SELECT makes a table a view, which
// PostgreSQL takes only up to 15.
func (r *reader) createRule(s *pg_query.RuleStmt) error {
	if s.Event == pg_query.CmdType_CMD_SELECT {
		return r.errorf(-1, "write CREATE VIEW", "a rule ON SELECT makes a view")
	}
	relation, err := r.existing(s.Relation)
	if err != nil {
		return err
	}
	u := &pg.Rule{Relation: relation, Name: s.Rulename, Event: ruleEvents[s.Event], Instead: s.Instead}
	do, at := ruleAction(r.sql(), r.tokens())
	if do < 0 {
		return r.errorf(-1, "", "cannot find the action of the rule")
	}
	u.Where = r.exprUntil(s.WhereClause, do)
	actions := &pg_query.Node{Node: &pg_query.Node_List{List: &pg_query.List{Items: s.Actions}}}
	u.Action = r.slice(actions, at, r.end-r.offset)
	return r.addOrReplace(u, s.Replace)
}

// ruleAction finds DO [ALSO|INSTEAD], and the place behind it. No keyword of
// the condition is called DO, and a quoted one does not count.
func ruleAction(text string, list []token) (do, at int) {
	depth := 0
	for i, t := range list {
		depth += nesting(text, t)
		if depth != 0 || !t.is(text, "do") || i+1 == len(list) {
			continue
		}
		if next := list[i+1]; next.is(text, "also") || next.is(text, "instead") {
			return t.start, next.end
		}
		return t.start, t.end
	}
	return -1, -1
}

// enableRule reads ALTER TABLE .. ENABLE and DISABLE RULE.
func (r *reader) enableRule(relation schema.ID, c *pg_query.AlterTableCmd) error {
	u, err := part[*pg.Rule](r, pg.KindRule, relation, c.Name)
	if err != nil {
		return err
	}
	switch c.Subtype {
	case pg_query.AlterTableType_AT_EnableRule:
		u.Enabled = ""
	case pg_query.AlterTableType_AT_DisableRule:
		u.Enabled = "disabled"
	case pg_query.AlterTableType_AT_EnableAlwaysRule:
		u.Enabled = "always"
	case pg_query.AlterTableType_AT_EnableReplicaRule:
		u.Enabled = "replica"
	}
	return nil
}
