package postgres

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type triggerKind struct{}

func (triggerKind) Create(t *pg.Trigger, e *emitter) {
	if !t.Of.IsZero() {
		setEnabled("TRIGGER", t.Relation, t.Name, t.Enabled, e)
		return
	}
	e.emit(sql(createTrigger(t, "CREATE")), lock(t.Relation, planner.LockWrite))
	enable("TRIGGER", t.Relation, t.Name, t.Enabled, e)
}

// Drop lets a partition's trigger be as its parent's; a change of that one sees
// to it by itself.
func (triggerKind) Drop(t *pg.Trigger, e *emitter) {
	switch parent, ok := e.object(t.Of).(*pg.Trigger); {
	case t.Of.IsZero():
		e.drop(t.ID(), lock(t.Relation, planner.LockAll))
	case ok && e.changes[t.Of] == nil:
		setEnabled("TRIGGER", t.Relation, t.Name, parent.Enabled, e)
	}
}

// Alter replaces a trigger in place. Constraint triggers can only be made anew.
// What is done to a partitioned table's trigger is done to those of all its
// partitions.
func (triggerKind) Alter(old, new *pg.Trigger, e *emitter) {
	if old.Of != new.Of {
		return
	}
	defer func(was pg.Trigger) {
		if !schema.Equal(&was, new) && new.Of.IsZero() {
			e.disturb(schema.Steady)
		}
	}(*old)
	enabled := new.Enabled != old.Enabled
	old.Enabled = new.Enabled
	if !schema.Equal(old, new) {
		if old.Constraint || new.Constraint {
			return
		}
		e.emit(sql(createTrigger(new, "CREATE OR REPLACE")), lock(new.Relation, planner.LockWrite))
		*old = *schema.Clone(new)
		enabled = enabled || new.Enabled != "" // a new definition is enabled
	}
	if enabled {
		setEnabled("TRIGGER", new.Relation, new.Name, new.Enabled, e)
	}
}

// enable sets a state that is not the default one.
func enable(word string, relation schema.ID, name, state string, e *emitter) {
	if state != "" {
		setEnabled(word, relation, name, state, e)
	}
}

// setEnabled works with ALTER TABLE on views, too.
func setEnabled(word string, relation schema.ID, name, state string, e *emitter) {
	e.emit(sql("ALTER TABLE", path(relation), enabledWords(state), word, ident(name)))
}

func enabledWords(state string) string {
	switch state {
	case "":
		return "ENABLE"
	case "disabled":
		return "DISABLE"
	}
	return "ENABLE " + strings.ToUpper(state)
}

func createTrigger(t *pg.Trigger, verb string) string {
	var b strings.Builder
	b.WriteString(join(verb, choose(t.Constraint, "CONSTRAINT", ""), "TRIGGER", ident(t.Name)))
	line := func(words ...string) {
		if s := join(words...); s != "" {
			b.WriteString("\n    " + s)
		}
	}
	line(strings.ToUpper(t.Timing), eventList(t), "ON", path(t.Relation))
	if !t.From.IsZero() {
		line("FROM", path(t.From))
	}
	if t.Constraint {
		line(choose(t.Deferrable || t.InitiallyDeferred, "DEFERRABLE", ""), choose(t.InitiallyDeferred, "INITIALLY DEFERRED", ""))
	}
	var tables []string
	if t.OldTable != "" {
		tables = append(tables, "OLD TABLE AS "+ident(t.OldTable))
	}
	if t.NewTable != "" {
		tables = append(tables, "NEW TABLE AS "+ident(t.NewTable))
	}
	if tables != nil {
		line("REFERENCING", strings.Join(tables, " "))
	}
	line("FOR EACH", choose(t.ForEachRow, "ROW", "STATEMENT"))
	if !t.When.IsZero() {
		line("WHEN", parenthesized(t.When.Text))
	}
	line("EXECUTE FUNCTION", functionPath(t.Function, t.FunctionName)+"("+literalList(t.Args)+")")
	return b.String()
}

func eventList(t *pg.Trigger) string {
	words := make([]string, len(t.Events))
	for i, e := range t.Events {
		words[i] = strings.ToUpper(e)
		if e == "update" && len(t.UpdateOf) > 0 {
			words[i] += " OF " + columnNames(t.UpdateOf)
		}
	}
	return strings.Join(words, " OR ")
}

// functionPath names a function of the catalog, or one that is not the user's.
func functionPath(id schema.ID, name string) string {
	if id.IsZero() {
		return name
	}
	return path(id)
}

type eventTriggerKind struct{}

func (eventTriggerKind) Create(t *pg.EventTrigger, e *emitter) {
	when := ""
	if len(t.Tags) > 0 {
		when = "\n    WHEN TAG IN (" + literalList(t.Listed) + ")"
	}
	e.emit(sql("CREATE EVENT TRIGGER", ident(t.Name), "ON", ident(t.Event), when, "\n    EXECUTE FUNCTION", functionPath(t.Function, t.FunctionName)+"()"))
	if t.Enabled != "" {
		e.emit(sql("ALTER EVENT TRIGGER", ident(t.Name), enabledWords(t.Enabled)))
	}
}

func (eventTriggerKind) Drop(t *pg.EventTrigger, e *emitter) { e.drop(t.ID()) }

func (eventTriggerKind) Alter(old, new *pg.EventTrigger, e *emitter) {
	if changed(&old.Enabled, new.Enabled) {
		e.emit(sql("ALTER EVENT TRIGGER", ident(new.Name), enabledWords(new.Enabled)))
	}
}

type ruleKind struct{}

func (ruleKind) Create(r *pg.Rule, e *emitter) {
	e.emit(createRule(r, "CREATE"), lock(r.Relation, planner.LockAll))
	enable("RULE", r.Relation, r.Name, r.Enabled, e)
}

func createRule(r *pg.Rule, verb string) []string {
	where := ""
	if !r.Where.IsZero() {
		where = "\n    WHERE " + parenthesized(r.Where.Text)
	}
	return sql(verb, "RULE", ident(r.Name), "AS ON", strings.ToUpper(r.Event), "TO", path(r.Relation), where,
		"\n    DO", choose(r.Instead, "INSTEAD", "ALSO"), strings.TrimSpace(r.Action.Text))
}

func (ruleKind) Drop(r *pg.Rule, e *emitter) { e.drop(r.ID(), lock(r.Relation, planner.LockAll)) }

func (ruleKind) Alter(old, new *pg.Rule, e *emitter) {
	enabled := old.Enabled != new.Enabled
	old.Enabled = new.Enabled
	if !schema.Equal(old, new) {
		e.emit(createRule(new, "CREATE OR REPLACE"), lock(new.Relation, planner.LockAll))
		*old = *schema.Clone(new)
	}
	if enabled {
		setEnabled("RULE", new.Relation, new.Name, new.Enabled, e)
	}
}

type policyKind struct{}

func (policyKind) Create(p *pg.Policy, e *emitter) {
	words := sql("CREATE POLICY", ident(p.Name), "ON", path(p.Table), choose(p.Restrictive, "AS RESTRICTIVE", ""))
	if p.Command != "" && p.Command != "all" {
		words = append(words, "FOR "+strings.ToUpper(p.Command))
	}
	if !slices.Equal(p.Roles, []string{"public"}) && len(p.Roles) > 0 {
		words = append(words, "TO "+roles(p.Roles))
	}
	e.emit(append(words, policyExpr("USING", p.Using), policyExpr("WITH CHECK", p.Check)), lock(p.Table, planner.LockAll))
}

func policyExpr(word string, x schema.Expr) string {
	if x.IsZero() {
		return ""
	}
	return word + " " + parenthesized(x.Text)
}

// roles lists roles; the name public means everyone.
func roles(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = role(n, n == "public")
	}
	return strings.Join(out, ", ")
}

func (policyKind) Drop(p *pg.Policy, e *emitter) { e.drop(p.ID(), lock(p.Table, planner.LockAll)) }

// Alter: what a policy is for cannot be changed, nor an expression taken away.
func (policyKind) Alter(old, new *pg.Policy, e *emitter) {
	if old.Restrictive != new.Restrictive || old.Command != new.Command ||
		new.Using.IsZero() && !old.Using.IsZero() || new.Check.IsZero() && !old.Check.IsZero() {
		return
	}
	words := sql("ALTER POLICY", ident(new.Name), "ON", path(new.Table))
	if !slices.Equal(old.Roles, new.Roles) {
		words = append(words, "TO "+roles(new.Roles))
		old.Roles = new.Roles
	}
	if changedExpr(&old.Using, new.Using) {
		words = append(words, policyExpr("USING", new.Using))
	}
	if changedExpr(&old.Check, new.Check) {
		words = append(words, policyExpr("WITH CHECK", new.Check))
	}
	e.emit(words, lock(new.Table, planner.LockAll))
}
