package postgres

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type namespaceKind struct{}

func (namespaceKind) Create(n *pg.Namespace, e *emitter) { e.emit(sql("CREATE SCHEMA", ident(n.Name))) }

func (namespaceKind) Drop(n *pg.Namespace, e *emitter) { e.drop(n.ID()) }

func (namespaceKind) Alter(_, _ *pg.Namespace, _ *emitter) {}

type extensionKind struct{}

func (extensionKind) Create(x *pg.Extension, e *emitter) {
	words := sql("CREATE EXTENSION", ident(x.Name))
	if x.Schema != "" {
		words = append(words, "WITH SCHEMA "+ident(x.Schema))
	}
	if x.Version != "" {
		words = append(words, "VERSION "+literal(x.Version))
	}
	e.emit(append(words, choose(x.Cascade, "CASCADE", "")))
}

func (extensionKind) Drop(x *pg.Extension, e *emitter) { e.drop(x.ID()) }

// Alter: what the author does not say is left as it is.
func (extensionKind) Alter(old, new *pg.Extension, e *emitter) {
	if changed(&old.Version, new.Version) && new.Version != "" {
		e.emit(sql("ALTER EXTENSION", ident(new.Name), "UPDATE TO", literal(new.Version)))
	}
	if old.Schema != new.Schema && new.Schema != "" && old.Schema != "" && !old.Relocatable {
		e.refuse("its objects cannot move to another schema", "drop the extension and create it again, or leave it in schema "+ident(old.Schema))
		return
	}
	if changed(&old.Schema, new.Schema) && new.Schema != "" {
		e.emit(sql("ALTER EXTENSION", ident(new.Name), "SET SCHEMA", ident(new.Schema)))
	}
}

type languageKind struct{}

func (languageKind) Create(l *pg.Language, e *emitter) { e.emit(createLanguage(l, "CREATE")) }

func createLanguage(l *pg.Language, verb string) []string {
	words := sql(verb, choose(l.Trusted, "TRUSTED", ""), "LANGUAGE", ident(l.Name), "HANDLER", functionPath(l.Handler, l.HandlerName))
	add := func(word string, id schema.ID, name string) {
		if f := functionPath(id, name); f != "" {
			words = append(words, word, f)
		}
	}
	add("INLINE", l.Inline, l.InlineName)
	add("VALIDATOR", l.Validator, l.ValidatorName)
	return words
}

func (languageKind) Drop(l *pg.Language, e *emitter) { e.drop(l.ID()) }

func (languageKind) Alter(old, new *pg.Language, e *emitter) {
	e.emit(createLanguage(new, "CREATE OR REPLACE"))
	*old = *schema.Clone(new)
}

type collationKind struct{}

func (collationKind) Create(c *pg.Collation, e *emitter) { e.emit(createCollation(c)) }

func createCollation(c *pg.Collation) []string {
	if c.AnyEncoding {
		return sql("CREATE COLLATION", path(c.ID()), "FROM pg_catalog."+pg.Quote(c.LcCollate))
	}
	var list []string
	add := func(name, value string) {
		if value != "" {
			list = append(list, name+" = "+value)
		}
	}
	add("provider", c.Provider)
	for _, o := range []pg.Option{{Name: "locale", Value: c.Locale}, {Name: "lc_collate", Value: c.LcCollate}, {Name: "lc_ctype", Value: c.LcCtype}, {Name: "rules", Value: c.Rules}} {
		if o.Value != "" {
			add(o.Name, literal(o.Value))
		}
	}
	if !c.Deterministic {
		add("deterministic", "false")
	}
	return sql("CREATE COLLATION", path(c.ID()), "("+strings.Join(list, ", ")+")")
}

func (collationKind) Drop(c *pg.Collation, e *emitter) { e.drop(c.ID()) }

// Alter makes the collation anew: there is no command that changes what it is.
func (collationKind) Alter(old, new *pg.Collation, e *emitter) {
	e.recreate(new.ID(), createCollation(new), func(*pg.Column, string) string { return "" })
	*old = *new
}
