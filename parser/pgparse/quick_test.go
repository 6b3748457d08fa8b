package pgparse

import (
	"testing"

	"google.golang.org/protobuf/proto"
)

// What is read without the grammar is what the grammar reads; and what is not,
// it is left to.
func TestQuick(t *testing.T) {
	for _, sql := range []string{
		"COMMENT ON TABLE t IS 'x'", "comment on column a.t.\"C d\" is 'it''s \\ ü'", "/* a */ COMMENT ON -- b\n TABLE \"T\" IS ''", "COMMENT ON COLUMN c IS 'x'",
	} {
		quick := quick(sql)
		tree, err := parseTree(sql)
		if err != nil || quick == nil || !proto.Equal(quick, tree.Stmts[0].Stmt) {
			t.Errorf("%s: %v, the grammar: %v (%v)", sql, quick, tree, err)
		}
	}
	for _, sql := range []string{
		"COMMENT ON TABLE t IS NULL", "COMMENT ON TABLE T IS 'x'", "COMMENT ON TABLE user IS 'x'", "COMMENT ON TABLE t IS E'x'", "COMMENT ON TABLE t IS 'a'\n'b'",
		"COMMENT ON TABLE t IS 'x' y", "COMMENT ON TABLE t. IS 'x'", "COMMENT ON TABLE t IS 'x", "COMMENT ON VIEW v IS 'x'", "COMMENT ON TABLE \"a\"\"b\" IS 'x'",
		"COMMENT ON TABLE t IS", "COMMENT ON TABLE", "COMMENT", "COMMENT ON TABLE t IS $$x$$", "COMMENT ON TABLE \"\" IS 'x'",
		"CREATE TABLE t (a int)", "CREATE", "",
	} {
		if n := quick(sql); n != nil {
			t.Errorf("%s: %v", sql, n)
		}
	}
}
