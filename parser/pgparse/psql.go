package pgparse

import (
	"slices"
	"strings"
)

// Of psql's meta-commands, those that only steer psql's output, and those that
// pg_dump writes, mean nothing to a schema and are passed over. All others do
// something that a desired state cannot say, and are errors.

var harmlessMeta = []string{
	"restrict", "unrestrict", "connect", "c", "echo", "qecho", "warn", "timing", "pset", "x", "a", "t", "H", "C", "f", "T",
	"encoding", "prompt", "errverbose", "conninfo",
}

// psqlVariables are those that steer psql itself.
var psqlVariables = []string{
	"AUTOCOMMIT", "COMP_KEYWORD_CASE", "ECHO", "ECHO_HIDDEN", "ENCODING", "FETCH_COUNT", "HIDE_TABLEAM",
	"HIDE_TOAST_COMPRESSION", "HISTCONTROL", "HISTFILE", "HISTSIZE", "IGNOREEOF", "ON_ERROR_ROLLBACK", "ON_ERROR_STOP",
	"PROMPT1", "PROMPT2", "PROMPT3", "QUIET", "SHOW_ALL_RESULTS", "SHOW_CONTEXT", "SINGLELINE", "SINGLESTEP", "VERBOSITY",
}

var metaHints = map[string]string{
	"i":    "name the files themselves: -f a.sql -f b.sql, or -f folder",
	"ir":   "name the files themselves: -f a.sql -f b.sql, or -f folder",
	"copy": "data has no place in a schema file; keep it in a file of its own",
	"set":  "psql's variables are not substituted; write the value where it is used",
	"if":   "a schema file has no conditions; keep one file for each case",
}

// meta reads a meta-command: the rest of the line.
func (s *splitter) meta(t token) {
	rest, _, _ := strings.Cut(s.source.Text[t.end:], "\n")
	s.scan.pos = t.end + len(rest)
	fields := strings.Fields(rest)
	name := ""
	if len(fields) > 0 && !space(rest[0]) {
		name = fields[0]
	}
	switch {
	case s.open:
		s.errs = append(s.errs, s.source.Errorf(t.start, "end the statement before it with a semicolon, or remove the command", `psql's \%s inside a statement`, name))
		s.open = false
		return
	case slices.Contains(harmlessMeta, name), name == "." || name == "\\":
		return
	case (name == "set" || name == "unset") && len(fields) > 1 && slices.Contains(psqlVariables, fields[1]):
		return
	}
	key := name
	switch name {
	case "include":
		key = "i"
	case "include_relative":
		key = "ir"
	case "unset", "gset", "getenv", "setenv":
		key = "set"
	case "elif", "else", "endif":
		key = "if"
	}
	hint := metaHints[key]
	if hint == "" {
		hint = "remove it from the schema file"
	}
	s.errs = append(s.errs, s.source.Errorf(t.start, hint, `psql's \%s is not part of a desired state`, name))
}
