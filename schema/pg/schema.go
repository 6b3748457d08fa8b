package pg

import "github.com/trueup-sql/trueup/schema"

// Namespace is a schema (pg_namespace).
type Namespace struct {
	Name string
}

func (n *Namespace) ID() schema.ID      { return SchemaID(n.Name) }
func (n *Namespace) Owner() schema.ID   { return schema.ID{} }
func (n *Namespace) Refs() []schema.Ref { return nil }

// Extension is an installed extension (pg_extension). What belongs to it is
// not part of the catalog.
type Extension struct {
	Name string
	// Schema is where its objects live; empty if the author does not say.
	Schema string
	// Version is empty if the author does not say.
	Version string
	// Relocatable tells whether ALTER EXTENSION .. SET SCHEMA works.
	Relocatable bool `schema:"derived"`
	// Requires are the extensions without which this one cannot be; on the
	// author's side they are not known.
	Requires []schema.ID `schema:"derived"`
	// Cascade: those are created along with it.
	Cascade bool `schema:"derived"`
}

// Provides: see [schema.Provider].
func (e *Extension) Provides() {}

func (e *Extension) ID() schema.ID    { return schema.ID{Kind: KindExtension, Name: e.Name} }
func (e *Extension) Owner() schema.ID { return schema.ID{} }
func (e *Extension) Refs() []schema.Ref {
	return schema.Refer(schema.Refer(nil, schema.Exist, SchemaID(e.Schema)), schema.Exist, e.Requires...)
}

// Language is a procedural language that is neither built in nor an
// extension's (pg_language).
type Language struct {
	Name                       string
	Trusted                    bool
	Handler, Inline, Validator schema.ID // functions, if they are the user's
	HandlerName                string    // as written, for functions that are not
	InlineName, ValidatorName  string
}

func (l *Language) ID() schema.ID    { return schema.ID{Kind: KindLanguage, Name: l.Name} }
func (l *Language) Owner() schema.ID { return schema.ID{} }
func (l *Language) Refs() []schema.Ref {
	return schema.Refer(nil, schema.Exist, l.Handler, l.Inline, l.Validator)
}

// CollationID is the ID of a collation by its qualified and quoted name; zero for
// one of the system's, and for none.
func CollationID(name string) schema.ID {
	parts := unquote(name)
	if len(parts) != 2 {
		return schema.ID{}
	}
	return schema.ID{Kind: KindCollation, Schema: parts[0], Name: parts[1]}
}

// Collation is a user's collation (pg_collation).
type Collation struct {
	Schema, Name string
	Provider     string // "icu", "libc", "builtin"
	LcCollate    string
	LcCtype      string
	Locale       string // ICU or builtin
	Rules        string // since 16
	// AnyEncoding: a copy of C or POSIX, which like those does not depend on the
	// database's encoding (collencoding -1).
	AnyEncoding   bool
	Deterministic bool
}

func (c *Collation) ID() schema.ID {
	return schema.ID{Kind: KindCollation, Schema: c.Schema, Name: c.Name}
}
func (c *Collation) Owner() schema.ID { return schema.ID{} }
func (c *Collation) Refs() []schema.Ref {
	return schema.Refer(nil, schema.Exist, SchemaID(c.Schema))
}
