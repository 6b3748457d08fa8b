// Package pgparse reads PostgreSQL's SQL into the objects of schema/pg, and
// brings expressions into a canonical form. It is the only package that sees
// pg_query's syntax tree. It must not know how objects are compared, rendered
// or inspected, and it talks to no server.
package pgparse

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Options say for which server, and under which settings, a text is read.
type Options struct {
	// Version is server_version_num.
	Version int
	// SearchPath is the target's, without pg_catalog; unqualified names are
	// created in its first schema. Empty means public.
	SearchPath []string
	// User is the role that works on the target; "$user" in a search_path and
	// an OWNER TO it are read by it. It may be empty.
	User string
	// TimeZone is the session's, for timestamps that do not name one; empty if
	// it is not known.
	TimeZone string
	// IntervalStyle is the session's: with sql_standard, a sign in front of an
	// interval is for all its fields. Empty means postgres.
	IntervalStyle string
	// Known are the names that the target's extensions and its system schemas
	// hold besides the built-in ones.
	Known *Known
}

// Known lists names that a text may use without defining them.
type Known struct {
	// Types, Functions, Relations map a schema's name to the names in it.
	Types, Functions, Relations map[string]map[string]bool
	// Columns are those of Relations, by schema and name, as far as they are known.
	Columns map[schema.ID][]pg.ViewColumn
	// Extensions are those that are installed.
	Extensions map[string]bool
	// ExtensionSchemas are the schemas that they were installed in.
	ExtensionSchemas map[string]string
}

// defaultSchema is where unqualified names are created.
func (o Options) defaultSchema() string {
	if len(o.SearchPath) > 0 {
		return o.SearchPath[0]
	}
	return "public"
}
