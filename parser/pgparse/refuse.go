package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"
)

// refusal says why a kind of statement has no place in a desired state.
type refusal struct{ what, hint string }

const (
	dataHint    = "keep data in a file of its own; for a dump without data: pg_dump --schema-only"
	clusterHint = "it concerns the whole server; run it on its own"
	sessionHint = "remove it from the schema file"
	foreignHint = "foreign data is not managed; run it on its own, trueup leaves such objects alone"
	otherHint   = "objects of this kind are not managed; run it on its own, trueup leaves them alone"
)

// refuse is the error for a statement that no method reads.
func (r *reader) refuse(n *pg_query.Node) error {
	switch s := n.GetNode().(type) {
	case *pg_query.Node_DoStmt:
		return r.runsCode("DO")
	case *pg_query.Node_CallStmt:
		return r.runsCode("CALL")
	case *pg_query.Node_ExecuteStmt:
		return r.runsCode("EXECUTE")
	case *pg_query.Node_CreateTableAsStmt:
		return r.createdFromQuery("CREATE TABLE AS")
	case *pg_query.Node_CopyStmt:
		if !s.CopyStmt.IsFrom {
			return r.unmanaged("COPY TO", sessionHint)
		}
	}
	words := words(r.source.Text[r.offset:r.end])
	for n := len(words); n > 0; n-- {
		if f, ok := refusals[strings.Join(words[:n], " ")]; ok {
			return r.unmanaged(strings.ToUpper(f.what), f.hint)
		}
	}
	return r.unmanaged(strings.ToUpper(strings.Join(words[:min(2, len(words))], " ")), sessionHint)
}

// words are the first few words of a text, in lower case.
func words(text string) []string {
	var out []string
	s := scanner{text: text}
	for t := s.next(); t.kind != tokenEnd && len(out) < 4; t = s.next() {
		if t.kind == tokenWord {
			out = append(out, strings.ToLower(text[t.start:t.end]))
		} else if t.kind != tokenComment {
			break
		}
	}
	return out
}

// refusals by the words that a statement begins with.
var refusals = func() map[string]refusal {
	m := map[string]refusal{}
	add := func(hint string, list ...string) {
		for _, w := range list {
			m[w] = refusal{w, hint}
		}
	}
	add(dataHint, "insert", "update", "delete", "merge", "copy", "truncate", "with", "values", "table")
	add(clusterHint, "create role", "create user", "create group", "alter role", "alter user", "alter group", "drop role", "drop user", "drop group",
		"create database", "alter database", "drop database", "create tablespace", "alter tablespace", "drop tablespace",
		"alter system", "drop owned", "reassign owned", "checkpoint", "load")
	add(foreignHint, "create foreign table", "create foreign data wrapper", "create server", "create user mapping", "import foreign schema",
		"alter foreign table", "alter foreign data wrapper", "alter server", "alter user mapping",
		"drop foreign table", "drop foreign data wrapper", "drop server", "drop user mapping")
	add(otherHint, "create access method", "create conversion", "create default conversion", "create transform", "create or replace transform", "create subscription",
		"alter conversion", "alter subscription", "alter large object", "drop access method", "drop conversion", "drop transform", "drop subscription")
	add(sessionHint, "vacuum", "analyze", "analyse", "cluster", "reindex", "explain", "prepare", "deallocate", "listen", "notify", "unlisten",
		"lock", "declare", "fetch", "move", "close", "discard", "show", "set constraints")
	return m
}()
