package pg

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// Operator is a user's operator. Functions and operators are qualified names
// unless they are in pg_catalog.
type Operator struct {
	Schema, Name string
	Left, Right  Type // Left is zero for a prefix operator
	Function     string
	FunctionID   schema.ID // if it is the user's
	Commutator   string
	Negator      string
	Restrict     string
	Join         string
	Hashes       bool
	Merges       bool
}

func (o *Operator) ID() schema.ID {
	return schema.ID{Kind: KindOperator, Schema: o.Schema, Name: o.Name, Args: typeArgs(o.Left) + ", " + typeArgs(o.Right)}
}
func (o *Operator) Owner() schema.ID { return schema.ID{} }
func (o *Operator) Refs() []schema.Ref {
	refs := schema.Refer(nil, schema.Exist, SchemaID(o.Schema), o.FunctionID)
	return schema.Refer(refs, schema.Steady, o.Left.Ref, o.Right.Ref)
}

func typeArgs(t Type) string {
	s := t.Name
	if !t.Ref.IsZero() {
		namespace, name := t.Path()
		s = namespace + "." + name
	}
	if s == "" {
		return "NONE"
	}
	if t.Array {
		s += "[]"
	}
	return s
}

// OperatorFamily is a user's operator family without members of its own
// classes; loose members are Items.
type OperatorFamily struct {
	Schema, Name, Method string
	Items                []OpItem
}

func (f *OperatorFamily) ID() schema.ID {
	return schema.ID{Kind: KindOperatorFamily, Schema: f.Schema, Name: f.Name, Args: f.Method}
}
func (f *OperatorFamily) Owner() schema.ID { return schema.ID{} }
func (f *OperatorFamily) Refs() []schema.Ref {
	return itemRefs(schema.Refer(nil, schema.Exist, SchemaID(f.Schema)), f.Items)
}

// OperatorClass is a user's operator class.
type OperatorClass struct {
	Schema, Name, Method string
	Default              bool
	Type                 Type
	Family               schema.ID // zero: the one of the same name that comes with it
	FamilyName           string    // of a family that is not the user's
	Storage              Type
	Items                []OpItem
}

// OpItem is an operator or a support function of a class or family.
type OpItem struct {
	Function    bool
	Number      int
	Name        string    // qualified unless in pg_catalog
	Types       []Type    // of the operator or, for a function, its arguments
	Left, Right Type      // the types that it is for, where they differ from the class's
	OrderBy     string    // operator family for sorting
	Uses        schema.ID // if it is the user's
}

func itemRefs(refs []schema.Ref, items []OpItem) []schema.Ref {
	for _, i := range items {
		refs = schema.Refer(refs, schema.Exist, i.Uses)
	}
	return refs
}

func (c *OperatorClass) ID() schema.ID {
	return schema.ID{Kind: KindOperatorClass, Schema: c.Schema, Name: c.Name, Args: c.Method}
}
func (c *OperatorClass) Owner() schema.ID { return schema.ID{} }
func (c *OperatorClass) Refs() []schema.Ref {
	refs := schema.Refer(nil, schema.Exist, SchemaID(c.Schema), c.Family)
	return itemRefs(schema.Refer(refs, schema.Steady, c.Type.Ref, c.Storage.Ref), c.Items)
}

// Cast is a user's cast.
type Cast struct {
	From, To Type
	// Function is a qualified signature; empty for binary-coercible or I/O casts.
	Function   string
	FunctionID schema.ID
	Method     string // "function", "binary", "inout"
	Context    string // "explicit", "assignment", "implicit"
}

func (c *Cast) ID() schema.ID {
	return schema.ID{Kind: KindCast, Name: typeArgs(c.From) + " as " + typeArgs(c.To)}
}
func (c *Cast) Owner() schema.ID { return schema.ID{} }
func (c *Cast) Refs() []schema.Ref {
	refs := schema.Refer(nil, schema.Exist, c.FunctionID)
	return schema.Refer(refs, schema.Steady, c.From.Ref, c.To.Ref)
}

// TSObject is a text search dictionary, configuration, template or parser; Of
// tells which.
type TSObject struct {
	Of           schema.Kind
	Schema, Name string
	// Options are the definition's options in lower case: template and its
	// own for a dictionary; parser for a configuration; the functions else.
	Options []Option
	// Mappings of a configuration.
	Mappings []TSMapping
	// Uses are the user's objects among those.
	Uses []schema.ID `schema:"derived"`
}

// TSMapping maps a token type to dictionaries, in order.
type TSMapping struct {
	Token        string
	Dictionaries []string // qualified unless in pg_catalog
}

func (t *TSObject) ID() schema.ID    { return schema.ID{Kind: t.Of, Schema: t.Schema, Name: t.Name} }
func (t *TSObject) Owner() schema.ID { return schema.ID{} }
func (t *TSObject) Refs() []schema.Ref {
	return schema.Refer(schema.Refer(nil, schema.Exist, SchemaID(t.Schema)), schema.Exist, t.Uses...)
}

// Publication is a logical replication publication.
type Publication struct {
	Name      string
	AllTables bool
	Tables    []PublishedTable
	Schemas   []string // TABLES IN SCHEMA, sorted
	Options   []Option // publish, publish_via_partition_root
}

// PublishedTable is a table of a publication.
type PublishedTable struct {
	Table   schema.ID
	Columns []schema.ID
	Where   schema.Expr
}

func (p *Publication) ID() schema.ID    { return schema.ID{Kind: KindPublication, Name: p.Name} }
func (p *Publication) Owner() schema.ID { return schema.ID{} }
func (p *Publication) Refs() []schema.Ref {
	var refs []schema.Ref
	for _, t := range p.Tables {
		refs = schema.Refer(schema.Refer(refs, schema.Exist, t.Table), schema.Fixed, t.Columns...)
		refs = append(refs, t.Where.Refs...)
	}
	for _, s := range p.Schemas {
		refs = schema.Refer(refs, schema.Exist, SchemaID(s))
	}
	return refs
}

// words joins non-empty words by a space.
func words(s ...string) string {
	var out []string
	for _, w := range s {
		if w != "" {
			out = append(out, w)
		}
	}
	return strings.Join(out, " ")
}
