package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"
)

// set reads SET and RESET. Those settings count that change what the
// statements behind them mean; all others steer the session that a script was
// once meant for.
func (r *reader) set(s *pg_query.VariableSetStmt) error {
	name := strings.ToLower(s.Name)
	switch s.Kind {
	case pg_query.VariableSetKind_VAR_RESET_ALL:
		r.path, r.tablespace, r.accessMethod = r.searchPath(), "", ""
		return nil
	case pg_query.VariableSetKind_VAR_SET_MULTI:
		return nil // SET TRANSACTION
	}
	var values []string
	for _, a := range s.Args {
		values = append(values, nodeWord(a))
	}
	if s.Kind != pg_query.VariableSetKind_VAR_SET_VALUE {
		values = nil // DEFAULT
	}
	switch name {
	case "search_path":
		return r.setPath(values, s.Kind == pg_query.VariableSetKind_VAR_SET_VALUE)
	case "default_tablespace":
		r.tablespace = strings.Join(values, "")
	case "default_table_access_method":
		if r.accessMethod = strings.Join(values, ""); r.accessMethod == "heap" {
			r.accessMethod = ""
		}
	case "role", "session_authorization":
		if values == nil || strings.EqualFold(values[0], "none") || values[0] == r.User {
			return nil
		}
		return r.unmanaged("SET "+strings.ToUpper(strings.ReplaceAll(name, "_", " ")), "name the owner of each object with ALTER .. OWNER TO")
	case "standard_conforming_strings":
		r.escapes = values != nil && slices.Contains([]string{"off", "false", "0", "no"}, strings.ToLower(values[0]))
	case "client_encoding":
		return r.clientEncoding(strings.ToUpper(strings.Join(values, "")))
	}
	return nil
}

// escaped refuses a plain string with a backslash while those escape: the
// grammar reads them as standard_conforming_strings = on does.
func (r *reader) escaped() error {
	if !r.escapes {
		return nil
	}
	text := r.source.Text[r.offset:r.end]
	for _, t := range r.tokens() {
		if t.kind == tokenString && text[t.start] == '\'' && strings.Contains(text[t.start:t.end], `\`) {
			return r.errorf(int32(t.start), "write E'..' where it escapes something, and do not turn standard_conforming_strings off", "a backslash in a string while standard_conforming_strings is off")
		}
	}
	return nil
}

// setPath changes the search_path. SET search_path = 'a, b' names one schema;
// set_config and libpq's habits split it.
func (r *reader) setPath(values []string, given bool) error {
	if !given {
		r.path = r.searchPath()
		return nil
	}
	r.path = r.cleanPath(values)
	return nil
}

// clientEncoding accepts what a text in UTF-8 can be.
func (r *reader) clientEncoding(name string) error {
	switch strings.NewReplacer("-", "", "_", "").Replace(name) {
	case "", "UTF8", "UNICODE", "SQLASCII":
		return nil
	}
	for i := range len(r.source.Text) {
		if r.source.Text[i] >= 0x80 {
			return r.errorf(-1, "convert the file to UTF-8", "the file says that it is in %s", name)
		}
	}
	return nil
}

// selectStatement accepts the one query that scripts steer their session by,
// set_config. All others run code.
func (r *reader) selectStatement(s *pg_query.SelectStmt) error {
	if len(s.TargetList) == 1 && len(s.FromClause) == 0 {
		call := s.TargetList[0].GetResTarget().GetVal().GetFuncCall()
		_, name := nameParts(call.GetFuncname())
		switch {
		case name == "set_config" && len(call.Args) == 3:
			return r.setConfig(nodeWord(call.Args[0]), nodeWord(call.Args[1]))
		case name == "setval":
			return r.unmanaged("setval()", "the value of a sequence is data; for a dump without data: pg_dump --schema-only")
		}
	}
	if s.IntoClause != nil {
		return r.createdFromQuery("SELECT INTO")
	}
	return r.runsCode("SELECT")
}

func (r *reader) setConfig(name, value string) error {
	if strings.ToLower(name) != "search_path" {
		return nil
	}
	var path []string
	for _, s := range strings.Split(value, ",") {
		if s = strings.TrimSpace(s); s != "" && s != `""` {
			path = append(path, foldName(s))
		}
	}
	return r.setPath(path, true)
}

// foldName reads an identifier inside a string: quoted, or folded to lower case.
func foldName(s string) string {
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		return strings.ReplaceAll(s[1:len(s)-1], `""`, `"`)
	}
	return strings.ToLower(s)
}

// transaction: a plan has transactions of its own, those of the text are
// passed over. What undoes statements is refused.
func (r *reader) transaction(s *pg_query.TransactionStmt) error {
	switch s.Kind {
	case pg_query.TransactionStmtKind_TRANS_STMT_ROLLBACK, pg_query.TransactionStmtKind_TRANS_STMT_ROLLBACK_TO,
		pg_query.TransactionStmtKind_TRANS_STMT_ROLLBACK_PREPARED:
		return r.unmanaged("ROLLBACK", "remove what it takes back")
	case pg_query.TransactionStmtKind_TRANS_STMT_PREPARE, pg_query.TransactionStmtKind_TRANS_STMT_COMMIT_PREPARED:
		return r.unmanaged("a prepared transaction", "use BEGIN and COMMIT, or nothing")
	}
	return nil
}

// runsCode refuses a statement that makes its objects, if any, by running code.
func (r *reader) runsCode(what string) error {
	return r.unmanaged(what, "it runs code, and what that would do cannot be told from the text; to get a schema file of what it has made, run it with psql and then: trueup export")
}

func (r *reader) createdFromQuery(what string) error {
	return r.unmanaged(what, "write CREATE TABLE with its columns; the rows are data")
}
