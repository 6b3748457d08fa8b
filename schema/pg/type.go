package pg

import "github.com/trueup-sql/trueup/schema"

// Type is a use of a data type: of a column, an argument, an attribute.
type Type struct {
	// Name is what format_type prints for the element type, with its modifiers
	// ("character varying(10)", "timestamp(3) with time zone"), for a type of
	// the system or of an extension (that one qualified with its schema, unless
	// it is in pg_catalog); empty if Ref is set.
	Name string
	// Ref is a type of the catalog: enum, composite, domain, range, or a
	// relation whose row type it is.
	Ref schema.ID
	// Multirange is the name of the multirange type that comes with the range type
	// that Ref is, in the same schema, if that one is meant.
	Multirange string `json:",omitempty"`
	// Array: PostgreSQL does not tell dimensions or sizes apart.
	Array bool
}

// IsZero tells whether there is no type.
func (t Type) IsZero() bool { return t == Type{} }

// Path is the schema and the name of a type of the catalog.
func (t Type) Path() (namespace, name string) {
	if t.Multirange != "" {
		return t.Ref.Schema, t.Multirange
	}
	return t.Ref.Schema, t.Ref.Name
}

// Enum is an enumerated type (pg_enum); the order of the labels counts.
type Enum struct {
	Schema, Name string
	Labels       []string
	// Renamed maps a label to the one that it replaces, by the author's word.
	Renamed map[string]string `schema:"derived"`
}

func (e *Enum) ID() schema.ID      { return schema.ID{Kind: KindEnum, Schema: e.Schema, Name: e.Name} }
func (e *Enum) Owner() schema.ID   { return schema.ID{} }
func (e *Enum) Refs() []schema.Ref { return schema.Refer(nil, schema.Exist, SchemaID(e.Schema)) }
func (e *Enum) Claims() []string   { return []string{typeClaim(e.Schema, e.Name)} }

// Composite is a stand-alone composite type.
type Composite struct {
	Schema, Name string
	Attributes   []Attribute
}

// Attribute is a field of a composite type.
type Attribute struct {
	Name      string
	Type      Type
	Collation string // qualified and quoted; empty for the type's own
}

func (c *Composite) ID() schema.ID {
	return schema.ID{Kind: KindComposite, Schema: c.Schema, Name: c.Name}
}
func (c *Composite) Owner() schema.ID { return schema.ID{} }
func (c *Composite) Refs() []schema.Ref {
	refs := schema.Refer(nil, schema.Exist, SchemaID(c.Schema))
	for _, a := range c.Attributes {
		refs = schema.Refer(refs, schema.Steady, a.Type.Ref, CollationID(a.Collation))
	}
	return refs
}
func (c *Composite) Claims() []string {
	return []string{relationClaim(c.Schema, c.Name), typeClaim(c.Schema, c.Name)}
}

// Domain is a domain; its checks are objects of their own.
type Domain struct {
	Schema, Name string
	Type         Type
	Collation    string // qualified and quoted; empty for the type's own
	NotNull      bool
	Default      schema.Expr
}

func (d *Domain) ID() schema.ID    { return schema.ID{Kind: KindDomain, Schema: d.Schema, Name: d.Name} }
func (d *Domain) Owner() schema.ID { return schema.ID{} }
func (d *Domain) Refs() []schema.Ref {
	refs := schema.Refer(schema.Refer(nil, schema.Exist, SchemaID(d.Schema)), schema.Steady, d.Type.Ref, CollationID(d.Collation))
	return append(refs, d.Default.Refs...)
}
func (d *Domain) Claims() []string { return []string{typeClaim(d.Schema, d.Name)} }

// DomainConstraint is a CHECK of a domain.
type DomainConstraint struct {
	Domain   schema.ID
	Name     string
	Unnamed  bool `schema:"derived"` // Name is what the server would choose
	Check    schema.Expr
	NotValid bool
}

func (c *DomainConstraint) ID() schema.ID    { return Part(KindDomainConstraint, c.Domain, c.Name) }
func (c *DomainConstraint) Owner() schema.ID { return c.Domain }
func (c *DomainConstraint) Refs() []schema.Ref {
	return append(schema.Refer(nil, schema.Steady, c.Domain), c.Check.Refs...)
}

// Range is a range type (pg_range); its multirange type comes with it.
type Range struct {
	Schema, Name string
	Subtype      Type
	OpClass      string // qualified; empty for the default one
	Collation    string // qualified and quoted; empty for the subtype's own
	Canonical    schema.ID
	SubtypeDiff  string // qualified name of a function; empty for none
	Diff         schema.ID
	Multirange   string // name of the multirange type, in the same schema
}

func (r *Range) ID() schema.ID    { return schema.ID{Kind: KindRange, Schema: r.Schema, Name: r.Name} }
func (r *Range) Owner() schema.ID { return schema.ID{} }
func (r *Range) Refs() []schema.Ref {
	refs := schema.Refer(nil, schema.Exist, SchemaID(r.Schema), r.Canonical, r.Diff)
	return schema.Refer(refs, schema.Steady, r.Subtype.Ref, CollationID(r.Collation))
}
func (r *Range) Claims() []string {
	claims := []string{typeClaim(r.Schema, r.Name)}
	if r.Multirange != "" {
		claims = append(claims, typeClaim(r.Schema, r.Multirange))
	}
	return claims
}
