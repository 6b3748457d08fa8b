package pgparse

import (
	"reflect"
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// The server keeps references by number, so that a renamed object has its new
// name in every expression. Here the texts have to be changed.

// relocated is an object whose references were moved already; if it is the
// moved one itself, its own name follows.
func relocated(o schema.Object, id, from, to schema.ID) schema.Object {
	v := reflect.ValueOf(o).Elem()
	if id == from {
		if f := v.FieldByName("Schema"); f.IsValid() && f.Kind() == reflect.String && from.Schema != to.Schema {
			f.SetString(to.Schema)
		}
		if f := v.FieldByName("Name"); f.IsValid() && f.Kind() == reflect.String {
			f.SetString(to.Name)
		}
	}
	if t, ok := o.(*pg.Table); ok && t.Schema == from.Schema && (from.Kind == pg.KindIndex || from.Kind == pg.KindConstraint) {
		if t.ClusterOn == from.Name {
			t.ClusterOn = to.Name
		}
		if t.ReplicaIndex == from.Name {
			t.ReplicaIndex = to.Name
		}
	}
	return o
}

// eachExpr visits the expressions of an object.
func eachExpr(o schema.Object, visit func(*schema.Expr)) {
	var walk func(reflect.Value)
	walk = func(x reflect.Value) {
		if x.Type() == exprType {
			if e := x.Addr().Interface().(*schema.Expr); e.Text != "" {
				visit(e)
			}
			return
		}
		exprFields.each(x, walk)
	}
	walk(reflect.ValueOf(o))
}

// treeOf parses the text of an expression or a query; lead is by how much the
// places in the tree are ahead of those in the text.
func treeOf(text string) (tree *pg_query.ParseResult, lead int) {
	const query = "SELECT "
	if tree, err := parseTree(query + text); err == nil {
		return tree, len(query)
	}
	if tree, err := parseTree(text); err == nil {
		return tree, 0
	}
	return nil, 0
}

// replaceAt writes new over the identifiers that begin at some places of a text.
func replaceAt(text string, at []int, new string) string {
	slices.Sort(at)
	var b strings.Builder
	done := 0
	for _, p := range slices.Compact(at) {
		s := scanner{text: text, pos: p}
		t := s.next()
		b.WriteString(text[done:t.start])
		b.WriteString(pg.Quote(new))
		done = t.end
	}
	b.WriteString(text[done:])
	return b.String()
}

// renameColumn renames a column, in the expressions of its table, too.
func (r *reader) renameColumn(relation schema.ID, old, new string) error {
	from, to := pg.ColumnID(relation, old), pg.ColumnID(relation, new)
	switch o := r.catalog.Object(relation).(type) {
	case *pg.Composite:
		for i := range o.Attributes {
			if o.Attributes[i].Name == old {
				o.Attributes[i].Name = new
				return nil
			}
		}
		return r.missing(-1, "attribute %s of %s does not exist", pg.Quote(old), relation)
	case *pg.View:
		err := r.renameViewColumn(relation, o.Query.Text, &o.Aliases, old, new)
		o.Columns = named(o.Aliases)
		return err
	case *pg.MaterializedView:
		err := r.renameViewColumn(relation, o.Query.Text, &o.Aliases, old, new)
		o.Columns = named(o.Aliases)
		return err
	}
	if !r.catalog.Has(from) {
		return r.missing(-1, "%s does not exist", from)
	}
	for o := range r.catalog.All() {
		if o.ID().Parent != relation.Name && o.Owner() != relation || o.ID().Schema != relation.Schema {
			if r.namesBoth(o, relation.Name, old) {
				return r.errorf(-1, "write the new name where "+o.ID().String()+" and the table are defined", "%s uses %s, and cannot be followed through a rename", o.ID(), from)
			}
			continue
		}
		eachExpr(o, func(e *schema.Expr) { e.Text = renameColumnIn(e.Text, relation.Name, old, new) })
	}
	return r.move(from, to)
}

// namesBoth tells whether an expression has both of two words in it.
func (r *reader) namesBoth(o schema.Object, a, b string) bool {
	found := false
	eachExpr(o, func(e *schema.Expr) { found = found || hasWord(e.Text, a) && hasWord(e.Text, b) })
	return found
}

// hasWord tells whether an identifier stands in a text.
func hasWord(text, name string) bool {
	if !strings.Contains(strings.ToLower(text), strings.ToLower(name)) {
		return false
	}
	s := scanner{text: text}
	for t := s.next(); t.kind != tokenEnd; t = s.next() {
		if (t.kind == tokenWord || t.kind == tokenQuoted) && foldName(text[t.start:t.end]) == name {
			return true
		}
	}
	return false
}

// renameColumnIn renames a column of a table in an expression over that table.
func renameColumnIn(text, table, old, new string) string {
	if !hasWord(text, old) {
		return text
	}
	tree, lead := treeOf(text)
	if tree == nil {
		return text
	}
	var at []int
	eachMessage(tree.ProtoReflect(), func(m protoreflect.Message) {
		c, ok := m.Interface().(*pg_query.ColumnRef)
		if !ok {
			return
		}
		switch f := strs(c.Fields); {
		case len(f) == 1 && f[0] == old:
			at = append(at, int(c.Location)-lead)
		case len(f) == 2 && f[0] == table && f[1] == old:
			s := scanner{text: text, pos: int(c.Location) - lead}
			s.next() // table
			s.next() // .
			at = append(at, s.next().start)
		}
	})
	return replaceAt(text, at, new)
}

// renameRelationIn renames a relation in an expression or query.
func (r *reader) renameRelationIn(text string, from, to schema.ID) string {
	if !strings.Contains(strings.ToLower(text), strings.ToLower(from.Name)) {
		return text
	}
	tree, lead := treeOf(text)
	if tree == nil {
		return text
	}
	type spot struct {
		from, to int
		alias    bool
	}
	var spots []spot
	add := func(namespace, name string, start, tokens int, alias bool) {
		if namespace == "" && !slices.Contains(r.searchPath(), from.Schema) || namespace != "" && namespace != from.Schema || name != from.Name {
			return
		}
		s := scanner{text: text, pos: start}
		end := start
		for range tokens {
			end = s.next().end
		}
		spots = append(spots, spot{start, end, alias})
	}
	eachMessage(tree.ProtoReflect(), func(m protoreflect.Message) {
		switch v := m.Interface().(type) {
		case *pg_query.RangeVar:
			n := 1
			if v.Schemaname != "" {
				n = 3
			}
			add(v.Schemaname, v.Relname, int(v.Location)-lead, n, v.Alias == nil && from.Name != to.Name)
		case *pg_query.A_Const:
			// 'schema.name' as nextval and ::regclass have it
			s := v.GetSval().GetSval()
			namespace, name, qualified := strings.Cut(s, ".")
			if !qualified {
				namespace, name = "", s
			}
			if s != "" {
				add(foldName(namespace), foldName(name), int(v.Location)-lead, 1, false)
			}
		}
	})
	slices.SortFunc(spots, func(a, b spot) int { return a.from - b.from })
	var b strings.Builder
	done := 0
	for _, s := range spots {
		b.WriteString(text[done:s.from])
		name := pg.Qualify(to.Schema, to.Name)
		if text[s.from] == '\'' {
			name = "'" + strings.ReplaceAll(name, "'", "''") + "'"
		}
		b.WriteString(name)
		if s.alias { // what is selected may be qualified with the old name
			b.WriteString(" AS " + pg.Quote(from.Name))
		}
		done = s.to
	}
	b.WriteString(text[done:])
	return b.String()
}

// requalify renames the table in the column references of an expression over it.
func requalify(text, old, new string) string {
	if old == new || !hasWord(text, old) {
		return text
	}
	tree, lead := treeOf(text)
	if tree == nil {
		return text
	}
	var at []int
	eachMessage(tree.ProtoReflect(), func(m protoreflect.Message) {
		if c, ok := m.Interface().(*pg_query.ColumnRef); ok && len(c.Fields) == 2 && str(c.Fields[0]) == old {
			at = append(at, int(c.Location)-lead)
		}
	})
	return replaceAt(text, at, new)
}

// renameSchema renames a schema with all that is in it.
func (r *reader) renameSchema(old, new string) error {
	if !r.catalog.Has(pg.SchemaID(old)) {
		return r.missing(-1, "%s does not exist", pg.SchemaID(old))
	}
	objects := slices.Collect(r.catalog.All())
	for _, o := range objects {
		found := false
		eachExpr(o, func(e *schema.Expr) { found = found || hasWord(e.Text, old) || strings.Contains(e.Text, "'"+old+".") })
		if found {
			return r.errorf(-1, "write the new name where it is used", "%s names the schema %s, and cannot be followed through a rename", o.ID(), pg.Quote(old))
		}
	}
	for _, o := range objects {
		id := o.ID()
		if id.Schema == old && o.Owner().Schema != old {
			to := id
			to.Schema = new
			if err := r.move(id, to); err != nil {
				return err
			}
		}
	}
	return r.move(pg.SchemaID(old), pg.SchemaID(new))
}

// setSchema reads ALTER .. SET SCHEMA.
func (r *reader) setSchema(s *pg_query.AlterObjectSchemaStmt) error {
	var id schema.ID
	var err error
	if s.Relation != nil {
		id, err = r.existing(s.Relation)
	} else {
		id, err = r.object(s.ObjectType, s.Object)
	}
	if err != nil {
		return r.notDeferred(err, s.MissingOk)
	}
	if e, ok := schema.Lookup[*pg.Extension](r.catalog, id); ok {
		e.Schema = s.Newschema
		return nil
	}
	to := id
	to.Schema = s.Newschema
	if err := r.move(id, to); err != nil {
		return err
	}
	// What belongs to a table goes along.
	for _, o := range slices.Collect(r.catalog.All()) {
		var part schema.ID
		switch o := o.(type) {
		case *pg.Index:
			if o.Table == to {
				part = o.ID()
			}
		case *pg.SequenceOwner:
			if o.Column.Schema == to.Schema && o.Column.Parent == to.Name {
				part = o.Sequence
			}
		}
		if part.IsZero() || part.Schema == to.Schema {
			continue
		}
		moved := part
		moved.Schema = to.Schema
		if err := r.move(part, moved); err != nil {
			return err
		}
	}
	return nil
}
