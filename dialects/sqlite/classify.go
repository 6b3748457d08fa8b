package sqlite

import (
	"strings"

	"github.com/trueup-sql/trueup/parser/liteparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

// verb is what a statement of the sources does.
type verb uint8

const (
	create verb = iota + 1
	alter
	drop
	nothing // it is accepted, and has no effect on the schema
)

// pragmas that scripts and dumps set for their own run.
var pragmas = map[string]bool{
	"foreign_keys": true, "defer_foreign_keys": true, "legacy_alter_table": true, "ignore_check_constraints": true,
	"synchronous": true, "temp_store": true, "cache_size": true, "default_cache_size": true, "locking_mode": true,
	"busy_timeout": true, "recursive_triggers": true, "trusted_schema": true, "case_sensitive_like": true,
	"mmap_size": true, "threads": true, "optimize": true, "cell_size_check": true,
}

// classify tells what a statement is, and refuses what is no definition.
func classify(s *statement) error {
	ts := liteparse.WithoutComments(s.Tokens)
	if len(ts) == 0 {
		s.verb = nothing
		return nil
	}
	switch t := ts[0]; {
	case t.Is("create"):
		return classifyCreate(s, ts)
	case t.Is("alter"):
		s.verb = alter
	case t.Is("drop"):
		s.verb = drop
	case t.In("begin", "commit", "end", "savepoint", "release"):
		s.verb = nothing
	case t.Is("pragma"):
		return classifyPragma(s, ts)
	case t.In("insert", "update", "delete", "replace", "select", "with", "values"):
		return s.errorf("keep data in a file of its own, and run that with the sqlite3 shell",
			"%s is a data statement, and trueup manages only the schema", strings.ToUpper(t.Text))
	case t.In("attach", "detach", "vacuum", "reindex", "analyze", "rollback", "explain"):
		return s.errorf("remove it from the schema's files", "%s defines nothing", strings.ToUpper(t.Text))
	case t.Is(".") || t.Class == liteparse.Invalid && t.Text == ".":
		return s.errorf("remove it; only SQL is read", "commands of the sqlite3 shell are no SQL")
	default:
		return s.errorf("", "unknown statement %s", t.Text)
	}
	return nil
}

func classifyPragma(s *statement, ts []liteparse.Token) error {
	s.verb = nothing
	i := 1
	if len(ts) > 3 && ts[2].Is(".") {
		i = 3
	}
	if i < len(ts) && pragmas[lite.Fold(ts[i].Name())] {
		return nil
	}
	name := ""
	if i < len(ts) {
		name = ts[i].Name()
	}
	return s.errorf("set it by hand, with the sqlite3 shell", "PRAGMA %s is no definition, and trueup does not manage it", name)
}

// create's objects, by the words before their name.
var creates = []struct {
	words string
	kind  schema.Kind
}{
	{"table", lite.KindTable}, {"view", lite.KindView}, {"trigger", lite.KindTrigger}, {"index", lite.KindIndex},
	{"unique index", lite.KindIndex}, {"virtual table", lite.KindVirtualTable},
}

func classifyCreate(s *statement, ts []liteparse.Token) error {
	s.verb = create
	if len(ts) > 1 && ts[1].In("temp", "temporary") {
		return s.errorf("remove it from the schema's files", "temporary objects are not part of a schema")
	}
	for _, c := range creates {
		words := strings.Fields(c.words)
		if len(ts) <= len(words)+1 {
			continue
		}
		fits := true
		for i, w := range words {
			fits = fits && ts[1+i].Is(w)
		}
		if !fits {
			continue
		}
		s.kind = c.kind
		i := 1 + len(words)
		if i+2 < len(ts) && ts[i].Is("if") && ts[i+1].Is("not") && ts[i+2].Is("exists") {
			s.ifNot = true
			i += 3
		}
		if i+2 < len(ts) && ts[i+1].Is(".") {
			if !ts[i].Is("main") {
				return s.errorf("trueup manages the schema main", "schema %s is not managed", ts[i].Name())
			}
			i += 2
		}
		if i < len(ts) {
			s.name, s.definition = lite.Fold(ts[i].Name()), ts[i:]
		}
		if c.kind == lite.KindTable && i+1 < len(ts) && ts[i+1].Is("as") {
			return s.errorf("write the columns out", "CREATE TABLE .. AS SELECT copies data, and its columns depend on it")
		}
		if c.kind == lite.KindTable && strings.HasPrefix(s.name, "sqlite_") {
			s.verb = nothing // what .schema prints of SQLite's own tables
		}
		return nil
	}
	return s.errorf("", "unknown statement CREATE %s", ts[min(1, len(ts)-1)].Text)
}
