package postgres

import (
	"fmt"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// workshop designs twins for the objects whose expressions differ.
type workshop struct {
	current, desired *schema.Catalog
	twins            []*twin
	n                int
	byTable          map[schema.ID][]*pg.Column
	shapes           map[schema.ID]bool // of relations: whether reshaped
}

// name makes a name that nothing else has.
func (w *workshop) name() string {
	w.n++
	return fmt.Sprintf("__trueup_%d", w.n)
}

// ask adds a twin for a pair that differs.
func (w *workshop) ask(t twin, live schema.Expr, want *schema.Expr) {
	if live.Equal(*want) {
		return
	}
	t.live = live.Text
	t.settle = append(t.settle, pair{want, live})
	w.twins = append(w.twins, &t)
}

// build designs the twins for one object; old is what the database has.
func (w *workshop) build(old, new schema.Object) {
	switch n := new.(type) {
	case *pg.Table:
		w.table(old.(*pg.Table), n)
	case *pg.Column:
		w.generated(old.(*pg.Column), n)
	case *pg.Default:
		w.defaulted(old.(*pg.Default), n)
	case *pg.Constraint:
		o := old.(*pg.Constraint)
		w.check(n.Table, o.Check, &n.Check)
		w.check(n.Table, o.Predicate, &n.Predicate)
		for i := range n.Elements {
			w.key(n.Table, n.Method, o.Elements[i].IndexKey, &n.Elements[i].IndexKey)
		}
	case *pg.Index:
		o := old.(*pg.Index)
		w.check(n.Table, o.Predicate, &n.Predicate)
		for i := range n.Keys {
			w.key(n.Table, n.Method, o.Keys[i], &n.Keys[i])
		}
	case *pg.Statistics:
		o := old.(*pg.Statistics)
		for i := range n.Exprs {
			w.statistic(n.Table, o.Exprs[i], &n.Exprs[i])
		}
	case *pg.View:
		if w.anyReshaped(n.Query.Refs) {
			return
		}
		w.view(n.Schema, old.(*pg.View).Query, &n.Query, n.Aliases)
	case *pg.MaterializedView:
		if w.anyReshaped(n.Query.Refs) {
			return
		}
		w.view(n.Schema, old.(*pg.MaterializedView).Query, &n.Query, n.Aliases)
	case *pg.Rule:
		w.rule(old.(*pg.Rule), n)
	case *pg.Trigger:
		w.trigger(old.(*pg.Trigger), n)
	case *pg.Policy:
		w.policy(old.(*pg.Policy), n)
	case *pg.Domain:
		w.domain(old.(*pg.Domain), n)
	case *pg.DomainConstraint:
		w.domainCheck(old.(*pg.DomainConstraint), n)
	case *pg.Function:
		w.function(old.(*pg.Function), n)
	case *pg.Publication:
		o := old.(*pg.Publication)
		for i := range n.Tables {
			w.check(n.Tables[i].Table, o.Tables[i].Where, &n.Tables[i].Where)
		}
	}
}

// typeSQL is a type as SQL.
func typeSQL(t pg.Type) string {
	s := t.Name
	if !t.Ref.IsZero() {
		s = pg.Qualify(t.Path())
	}
	if t.Array {
		s += "[]"
	}
	return s
}

// columns are all columns of a table, also those that come from elsewhere.
func (w *workshop) columns(table schema.ID, skip string) []string {
	var out []string
	seen := map[string]bool{skip: true}
	add := func(name, typ, collation string) {
		if seen[name] {
			return
		}
		seen[name] = true
		s := pg.Quote(name) + " " + typ
		if collation != "" {
			s += " COLLATE " + collation
		}
		out = append(out, s)
	}
	todo := []schema.ID{table}
	for len(todo) > 0 {
		id := todo[0]
		todo = todo[1:]
		switch o := w.desired.Object(id).(type) {
		case *pg.Table:
			todo = append(append(todo, o.PartitionOf, o.OfType), o.Inherits...)
		case *pg.Composite:
			for _, a := range o.Attributes {
				add(a.Name, typeSQL(a.Type), a.Collation)
			}
		case *pg.View:
			old, _ := schema.Lookup[*pg.View](w.current, id) // the author's side may not know the types
			if old != nil {
				for _, c := range old.Columns {
					add(c.Name, typeSQL(c.Type), "")
				}
			}
		}
		for _, c := range w.columnsOf(id) {
			if !c.Type.IsZero() {
				add(c.Name, typeSQL(c.Type), c.Collation)
			}
		}
	}
	return out
}

// columnsOf are the columns of one table in the desired state.
func (w *workshop) columnsOf(table schema.ID) []*pg.Column {
	if w.byTable == nil {
		w.byTable = map[schema.ID][]*pg.Column{}
		for c := range schema.Each[*pg.Column](w.desired) {
			w.byTable[c.Table] = append(w.byTable[c.Table], c)
		}
	}
	return w.byTable[table]
}

// empty is the statement that makes the empty twin of a table, under its own
// name, by which expressions may qualify its columns.
func (w *workshop) empty(table schema.ID) string {
	return "CREATE TABLE " + twinName(table) + " (" + strings.Join(w.columns(table, ""), ", ") + ")"
}

func twinName(table schema.ID) string { return "pg_temp." + pg.Quote(table.Name) }

// regclass is SQL for a twin's oid; NULL if there is none.
func regclass(name string) string { return "to_regclass(" + quoteLiteral(name) + ")" }

func (w *workshop) check(table schema.ID, live schema.Expr, want *schema.Expr) {
	name := w.name()
	w.ask(twin{base: []string{w.empty(table)}, namespace: table.Schema,
		setup: []string{"ALTER TABLE " + twinName(table) + " ADD CONSTRAINT " + name + " CHECK (" + want.Text + ")"},
		print: "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conname = '" + name + "'"}, live, want)
}

// key asks for an expression of an index.
func (w *workshop) key(table schema.ID, method string, live pg.IndexKey, want *pg.IndexKey) {
	name := w.name()
	w.ask(twin{base: []string{w.empty(table)}, namespace: table.Schema,
		setup: []string{"CREATE INDEX " + name + " ON " + twinName(table) + " USING " + method + " ((" + want.Expr.Text + ") " + want.OpClass + ")"},
		print: "SELECT pg_get_indexdef(" + regclass("pg_temp."+name) + ", 1, false)"}, live.Expr, &want.Expr)
}

// statistic asks for an expression of a statistics object, which the server
// prints without the parentheses that an index needs.
func (w *workshop) statistic(table schema.ID, live schema.Expr, want *schema.Expr) {
	name := w.name()
	w.ask(twin{base: []string{w.empty(table)}, namespace: table.Schema,
		setup: []string{"CREATE INDEX " + name + " ON " + twinName(table) + " ((" + want.Text + "))"},
		print: "SELECT pg_get_expr(indexprs, indrelid) FROM pg_index WHERE indexrelid = " + regclass("pg_temp."+name)}, live, want)
}

func (w *workshop) defaulted(old, new *pg.Default) {
	table := tableOf(new.Column)
	relation := w.name()
	column := pg.Quote(new.Column.Name)
	var typ string
	for _, c := range w.columns(table, "") {
		if strings.HasPrefix(c, column+" ") {
			typ = c
		}
	}
	w.ask(twin{setup: []string{"CREATE TABLE pg_temp." + relation + " (" + typ + " DEFAULT " + new.Value.Text + ")"}, namespace: table.Schema,
		print: "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = " + regclass("pg_temp."+relation)}, old.Value, &new.Value)
}

func (w *workshop) generated(old, new *pg.Column) {
	relation := w.name()
	list := append(w.columns(new.Table, new.Name), fmt.Sprintf("%s %s GENERATED ALWAYS AS (%s) %s", pg.Quote(new.Name), w.ownType(new), new.Generated.Text, stored(new)))
	w.ask(twin{setup: []string{"CREATE TABLE pg_temp." + relation + " (" + strings.Join(list, ", ") + ")"}, namespace: new.Table.Schema,
		print: "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = " + regclass("pg_temp."+relation)}, old.Generated, &new.Generated)
}

func stored(c *pg.Column) string {
	if c.Virtual {
		return "VIRTUAL"
	}
	return "STORED"
}

// ownType is a column's type and collation.
func (w *workshop) ownType(c *pg.Column) string {
	if c.Collation != "" {
		return typeSQL(c.Type) + " COLLATE " + c.Collation
	}
	return typeSQL(c.Type)
}

func (w *workshop) view(namespace string, live schema.Expr, want *schema.Expr, names []string) {
	name := w.name()
	w.ask(twin{setup: []string{"CREATE VIEW pg_temp." + name + aliases(names) + " AS " + want.Text}, namespace: namespace,
		print: "SELECT rtrim(btrim(pg_get_viewdef(" + regclass("pg_temp."+name) + "), E' \\n'), ';')"}, live, want)
}

// table asks for partition keys and bounds.
func (w *workshop) table(old, new *pg.Table) {
	if new.PartitionBy != nil && old.PartitionBy != nil {
		name := w.name()
		t := twin{setup: []string{"CREATE TABLE pg_temp." + name + " (" + strings.Join(w.columns(new.ID(), ""), ", ") + ") " + partitionBy(new.PartitionBy)},
			print:     "SELECT pg_get_expr(partexprs, partrelid) FROM pg_partitioned_table WHERE partrelid = " + regclass("pg_temp."+name),
			namespace: new.Schema}
		var texts []string
		for i := range new.PartitionBy.Keys {
			a, b := old.PartitionBy.Keys[i].Expr, &new.PartitionBy.Keys[i].Expr
			if !a.IsZero() {
				texts = append(texts, a.Text)
				t.settle = append(t.settle, pair{b, a})
			}
		}
		if len(t.settle) > 0 {
			t.live = strings.Join(texts, ", ")
			w.twins = append(w.twins, &t)
		}
	}
	parent, ok := schema.Lookup[*pg.Table](w.desired, new.PartitionOf)
	if !ok || parent.PartitionBy == nil {
		return
	}
	whole, part := w.name(), w.name()
	w.ask(twin{setup: []string{
		"CREATE TABLE pg_temp." + whole + " (" + strings.Join(w.columns(parent.ID(), ""), ", ") + ") " + partitionBy(parent.PartitionBy),
		"CREATE TABLE pg_temp." + part + " PARTITION OF pg_temp." + whole + " " + new.Bound.Text,
	}, print: "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = " + regclass("pg_temp."+part), namespace: new.Schema}, old.Bound, &new.Bound)
}

// partitionBy is a partition key as SQL.
func partitionBy(k *pg.PartitionKey) string {
	keys := make([]string, len(k.Keys))
	for i, key := range k.Keys {
		keys[i] = pg.Quote(key.Column.Name)
		if key.Column.IsZero() {
			keys[i] = "(" + key.Expr.Text + ")"
		}
		if key.Collation != "" {
			keys[i] += " COLLATE " + key.Collation
		}
		keys[i] += " " + key.OpClass
	}
	return "PARTITION BY " + k.Strategy + " (" + strings.Join(keys, ", ") + ")"
}

// relation is the statement that makes the twin of a table or a view.
func (w *workshop) relation(id schema.ID) string {
	if id.Kind == pg.KindTable {
		return w.empty(id)
	}
	columns := w.columns(id, "")
	for i, c := range columns {
		name, typ, _ := strings.Cut(c, " ")
		columns[i] = "NULL::" + typ + " AS " + name
	}
	return "CREATE VIEW " + twinName(id) + " AS SELECT " + strings.Join(columns, ", ")
}

func (w *workshop) rule(old, new *pg.Rule) {
	def := func(relation string) string {
		return "SELECT pg_get_ruledef(oid) FROM pg_rewrite WHERE rulename = " + quoteLiteral(new.Name) + " AND ev_class = " + regclass(relation)
	}
	instead := "ALSO"
	if new.Instead {
		instead = "INSTEAD"
	}
	where := ""
	if !new.Where.IsZero() {
		where = " WHERE " + new.Where.Text
	}
	w.twins = append(w.twins, &twin{base: []string{w.relation(new.Relation)}, namespace: new.Relation.Schema,
		setup:   []string{fmt.Sprintf("CREATE RULE %s AS ON %s TO %s%s DO %s %s", pg.Quote(new.Name), new.Event, twinName(new.Relation), where, instead, new.Action.Text)},
		print:   def(twinName(new.Relation)),
		liveSQL: def(pg.Qualify(new.Relation.Schema, new.Relation.Name)),
		settle:  []pair{{&new.Where, old.Where}, {&new.Action, old.Action}}})
}

// trigger asks for a condition, by a trigger whose text is known but for it.
func (w *workshop) trigger(old, new *pg.Trigger) {
	name := w.name()
	row := "STATEMENT"
	if new.ForEachRow {
		row = "ROW"
	}
	const function = "suppress_redundant_updates_trigger()"
	w.ask(twin{base: []string{w.empty(new.Relation)}, namespace: new.Relation.Schema,
		setup: []string{fmt.Sprintf("CREATE TRIGGER %s AFTER %s ON %s FOR EACH %s WHEN (%s) EXECUTE FUNCTION pg_catalog.%s",
			name, strings.Join(new.Events, " OR "), twinName(new.Relation), row, new.When.Text, function)},
		print: fmt.Sprintf("SELECT substring(d FROM position('FOR EACH %[1]s WHEN (' IN d) + %[2]d FOR length(d) - position('FOR EACH %[1]s WHEN (' IN d) - %[3]d) FROM pg_trigger, pg_get_triggerdef(oid) d WHERE tgname = '%[4]s'",
			row, len("FOR EACH "+row+" WHEN ("), len("FOR EACH "+row+" WHEN (")+len(") EXECUTE FUNCTION "+function)-1, name)}, old.When, &new.When)
}

func (w *workshop) policy(old, new *pg.Policy) {
	for _, p := range [...]struct {
		live   schema.Expr
		want   *schema.Expr
		clause string
		column string
	}{{old.Using, &new.Using, "USING", "polqual"}, {old.Check, &new.Check, "WITH CHECK", "polwithcheck"}} {
		name := w.name()
		command := "ALL"
		w.ask(twin{base: []string{w.empty(new.Table)}, namespace: new.Table.Schema,
			setup: []string{fmt.Sprintf("CREATE POLICY %s ON %s FOR %s %s (%s)", name, twinName(new.Table), command, p.clause, p.want.Text)},
			print: "SELECT pg_get_expr(" + p.column + ", polrelid) FROM pg_policy WHERE polname = '" + name + "'"}, p.live, p.want)
	}
}

func (w *workshop) domain(old, new *pg.Domain) {
	name := w.name()
	w.ask(twin{setup: []string{"CREATE DOMAIN pg_temp." + name + " AS " + typeSQL(new.Type) + " DEFAULT " + new.Default.Text}, namespace: new.Schema,
		print: "SELECT pg_get_expr(typdefaultbin, 0) FROM pg_type WHERE typname = '" + name + "'"}, old.Default, &new.Default)
}

func (w *workshop) domainCheck(old, new *pg.DomainConstraint) {
	d, ok := schema.Lookup[*pg.Domain](w.desired, new.Domain)
	if !ok {
		return
	}
	name := w.name()
	w.ask(twin{setup: []string{"CREATE DOMAIN pg_temp." + name + " AS " + typeSQL(d.Type) + " CONSTRAINT " + name + " CHECK (" + new.Check.Text + ")"}, namespace: d.Schema,
		print: "SELECT pg_get_expr(conbin, 0) FROM pg_constraint WHERE conname = '" + name + "'"}, old.Check, &new.Check)
}

// function asks for the defaults of arguments, one by one, and for an
// SQL-standard body.
func (w *workshop) function(old, new *pg.Function) {
	for i := range new.Args {
		if new.Args[i].Default.IsZero() || old.Args[i].Default.Equal(new.Args[i].Default) {
			continue
		}
		name := w.name()
		w.ask(twin{setup: []string{fmt.Sprintf("CREATE FUNCTION pg_temp.%s(a %s DEFAULT %s) RETURNS void LANGUAGE sql AS ''", name, typeSQL(new.Args[i].Type), new.Args[i].Default.Text)},
			print: "SELECT pg_get_function_arg_default(oid, 1) FROM pg_proc WHERE proname = '" + name + "'", namespace: new.Schema}, old.Args[i].Default, &new.Args[i].Default)
	}
	if new.SQLBody.IsZero() {
		return
	}
	var args, table []string
	for _, a := range new.Args {
		if a.Mode == "table" {
			table = append(table, pg.Quote(a.Name)+" "+typeSQL(a.Type))
			continue
		}
		args = append(args, a.Mode+" "+quoteArgument(a.Name)+" "+typeSQL(a.Type))
	}
	w.ask(twin{setup: []string{fmt.Sprintf("CREATE %s pg_temp.%s(%s) %s LANGUAGE sql %s", routineWord(new), pg.Quote(new.Name), strings.Join(args, ", "), returns(new, table), new.SQLBody.Text)},
		print: "SELECT pg_get_function_sqlbody(oid) FROM pg_proc WHERE proname = " + quoteLiteral(new.Name) + " AND pronamespace = pg_my_temp_schema()", namespace: new.Schema}, old.SQLBody, &new.SQLBody)
}

func quoteArgument(name string) string {
	if name == "" {
		return ""
	}
	return pg.Quote(name)
}

func routineWord(f *pg.Function) string {
	if f.Procedure {
		return "PROCEDURE"
	}
	return "FUNCTION"
}

// returns is the RETURNS clause.
func returns(f *pg.Function, table []string) string {
	switch {
	case len(table) > 0:
		return "RETURNS TABLE (" + strings.Join(table, ", ") + ")"
	case f.Procedure || f.Returns.IsZero():
		return ""
	case f.SetOf:
		return "RETURNS SETOF " + typeSQL(f.Returns)
	}
	return "RETURNS " + typeSQL(f.Returns)
}
