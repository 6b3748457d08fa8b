// Package myparse reads the SQL of MySQL, MariaDB and TiDB into the objects of
// schema/my, and brings expressions and queries into a canonical form.
//
// It knows the three grammars, by flavor and version: what is written in a
// version comment, which words are reserved, how the server names what has no
// name. It splits and reads DDL itself, so that every piece keeps its place and
// its author's text; expressions and queries go through TiDB's parser, whose
// trees no other package sees. It must not know a planner, a driver, or how
// SQL for a plan is written.
//
// Both sides of a comparison come from here: an author's files through [Parse],
// and what a server shows through [Parse] or [ShowCreateTable].
package myparse

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
)

// Flavors.
const (
	MySQL   = "mysql"
	MariaDB = "mariadb"
	TiDB    = "tidb"
)

// Options say for which server a text is meant.
type Options struct {
	// Flavor is "mysql" (also if empty), "mariadb" or "tidb".
	Flavor string
	// Version is major*10000 + minor*100 + patch of the server (of TiDB itself,
	// for that flavor); 0 is the newest.
	Version int
	// Database is the name of the managed database: a name qualified with it
	// means the same as one without.
	Database string
	// SQLMode is the sql_mode of the session that runs what is made of the
	// sources, and SourceMode the one at the start of every source, if it is
	// another. What a source sets itself holds to its end.
	SQLMode, SourceMode string
	// LowerCaseTableNames is the server's lower_case_table_names: 0, names of
	// tables are case sensitive; 1, they are stored in lower case; 2, they keep
	// their case and are compared without it.
	LowerCaseTableNames int
	// ImplicitTimestamp: explicit_defaults_for_timestamp is off, so that
	// TIMESTAMP columns are NOT NULL and get defaults that nobody wrote.
	ImplicitTimestamp bool
	// TimeZone is the session's time zone ("+00:00", "Europe/Berlin"), in which
	// UNIX_TIMESTAMP of a partition's bound is computed; empty if unknown.
	TimeZone string
	// Relaxed takes a text that the server itself has printed: references to
	// unknown objects and unknown directives are no errors.
	Relaxed bool
}

// startMode is the sql_mode at the start of a source; a server's own text is
// printed for the session.
func (o Options) startMode() mode {
	if o.SourceMode == "" || o.Relaxed {
		return newMode(o.SQLMode)
	}
	m := newMode(o.SourceMode)
	m.said = true // programs keep it
	return m
}

func (o Options) mariadb() bool { return o.Flavor == MariaDB }
func (o Options) tidb() bool    { return o.Flavor == TiDB }
func (o Options) mysql() bool   { return !o.mariadb() && !o.tidb() }

// since tells whether the server has at least this version.
func (o Options) since(version int) bool { return o.Version == 0 || o.Version >= version }

// fold is the form in which names of tables are compared.
func (o Options) fold(name string) string {
	if o.LowerCaseTableNames == 0 {
		return name
	}
	return strings.ToLower(name)
}

// mode is the part of sql_mode that changes how text is read.
type mode struct {
	ansiQuotes, noBackslash, pipesConcat, highNot, oracle bool

	modes []string
	said  bool // a source has set it
}

// changed tells whether texts read under the two modes can mean different things.
func (m mode) changed(o mode) bool {
	return m.ansiQuotes != o.ansiQuotes || m.noBackslash != o.noBackslash || m.pipesConcat != o.pipesConcat || m.highNot != o.highNot
}

// combined modes stand for several.
var combined = map[string][]string{
	"ANSI":        {"REAL_AS_FLOAT", "PIPES_AS_CONCAT", "ANSI_QUOTES", "IGNORE_SPACE", "ANSI"},
	"DB2":         {"PIPES_AS_CONCAT", "ANSI_QUOTES", "IGNORE_SPACE", "DB2", "NO_KEY_OPTIONS", "NO_TABLE_OPTIONS", "NO_FIELD_OPTIONS"},
	"MAXDB":       {"PIPES_AS_CONCAT", "ANSI_QUOTES", "IGNORE_SPACE", "MAXDB", "NO_KEY_OPTIONS", "NO_TABLE_OPTIONS", "NO_FIELD_OPTIONS", "NO_AUTO_CREATE_USER"},
	"MSSQL":       {"PIPES_AS_CONCAT", "ANSI_QUOTES", "IGNORE_SPACE", "MSSQL", "NO_KEY_OPTIONS", "NO_TABLE_OPTIONS", "NO_FIELD_OPTIONS"},
	"ORACLE":      {"PIPES_AS_CONCAT", "ANSI_QUOTES", "IGNORE_SPACE", "ORACLE", "NO_KEY_OPTIONS", "NO_TABLE_OPTIONS", "NO_FIELD_OPTIONS", "NO_AUTO_CREATE_USER"},
	"POSTGRESQL":  {"PIPES_AS_CONCAT", "ANSI_QUOTES", "IGNORE_SPACE", "POSTGRESQL", "NO_KEY_OPTIONS", "NO_TABLE_OPTIONS", "NO_FIELD_OPTIONS"},
	"TRADITIONAL": {"STRICT_TRANS_TABLES", "STRICT_ALL_TABLES", "NO_ZERO_IN_DATE", "NO_ZERO_DATE", "ERROR_FOR_DIVISION_BY_ZERO", "TRADITIONAL", "NO_AUTO_CREATE_USER", "NO_ENGINE_SUBSTITUTION"},
}

// newMode reads a value of sql_mode.
func newMode(value string) mode {
	var m mode
	for _, s := range strings.Split(value, ",") {
		s = strings.ToUpper(strings.TrimSpace(s))
		if s == "" {
			continue
		}
		parts, ok := combined[s]
		if !ok {
			parts = []string{s}
		}
		for _, p := range parts {
			if !slices.Contains(m.modes, p) {
				m.modes = append(m.modes, p)
			}
		}
	}
	m.ansiQuotes = slices.Contains(m.modes, "ANSI_QUOTES")
	m.noBackslash = slices.Contains(m.modes, "NO_BACKSLASH_ESCAPES")
	m.pipesConcat = slices.Contains(m.modes, "PIPES_AS_CONCAT")
	m.highNot = slices.Contains(m.modes, "HIGH_NOT_PRECEDENCE")
	m.oracle = slices.Contains(m.modes, "ORACLE")
	return m
}

// supported are the modes of these that a server of this version has, and those
// that come along with one of them there. MySQL 8.0 took away NO_AUTO_CREATE_USER
// and the modes that imitate other servers; a dump of 5.7 still sets them.
func (o Options) supported(modes []string) []string {
	with := func(mode, along string) {
		if slices.Contains(modes, mode) && !slices.Contains(modes, along) {
			modes = append(modes, along)
		}
	}
	switch {
	case o.mariadb() && o.since(100300):
		with("ORACLE", "SIMULTANEOUS_ASSIGNMENT")
	case o.mysql() && o.since(80000):
		with("ANSI", "ONLY_FULL_GROUP_BY")
		modes = slices.DeleteFunc(modes, func(m string) bool { return slices.Contains(goneModes, m) })
	}
	return modes
}

// goneModes are those that MySQL 8.0 refuses.
var goneModes = []string{"NO_AUTO_CREATE_USER", "DB2", "MAXDB", "MSSQL", "MYSQL323", "MYSQL40", "ORACLE", "POSTGRESQL", "NO_FIELD_OPTIONS", "NO_KEY_OPTIONS", "NO_TABLE_OPTIONS"}

// Parse reads a desired state. Its errors are [*parser.Error], several of them
// joined; the first mistake of each statement is reported.
func Parse(sources []parser.Source, o Options) (*schema.Catalog, error) {
	b := newBuilder(o)
	for _, s := range sources {
		b.read(s)
	}
	return b.finish()
}

// ShowCreateTable reads what SHOW CREATE TABLE printed for a base table, and
// returns the table and its parts in order, the table first.
func ShowCreateTable(text string, o Options) ([]schema.Object, error) {
	o.Relaxed = true
	b := newBuilder(o)
	b.read(parser.Source{Name: "SHOW CREATE TABLE", Text: text})
	c, err := b.finish()
	if err != nil {
		return nil, err
	}
	return slices.Collect(c.All()), nil
}
