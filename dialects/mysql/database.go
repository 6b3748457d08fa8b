package mysql

import (
	"strings"

	"github.com/trueup-sql/trueup/schema/my"
)

// databases writes what the managed database itself has. It is never created
// nor dropped: an export says what it has, and that is all.
type databases struct{}

func (databases) create(d *my.Database, e *emitter) { e.statement(alterDatabase(d), facts{}) }
func (databases) drop(*my.Database, *emitter)       {}

func (databases) rename(_, _ *my.Database, _ *emitter) {}

func (databases) alter(old, new *my.Database, e *emitter) {
	e.statement(alterDatabase(new), facts{})
	old.Charset, old.Collation, old.Comment = new.Charset, new.Collation, new.Comment
}

func alterDatabase(d *my.Database) string {
	var b strings.Builder
	b.WriteString("ALTER DATABASE")
	if d.Charset != "" {
		b.WriteString(" CHARACTER SET " + d.Charset)
	}
	if d.Collation != "" {
		b.WriteString(" COLLATE " + d.Collation)
	}
	if d.Comment != "" {
		b.WriteString(" COMMENT " + literal(d.Comment))
	}
	return b.String()
}
